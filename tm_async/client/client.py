"""The client: a short loop around the pure core, an auth strategy and a transport."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from datetime import datetime
from functools import cached_property, partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeAlias, TypeVar, cast

from attrs import evolve

from tm_async._util.arguments import check_kind, check_methods, check_seconds
from tm_async._util.clocks import Doubt
from tm_async.auth.protocol import Auth, ClosableAuth, CountedAuth, GatewayAuth, PerUserAuth, check_auth
from tm_async.client.call import CallOptions, ClientState, OneCall
from tm_async.client.chapters import Chapters
from tm_async.config import configured_gateway
from tm_async.core.classes import per_class
from tm_async.core.decode import decode, decode_json
from tm_async.core.exchange import BOTH_MODES, Answer, AuthMode, RawAnswer, Request
from tm_async.core.given import given
from tm_async.core.operation import Operation
from tm_async.core.prepare import prepare, prepare_raw
from tm_async.core.retry import RetryPolicy
from tm_async.core.secret import hide_text, safe_repr
from tm_async.errors import (
    ApiError,
    AuthenticationError,
    ConfigurationError,
    DeadlineExceeded,
    InvalidRequest,
    OutcomeUnknown,
    PermissionDenied,
    ValidationError,
)
from tm_async.transport.protocol import Timeout, Transport

if TYPE_CHECKING:
    from tm_async.batch.send_many import Sending
    from tm_async.client.reconcile import Looking
    from tm_async.core.outcome import Looked
    from tm_async.observe.protocol import Observer
    from tm_async.quotas import Limiter, Quotas

__all__ = ["NEEDS_STS", "TencentMeeting"]

ResultT = TypeVar("ResultT")
_State: TypeAlias = tuple[dict[str, Any], dict[str, Any]]


class _Unset:
    """Stands for an option that was not given."""

    def __repr__(self) -> str:
        return "..."


_UNSET: Any = _Unset()
_ONCE = RetryPolicy(attempts=1)
NEEDS_STS = (
    "an app that was made on 2026-01-16 or later needs an STS token here: make StsTokens(tm, hooks, operator_id=...) "
    "once, or pass sts_token=..."
)
"""The note of an error that may mean this: the code of a call without one is not documented."""


@per_class
def _cached(cls: type[Any]) -> frozenset[str]:
    """The members that are made when they are first asked for."""
    return frozenset(name for base in cls.__mro__ for name, one in vars(base).items() if type(one) is cached_property)


@safe_repr
class TencentMeeting(Chapters):
    """A client of the Tencent Meeting REST API.

    Use it as `async with TencentMeeting(auth) as tm:`, or call `aclose()` yourself. One client serves any number of
    tasks, and may be used under several event loops one after the other; connections are opened as needed.

    `auth` is a strategy such as `EnterpriseSecret` or `OAuth2`. `base_url` defaults to what an `OAuth2App` was given,
    then to the environment's `TENCENT_MEETING_BASE_URL`, then to the vendor's gateway. `transport` defaults to httpx;
    one that you hand in stays yours to close. Raises `ConfigurationError`. What bounds a call, and keeps it safe:

    - `timeout` bounds the phases of an attempt; `deadline` (seconds, default 60, `None`: no bound) a whole call: the
      waits for quota, tokens and a connection, all attempts and the pauses between them.
    - `retry`: how often an attempt is repeated that can be repeated safely; `None`: never. See `RetryPolicy`.
    - `quotas`: the vendor's limits, kept by `limiter`, by default one for the whole process; `None`: not kept. By
      default what the environment's `TENCENT_MEETING_QUOTAS` says: `documented` (also if not set), `legacy`, `off`.
    - `settle` (seconds): how long after a call without a clear answer a meeting's absence from the list means that
      it was not created. No page says how late the gateway may still act.
    - `clock` gives UNIX seconds; with `correct_clock` its difference to the gateway's is learnt and allowed for. One
      that can `sleep`, as `emulator.clock`, plays the waits between attempts and looks; those of a limiter are real.
    - `observers` hear of every call: see `tm_async.observe`.
    """

    def __init__(
        self,
        auth: Auth,
        *,
        base_url: str | None = None,
        transport: Transport | None = None,
        timeout: Timeout | None = None,
        deadline: float | None = 60.0,
        retry: RetryPolicy | None = _UNSET,
        quotas: "Quotas | None" = _UNSET,
        limiter: "Limiter | None" = None,
        observers: "Iterable[Observer]" = (),
        clock: Callable[[], float] = time.time,
        correct_clock: bool = True,
        settle: float = 30.0,
        allow_http: bool = False,
    ) -> None:
        base_url = hide_text(base_url)  # a traceback shows variables
        check_auth(auth)
        if base_url is None and isinstance(auth, GatewayAuth):
            base_url = auth.base_url
        gateway = configured_gateway(base_url, allow_http=allow_http)
        if quotas is _UNSET:
            from tm_async.quotas import configured_quotas

            quotas = configured_quotas()
        if limiter is None and quotas is not None:
            from tm_async.quotas import shared_limiter

            limiter = shared_limiter()
        check_seconds("settle", settle, least=0, finite=True)
        policy = RetryPolicy() if retry is _UNSET else _policy(retry)
        check_methods("observers", observers, "a list of observers", "__iter__")
        shared = ClientState(
            transport,
            clock=clock,
            correct_clock=correct_clock,
            budget=policy.budget,
            limiter=limiter,
            observers=tuple(observers),
        )
        self._gateway = gateway
        self._settle = settle
        self._options = CallOptions(
            shared, auth, self._counted_as(auth), Timeout() if timeout is None else timeout, deadline, policy, quotas
        )
        self._owner = True

    # --- life -----------------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        if self._owner:
            self._options.shared.closed = False
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
                if isinstance(self._options.auth, ClosableAuth):
                    await self._options.auth.aclose()
            finally:
                await self._shared.aclose()

    def with_options(
        self,
        *,
        timeout: Timeout = _UNSET,
        deadline: float | None = _UNSET,
        retry: RetryPolicy | None = _UNSET,
        quotas: "Quotas | None" = _UNSET,
    ) -> Self:
        """A view of this client with other options; it shares the connections, the limiter and the retry budget.

        Raises `ConfigurationError` for what can't be, as a `budget` of its own.
        """
        given: dict[str, Any] = {"timeout": timeout, "deadline": deadline, "quotas": quotas}
        if retry is not _UNSET:
            given["retry"] = policy = _policy(retry)
            self._shared.budget.check(policy)
        return self._view(
            evolve(self._options, **{name: value for name, value in given.items() if value is not _UNSET})
        )

    def as_user(self, open_id: str) -> Self:
        """A view of this client that acts for another user; it shares the connections and the token store.

        Cheap: make one per request. Raises `ConfigurationError` for an auth strategy without users.
        """
        auth = self._options.auth
        if not isinstance(auth, PerUserAuth):
            name = type(auth).__name__
            raise ConfigurationError(f"{name} acts for a whole enterprise: name the user in the operation instead")
        user = auth.as_user(open_id)
        check_auth(user)
        return self._view(evolve(self._options, auth=user, counted_as=self._counted_as(user)))

    def _view(self, options: CallOptions) -> Self:
        """With what a subclass added; but its chapters, and whatever else is cached, are its own."""
        view = object.__new__(type(self))
        state: Any = object.__getstate__(self)  # what `copy` asks: a mapping, or two where a subclass has slots
        members, slots = cast("_State", state if isinstance(state, tuple) else (state, {}))
        cached = _cached(type(self))
        vars(view).update({name: value for name, value in members.items() if name not in cached})
        for name, value in slots.items():
            object.__setattr__(view, name, value)
        view._options, view._owner = options, False
        return view

    def _counted_as(self, auth: Auth) -> str:
        whose = auth.counted_as if isinstance(auth, CountedAuth) else f"client {id(self)}"
        return f"{self._gateway.origin} {whose}"

    @property
    def _shared(self) -> ClientState:
        return self._options.shared

    def __repr__(self) -> str:
        return f"<TencentMeeting {self._gateway.origin} {type(self._options.auth).__name__}>"

    # --- calls ----------------------------------------------------------------------------------------------------

    async def send(self, operation: Operation[ResultT]) -> ResultT:
        """Send an operation and return its result. Raises the errors of `tm_async.errors`."""
        return (await self.exchange(operation)).result

    def prepare(self, operation: Operation[Any]) -> Request:
        """The request that `send` would sign and send: for `EnterpriseSecret.explain`, logs, or a queue."""
        _require_operation(operation)
        return prepare(operation, self._gateway)

    def exchange(self, operation: Operation[ResultT]) -> Coroutine[Any, Any, Answer[ResultT]]:
        """Like `send`, with what the result came in: status, headers, trace id, the raw body."""
        _require_operation(operation)
        return self._exchange(operation)

    def _exchange(
        self,
        operation: Operation[ResultT],
        guard: Callable[[], None] | None = None,
        refused: Callable[[], None] | None = None,
        *,
        patient: bool = False,
        with_ticket: bool = True,
    ) -> Coroutine[Any, Any, Answer[ResultT]]:
        ticket = operation.spec.ticket if with_ticket else None
        if ticket is not None and getattr(operation, ticket) is None:
            return self._with_ticket(operation, ticket)
        request = prepare(operation, self._gateway)

        def read(raw: RawAnswer, again: bool) -> ResultT:
            return decode(operation, request, raw, again=again)

        call = OneCall(self._options, request, read, guard, refused)
        return call.run(self._look if operation.spec.lookup else None, operation, patient=patient)

    async def _with_ticket(self, operation: Operation[ResultT], ticket: str) -> Answer[ResultT]:
        """Send an operation on sensitive data with the client's token, if it has one."""
        if self._shared.sts_tokens is not None:
            token, left = await self._ticket(self._shared.sts_tokens, operation.spec.id)
            operation = evolve(operation, **{ticket: given(ticket, token, str, operation=operation.spec.id)})
            return await self.with_options(deadline=left).exchange(operation)
        try:
            return await self._exchange(operation, with_ticket=False)
        except ApiError as error:
            if type(error) in (ApiError, AuthenticationError, InvalidRequest, PermissionDenied):
                error.add_note(NEEDS_STS)
            raise

    async def _ticket(self, source: Callable[[], Awaitable[str]], operation: str) -> tuple[str, float | None]:
        """A token, and what is left of the deadline."""
        deadline, loop = self._options.deadline, asyncio.get_running_loop()
        began, waiting = loop.time(), asyncio.timeout(deadline)
        try:
            async with waiting:
                token = hide_text(await source())
        except TimeoutError:
            if not waiting.expired():
                raise  # the source's own
            message = f"no STS token within {deadline} s; nothing was sent"
            raise DeadlineExceeded(message, operation=operation, outcome_unknown=False) from None
        # Hardly anything left is a deadline, too: the call says what became of it.
        return token, None if deadline is None else max(0.001, deadline - (loop.time() - began))

    def use_sts_tokens(self, source: Callable[[], Awaitable[str]] | None) -> None:
        """Have calls on sensitive data take their STS token from here, on all views of the client; `None`: no more.

        `tm_async.api.recordings.StsTokens` does that by itself.
        """
        self._shared.sts_tokens = source

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
        from tm_async.spec.catalogue import match

        request = prepare_raw(self._gateway, method, path, path_params or {}, query or {}, json)
        if found := match(method, path):  # ids that were written into the path are no part of its name
            documented = frozenset(AuthMode(mode) for mode in found[0].auth)
            modes = BOTH_MODES if any_mode else documented or BOTH_MODES
            request = evolve(request, modes=modes, path=found[0].path, operation=f"{method} {found[0].path}")
        return await self._send_raw(request)

    async def _send_raw(self, request: Request) -> Answer[Any]:
        return await OneCall(self._options, request, lambda raw, again: decode_json(request, raw)).run(None, None)

    async def call(self, operation: str, members: Mapping[str, Any] | None = None, /, **more: Any) -> Any:
        """Call any documented operation by its id, such as `"votes.list"`: plain JSON in and out, but checked.

        `tm-async operations` lists them, `tm-async call ID --help` what each takes. Members of path, query and body are
        given alike, by the names of the API, as arguments or in a mapping. Those of an operation that has calls of its
        own are held to all their rules, the others' to the names and types of the catalogue; times may be aware
        datetimes. Returns the JSON of the answer, `{}` where it is empty. Raises `ValidationError` before anything is
        sent, also for an id that is not documented, and the errors of a call.
        """
        from tm_async.client.generic import checked, json_of, request_of

        try:
            call = checked(operation, members or {}, more)
        except ValidationError as error:
            del members, more  # a traceback shows variables, also while the call is under way
            raise error.with_traceback(None)  # noqa: B904 - it is that error
        del members, more
        if isinstance(call, Operation):
            return json_of((await self.exchange(call)).raw)
        return json_of((await self._send_raw(request_of(call, self._gateway))).raw)

    # --- many calls -----------------------------------------------------------------------------------------------

    def sending(self) -> "Sending":
        """How bulk calls send on this client: patiently, and looking up what has no clear outcome."""
        from tm_async.batch.send_many import Sending

        return Sending(partial(self._exchange, patient=True), self._looking(), sleep=self._shared.sleep)

    # --- calls of unclear outcome ---------------------------------------------------------------------------------

    async def reconcile(
        self,
        operation: Operation[ResultT] | OutcomeUnknown,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> "Looked[ResultT]":
        """Look whether an operation was carried out whose call had no clear answer.

        `since` and `until` (default: now): when it may have been sent; an `OutcomeUnknown`, which may come out of a
        pickle, knows both. `Found` as soon as there is exactly one match; `Absent` once the list does not have it
        `settle` seconds after `until`, which is waited for; `Undecided` where looking can't tell. Raises
        `ConfigurationError` where there is no way to look, and the errors of a call.
        """
        if isinstance(operation, OutcomeUnknown):
            return await self._look(operation)
        _require_operation(operation)
        if since is None:
            raise ConfigurationError("since is missing: when may it have been sent for the first time?")
        if since.utcoffset() is None or (until is not None and until.utcoffset() is None):
            raise ConfigurationError("since and until must be aware datetimes")
        now = self._shared.clock()
        doubt = Doubt.ago(now - since.timestamp(), 0.0 if until is None else now - until.timestamp())
        return await self._looking().settle(operation, doubt)

    async def _look(self, error: OutcomeUnknown) -> "Looked[Any]":
        """What `await error.reconcile()` does."""
        if error.sought is None:
            raise ConfigurationError("there is no documented way to look this up", operation=error.operation)
        return await self._looking().settle(error.sought, Doubt.of(error, self._shared.clock()))

    def _looking(self) -> "Looking":
        from tm_async.client.reconcile import Looking

        shared = self._shared
        return Looking(self, shared.clock, self._settle, lambda: shared.offset.seconds, shared.sleep)

    @property
    def origin(self) -> str:
        """Scheme, host and port of the gateway."""
        return self._gateway.origin

    @property
    def sleep(self) -> "Callable[[float], Awaitable[object]] | None":
        """What plays waits, where the client's `clock` can do that; `None`: they are real."""
        return self._shared.sleep

    @property
    def timeout(self) -> Timeout:
        """Bounds of the phases of an exchange."""
        return self._options.timeout

    @property
    def clock_offset(self) -> float:
        """Seconds by which the gateway's clock is ahead of this machine's, as far as its answers told; 0 at first."""
        return self._shared.offset.seconds


def _require_operation(operation: object) -> None:
    if not isinstance(operation, Operation):
        given("operation", operation, Operation)


def _policy(retry: RetryPolicy | None) -> RetryPolicy:
    if retry is None:
        return _ONCE
    check_kind("retry", retry, RetryPolicy, "a RetryPolicy, such as RetryPolicy(attempts=5), or None")
    return retry
