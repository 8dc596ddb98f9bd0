"""What all adapters share: a bounded number of places, and outcomes that nobody awaits."""

import asyncio
from collections import deque
from contextlib import suppress

from tm_async._util.logs import logger
from tm_async.core.exchange import RawAnswer, Request
from tm_async.errors import ClientClosed, ExchangeFailed, PoolTimeout
from tm_async.errors.causes import as_cause
from tm_async.transport.protocol import cancelled

__all__ = ["GRACE", "Places", "settle", "until"]

GRACE = 5.0
"""Seconds that closing waits for exchanges that still run."""

_log = logger("tm_async.transport")


class Places:
    """At most `size` exchanges at a time; who waits for a place is served in order."""

    def __init__(self, size: int) -> None:
        self._free = size
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._closed = False

    def take_free(self) -> bool:
        """Take a place if one is free."""
        if self._free > 0:
            self._free -= 1
            return True
        return False

    async def wait(self, seconds: float | None, request: Request) -> None:
        """Wait for a place and take it. Raises `PoolTimeout`; giving up here sends nothing."""
        ticket = asyncio.get_running_loop().create_future()
        self._waiting.append(ticket)
        try:
            async with asyncio.timeout(seconds):
                await ticket
        except BaseException as error:
            if ticket.done() and not ticket.cancelled() and ticket.exception() is None:
                self.free()  # the place came at the very moment of giving up: pass it on
            else:
                with suppress(ValueError):  # gone already when a place was offered after the cancellation
                    self._waiting.remove(ticket)
            if isinstance(error, TimeoutError):
                message = f"no connection became free within {seconds} s"
                raise PoolTimeout(message, operation=request.operation) from None
            if isinstance(error, asyncio.CancelledError):
                raise cancelled(error) from None
            raise
        if self._closed:  # the place came just before
            self.free()
            raise _closed()

    def require_open(self) -> None:
        """Raise what somebody who waits is told, if this was closed meanwhile."""
        if self._closed:
            raise _closed()

    def free(self) -> None:
        """Give a place back."""
        while self._waiting:
            ticket = self._waiting.popleft()
            if not ticket.done():
                ticket.set_result(None)
                return
        self._free += 1

    def close(self) -> None:
        """Nobody gets a place any more: who waits is told, with nothing sent."""
        self._closed = True
        while self._waiting:
            ticket = self._waiting.popleft()
            if not ticket.done():
                ticket.set_exception(_closed())


def _closed() -> ClientClosed:
    return ClientClosed("closed while this call waited for a connection; nothing was sent")


def settle(outcome: "asyncio.Future[RawAnswer]", request: Request, found: RawAnswer | BaseException) -> None:
    """Hand what came out to whoever waits; when nobody does any more, log it: it must not get lost."""
    if not outcome.done():
        if isinstance(found, asyncio.CancelledError):
            message = "the connections were closed before the answer came"
            outcome.set_exception(ExchangeFailed(message, operation=request.operation))
        elif isinstance(found, BaseException):
            outcome.set_exception(as_cause(found))
        else:
            outcome.set_result(found)
    elif isinstance(found, asyncio.CancelledError):
        _log.warning("%s: given up while closing, outcome unknown", request.operation)
    elif isinstance(found, BaseException):
        _log.warning("%s: ended after its caller gave up: %s", request.operation, found)
    else:
        message = "%s: answered with HTTP %d after its caller gave up (trace %s)"
        _log.warning(message, request.operation, found.status, found.trace_id)


async def until(outcome: "asyncio.Future[RawAnswer]", request: Request) -> RawAnswer:
    """Wait for an outcome that others settle."""
    try:
        return await outcome
    except asyncio.CancelledError:
        if outcome.done() and not outcome.cancelled():  # it came at the very moment of giving up
            settle(outcome, request, outcome.exception() or outcome.result())
        raise
