"""Keeps every user's grant fresh: one renewal at a time, here and in all processes that share the store.

A renewal kills the old pair of tokens at once (doc 1095/85377), so two at a time, or one whose result gets lost, log
the user out. Hence: one flight per user in this process, joined by whoever asks; the store's lock; the store read
again under it; the new pair saved before anyone uses it, and kept here until it is saved; nothing deleted on failure.

A lock may run out while its holder is stopped. So before a renewal is sent, the stored grant says that it was begun:
who then is refused, because the stopped one was first, waits for what that one will save.
"""

import asyncio
import copy
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from attrs import define, evolve, field

from tm_async._util.ending import end
from tm_async._util.logs import logger
from tm_async.auth.oauth2 import token_cache as limits
from tm_async.auth.oauth2.grant import Grant
from tm_async.auth.oauth2.token_cache import LEEWAY, Memory
from tm_async.auth.stores.protocol import TokenStore
from tm_async.errors import (
    ClientClosed,
    ClockSkewed,
    ReauthorizationRequired,
    RefreshFailed,
    Retry,
    TencentMeetingError,
    TokenStoreError,
    TokenStoreUnavailable,
)
from tm_async.errors.causes import as_cause

__all__ = ["Keeper"]

GRACE = 35.0
"""Seconds that closing waits for what has begun: a renewal that was sent, and its saving, take less."""

ResultT = TypeVar("ResultT")

_log = logger("tm_async.auth")


@define(eq=False)
class _Flight:
    """A renewal that whoever needs it waits for."""

    stale: Grant | None
    """A grant that will not do any more; `None`: one that lasts is fine."""
    refused: str | None = field(repr=False)
    """An access token that will not do, because the gateway refused it."""
    must: bool
    """Whether there has to be another token: if it can't be renewed, one that still lasts will not do."""
    version: str | None = None
    """The version of the stored grant that it found."""
    sent: bool = False
    """Whether the server may have renewed it: from then on it must not be broken off."""
    task: "asyncio.Task[Grant]" = field(init=False)

    def is_content_with(self, grant: Grant, now: float) -> bool:
        """Whether a grant, however it came, is good enough."""
        return grant.seconds_left(now) > LEEWAY and self.is_other(grant)

    def is_other(self, grant: Grant) -> bool:
        """Whether it is not the one that will not do."""
        return grant != self.stale and grant.access_token != self.refused


