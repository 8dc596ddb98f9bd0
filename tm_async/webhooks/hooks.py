"""`Webhooks`: keys, handlers and an inbox behind one address of your application."""

import asyncio
import logging
import os
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, cast

from tm_async._util.arguments import check_function, check_methods, check_seconds
from tm_async._util.logs import logger
from tm_async.core.secret import hide_text
from tm_async.errors import ConfigurationError, InboxError
from tm_async.webhooks.acknowledging import Acknowledger, Inline, InMemory
from tm_async.webhooks.delivery import Delivery
from tm_async.webhooks.events.base import Event
from tm_async.webhooks.keys import WebhookKeys
from tm_async.webhooks.opened import Opened
from tm_async.webhooks.receiving import MAX_AGE, MAX_AHEAD, Challenge, Headers, Reason, Refused, receive
from tm_async.webhooks.reply import RECEIVED, TRY_AGAIN, Reply, refusal
from tm_async.webhooks.router import Router

if TYPE_CHECKING:
    from tm_async.webhooks.adapters.asgi import App
    from tm_async.webhooks.inbox import Inbox
    from tm_async.webhooks.relay import Relay, Send
    from tm_async.webhooks.worker import Worker

__all__ = ["Webhooks"]

_log = logger("tm_async.webhooks")

_OPENING = "opening"
"""A worker that holds nothing. To renew its lease writes as little as can be, and needs all that is needed later."""
_QUIET = {Reason.METHOD, Reason.NO_CHECK_STR}
"""What browsers and health checks do."""


