"""Sending many operations of one class: one outcome each, and no request can spoil another."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from typing import Any, Protocol, TypeVar

from attrs import field, frozen

from tm_async._util.clocks import Doubt
from tm_async._util.logs import logger
from tm_async.batch.bounded import bounded
from tm_async.batch.lookalikes import Lookalikes
from tm_async.batch.requests import Requests, build
from tm_async.core.exchange import Answer
from tm_async.core.lookup import Likeness, Others, Readings, lookup_of
from tm_async.core.operation import Operation
from tm_async.core.outcome import Absent, Created, Found, Looked, Outcome, Rejected, Undecided, Unknown
from tm_async.errors import ExchangeFailed, OutcomeUnknown, TencentMeetingError, ValidationError

__all__ = ["Looker", "Sending", "result_id", "send_many", "send_one"]

ResultT = TypeVar("ResultT")
Guard = Callable[[], None]
Refused = Callable[[], None]

_LOOKS = (0.0, 1.0, 2.0)
"""Seconds before each look for what an unclear call may have made."""
_log = logger("tm_async.batch")
sleep = asyncio.sleep


class Looker(Protocol):
    """What looks for results; see `tm_async.client.reconcile`."""

    @property
    def now(self) -> Callable[[], float]:
        """UNIX seconds."""
        ...

    async def once(
        self,
        operation: Operation[Any],
        doubt: Doubt,
        others: Callable[[], Awaitable[Others]] | None = None,
        /,
        *,
        kept: Readings | None = None,
    ) -> Looked[Any]:
        """Look once."""
        ...

    async def settle(
        self,
        operation: Operation[Any],
        doubt: Doubt,
        others: Callable[[], Awaitable[Others]] | None = None,
        /,
        *,
        kept: Readings | None = None,
    ) -> Looked[Any]:
        """Look until it is clear, or can't become clear."""
        ...


@frozen
class Sending:
    """How the requests of a batch are sent, and looked for."""

    exchange: Callable[[Operation[Any], Guard | None, Refused | None], Coroutine[Any, Any, Answer[Any]]]
    looker: Looker
    guard: Guard | None = None
    """Asked before each attempt; it raises if it must not be made."""
    refused: Refused | None = None
    """Told that an attempt was refused by a rate: nothing was done, and it waits for the next one."""
    lookalikes: Lookalikes = field(factory=Lookalikes)
    others: Callable[[], Awaitable[Others]] | None = None
    """Who knows better than `lookalikes` what a look has to know; `None`: nobody."""
    kept: Readings = field(factory=Readings)
    """What looks have read: the next one goes on there."""
    sleep: Callable[[float], Awaitable[object]] | None = None
    """How the pauses between looks are played; `None`: time passes by itself."""


def send_many(
    sending: Sending,
    operation: Callable[..., Operation[ResultT]],
    requests: Requests[ResultT],
    *,
    concurrency: int = 16,
    as_completed: bool = False,
    left: Callable[[Outcome[ResultT]], object] | None = None,
) -> AsyncGenerator[Outcome[ResultT], None]:
    """Yield one outcome per request, at most `concurrency` under way at a time.

    `left` is told the outcomes that are known and that nobody took; all but those rejected are logged as well.
    """

    async def send(index: int, request: object) -> Outcome[ResultT]:
        try:
            built = build(operation, request)
        except ValidationError as error:
            return Rejected(index=index, request=request, error=error)
        return await send_one(sending, built, index)

    def untold(outcome: Outcome[ResultT]) -> None:
        if left is not None:
            left(outcome)
        if not isinstance(outcome, Rejected):
            made = result_id(outcome.request, outcome.result) if isinstance(outcome, Created) else ""
            what = type(outcome).__name__.lower()
            _log.warning("request %d was left before it was told: %s %s", outcome.index, what, made)

    return bounded(send, requests, concurrency=concurrency, as_completed=as_completed, left=untold)


async def send_one(sending: Sending, request: Operation[ResultT], index: int) -> Outcome[ResultT]:
    """Send one request; look for its result where its outcome is not clear. Raises nothing but a cancellation."""
    if request.spec.lookup is None:
        return await _exchanged(sending, request, index)
    likeness = lookup_of(type(request)).likeness(request)
    await sending.lookalikes.begin(likeness)
    try:
        outcome = await _exchanged(sending, request, index)
    except BaseException:
        sending.lookalikes.lost(likeness)
        raise
    if isinstance(outcome, Unknown):
        return await _look(sending, outcome, request, likeness)
    if isinstance(outcome, Created):
        sending.lookalikes.made(likeness, result_id(request, outcome.result))
    else:
        sending.lookalikes.failed(likeness)
    return outcome


