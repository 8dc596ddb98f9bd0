"""Keeps every user's grant fresh: one renewal at a time, here and in all processes that share the store.

A renewal kills the old pair of tokens at once (doc 1095/85377), so two at a time, or one whose result gets lost, log
the user out. Hence: one flight per user in this process, joined by whoever asks; the store's lock; the store read
again under it; the new pair saved before anyone uses it, and kept here until it is saved; nothing deleted on failure.
"""

import asyncio
import copy
import logging
import random
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from weakref import WeakKeyDictionary

from attrs import define, field, frozen

from tm_async.auth.oauth2.grant import Grant
from tm_async.auth.stores.protocol import TokenStore
from tm_async.errors import (
    ClockSkewed,
    ReauthorizationRequired,
    RefreshFailed,
    TencentMeetingError,
    TokenStoreError,
    TokenStoreUnavailable,
)

__all__ = ["Keeper"]

LEEWAY = 60.0
"""Seconds before its end at which an access token is renewed, as the vendor's own command line does."""
JITTER = 30.0
"""Seconds by which a process may renew earlier still, so that not all try at the same moment."""
HOLD_OFF = 5.0
"""Seconds for which a failed renewal is not tried again."""
SETTLED = 60.0
"""Seconds after replacing a refused token in which a refusal of the new one does not lead to another renewal."""
REMEMBERED = 10_000
"""Grants that are kept in memory at most; others are read from the store again."""
GRACE = 30.0
"""Seconds that closing waits for renewals under way: longer than one may take."""

_log = logging.getLogger("tm_async.auth")


@define
class _Known:
    """What this process knows of one user's grant."""

    grant: Grant | None = None
    renew_at: float = 0.0
    replaced_at: float = float("-inf")
    """When a refused token was last renewed here."""
    failure: TencentMeetingError | None = None
    failed_until: float = 0.0
    refused: str | None = field(default=None, repr=False)
    """An access token that the gateway refused."""
    unsaved: str | None = None
    """The version to be replaced by tokens that could not be saved; empty: they come from a login."""


@frozen
class _Flight:
    """A renewal that whoever needs it waits for."""

    task: "asyncio.Task[Grant]"
    must: bool
    """Whether there has to be a new token: one that still lasts will not do."""


