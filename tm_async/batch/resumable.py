"""Sending the items of a ledger: each is claimed before it is sent, and what became of it is written down after.

A run that ends at any moment is gone on with by the next one: what is finished is not sent again, and what may have
been on its way is looked for before it is sent again.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Coroutine
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Any, TypeVar, cast
from uuid import uuid4

from attrs import evolve

from tm_async._util import clocks
from tm_async._util.arguments import check_count, check_function
from tm_async._util.clocks import Doubt
from tm_async._util.ending import apart, end
from tm_async._util.logs import logger
from tm_async.batch.bounded import bounded
from tm_async.batch.keyed import Keyed
from tm_async.batch.lease import HeldLease
from tm_async.batch.ledger.opening import LedgerOrPath, opened, require_there, where
from tm_async.batch.ledger.protocol import Entry, Ledger, State
from tm_async.batch.openitems import OpenItems
from tm_async.batch.recorded import doubt_of, is_like, outcome_of, record_of, state_of
from tm_async.batch.send_many import Sending, result_id, send_one
from tm_async.batch.written import read_back
from tm_async.core.lookup import Others, lookup_of
from tm_async.core.operation import Operation
from tm_async.core.outcome import Absent, Created, Found, Looked, Outcome, Rejected, Unknown
from tm_async.errors import (
    ConfigurationError,
    LedgerConflict,
    LedgerError,
    LedgerUnavailable,
    OutcomeUnknown,
    TencentMeetingError,
    ValidationError,
)

__all__ = ["LEASE", "send_pending", "send_recorded"]

ResultT = TypeVar("ResultT")

LEASE = 15.0
"""Seconds after which a run that ended without a word is believed to be gone."""

_POLL = 0.5
"""Seconds between two questions whether another run is through with an item."""
_KNOWN = 10_000
"""Results that are remembered until they are written down, and a little longer."""
_GIVING_BACK = 2.0
"""Seconds for giving back what was not sent, at the end."""
_PATIENCE = 6
"""Tries to write down an outcome, with growing pauses: some 12 seconds."""

_log = logger("tm_async.batch")
sleep = asyncio.sleep


async def send_recorded(
    sending: Sending,
    keyed: AsyncIterable[Keyed],
    ledger: LedgerOrPath,
    *,
    lease: float | None = None,
    concurrency: int = 16,
    as_completed: bool = False,
) -> AsyncGenerator[Outcome[Any], None]:
    """Yield one outcome per request: of what an earlier run finished, the one that it wrote down.

    Raises `LedgerError` before the first request where there is no usable ledger.
    """
    async with opened(ledger) as book:
        run = _Run(sending, book, lease or LEASE, place=ledger)
        source = bounded(run.keyed, keyed, concurrency=concurrency, as_completed=as_completed)
        async with aclosing(run.outcomes(source)) as outcomes:
            async for outcome in outcomes:
                yield outcome


async def send_pending(
    sending: Sending,
    operation: type[Operation[ResultT]],
    ledger: LedgerOrPath,
    *,
    lease: float | None = None,
    concurrency: int = 16,
    unknown: bool = True,
    stop: Callable[[], bool] | None = None,
) -> AsyncGenerator[Outcome[ResultT], None]:
    """Send what a ledger still has to do, and yield the outcomes as they are known; `index` is the entry's position.

    Ends when all has been tried and nobody holds anything. `unknown`: look once more for what is unknown, at the end.
    `stop`: once it says true, nothing more is claimed, and what has not been sent is given back.
    """
    check_count("concurrency", concurrency)
    if stop is not None:
        check_function("stop", stop, "a function that says whether to stop")
    require_there(ledger)
    async with opened(ledger) as book:
        run = _Run(sending, book, lease or LEASE, stop, place=ledger)
        claimed = run.open_entries(max(1, concurrency // 4), unknown=unknown, stop=stop or (lambda: False))

        async def work(_: int, entry: Entry) -> Outcome[Any] | None:
            return await run.entry(entry, operation)

        source = bounded(work, claimed, concurrency=concurrency, as_completed=True)
        async with aclosing(run.outcomes(source)) as outcomes:
            async for outcome in outcomes:
                yield outcome
        run.require_ledger()


class _Run:
    """One worker at a ledger."""

    def __init__(
        self,
        sending: Sending,
        ledger: Ledger,
        lease: float,
        stop: Callable[[], bool] | None = None,
        *,
        place: LedgerOrPath,
    ) -> None:
        self._sending = sending
        self._stop = stop
        self._ledger = ledger
        self._place = where(place)  # for looks that come later, when it was closed with the run
        self._over = False
        self._lease = HeldLease(lease)
        self._worker = uuid4().hex
        self._held: dict[str, int] = {}  # what is being worked on, and the lease's term in which it was claimed
        self._unsent: dict[str, Entry] = {}  # of these, what has certainly not been sent
        self._known: OrderedDict[str, str] = OrderedDict()  # what the last ones made, before it is written down
        self._doubts: dict[str, Doubt] = {}  # of what is held, and may have been sent before
        self._began = clocks.elapsed()
        self._usable = False  # whether the ledger has taken anything yet
        self._last = ""  # an item that was claimed
        self._open = OpenItems(ledger, self._worker, self._claim, self._let_go, lambda: sleep(_POLL))
        self._lost = ""  # what is to be said once the ledger has lost its items

    async def outcomes(self, source: AsyncGenerator[Outcome[Any] | None, None]) -> AsyncGenerator[Outcome[Any], None]:
        """The outcomes, with the lease renewed meanwhile. What was claimed and not sent is given back at the end."""
        async with self._renewed():
            try:
                async with aclosing(source):
                    async for outcome in source:
                        if outcome is not None:
                            yield outcome
            finally:
                self._over = True
                with suppress(TimeoutError):
                    async with asyncio.timeout(_GIVING_BACK):
                        await apart(self._give_back())

    async def _give_back(self) -> None:
        for entry in list(self._unsent.values()):
            with suppress(LedgerError):
                await self._ledger.record(entry, State.PENDING, outcome=entry.outcome)

    # --- items ----------------------------------------------------------------------------------------------------

    async def keyed(self, index: int, keyed: Keyed) -> Outcome[Any]:
        """Add a request to the ledger and send it, unless it was sent before."""
        item, request = keyed.item, keyed.built
        if item is None or request is None:
            return Rejected(index=index, request=keyed.request, error=cast("ValidationError", keyed.error))
        try:
            self.require_ledger()
            await self._ledger.add([item])
            self._usable = True
            return await self._in_turn(item.key, request, index)
        except LedgerError as error:
            if not (self._usable or isinstance(error, LedgerConflict | LedgerUnavailable)):
                raise  # no matter of each item: there is no such ledger
            if isinstance(error, LedgerConflict):
                return Rejected(index=index, request=request, error=error)
            return Unknown(index=index, request=request, error=error)  # another run may have sent it
        except ConfigurationError as error:  # a key can be unfit
            return Rejected(index=index, request=request, error=error)

    async def _in_turn(self, key: str, request: Operation[Any], index: int) -> Outcome[Any]:
        """Send an item unless it is finished; wait while another run is on it, or was until its lease ends."""
        while True:
            for entry in await self._claim(keys=[key]):
                if outcome := await self._carry_out(entry, request, index):
                    return outcome
            ours = key in self._held
            found = await self._ledger.get([key])
            if key not in found:
                raise self._find_lost(key)
            entry = found[key]
            if entry.state.final:
                return outcome_of(entry, request, index)
            ours = ours or key in self._held
            if entry.state is State.SENDING and entry.worker == self._worker and not ours:
                trouble = LedgerUnavailable(f"item {key}: what became of it could not be recorded")
                doubt = Doubt(self._began, clocks.elapsed())  # another row of this run has the same key
                return self._unknown(entry, request, index, trouble, doubt)
            await sleep(_POLL)

    async def open_entries(self, limit: int, *, unknown: bool, stop: Callable[[], bool]) -> AsyncIterator[Entry]:
        """Claim what is open, a few at a time, and what others leave behind; at the end what is unknown."""
        async for entry in self._open.entries(limit, stop):
            yield entry
        if self._last and not any((await self._ledger.counts()).values()):
            raise self._find_lost(self._last)
        if unknown:
            for key in [entry.key async for entry in self._ledger.entries(State.UNKNOWN)]:
                for entry in [] if stop() else await self._claim(keys=[key]):
                    yield entry

    async def entry(self, entry: Entry, operation: type[Operation[Any]]) -> Outcome[Any] | None:
        """Send a claimed entry; `None`: another run has taken it over meanwhile, and tells of it."""
        try:
            request = read_back(entry.request, operation)
        except LedgerError as error:
            failure = LedgerError(f"item {entry.key}: {error}")
            kind = Unknown if entry.doubtful else Rejected  # whoever can read what was sent has to look for it
            outcome = kind(index=entry.position, request=entry.key, error=failure)
            await self._record(entry, outcome)
            self._let_go(entry)
            return outcome
        try:
            return await self._carry_out(entry, request, entry.position)
        except LedgerError as error:
            return Unknown(index=entry.position, request=request, error=error)

    async def _carry_out(self, entry: Entry, request: Operation[Any], index: int) -> Outcome[Any] | None:
        """Look for what may have been sent, send what was not; `None`: another run has taken it over meanwhile."""
        cancelled = False
        try:
            return await self._carried_out(entry, request, index)
        except asyncio.CancelledError:
            cancelled = True  # if it was not sent, it is given back at the end
            raise
        finally:
            self._held.pop(entry.key, None)
            self._doubts.pop(entry.key, None)
            if not cancelled:
                self._unsent.pop(entry.key, None)

    async def _carried_out(self, entry: Entry, request: Operation[Any], index: int) -> Outcome[Any] | None:
        while entry.doubtful:
            found = await self._look(entry, request, index)
            if found is not None:
                self._know(entry, found)
                await self._record(entry, found)
                return found
            again = await self._begin_anew(entry)
            if again is None:
                return None
            entry = again
        outcome = await self._send(entry, request, index)
        self._know(entry, outcome)
        ours = await self._record(entry, outcome)
        return outcome if ours or isinstance(outcome, Created) else None

    def _know(self, entry: Entry, outcome: Outcome[Any]) -> None:
        if isinstance(outcome, Unknown):
            return
        self._known[entry.key] = result_id(outcome.request, outcome.result) if isinstance(outcome, Created) else ""
        if len(self._known) > _KNOWN:
            self._known.popitem(last=False)

    async def _send(self, entry: Entry, request: Operation[Any], index: int) -> Outcome[Any]:
        term = self._held.get(entry.key)

        def guard() -> None:
            self.require_ledger()
            if not self._lease.holds(term):
                raise LedgerUnavailable("the lease could not be renewed in time; nothing was sent")
            self._unsent.pop(entry.key, None)

        def refused() -> None:
            self._unsent[entry.key] = entry

        async def others() -> Others:
            return await self._others(entry, request)

        attempt = send_one(evolve(self._sending, guard=guard, refused=refused, others=others), request, index)
        return await (attempt if self._stop is None else self._unless_stopped(attempt, entry, request, index))

    async def _unless_stopped(
        self, attempt: Coroutine[Any, Any, Outcome[Any]], entry: Entry, request: Operation[Any], index: int
    ) -> Outcome[Any]:
        """Quotas may make it wait for an hour: a stop takes back what has not been sent."""
        task = asyncio.create_task(attempt)
        try:
            while not (await asyncio.wait({task}, timeout=_POLL))[0]:
                if entry.key in self._unsent and self._stop is not None and self._stop():
                    error = LedgerUnavailable("stopped before it was sent")
                    return Rejected(index=index, request=request, error=error)
            return await task
        finally:
            await end(task)

    # --- what may have been sent before -----------------------------------------------------------------------------

    async def _look(self, entry: Entry, request: Operation[Any], index: int) -> Outcome[Any] | None:
        """What became of an entry that may have been sent; `None`: it certainly was not carried out."""
        lookalikes, looker = self._sending.lookalikes, self._sending.looker
        likeness = lookup_of(type(request)).likeness(request)
        doubt = self._doubts[entry.key]
        seen: Looked[Any] | None = None

        async def others() -> Others:
            return await self._others(entry, request)

        await lookalikes.begin_to_look(likeness, sent_here=False)
        try:
            seen = await looker.settle(request, doubt, others, kept=self._sending.kept)
            problem: TencentMeetingError = LedgerError(f"looking it up says nothing: {getattr(seen, 'reason', '')}")
        except TencentMeetingError as error:
            problem = error
        except Exception as error:  # noqa: BLE001 - a hook or strategy of the caller's failed: the others go on
            problem = LedgerError(f"looking it up failed: {type(error).__name__}: {error}")
        finally:
            found = result_id(request, seen.result) if isinstance(seen, Found) else None
            lookalikes.look_ended(likeness, found, settled=isinstance(seen, Absent))
        if isinstance(seen, Absent):
            return None
        if isinstance(seen, Found):
            return Created(index=index, request=request, result=seen.result, looked_up=True)
        return self._unknown(entry, request, index, problem, doubt)

    def _unknown(
        self, entry: Entry, request: Operation[Any], index: int, problem: TencentMeetingError, doubt: Doubt
    ) -> Unknown:
        since = entry.since or 0.0
        until = entry.until or since

        async def look(error: OutcomeUnknown) -> Looked[Any]:
            return await self._sending.looker.settle(request, doubt, lambda: self._others(entry, request))

        unclear = OutcomeUnknown(problem, request=request, since=since, until=until, look=look)
        return Unknown(index=index, request=request, error=unclear)

    async def _begin_anew(self, entry: Entry) -> Entry | None:
        if not await self._ledger.record(entry, State.PENDING):
            return None
        for again in await self._claim(keys=[entry.key]):
            return again
        return None

    async def _others(self, entry: Entry, request: Operation[Any]) -> Others:
        """What is written down of the entries in the same place, by this run and by others; and what is not yet."""
        if not self._over:
            return await self._others_in(self._ledger, entry, request)
        require_there(self._place)
        async with opened(self._place) as ledger:
            return await self._others_in(ledger, entry, request)

    async def _others_in(self, ledger: Ledger, entry: Entry, request: Operation[Any]) -> Others:
        claimed: set[str] = set()
        unclear, busy = 0, False
        states = (State.CREATED, State.SENDING, State.UNKNOWN)
        own = lookup_of(type(request)).likeness(request)
        async for one in ledger.entries(*states, group=entry.group):
            if one.key == entry.key:
                continue
            if one.state is State.CREATED:
                result = cast("dict[str, object]", one.outcome.get("result") or {})
                claimed.add(str(result.get(request.spec.needs or "", "")))
            elif one.worker == self._worker and one.key in self._known:
                claimed.add(self._known[one.key])
            elif one.worker == self._worker and one.key in self._unsent:
                continue
            elif is_like(one, own, type(request)):
                foreign = one.state is State.SENDING and one.worker != self._worker
                busy, unclear = busy or foreign, unclear + (not foreign)
        return Others(claimed, unclear, busy=busy)

    # --- the ledger -------------------------------------------------------------------------------------------------

    async def _claim(self, *, limit: int = 1, keys: list[str] | None = None) -> list[Entry]:
        before = clocks.elapsed()
        claimed = await self._ledger.claim(self._worker, lease=self._lease.seconds, limit=limit, keys=keys)
        if claimed:
            self._lease.extended(before)
        for entry in claimed:
            self._last = entry.key
            self._held[entry.key] = self._lease.term
            if entry.doubtful:
                self._doubts[entry.key] = doubt_of(entry)
            else:
                self._unsent[entry.key] = entry
        return claimed

    def _let_go(self, entry: Entry) -> None:
        self._held.pop(entry.key, None)
        self._unsent.pop(entry.key, None)
        self._doubts.pop(entry.key, None)

    async def _record(self, entry: Entry, outcome: Outcome[Any]) -> bool:
        """Write down an outcome, or leave it to the next run's look; false: another run has taken it over."""
        until = entry.until if entry.doubtful else None  # for what was sent now the ledger asks its own clock
        state = state_of(outcome)
        if state is State.PENDING:
            self._open.given_back.add(entry.key)
        for attempt in range(_PATIENCE):
            try:
                recorded = await self._ledger.record(entry, state, outcome=record_of(outcome), until=until)
                return recorded or not await self._taken_over(entry)
            except LedgerUnavailable as error:
                if attempt == _PATIENCE - 1:
                    _log.error("item %s: its outcome could not be recorded: %s", entry.key, error)
                    break
                await sleep(0.2 * 2.0**attempt)
            except Exception as error:  # noqa: BLE001 - what became of it is known, and told
                _log.error("item %s: its outcome could not be recorded: %s: %s", entry.key, type(error).__name__, error)
                break
        return True

    async def _taken_over(self, entry: Entry) -> bool:
        """Whether somebody else has it now; else it was recorded, and only the answer of that was lost."""
        found = (await self._ledger.get([entry.key])).get(entry.key)
        if found is not None:
            taken = (found.claims, found.worker) != (entry.claims, entry.worker)
            if taken:
                _log.warning("item %s was taken over before its outcome was recorded", entry.key)
            return taken
        _log.error("item %s: its outcome could not be recorded: %s", entry.key, self._find_lost(entry.key))
        return False

    def _find_lost(self, key: str) -> LedgerError:
        """An item that was in the ledger is not there any more, and so others may be gone as well."""
        advice = "look what exists before you send them again"
        self._lost = f"the ledger has lost items, {key} is one of them: it came back empty, or was cleared; {advice}"
        return LedgerError(self._lost)

    def require_ledger(self) -> None:
        """Raise `LedgerError` once the ledger has lost items: what it has no memory of would be sent twice."""
        if self._lost:
            raise LedgerError(self._lost)

    @asynccontextmanager
    async def _renewed(self) -> AsyncGenerator[None]:
        over = False

        async def renew() -> None:
            while not over:  # its cancellation may be swallowed
                await asyncio.sleep(self._lease.seconds / 3)
                before = clocks.elapsed()
                try:
                    await self._ledger.renew(self._worker, lease=self._lease.seconds)
                except LedgerError as error:
                    _log.warning("the lease could not be renewed: %s", error)
                else:
                    self._lease.extended(before)

        renewing = asyncio.create_task(renew())
        try:
            yield
        finally:
            over = True
            await end(renewing)