class Keeper:
    """The grants of one app in one store."""

    def __init__(
        self,
        store: TokenStore,
        *,
        key: Callable[[str], str],
        renew: Callable[[Grant], Awaitable[Grant]],
        authorize_url: Callable[[], tuple[str, str]],
        is_final: Callable[[Exception], bool],
        clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._key = key
        self._renew = renew
        self._authorize_url = authorize_url
        self._is_final = is_final
        self._clock = clock
        self.memory = Memory(clock)
        self._flights: dict[asyncio.AbstractEventLoop, dict[str, _Flight]] = {}
        self._logins: set[asyncio.Task[Any]] = set()

    # --- what others ask ------------------------------------------------------------------------------------------

    async def current(self, open_id: str) -> Grant:
        """A grant whose access token lasts; renewed first if need be."""
        grant = self.memory.fresh(open_id)
        if grant is not None:
            return grant
        known = self.memory.get(open_id)
        if known is None:
            return await self._join(open_id, _Flight(None, None, must=False))
        await self._raise_held_off(open_id)
        stale = known.grant if known.unsaved is None else None
        return await self._join(open_id, _Flight(stale, known.refused, must=False))

    async def replace(self, open_id: str, refused: str) -> bool:
        """After the gateway refused an access token: whether there is another one now.

        Only a token that is still the current one is renewed, and not if it came to replace a refused one just now.
        """
        known = self.memory.entry(open_id)
        if known.grant is not None and known.grant.access_token != refused:
            return True  # it was replaced while the call was under way
        if known.refused == refused:
            await self._raise_held_off(open_id)
        if self.memory.is_settled(known):
            stored, _ = await self._load(open_id)
            return stored is not None and stored.access_token != refused
        known.refused, known.renew_at = refused, float("-inf")
        return (await self._other_than(open_id, None, refused)).access_token != refused

    async def renew(self, open_id: str) -> Grant:
        """Renew now, whatever time is left, unless another process does so at this moment."""
        return await self._other_than(open_id, await self.stored(open_id), None)

    async def stored(self, open_id: str) -> Grant | None:
        """The grant as it is in the store."""
        return (await self._read(open_id))[0]

    async def log_in(self, exchange: Coroutine[Any, Any, Grant]) -> Grant:
        """Exchange a code and store what comes of it, also when the caller gives up meanwhile.

        The tokens go over whatever is there: they have killed it.
        """
        login = asyncio.create_task(self._log_in(exchange))
        self._logins.add(login)
        login.add_done_callback(self._logged_in)
        try:
            return await asyncio.shield(login)
        except TencentMeetingError as error:
            raise self._again(error) from error.__cause__

    async def drop(self, open_id: str) -> None:
        """Forget a grant, here and in the store. No renewal under way brings it back, and no new login is lost."""
        before = await self._login_of(open_id)
        async with self._store.lock(self._key(open_id)):
            if await self._login_of(open_id) == before:
                await self._store.delete(self._key(open_id))
        self.memory.forget(open_id)

    async def aclose(self) -> None:
        """Wait for what has begun, break off what has not, and try once more to save what could not be saved."""
        flights = list(self._flights.get(asyncio.get_running_loop(), {}).values())
        for flight in flights:
            if not flight.sent:
                flight.task.cancel()
        loop = asyncio.get_running_loop()
        begun = [*(flight.task for flight in flights), *(login for login in self._logins if login.get_loop() is loop)]
        if begun:
            await asyncio.wait(begun, timeout=GRACE)
        saves = [asyncio.create_task(self._save(*one)) for one in self.memory.unsaved()]
        if saves:
            await asyncio.wait(saves, timeout=GRACE)
            await end(*saves)
        for open_id, _, _ in self.memory.unsaved():
            _log.error("the tokens of %s could not be saved: the user has to authorise the app again", open_id)

    # --- one flight per user --------------------------------------------------------------------------------------

    async def _join(self, open_id: str, wanted: _Flight) -> Grant:
        """The outcome of the flight under way, or of the wanted one."""
        flight = self._under_way(open_id) or self._take_off(open_id, wanted)
        try:
            return await self._land(flight)
        except TencentMeetingError:
            lasting = self.memory.lasting(open_id) if flight.must else None
            if lasting is None:
                raise
            return lasting  # somebody else wanted a new one; this caller does not

    async def _other_than(self, open_id: str, stale: Grant | None, refused: str | None) -> Grant:
        """Likewise; but a token that only still lasts is not good enough, then it is an error."""
        while True:
            flight = self._under_way(open_id) or self._take_off(open_id, _Flight(stale, refused, must=True))
            grant = await self._land(flight)
            if flight.must or (grant != stale and grant.access_token != refused):
                return grant

    def _under_way(self, open_id: str) -> _Flight | None:
        flight = self._flights.get(asyncio.get_running_loop(), {}).get(open_id)
        return None if flight is None or flight.task.done() else flight

    def _take_off(self, open_id: str, flight: _Flight) -> _Flight:
        flight.task = asyncio.create_task(self._fly(open_id, flight))
        flights = self._flights_here()
        flights[open_id] = flight

        def landed(task: "asyncio.Task[Grant]") -> None:
            if flights.get(open_id) is flight:
                del flights[open_id]
            if task.cancelled():
                if flight.sent:
                    _log.error("the renewal of %s was broken off: close the client before its event loop ends", open_id)
            elif (error := task.exception()) is not None:
                _log.debug("no valid token for %s: %s", open_id, error)  # who waited has it, or gave up

        flight.task.add_done_callback(landed)
        return flight

    def _flights_here(self) -> dict[str, _Flight]:
        """Those of the running loop. What a loop left unfinished that was closed meanwhile ends nowhere any more."""
        loop = asyncio.get_running_loop()
        if loop not in self._flights:
            for ended in [one for one in list(self._flights) if one.is_closed()]:
                del self._flights[ended]
            self._logins = {login for login in self._logins if not login.get_loop().is_closed()}
        return self._flights.setdefault(loop, {})

    async def _land(self, flight: _Flight) -> Grant:
        try:
            return await asyncio.shield(flight.task)  # whoever gives up leaves it flying: no tokens must get lost
        except TencentMeetingError as error:
            raise self._again(error) from error.__cause__
        except asyncio.CancelledError:
            me = asyncio.current_task()
            if flight.task.cancelled() and me is not None and not me.cancelling():
                raise ClientClosed("closed while a token was waited for; nothing was sent") from None
            raise

    async def _fly(self, open_id: str, flight: _Flight) -> Grant:
        try:
            return await self._fresh(open_id, flight)
        except TencentMeetingError as error:
            self.memory.failed(open_id, self._again(error), flight.version)
            lasting = self.memory.lasting(open_id)
            if flight.must or lasting is None or isinstance(error, ReauthorizationRequired | ClockSkewed):
                raise
            left = lasting.seconds_left(self._clock())
            _log.warning("the access token of %s was not renewed, and lasts %.0f s more: %s", open_id, left, error)
            return lasting

    async def _fresh(self, open_id: str, flight: _Flight) -> Grant:
        known = self.memory.get(open_id)
        if known is not None and known.unsaved is not None and known.grant is not None:
            await self._save(open_id, known.grant, known.unsaved)
        grant, flight.version = await self._load(open_id)
        if grant is not None and flight.is_content_with(grant, self._clock()):  # another process was quicker
            return grant
        async with self._store.lock(self._key(open_id)):
            grant, version = await self._begun(open_id, flight)
            if version is None:
                return grant
            renewed = await self._renewed(open_id, grant, flight, version)
        return self._checked(renewed or await self._from_another(open_id, grant, flight))

    async def _begun(self, open_id: str, flight: _Flight) -> tuple[Grant, str | None]:
        """The stored grant, and the version that says that its renewal was begun; `None`: it need not be renewed."""
        while True:
            grant, flight.version = await self._load(open_id)
            if grant is None or flight.version is None:
                raise self._reauthorize(open_id, "there is no grant of this user in the token store")
            if flight.is_content_with(grant, self._clock()):
                return grant, None
            since = grant.renewing if self._is_unfinished(grant) else self._clock()
            marked = await self._put(open_id, evolve(grant, renewing=since), flight.version)
            if marked is not None:
                return grant, marked

    async def _renewed(self, open_id: str, grant: Grant, flight: _Flight, version: str) -> Grant | None:
        """The new tokens, saved in place of that version. `None`: refused, but another process may have them."""
        _log.debug("renewing the access token of %s", open_id)
        flight.sent = True
        try:
            newer = grant.renewed_by(await self._renew(grant))
        except TencentMeetingError as error:
            with suppress(TokenStoreError):  # it has ended; but for what somebody else began before or since
                await self._put(open_id, grant, version)
            if self._is_final(error):
                again, flight.version = await self._load(open_id)
                if again is not None and again != grant and flight.is_content_with(again, self._clock()):
                    return again  # somebody whose lock had run out did it after all
                if again is not None and self._is_unfinished(again):
                    return None
                raise self._reauthorize(open_id, f"the grant can't be renewed any more ({error})") from error
            failed = RefreshFailed(f"the access token of {open_id} could not be renewed: {error}")
            failed.retry = error.retry
            raise failed from error
        known = self.memory.entry(open_id)
        if known.refused == grant.access_token:
            known.replaced_at = self._clock()
        if known.unsaved is not None and known.grant is not None and not _is_later(newer, known.grant):
            newer, version = known.grant, known.unsaved  # a login meanwhile, which waits to be saved
        self.memory.keep_unsaved(newer, version)
        return await self._save(open_id, newer, version)

    async def _from_another(self, open_id: str, grant: Grant, flight: _Flight) -> Grant:
        """The tokens of a process that began before this one was refused: it may be stopped, and go on."""
        flight.sent = False  # nothing can get lost here any more
        for pause in limits.PAUSES:
            await asyncio.sleep(pause)
            again, flight.version = await self._load(open_id)
            if again is not None and again != grant and flight.is_content_with(again, self._clock()):
                return again
            if again is None or not self._is_unfinished(again):
                raise self._reauthorize(open_id, "the grant can't be renewed any more")
        why = "another process began it and has not saved the new one; it may be stopped, or have died"
        lost = f"{limits.UNFINISHED:g} s after it began it counts as lost"
        failed = RefreshFailed(f"the access token of {open_id} could not be renewed: {why}; {lost}")
        failed.retry = Retry.BACKOFF
        raise failed

    def _is_unfinished(self, grant: Grant) -> bool:
        """Whether its renewal was begun, and may still bring new tokens."""
        return grant.renewing is not None and abs(self._clock() - grant.renewing) < limits.UNFINISHED

    async def _put(self, open_id: str, grant: Grant, version: str) -> str | None:
        """Write in place of that version; `None` if another one is there."""
        return await self._asked(self._store.save(self._key(open_id), grant.to_text(), version=version))

    # --- the store ------------------------------------------------------------------------------------------------

    async def _read(self, open_id: str) -> tuple[Grant | None, str | None]:
        stored = await self._asked(self._store.load(self._key(open_id)))
        if stored is None:
            return None, None
        return Grant.from_text(stored.data, open_id=open_id), stored.version

    async def _load(self, open_id: str) -> tuple[Grant | None, str | None]:
        """Read and remember, but for tokens that wait to be saved: those are newer."""
        forgotten = self.memory.forgotten
        grant, version = await self._read(open_id)
        if self.memory.entry(open_id).unsaved is None and forgotten == self.memory.forgotten:
            if grant is None:
                self.memory.forget(open_id)
            else:
                self.memory.remember(grant)
        return grant, version

    async def _save(self, open_id: str, grant: Grant, replacing: str) -> Grant:
        """Store new tokens in place of that version; of two, those stay that the server issued last.

        `replacing` is empty for a login's. Within one second nobody can tell who was last: then a login's stay.
        """
        version: str | None = replacing or None
        try:
            while await self._asked(self._store.save(self._key(open_id), grant.to_text(), version=version)) is None:
                theirs, version = await self._rival(open_id, is_login=not replacing)
                if theirs is None and replacing:
                    self.memory.forget(open_id)
                    raise self._reauthorize(open_id, "the grant was withdrawn meanwhile")
                if theirs is not None and (_is_later(theirs, grant) or (replacing and not _is_later(grant, theirs))):
                    self.memory.remember(theirs)
                    return theirs
        except TokenStoreError as error:
            raise self._unsaved(open_id, error) from error
        self.memory.remember(grant)
        return grant

    async def _rival(self, open_id: str, *, is_login: bool) -> tuple[Grant | None, str | None]:
        """What is in the store instead. A damaged entry goes if there is a login: that is what mends it."""
        try:
            return await self._read(open_id)
        except TokenStoreUnavailable:
            raise
        except TokenStoreError:
            if not is_login:
                raise
            await self._asked(self._store.delete(self._key(open_id)))
            return None, None

    @staticmethod
    def _unsaved(open_id: str, error: TokenStoreError) -> TokenStoreUnavailable:
        _log.error("new tokens of %s are only in this process's memory: %s", open_id, error)
        message = f"{error}; the new tokens of {open_id} are in the memory of this process only, until a later try"
        unsaved = TokenStoreUnavailable(message)
        unsaved.open_id = open_id
        return unsaved

    async def _log_in(self, exchange: Coroutine[Any, Any, Grant]) -> Grant:
        grant = await exchange
        open_id = grant.open_id
        self.memory.keep_unsaved(grant, "")
        try:
            _, version = await self._rival(open_id, is_login=True)
            while await self._asked(self._store.save(self._key(open_id), grant.to_text(), version=version)) is None:
                _, version = await self._rival(open_id, is_login=True)
        except TokenStoreError as error:
            raise self._unsaved(open_id, error) from error
        self.memory.remember(grant)
        return grant

    def _logged_in(self, task: "asyncio.Task[Grant]") -> None:
        self._logins.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.debug("a login failed: %s", error)  # its caller has it, or gave up

    async def _login_of(self, open_id: str) -> str | None:
        """Which login the stored grant comes from; `None` also for an entry that can't be read."""
        try:
            grant = await self.stored(open_id)
        except TokenStoreUnavailable:
            raise
        except TokenStoreError:
            return None
        return None if grant is None else grant.login

    @staticmethod
    async def _asked(operation: Awaitable[ResultT]) -> ResultT:
        """What a store answers. A store of somebody's own that raises errors of its own is as good as unavailable."""
        try:
            return await operation
        except (TencentMeetingError, TypeError, AttributeError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever a store of somebody's own raises
            message = f"the token store failed: {type(error).__name__}"
            raise TokenStoreUnavailable(message) from as_cause(error)

    # --- errors ---------------------------------------------------------------------------------------------------

    async def _raise_held_off(self, open_id: str) -> None:
        """Raise the failure of a moment ago, unless the user has logged in again since then, wherever that was."""
        known = self.memory.get(open_id)
        failure = None if known is None else self.memory.held_off(known)
        if known is None or failure is None:
            return
        if isinstance(failure, ReauthorizationRequired):
            stored = await self._asked(self._store.load(self._key(open_id)))
            if (None if stored is None else stored.version) != known.failed_version:
                return
        raise self._again(failure)

    def _reauthorize(self, open_id: str, why: str) -> ReauthorizationRequired:
        url, state = self._authorize_url()
        message = f"{why}; send the user to the authorise page again"
        return ReauthorizationRequired(message, open_id=open_id, authorize_url=url, state=state)

    def _again(self, error: TencentMeetingError) -> TencentMeetingError:
        """The same error for one more caller: with a traceback, an operation and a state of its own."""
        twin = copy.copy(error)
        twin.__cause__ = error.__cause__
        if isinstance(twin, ReauthorizationRequired):
            twin.authorize_url, twin.state = self._authorize_url()
        return twin

    def _checked(self, grant: Grant) -> Grant:
        """A token that looks expired right after its renewal means that the clock is wrong."""
        left = grant.seconds_left(self._clock())
        if left <= 0:
            ahead = round(6 * 3600 - left)
            message = (
                f"a token that was issued now seems to have ended {-left:.0f} s ago: this machine's clock is about "
                f"{ahead} s ahead; set it (the gateway tolerates 300 s)"
            )
            raise ClockSkewed(message, seconds=ahead)
        return grant


def _is_later(grant: Grant, other: Grant) -> bool:
    """Whether the server issued it after the other, as far as their ends tell."""
    ends = [0.0 if one.expires_at is None else one.expires_at.timestamp() for one in (grant, other)]
    return ends[0] > ends[1]