class Keeper:
    """The grants of one app in one store."""

    def __init__(
        self,
        store: TokenStore,
        *,
        key: Callable[[str], str],
        renew: Callable[[Grant], Awaitable[Grant]],
        reauthorize: Callable[[str, str], ReauthorizationRequired],
        is_final: Callable[[Exception], bool],
        clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._key = key
        self._renew = renew
        self._reauthorize = reauthorize
        self._is_final = is_final
        self._clock = clock
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._flights: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, _Flight]] = WeakKeyDictionary()

    # --- what others ask ------------------------------------------------------------------------------------------

    async def current(self, open_id: str) -> Grant:
        """A grant whose access token lasts; renewed first if need be."""
        known = self._known.get(open_id)
        if known is None:
            return await self._join(open_id, None)
        now = self._clock()
        if known.grant is not None and now < known.renew_at:
            return known.grant
        if known.failure is not None and now < known.failed_until:
            raise _again(known.failure)
        is_unsaved = known.unsaved is not None
        return await self._join(open_id, known.refused or (None if is_unsaved else _token(known.grant)))

    async def replace(self, open_id: str, refused: str) -> bool:
        """After the gateway refused an access token: whether there is another one now.

        Only a token that is still the current one is renewed, and not if it came to replace a refused one just now.
        """
        known, now = self._entry(open_id), self._clock()
        if known.grant is not None and known.grant.access_token != refused:
            return True  # it was replaced while the call was under way
        if known.refused == refused and known.failure is not None and now < known.failed_until:
            raise _again(known.failure)
        if now - known.replaced_at < SETTLED:
            stored, _ = await self._load(open_id)
            return stored is not None and stored.access_token != refused
        known.refused, known.renew_at = refused, 0.0
        return (await self._other_than(open_id, refused)).access_token != refused

    async def renew(self, open_id: str) -> Grant:
        """Renew now, whatever time is left, unless another process does so at this moment."""
        return await self._other_than(open_id, _token(await self.stored(open_id)))

    async def stored(self, open_id: str) -> Grant | None:
        """The grant as it is in the store."""
        return (await self._read(open_id))[0]

    async def put(self, grant: Grant) -> None:
        """Store the tokens of a code exchange, over whatever is there: they have killed it."""
        key = self._key(grant.open_id)
        self._keep_unsaved(grant, "")
        try:
            stored = await self._store.load(key)
        except TokenStoreUnavailable:
            raise
        except TokenStoreError:  # a damaged entry: this is what mends it
            await self._store.delete(key)
            stored = None
        version = stored.version if stored is not None else None
        while await self._store.save(key, grant.to_text(), version=version) is None:
            stored = await self._store.load(key)
            version = stored.version if stored is not None else None
        self._remember(grant)

    async def drop(self, open_id: str) -> None:
        """Forget a grant, here and in the store. A renewal under way does not bring it back."""
        async with self._store.lock(self._key(open_id)):
            await self._store.delete(self._key(open_id))
        self._known.pop(open_id, None)

    async def aclose(self) -> None:
        """Wait for the renewals under way, and try once more to save what could not be saved."""
        under_way = self._flights.get(asyncio.get_running_loop())
        if under_way:
            await asyncio.wait([flight.task for flight in under_way.values()], timeout=GRACE)
        for open_id, known in list(self._known.items()):
            if known.unsaved is not None and known.grant is not None:
                with suppress(TencentMeetingError):
                    await self._save(open_id, known.grant, known.unsaved)

    # --- one flight per user --------------------------------------------------------------------------------------

    async def _join(self, open_id: str, stale: str | None) -> Grant:
        """The outcome of the flight under way, or of a new one that replaces the `stale` access token."""
        return await self._land(self._under_way(open_id) or self._take_off(open_id, stale, must=False))

    async def _other_than(self, open_id: str, stale: str | None) -> Grant:
        """Likewise; but a token that only still lasts is not good enough, then it is an error."""
        while True:
            flight = self._under_way(open_id) or self._take_off(open_id, stale, must=True)
            grant = await self._land(flight)
            if flight.must or grant.access_token != stale:
                return grant

    def _under_way(self, open_id: str) -> "_Flight | None":
        flight = self._flights.get(asyncio.get_running_loop(), {}).get(open_id)
        return None if flight is None or flight.task.done() else flight

    def _take_off(self, open_id: str, stale: str | None, *, must: bool) -> "_Flight":
        flight = _Flight(asyncio.create_task(self._fly(open_id, stale, must)), must)
        flights = self._flights.setdefault(asyncio.get_running_loop(), {})
        flights[open_id] = flight

        def landed(task: "asyncio.Task[Grant]") -> None:
            if flights.get(open_id) is flight:
                del flights[open_id]
            if task.cancelled():
                _log.warning("the renewal of a token was broken off by the end of its event loop")
            elif (error := task.exception()) is not None:
                _log.warning("no valid token for %s: %s", open_id, error)

        flight.task.add_done_callback(landed)
        return flight

    @staticmethod
    async def _land(flight: "_Flight") -> Grant:
        try:
            return await asyncio.shield(flight.task)  # whoever gives up leaves it flying: no tokens must get lost
        except TencentMeetingError as error:
            raise _again(error) from error.__cause__

    async def _fly(self, open_id: str, stale: str | None, must: bool) -> Grant:
        try:
            return await self._fresh(open_id, stale)
        except TencentMeetingError as error:
            known, now = self._entry(open_id), self._clock()
            known.failure, known.failed_until = _again(error), now + HOLD_OFF
            grant = known.grant
            if must or grant is None or isinstance(error, ReauthorizationRequired | ClockSkewed):
                raise
            left = grant.seconds_left(now)
            if left <= 0 or grant.access_token == known.refused or known.unsaved is not None:
                raise  # an unsaved token is not used: it must not be the only copy
            _log.warning("the access token of %s was not renewed, and lasts %.0f s more: %s", open_id, left, error)
            known.renew_at = now + min(HOLD_OFF, left)
            return grant

    async def _fresh(self, open_id: str, stale: str | None) -> Grant:
        known = self._known.get(open_id)
        if known is not None and known.unsaved is not None and known.grant is not None:
            await self._save(open_id, known.grant, known.unsaved)
        grant, _ = await self._load(open_id)
        if grant is not None and self._is_usable(grant, stale):  # another process was quicker
            return grant
        async with self._store.lock(self._key(open_id)):
            grant, version = await self._load(open_id)
            if grant is None or version is None:
                raise self._reauthorize(open_id, "there is no grant of this user in the token store")
            if self._is_usable(grant, stale):
                return grant
            renewed = await self._renewed(open_id, grant, version)
        return self._checked(renewed)

    async def _renewed(self, open_id: str, grant: Grant, version: str) -> Grant:
        _log.debug("renewing the access token of %s", open_id)
        try:
            newer = grant.renewed_by(await self._renew(grant))
        except TencentMeetingError as error:
            if self._is_final(error):
                again, current = await self._load(open_id)
                if again is not None and current != version and self._is_usable(again, grant.access_token):
                    return again  # somebody whose lock had run out did it after all
                raise self._reauthorize(open_id, f"the grant can't be renewed any more ({error})") from error
            failed = RefreshFailed(f"the access token of {open_id} could not be renewed: {error}")
            failed.retry = error.retry
            raise failed from error
        known = self._entry(open_id)
        if known.refused == grant.access_token:
            known.replaced_at = self._clock()
        self._keep_unsaved(newer, version)
        return await self._save(open_id, newer, version)

    # --- the store ------------------------------------------------------------------------------------------------

    async def _read(self, open_id: str) -> tuple[Grant | None, str | None]:
        stored = await self._store.load(self._key(open_id))
        if stored is None:
            return None, None
        return Grant.from_text(stored.data, open_id=open_id), stored.version

    async def _load(self, open_id: str) -> tuple[Grant | None, str | None]:
        """Read and remember, but for tokens that wait to be saved: those are newer."""
        grant, version = await self._read(open_id)
        if self._entry(open_id).unsaved is None:
            if grant is None:
                self._known.pop(open_id, None)
            else:
                self._remember(grant)
        return grant, version

    async def _save(self, open_id: str, grant: Grant, replacing: str) -> Grant:
        """Store new tokens in place of that version; of two, those stay that the server issued last.

        Within one second nobody can tell: then a login's do, since they killed all others.
        """
        version = replacing or None
        while await self._store.save(self._key(open_id), grant.to_text(), version=version) is None:
            theirs, version = await self._read(open_id)
            if theirs is None and replacing:
                self._known.pop(open_id, None)
                raise self._reauthorize(open_id, "the grant was withdrawn meanwhile")
            if theirs is not None and _end(theirs) >= _end(grant) + (0 if replacing else 1):
                self._remember(theirs)
                return theirs
        self._remember(grant)
        return grant

    # --- what this process knows ----------------------------------------------------------------------------------

    def _is_usable(self, grant: Grant, stale: str | None) -> bool:
        return grant.access_token != stale and grant.seconds_left(self._clock()) > LEEWAY

    def _checked(self, grant: Grant) -> Grant:
        """A token that looks expired right after its renewal means that the clock is wrong."""
        left = grant.seconds_left(self._clock())
        if left <= 0:
            ahead = round(6 * 3600 - left)
            message = (
                f"a token that was issued now seems to end {-left:.0f} s ago: this machine's clock is about "
                f"{ahead} s ahead; set it (the gateway tolerates 300 s)"
            )
            raise ClockSkewed(message, seconds=ahead)
        return grant

    def _remember(self, grant: Grant) -> _Known:
        """Take note of a grant that is in the store."""
        known, now = self._entry(grant.open_id), self._clock()
        if known.grant is None or known.unsaved is not None or known.grant.access_token != grant.access_token:
            known.grant, known.failure, known.refused, known.unsaved = grant, None, None, None
            left, early = grant.seconds_left(now), LEEWAY + random.uniform(0, JITTER)  # noqa: S311 - no secret
            known.renew_at = now + max(left - early, min(left, HOLD_OFF))  # not at once again, if it is so short-lived
        return known

    def _keep_unsaved(self, grant: Grant, version: str) -> None:
        """Take note of new tokens that are nowhere else: not used yet, and not forgotten."""
        known = self._entry(grant.open_id)
        known.grant, known.unsaved, known.renew_at = grant, version, 0.0

    def _entry(self, open_id: str) -> _Known:
        known = self._known.setdefault(open_id, _Known())
        self._known.move_to_end(open_id)
        if len(self._known) > REMEMBERED:
            oldest = next(iter(self._known))
            if self._known[oldest].unsaved is None:
                del self._known[oldest]
        return known


def _token(grant: Grant | None) -> str | None:
    return None if grant is None else grant.access_token


def _end(grant: Grant) -> float:
    return 0.0 if grant.expires_at is None else grant.expires_at.timestamp()


def _again(error: TencentMeetingError) -> TencentMeetingError:
    """The same error for one more caller: each gets its own, with its own operation and traceback."""
    twin = copy.copy(error)
    twin.__cause__ = error.__cause__
    return twin
