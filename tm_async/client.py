"""The client: a short loop around the pure core, an auth strategy and a transport."""

import asyncio
import logging
import os
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from tm_async._version import __version__
from tm_async.auth.protocol import Auth
from tm_async.core.decode import decode, decode_json
from tm_async.core.exchange import VENDOR_GATEWAY, Answer, Gateway, RawAnswer, Request
from tm_async.core.mount import Requests
from tm_async.core.operation import Operation
from tm_async.core.outcome import Outcome
from tm_async.core.prepare import prepare, prepare_raw
from tm_async.deadline import Deadline
from tm_async.errors import ApiError, ClientClosed, DeadlineExceeded, TencentMeetingError
from tm_async.transport.protocol import NOTHING_SENT, Timeout, Transport

if TYPE_CHECKING:
    from tm_async.api.meetings import Meetings

__all__ = ["CONSTANT_HEADERS", "TencentMeeting", "configured_gateway"]

ResultT = TypeVar("ResultT")

_log = logging.getLogger("tm_async")
_log.addHandler(logging.NullHandler())

CONSTANT_HEADERS = (
    ("Content-Type", "application/json"),
    ("Accept", "application/json"),
    ("User-Agent", f"tm-async/{__version__}"),
)
"""Sent with every request, before those of the auth strategy. The transport adds Host and Content-Length."""
_UNSET: Any = object()


def configured_gateway(base_url: str | None = None, *, allow_http: bool = False) -> Gateway:
    """Where requests go: the argument's, the environment's (`TENCENT_MEETING_BASE_URL`), or the vendor's gateway."""
    url = base_url or os.environ.get("TENCENT_MEETING_BASE_URL") or VENDOR_GATEWAY
    return Gateway.parse(url, allow_http=allow_http)