class Webhooks(Router):
    """Receives the platform's events at one address, acknowledges them, and has them handled.

    `keys`: of the subscription. `inbox`: where events are stored before they are acknowledged, as a path, a URL, or an
    object with `accept` (`tm_async.webhooks.Acknowledger`); `worker` handles them. Without one they are handled in
    memory after the answer, and **a crash loses what was acknowledged and not handled yet**. `inline`: handle before
    the answer instead, within 4 seconds. `allow_plain`, `max_age`: see `receive`. `clock`: UNIX seconds, for tests.

    Use it as `async with hooks:`, in an application's lifespan for example, or call `aclose`. Entering it tries
    out an inbox that was given as a path or URL, and raises `InboxError` if that can't be used; without one, it logs an
    error for a handler that wants something that nobody has given to `provide` by then. Can't be pickled. Raises
    `ConfigurationError` for options that are of no use, or exclude each other.
    """

    def __init__(
        self,
        keys: WebhookKeys,
        *,
        inbox: "Acknowledger | str | os.PathLike[str] | None" = None,
        inline: bool = False,
        allow_plain: bool = False,
        max_age: float = MAX_AGE,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__()
        inbox = hide_text(inbox)  # a traceback shows variables, and a URL may have a password
        if not isinstance(cast("object", keys), WebhookKeys):
            del keys  # a traceback shows variables
            raise ConfigurationError("Webhooks takes WebhookKeys, for example WebhookKeys.from_env()")
        if inline and inbox is not None:
            raise ConfigurationError(
                "inline handles events before the answer, so there is nothing for an inbox to keep"
            )
        check_seconds("max_age", max_age)
        check_function("clock", clock, "a function that gives UNIX seconds, such as time.time")
        if inbox is not None and not isinstance(inbox, str | os.PathLike):
            check_methods("inbox", inbox, "a path, a URL, or an object with the method accept", "accept")
        self._keys = keys
        self._given = inbox
        self._inline = inline
        self._opened = Opened()
        self._opened.get(self._made)
        self._allow_plain, self._max_age, self._clock = allow_plain, max_age, clock

    async def respond(self, method: str, query_string: str | bytes, headers: Headers, body: bytes) -> Reply:
        """Answer one request, for adapters. See `receive` for the arguments: nothing may be decoded.

        A delivery is answered with 200 once it is taken over, with 503 if that fails. What is refused gets a status
        without a reason; the reason is logged by `tm_async.webhooks`.
        """
        outcome = receive(
            self._keys,
            method,
            query_string,
            headers,
            body,
            self._clock(),
            allow_plain=self._allow_plain,
            max_age=self._max_age,
        )
        if isinstance(outcome, Delivery):
            return await self._take_over(outcome)
        if isinstance(outcome, Challenge):
            return Reply(200, outcome.text)
        self._refused(outcome)
        return refusal(outcome.status)

    def asgi(self) -> "App":
        """An ASGI application: alone under uvicorn, or mounted in Starlette, FastAPI, Litestar."""
        from tm_async.webhooks.adapters.asgi import asgi

        return asgi(self)

    def worker(self, **options: Any) -> "Worker":
        """What handles the events of the inbox: `async with hooks.worker(concurrency=8): ...`. See `Worker`.

        Raises `ConfigurationError` without an inbox, and for `keys` shorter than `max_age` and 10 minutes: whoever
        repeats a delivery that is still believed would have it handled once more.
        """
        from tm_async.storage.arguments import LONGEST
        from tm_async.webhooks.worker import KEYS, Worker

        worker = Worker(self._kept("a worker handles"), self, **options)
        keys, believed = options.get("keys", KEYS), min(self._max_age + MAX_AHEAD, LONGEST)
        if keys < believed:
            raise ConfigurationError(
                f"keys must be kept for as long as max_age and 10 minutes: {believed:g} s, not {keys:g}"
            )
        return worker

    def relay(self, send: "Send", **options: Any) -> "Relay":
        """What hands the keys of events to a task queue: `async with hooks.relay(task.kiq): ...`. See `Relay`.

        Its task calls `handle(key)`. Raises `ConfigurationError` without an inbox.
        """
        from tm_async.webhooks.relay import Relay

        return Relay(self._kept("a relay sends"), self, send, **options)

    async def handle(self, event: Event | str) -> None:
        """Run every handler of the event at once, see `Router.handle`; or, for a key, what the inbox has of it.

        With a key, only handlers that still have to run, or to run again, do so; what fails is written down, not
        raised. Safe to repeat, also at the same time. Raises `InboxError`, and `ConfigurationError` without an inbox.
        """
        if not isinstance(event, str):
            await super().handle(event)
            return
        from tm_async.webhooks.worker import handle

        await handle(self._kept("a key stands for"), self, event)

    @property
    def keeps(self) -> bool:
        """Whether an event that was acknowledged survives the end of this process, or was handled before."""
        return self._inline or self._given is not None

    @property
    def acknowledger(self) -> Acknowledger:
        """What takes deliveries over: the inbox, or one of the two ways without."""
        return self._opened.get(self._made)

    async def __aenter__(self) -> Self:
        await self._try_out()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Wait for what is handled in memory, and close the inbox if it was given as a path or URL.

        From any event loop: it is done where events were received, the loop in the background of Flask for example.
        """
        await self._opened.aclose(self._given)

    def _kept(self, what: str) -> "Inbox":
        if self._given is None:
            raise ConfigurationError(f"{what} what an inbox keeps: Webhooks(keys, inbox=...)")
        return cast("Inbox", self.acknowledger)

    async def _try_out(self) -> None:
        """Raise what would keep each event from being taken over, and tell what would keep it from being handled."""
        if self._given is None:
            # Not now: what is entered may be given something in its very next line.
            asyncio.get_running_loop().call_soon(self._tell_unprovided)
        elif isinstance(self._given, str | os.PathLike):  # somebody else's object is theirs to open
            inbox: Any = self._made()  # one of its own: events may come in another event loop than this
            try:
                await inbox.renew(_OPENING, lease=1.0)
            finally:
                await inbox.aclose()

    def _tell_unprovided(self) -> None:
        try:
            self.require_provided()
        except ConfigurationError as error:
            _log.error("each of its events will fail: %s", error)

    def _made(self) -> Acknowledger:
        if self._given is None:
            return Inline(self) if self._inline else InMemory(self)
        if isinstance(self._given, str | os.PathLike):
            from tm_async.webhooks.inbox import open_inbox

            return open_inbox(self._given)
        return self._given

    async def _take_over(self, delivery: Delivery) -> Reply:
        try:
            await self._opened.at_work(self._made).accept(delivery)
        except InboxError as error:
            _log.error("%s (trace %r) is not taken over: %s", delivery.event[:80], delivery.trace_id[:80], error)
            return TRY_AGAIN
        except Exception:  # noqa: BLE001 - somebody's inbox; answered is answered
            _log.exception("%s (trace %r) is not taken over", delivery.event[:80], delivery.trace_id[:80])
            return TRY_AGAIN
        return RECEIVED

    def _refused(self, refused: Refused) -> None:
        level = logging.INFO if refused.reason in _QUIET else logging.WARNING
        _log.log(level, "refused: %s", refused.reason, extra={"reason": refused.reason.name})
