"""The client: a short loop around the pure core, an auth strategy and a transport."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from tm_async.auth.protocol import Auth, ClosableAuth, GatewayAuth, PerUserAuth
from tm_async.core.decode import decode, decode_json
from tm_async.core.exchange import BOTH_MODES, CONSTANT_HEADERS, Answer, AuthMode, Headers, RawAnswer, Request
from tm_async.core.mount import Requests
from tm_async.core.operation import Operation
from tm_async.core.outcome import Outcome
from tm_async.core.prepare import prepare, prepare_raw
from tm_async.core.secret import SecretText
from tm_async.deadline import Deadline
from tm_async.environment import configured_gateway
from tm_async.errors import (
    AnswerError,
    ApiError,
    ClientClosed,
    ConfigurationError,
    DeadlineExceeded,
    TencentMeetingError,
)
from tm_async.transport.protocol import NOTHING_SENT, Timeout, Transport

if TYPE_CHECKING:
    from tm_async.api.guests import Guests
    from tm_async.api.meetings import Meetings

__all__ = ["TencentMeeting"]

ResultT = TypeVar("ResultT")

_log = logging.getLogger("tm_async")
_log.addHandler(logging.NullHandler())

_UNSET: Any = object()


class TencentMeeting:
    """A client of the Tencent Meeting REST API.

    Use it as `async with TencentMeeting(auth) as tm:`, or call `aclose()` yourself. One client serves any number of
    tasks, and may be used under several event loops one after the other; connections are opened as needed.

    `auth` is a strategy such as `EnterpriseSecret` or `OAuth2`. `base_url` defaults to what an `OAuth2App` was given,
    then to the environment's `TENCENT_MEETING_BASE_URL`, then to the vendor's gateway. `transport` defaults to httpx;
    one that you hand in stays yours to close. `timeout` bounds the phases of an attempt, `deadline` (seconds, default
    60, `None`: no bound) a whole call: the wait for a connection, signing, all attempts. Raises `ConfigurationError`.
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
        if base_url is None and isinstance(auth, GatewayAuth):
            base_url = auth.base_url
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
        """Let the auth strategy end what it began, then close the connections that the client opened.

        A view made by `with_options` or `as_user` closes nothing.
        """
        if self._owner:
            try:
                if isinstance(self._auth, ClosableAuth):
                    await self._auth.aclose()
            finally:
                await self._shared.aclose()

    def with_options(self, *, timeout: Timeout = _UNSET, deadline: float | None = _UNSET) -> Self:
        """A view of this client with other options; it shares the connections."""
        return self._view(
            self._auth,
            self._timeout if timeout is _UNSET else timeout,
            self._deadline if deadline is _UNSET else deadline,
        )

    def as_user(self, open_id: str) -> Self:
        """A view of this client that acts for another user; it shares the connections and the token store.

        Cheap: make one per request. Raises `ConfigurationError` for an auth strategy without users.
        """
        if not isinstance(self._auth, PerUserAuth):
            name = type(self._auth).__name__
            raise ConfigurationError(f"{name} acts for a whole enterprise: name the user in the operation instead")
        return self._view(self._auth.as_user(open_id), self._timeout, self._deadline)

    def _view(self, auth: Auth, timeout: Timeout, deadline: float | None) -> Self:
        view = object.__new__(type(self))
        view._gateway, view._shared, view._auth = self._gateway, self._shared, auth
        view._timeout, view._deadline, view._owner = timeout, deadline, False
        return view

    def __repr__(self) -> str:
        return f"<TencentMeeting {self._gateway.origin} {type(self._auth).__name__}>"

    # --- chapters -------------------------------------------------------------------------------------------------

    @cached_property
    def guests(self) -> "Guests":
        """Special guests, who enter without password and waiting room."""
        from tm_async.api.guests import Guests

        return Guests(self)

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
        any_mode: bool = False,
    ) -> Answer[Any]:
        """Call what is not modelled: same auth, same errors, plain JSON in and out.

        `path` is the documented one, such as `/v1/meetings/{meeting_id}`, with `path_params` for its placeholders;
        values are percent-encoded here. Raises `ValidationError` for a path that can't be meant, and `WrongAuthMode`
        for an operation that the vendor documents for the other auth mode only, unless `any_mode` is true.
        """
        modes = BOTH_MODES if any_mode else _documented_modes(method, path)
        request = prepare_raw(self._gateway, method, path, path_params or {}, query or {}, json, modes)
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
            self._shared.require_open()
            with deadline:
                headers = await _nothing_sent_if_cancelled(self._auth.authorize(request))
                try:
                    return await self._attempt(request, headers, read)
                except ApiError as error:
                    if not await _nothing_sent_if_cancelled(self._auth.rejected(error, headers)):
                        raise
                headers = await _nothing_sent_if_cancelled(self._auth.authorize(request))
                return await self._attempt(request, headers, read)
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

    async def _attempt(
        self, request: Request, headers: Headers, read: Callable[[RawAnswer], ResultT]
    ) -> Answer[ResultT]:
        started = time.perf_counter()
        raw = await self._shared.transport().exchange(request, (*CONSTANT_HEADERS, *headers), self._timeout)
        if _log.isEnabledFor(logging.DEBUG):
            seconds = time.perf_counter() - started
            _log.debug("%s: HTTP %d in %.3f s, trace %s", request.operation, raw.status, seconds, raw.trace_id)
        try:
            return Answer(read(raw), raw)
        except AnswerError as error:
            error.hide([value for _, value in headers if isinstance(value, SecretText)])
            raise


async def _nothing_sent_if_cancelled(asked: Awaitable[ResultT]) -> ResultT:
    """What an auth strategy does comes before the request, or after a refusal: there is no deed to be unsure of."""
    try:
        return await asked
    except asyncio.CancelledError:
        raise asyncio.CancelledError(NOTHING_SENT) from None


def _documented_modes(method: str, path: str) -> frozenset[AuthMode]:
    from tm_async.catalogue import match

    found = match(method, path)
    return frozenset(AuthMode(mode) for mode in found[0].auth) if found and found[0].auth else BOTH_MODES


class _Shared:
    """What a client and its views have in common."""

    def __init__(self, transport: Transport | None) -> None:
        self._transport = transport
        self._opened_here = transport is None
        self.closed = False

    def require_open(self) -> None:
        if self.closed:
            raise ClientClosed("the client is closed")

    def transport(self) -> Transport:
        self.require_open()
        if self._transport is None:
            from tm_async.transport.httpx import HttpxTransport

            self._transport = HttpxTransport()
        return self._transport

    async def aclose(self) -> None:
        self.closed = True
        if self._opened_here and self._transport is not None:
            await self._transport.aclose()