class TencentMeeting:
    """A client of the Tencent Meeting REST API.

    Use it as `async with TencentMeeting(auth) as tm:`, or call `aclose()` yourself. One client serves any number of
    tasks, and may be used under several event loops one after the other; connections are opened as needed.

    `auth` is a strategy such as `EnterpriseSecret`. `base_url` defaults to the environment's
    `TENCENT_MEETING_BASE_URL`, then to the vendor's gateway. `transport` defaults to httpx; one that you hand in
    stays yours to close. `timeout` bounds the phases of an attempt, `deadline` (seconds, default 60, `None`: no
    bound) a whole call: the wait for a connection, signing, all attempts. Raises `ConfigurationError`.
    """

    def __init__(
        self,
        auth: Auth,
        *,
        base_url: str | None = None,
        transport: Transport | None = None,
        timeout: Timeout | None = None,
        deadline: float | None = 60.0,
        allow_http: bool = False,
    ) -> None:
        self._gateway = configured_gateway(base_url, allow_http=allow_http)
        self._auth = auth
        self._shared = _Shared(transport)
        self._timeout = timeout or Timeout()
        self._deadline = deadline
        self._owner = True

    # --- life -----------------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        self._shared.closed = False
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections that the client opened. A view made by `with_options` closes nothing."""
        if self._owner:
            await self._shared.aclose()

    def with_options(self, *, timeout: Timeout = _UNSET, deadline: float | None = _UNSET) -> Self:
        """A view of this client with other options; it shares the connections."""
        view = object.__new__(type(self))
        view._gateway, view._auth, view._shared = self._gateway, self._auth, self._shared
        view._timeout = self._timeout if timeout is _UNSET else timeout
        view._deadline = self._deadline if deadline is _UNSET else deadline
        view._owner = False
        return view

    def __repr__(self) -> str:
        return f"<TencentMeeting {self._gateway.origin} {type(self._auth).__name__}>"

    # --- chapters -------------------------------------------------------------------------------------------------

    @cached_property
    def meetings(self) -> "Meetings":
        """Create meetings and look them up."""
        from tm_async.api.meetings import Meetings

        return Meetings(self)

    # --- calls ----------------------------------------------------------------------------------------------------

    async def send(self, operation: Operation[ResultT]) -> ResultT:
        """Send an operation and return its result. Raises the errors of `tm_async.errors`."""
        return (await self.exchange(operation)).result

    def prepare(self, operation: Operation[Any]) -> Request:
        """The request that `send` would sign and send: for `EnterpriseSecret.explain`, logs, or a queue."""
        return prepare(operation, self._gateway)

    def exchange(self, operation: Operation[ResultT]) -> Coroutine[Any, Any, Answer[ResultT]]:
        """Like `send`, with what the result came in: status, headers, trace id, the raw body."""
        request = self.prepare(operation)
        return self._call(request, lambda raw: decode(operation, request, raw))

    async def request(
        self,
        method: str,
        path: str,
        *,
        path_params: Mapping[str, object] | None = None,
        query: Mapping[str, object] | None = None,
        json: object = None,
    ) -> Answer[Any]:
        """Call what is not modelled: same auth, same errors, plain JSON in and out.

        `path` is the documented one, such as `/v1/meetings/{meeting_id}`, with `path_params` for its placeholders;
        values are percent-encoded here. Raises `ValidationError` for a path that can't be meant.
        """
        request = prepare_raw(self._gateway, method, path, path_params or {}, query or {}, json)
        return await self._call(request, lambda raw: decode_json(request, raw))

    def send_many(
        self,
        operation: Callable[..., Operation[ResultT]],
        requests: Requests[ResultT],
        *,
        concurrency: int = 16,
        as_completed: bool = False,
    ) -> AsyncGenerator[Outcome[ResultT], None]:
        """Send many operations; see `tm.meetings.create_many`."""
        from tm_async.batch import send_many

        return send_many(self.exchange, operation, requests, concurrency=concurrency, as_completed=as_completed)

    async def _call(self, request: Request, read: Callable[[RawAnswer], ResultT]) -> Answer[ResultT]:
        """One call within its deadline: at most two attempts, the second only if the auth strategy asks for it."""
        deadline = Deadline(self._deadline)
        try:
            with deadline:
                try:
                    return await self._attempt(request, read)
                except ApiError as error:
                    if not await self._auth.rejected(error):
                        raise
                return await self._attempt(request, read)
        except TencentMeetingError as error:
            if error.operation is None:
                error.operation = request.operation
            _log.debug("%s failed: %s", request.operation, type(error).__name__, extra={"error": str(error)})
            raise
        except TimeoutError as error:
            if not deadline.reached:
                raise  # somebody else's, for example an auth strategy's
            raise self._too_late(request, error.__cause__) from None

    def _too_late(self, request: Request, cancelled: BaseException | None) -> DeadlineExceeded:
        sent = cancelled is None or cancelled.args != (NOTHING_SENT,)
        message = f"no answer within {self._deadline} s{'' if sent else '; nothing was sent'}"
        return DeadlineExceeded(message, operation=request.operation, outcome_unknown=sent)

    async def _attempt(self, request: Request, read: Callable[[RawAnswer], ResultT]) -> Answer[ResultT]:
        try:
            headers = (*CONSTANT_HEADERS, *await self._auth.authorize(request))
        except asyncio.CancelledError:
            raise asyncio.CancelledError(NOTHING_SENT) from None
        started = time.perf_counter()
        raw = await self._shared.transport().exchange(request, headers, self._timeout)
        if _log.isEnabledFor(logging.DEBUG):
            seconds = time.perf_counter() - started
            _log.debug("%s: HTTP %d in %.3f s, trace %s", request.operation, raw.status, seconds, raw.trace_id)
        return Answer(read(raw), raw)


class _Shared:
    """What a client and its views have in common."""

    def __init__(self, transport: Transport | None) -> None:
        self._transport = transport
        self._opened_here = transport is None
        self.closed = False

    def transport(self) -> Transport:
        if self.closed:
            raise ClientClosed("the client is closed")
        if self._transport is None:
            from tm_async.transport.httpx import HttpxTransport

            self._transport = HttpxTransport()
        return self._transport

    async def aclose(self) -> None:
        self.closed = True
        if self._opened_here and self._transport is not None:
            await self._transport.aclose()