async def _exchanged(sending: Sending, request: Operation[ResultT], index: int) -> Outcome[ResultT]:
    try:
        answer = await sending.exchange(request, sending.guard, sending.refused)
    except TencentMeetingError as error:
        if error.outcome_unknown:
            return Unknown(index=index, request=request, error=error)
        return Rejected(index=index, request=request, error=error)
    except Exception as error:  # noqa: BLE001 - a hook or strategy of the caller's failed: the others go on
        failure = ExchangeFailed(f"unexpected {type(error).__name__}: {error}", operation=request.spec.id)
        failure.__cause__ = error
        return Unknown(index=index, request=request, error=failure)
    return Created(index=index, request=request, result=answer.result, trace_id=answer.trace_id)


async def _look(sending: Sending, unknown: Unknown, request: Operation[Any], likeness: Likeness) -> Outcome[Any]:
    """An unclear outcome is cleared up if the list can; that it is not there yet proves nothing so soon."""
    error = unknown.error
    if not isinstance(error, OutcomeUnknown):
        sending.lookalikes.lost(likeness)
        return unknown

    async def others() -> Others:
        return sending.lookalikes.others(likeness) if sending.others is None else await sending.others()

    await sending.lookalikes.begin_to_look(likeness)
    found: str | None = None
    outcome: Outcome[Any] = unknown
    seen: Looked[Any] = Absent()
    try:
        for pause in _LOOKS:
            if pause:
                await (sending.sleep or sleep)(pause)
            doubt = Doubt.of(error, sending.looker.now())
            seen = await sending.looker.once(request, doubt, others, kept=sending.kept)
            if isinstance(seen, Found):
                found = result_id(request, seen.result)
                outcome = Created(index=unknown.index, request=request, result=seen.result, looked_up=True)
            if isinstance(seen, Found) or (isinstance(seen, Undecided) and not seen.again):
                break
        if isinstance(seen, Undecided):
            error.add_note(f"looking it up did not settle it: {seen.reason}")
    except Exception as trouble:  # noqa: BLE001 - whatever it is, the others go on
        said = "" if isinstance(trouble, TencentMeetingError) else f"{type(trouble).__name__}: "
        error.add_note(f"looking it up failed: {said}{trouble}")
    finally:
        sending.lookalikes.look_ended(likeness, found)
    if found is None:
        error.look_with(_Later(sending, request, likeness, others).look)
    return outcome


class _Later:
    """What `await error.reconcile()` does for a request of a batch: others of it may be alike.

    What it settles stays said: what was found is taken, and would not be found again.
    """

    def __init__(
        self, sending: Sending, request: Operation[Any], likeness: Likeness, others: Callable[[], Awaitable[Others]]
    ) -> None:
        self._sending, self._request, self._likeness, self._others = sending, request, likeness, others
        self._one_at_a_time = asyncio.Lock()
        self._said: Looked[Any] | None = None

    async def look(self, error: OutcomeUnknown) -> Looked[Any]:
        async with self._one_at_a_time:
            if self._said is None or isinstance(self._said, Undecided):
                self._said = await self._look(error)
            return self._said

    async def _look(self, error: OutcomeUnknown) -> Looked[Any]:
        lookalikes = self._sending.lookalikes
        await lookalikes.begin_to_look(self._likeness, sent_here=False, again=True)
        found, settled = None, False
        try:
            looker = self._sending.looker
            seen = await looker.settle(self._request, Doubt.of(error, looker.now()), self._others)
            found = result_id(self._request, seen.result) if isinstance(seen, Found) else None
            settled = isinstance(seen, Absent)
        finally:
            lookalikes.look_ended(self._likeness, found, settled=settled)
        return seen


def result_id(request: Operation[Any], result: Any) -> str:
    """What tells a result from others that are alike: the id of what was made; nothing where nothing is made."""
    return "" if request.spec.needs is None else str(getattr(result, request.spec.needs, ""))
