"""One call: its attempts one after the other, the waits between them, and what becomes of it in the end."""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from random import random
from time import perf_counter
from typing import TYPE_CHECKING, Generic, TypeGuard, TypeVar, cast

from attrs import evolve

from tm_async._util import clocks
from tm_async._util.arguments import check_function, check_kind, check_methods, check_seconds
from tm_async._util.foreign import without
from tm_async._util.logs import logger
from tm_async._util.values import frozen
from tm_async.auth.protocol import Auth
from tm_async.client.deadline import Deadline
from tm_async.core.clock import ClockOffset
from tm_async.core.exchange import Answer, Headers, RawAnswer, Repeat, Request
from tm_async.core.retry import USED_UP, RetryBudget, RetryPolicy, room_in
from tm_async.core.secret import secrets_among
from tm_async.errors import (
    ApiError,
    ClientClosed,
    ClockError,
    Conflict,
    DeadlineExceeded,
    InvalidRequest,
    NotFound,
    OutcomeUnknown,
    PermissionDenied,
    TencentMeetingError,
    WrongState,
)
from tm_async.transport.protocol import NOTHING_SENT, Timeout, Transport, cancelled, check_transport

if TYPE_CHECKING:
    from tm_async.observe.protocol import Observer, Watch
    from tm_async.quotas import LearningLimiter, Limiter, Quotas

__all__ = ["CallOptions", "ClientState", "OneCall"]

ResultT = TypeVar("ResultT")

_log = logger("tm_async")
_log.addHandler(logging.NullHandler())


_ABOUT_THE_DEED = (Conflict, InvalidRequest, NotFound, PermissionDenied, WrongState)
"""Refusals that know what is asked, and what is there: they tell what became of earlier attempts, too."""


class ClientState:
    """What a client and its views have in common."""

    def __init__(
        self,
        transport: Transport | None,
        *,
        clock: Callable[[], float],
        correct_clock: bool,
        budget: int,
        limiter: "Limiter | None",
        observers: "tuple[Observer, ...]",
    ) -> None:
        check_transport(transport)
        check_function("clock", clock, "a function that gives UNIX seconds, such as time.time")
        if limiter is not None:
            check_methods("limiter", limiter, "a limiter such as MemoryLimiter()", "take")
        for observer in observers:
            check_methods("each of observers", observer, "an object with the method begins", "begins")
        self._transport = transport
        self._opened_here = transport is None
        self.clock = clock
        self.offset = ClockOffset()
        self.correct_clock = correct_clock
        self.budget = RetryBudget(budget)
        self.limiter = limiter
        self.observers = observers
        self.sts_tokens: Callable[[], Awaitable[str]] | None = None
        """What gives the tokens of calls on sensitive data."""
        self.closed = False
        self.sleep = clock.sleep if isinstance(clock, clocks.WaitingClock) else None
        """How waits are played; `None`: time passes by itself."""

    async def wait(self, seconds: float) -> float:
        """Wait; the seconds of it that were only played."""
        if self.sleep is not None:
            return await clocks.played(self.sleep, seconds)
        await asyncio.sleep(seconds)
        return 0.0

    def now(self) -> float:
        """UNIX seconds by the gateway's clock, as far as it is known."""
        return self.clock() + self.offset.seconds

    def require_open(self) -> None:
        """Raise `ClientClosed` after `aclose`."""
        if self.closed:
            raise ClientClosed("the client is closed")

    def transport(self) -> Transport:
        """The transport that was given, or else the default one."""
        self.require_open()
        if self._transport is None:
            from tm_async.transport.httpx import HttpxTransport

            self._transport = HttpxTransport()
        return self._transport

    async def aclose(self) -> None:
        """Close what was opened here."""
        self.closed = True
        if self._opened_here and self._transport is not None:
            await self._transport.aclose()


@frozen
class CallOptions:
    """With what a client, or one of its views, makes its calls."""

    shared: ClientState
    auth: Auth
    counted_as: str
    """Whose calls are counted together: gateway, app, maybe user."""
    timeout: Timeout
    deadline: float | None
    retry: RetryPolicy
    quotas: "Quotas | None"

    def __attrs_post_init__(self) -> None:
        check_kind("timeout", self.timeout, Timeout, "a Timeout, such as Timeout(read=5)")
        check_seconds("deadline", self.deadline, optional=True)
        if self.quotas is not None:
            check_methods("quotas", self.quotas, "Quotas, such as Quotas.legacy(), or None", "charges")


class OneCall(Generic[ResultT]):
    """One call on its way. `run` it once."""

    # Defaults of the class, as setting them all would cost every call.
    _attempt = 0
    _began = 0.0
    """When the attempt began, by the client's clock."""
    _offset = 0.0
    """By which its time was corrected."""
    _raw: RawAnswer | None = None
    _doubt: float | None = None
    """When the first attempt of unclear outcome began."""
    _failed: TencentMeetingError | None = None
    _asked = False
    """Whether the auth strategy had its say about a refusal."""
    _corrected = False
    """Whether the time was corrected after a refusal."""
    _borrowed = False
    """Whether a repetition came out of the budget."""
    _still = 0.0
    """Seconds for which an exchange that was given up may go on: its request may arrive in them."""
    _waits = 0
    """How often a patient call was refused by a rate, which counts for nothing."""
    _watch: "Watch | None" = None

    def __init__(
        self,
        options: CallOptions,
        request: Request,
        read: Callable[[RawAnswer, bool], ResultT],
        guard: Callable[[], None] | None = None,
        refused: Callable[[], None] | None = None,
    ) -> None:
        """`read` decodes an answer; its second argument: an earlier attempt may have been carried out.

        `guard` is asked before each attempt, and by the transport at the last moment; it raises what is to be raised
        instead. `refused` is told that a patient call goes back to waiting: what was sent was refused by a rate.
        """
        self._options = options
        self._guard = guard
        self._refused = refused
        self._request = request if guard is None else evolve(request, last_check=guard)
        self._read = read

    async def run(
        self,
        look: Callable[[OutcomeUnknown], Awaitable[object]] | None,
        sent: object,
        *,
        patient: bool = False,
    ) -> Answer[ResultT]:
        """Carry it out within its deadline. Raises the errors of `tm_async.errors`.

        `sent` and `look` are for `OutcomeUnknown`: the operation, and how to look for what it made. `patient`: the
        wait for quota may take any time, and is no part of the deadline; what a rate refuses waits again.
        """
        options = self._options
        if options.shared.observers:
            self._watch = self._begin()
        self._deadline = Deadline(options.deadline)
        error: BaseException | None = None
        try:
            return await (self._patiently() if patient else self._attempts())
        except TencentMeetingError as failure:
            error = self._final(failure, look, sent)
            if error is failure:
                raise
            raise error from failure
        except TimeoutError as late:
            error = late
            if not self._deadline.reached:
                raise  # somebody else's, for example an auth strategy's
            error = self._final(self._too_late(late.__cause__), look, sent)
            raise error from self._failed
        except BaseException as other:
            error = other
            raise
        finally:
            if self._watch is not None:
                self._watch.ended(error)

    async def _attempts(self) -> Answer[ResultT]:
        options, shared = self._options, self._options.shared
        shared.require_open()
        limiter, quotas = shared.limiter, options.quotas
        with self._deadline as deadline:
            while True:
                try:
                    if limiter is not None and quotas is not None:
                        await self._room(limiter, quotas, deadline.left if self._attempt else options.deadline)
                    headers = await self._authorized()
                except asyncio.CancelledError as error:
                    raise cancelled(error) from None
                if self._guard is not None:
                    self._guard()
                try:
                    answer = await self._exchange(headers)
                except TencentMeetingError as error:
                    await self._try_again(error, headers, deadline)
                else:
                    shared.budget.succeeded(repeated=self._borrowed)
                    return answer

    async def _patiently(self) -> Answer[ResultT]:
        """The same, but whatever waits for quota waits outside the deadline."""
        options, shared = self._options, self._options.shared
        shared.require_open()
        limiter, quotas = shared.limiter, options.quotas
        while True:
            if limiter is not None and quotas is not None:
                await self._room(limiter, quotas, None)
            waits: float | None = None
            with self._deadline as deadline:
                try:
                    headers = await self._authorized()
                except asyncio.CancelledError as error:
                    raise cancelled(error) from None
                if self._guard is not None:
                    self._guard()
                try:
                    answer = await self._exchange(headers)
                except TencentMeetingError as error:
                    waits = await self._try_again(error, headers, deadline, patient=True)
                else:
                    shared.budget.succeeded(repeated=self._borrowed)
                    return answer
            self._deadline = Deadline(deadline.left)
            if waits is not None:
                await self._wait_outside(waits)

    def _authorized(self) -> Awaitable[Headers]:
        """The headers for the next attempt."""
        shared = self._options.shared
        offset = self._offset = shared.offset.seconds
        return self._options.auth.authorize(self._request, shared.clock() + offset)

    def _room(self, limiter: "Limiter", quotas: "Quotas", within: float | None) -> Awaitable[None]:
        """Wait for room in the quotas."""
        request = self._request
        waiting = limiter.take(quotas.charges(request.path, self._options.counted_as, request.creator), within)
        return waiting if self._watch is None else self._timed(waiting, self._watch)

    async def _timed(self, waiting: Awaitable[None], watch: "Watch") -> None:
        from tm_async.observe.protocol import Wait

        began = asyncio.get_running_loop().time()
        await waiting
        if (waited := asyncio.get_running_loop().time() - began) > 0.001:
            watch.waited(Wait.QUOTA, waited)

    async def _exchange(self, headers: Headers) -> Answer[ResultT]:
        """One attempt on the wire."""
        shared = self._options.shared
        self._attempt += 1
        self._raw = None
        began = self._began = shared.clock()
        told = self._watch is not None or _log.isEnabledFor(logging.DEBUG)
        started = perf_counter() if told else 0.0
        outside = sys.exception()
        try:
            lines = (*self._request.headers, *headers)
            raw = self._raw = await shared.transport().exchange(self._request, lines, self._options.timeout)
            if shared.correct_clock and began >= shared.offset.wanted_from:
                shared.offset.learn(raw.header(b"date"), began, shared.clock())
            answer = Answer(self._read(raw, self._doubt is not None), raw)
        except BaseException as error:
            if isinstance(error, TencentMeetingError):
                error.hide(self._secrets(headers), outside=outside)
            if told:
                self._tell(perf_counter() - started, headers, error)
            raise
        if told:
            self._tell(perf_counter() - started, headers, None)
        return answer

    def _secrets(self, headers: Headers) -> list[str]:
        """What the other side may repeat and nobody may be shown."""
        return secrets_among((*self._request.headers, *headers))

    async def _try_again(
        self, error: TencentMeetingError, headers: Headers, deadline: Deadline, *, patient: bool = False
    ) -> float | None:
        """Wait for the next attempt, or raise the error if there is none.

        Of a patient call that a rate refused it returns how many seconds are left to wait, outside the deadline: none
        if the limiter knows of it.
        """
        if error.outcome_unknown and self._doubt is None:
            self._doubt = self._began
        unclear = error.outcome_unknown and self._request.repeat is Repeat.UNSAFE
        if isinstance(error, ApiError) and not (self._asked or unclear):
            self._asked = True
            if await _nothing_sent_if_cancelled(self._options.auth.rejected(error, headers)):
                return None
        chance = random()  # noqa: S311 - spreads attempts, hides nothing
        seconds = room_in(error, chance=chance, now=self._options.shared.now())
        if seconds is not None:
            learnt = await _nothing_sent_if_cancelled(self._teach(cast("ApiError", error), seconds))
            if patient:
                return 0.0 if learnt else seconds
        corrected = isinstance(error, ClockError) and self._correct_clock()
        await self._pause(error, deadline, chance, corrected=corrected)
        return None

    async def _teach(self, error: ApiError, seconds: float) -> bool:
        """Let everybody wait who needs the quota that is used up, as other programs use it as well; whether they do."""
        options, request = self._options, self._request
        scope, span = USED_UP.get(error.code, ("", 0.0))
        limiter = None if options.quotas is None else options.shared.limiter
        if options.quotas is None or not scope or not _learns(limiter):
            return False
        for charge in options.quotas.charges(request.path, options.counted_as, request.creator):
            if charge.scope == scope:
                try:
                    await limiter.refused(charge, span=span, seconds=seconds)
                except TencentMeetingError as trouble:  # each call that is refused waits by itself, at least
                    _log.warning("the limiter was not told that %s is used up: %s", scope, trouble)
                else:
                    return True
        return False

    async def _wait_outside(self, seconds: float) -> None:
        """A patient call that a rate refused: nothing is under way, and nothing of its own is used up."""
        self._waits += 1
        self._deadline = Deadline(self._options.deadline)
        if self._refused is not None:
            self._refused()
        _log.debug("%s: refused by a rate, again in %.3f s", self._request.operation, seconds)
        await self._options.shared.wait(seconds)
        if seconds and self._watch is not None:
            from tm_async.observe.protocol import Wait

            self._watch.waited(Wait.BACKOFF, seconds)

    def _correct_clock(self) -> bool:
        """Whether another attempt has a better time than this one: once in a call."""
        shared, raw = self._options.shared, self._raw
        if raw is None or self._corrected or not shared.correct_clock:
            return False
        self._corrected = shared.offset.refused(raw.header(b"date"), self._began, shared.clock(), self._offset)
        return self._corrected

    async def _pause(self, error: TencentMeetingError, deadline: Deadline, chance: float, *, corrected: bool) -> None:
        options, shared = self._options, self._options.shared
        seconds = options.retry.pause(
            self._request.repeat,
            self._attempt - self._waits,
            error,
            chance=chance,
            now=shared.now(),
            clock_corrected=corrected,
        )
        left = deadline.left
        if seconds is None or (left is not None and seconds >= left):
            raise error
        if not corrected:  # which happens once, and is no sign of overload
            if not shared.budget.take():
                raise error
            self._borrowed = True
        self._failed = error
        if _log.isEnabledFor(logging.DEBUG):
            _log.debug("%s: again in %.3f s after %s", self._request.operation, seconds, type(error).__name__)
        if seconds > 0:
            deadline.passed(await _nothing_sent_if_cancelled(shared.wait(seconds)))
            if self._watch is not None:
                from tm_async.observe.protocol import Wait

                self._watch.waited(Wait.BACKOFF, seconds)

    def _too_late(self, given: BaseException | None) -> DeadlineExceeded:
        under_way = given is None or NOTHING_SENT not in given.args
        if under_way:
            self._still = self._options.timeout.goes_on
            if self._doubt is None:
                self._doubt = self._began
        in_doubt = self._doubt is not None
        said = "" if in_doubt else "; nothing was sent" if self._failed is None else "; nothing was done"
        message = f"no answer within {self._options.deadline} s{said}"
        return DeadlineExceeded(message, operation=self._request.operation, outcome_unknown=in_doubt)

    def _final(
        self, error: TencentMeetingError, look: Callable[[OutcomeUnknown], Awaitable[object]] | None, sent: object
    ) -> TencentMeetingError:
        """The error that the caller gets."""
        shared = self._options.shared
        if error.operation is None:
            error.operation = self._request.operation
        if self._doubt is not None and not isinstance(error, _ABOUT_THE_DEED):
            error.outcome_unknown = True  # this attempt did nothing, but an earlier one may have
        _log.debug(
            "%s failed: %s",
            self._request.operation,
            type(error).__name__,
            extra={"error": str(error), "attempts": self._attempt, "outcome_unknown": error.outcome_unknown},
        )
        if self._doubt is None or not error.outcome_unknown or self._request.repeat is Repeat.SAFE:
            return error
        until, ended = shared.clock() + self._still, clocks.elapsed() + self._still
        return OutcomeUnknown(error, request=sent, since=self._doubt, until=until, ended=ended, look=look)

    # --- telling ------------------------------------------------------------------------------------------------

    def _begin(self) -> "Watch | None":
        from tm_async.observe.protocol import CallInfo
        from tm_async.observe.watching import watch

        request = self._request
        info = CallInfo(operation=request.operation or request.method, method=request.method, origin=request.origin)
        return watch(self._options.shared.observers, info)

    def _tell(self, seconds: float, headers: Headers, error: BaseException | None) -> None:
        raw = self._raw
        status, trace_id = (None, None) if raw is None else (raw.status, raw.trace_id)
        trace_id = trace_id and without(trace_id, self._secrets(headers))
        if raw is not None:
            told = {"attempt": self._attempt, "seconds": seconds, "status": status, "trace_id": trace_id}
            message = "%s: HTTP %d in %.3f s, trace %s"
            _log.debug(message, self._request.operation, status, seconds, trace_id, extra=told)
        if self._watch is None:
            return
        from tm_async.observe.protocol import Attempt

        code = error.code if isinstance(error, ApiError) else None
        name = None if error is None else type(error).__name__
        self._watch.attempted(Attempt(self._attempt, seconds, status, code, trace_id, name))


def _learns(limiter: "Limiter | None") -> "TypeGuard[LearningLimiter]":
    from tm_async.quotas.protocol import LearningLimiter

    return isinstance(limiter, LearningLimiter)


async def _nothing_sent_if_cancelled(asked: Awaitable[ResultT]) -> ResultT:
    """What comes before the request, or after an answer to it: there is no deed of this attempt to be unsure of."""
    try:
        return await asked
    except asyncio.CancelledError as error:
        raise cancelled(error) from None
