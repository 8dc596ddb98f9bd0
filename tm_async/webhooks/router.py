"""Which handlers take an event: by class, by name, by pattern. Knows no keys and no storage."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

from tm_async._util.arguments import check_function
from tm_async.errors import ConfigurationError, HandlerFailed
from tm_async.webhooks.events.base import Event
from tm_async.webhooks.events.names import CLASSES
from tm_async.webhooks.handler import Filter, Function, Handler, Middleware, What, check_filter, check_what, matches

__all__ = ["Router", "run_all"]

FunctionT = TypeVar("FunctionT", bound=Function)
MiddlewareT = TypeVar("MiddlewareT", bound=Middleware)

_log = logging.getLogger("tm_async.webhooks")


class Router:
    """Handlers, and what is around them. `Webhooks` is one; others can be included in it."""

    def __init__(self) -> None:
        self._handlers: list[Handler] = []
        self._middlewares: list[Middleware] = []
        self._provided: dict[type, object] = {}
        self._found: dict[str, tuple[Handler, ...]] = {}

    def on(self, *what: What, name: str | None = None, where: Filter | None = None) -> Callable[[FunctionT], FunctionT]:
        """Decorate an async function that handles events.

        `what`: classes (`MeetingEnded`; a base such as `MeetingEvent` stands for all below it; `UnknownEvent` for
        names that this version does not know; `Event` for all), names on the wire, or patterns (`"recording.*"`).
        Without any, the annotation of the event decides. `where`: a predicate of the event.

        Annotations say what is passed: the event, a `Delivery`, or anything that was given to `provide`. A parameter
        without annotation is the event.

        `name`: under it an inbox keeps which events this handler has done, so that one that fails repeats no other;
        the function's own by default. Keep it over releases. Raises `ConfigurationError` for a name that is taken, a
        function that is not async, and an annotation that does not fit.
        """
        check_what(what)
        check_filter(where)

        def register(function: FunctionT) -> FunctionT:
            self.add(function, *what, name=name, where=where)
            return function

        return register

    def add(self, function: Function, *what: What, name: str | None = None, where: Filter | None = None) -> Handler:
        """`on` without a decorator: the handler that it made."""
        made = Handler(function, what, name=name, where=where, provided=self._provided, middlewares=self._middlewares)
        self._take([made])
        return made

    def include(self, router: "Router") -> None:
        """Take over the handlers that another router has by now. Its own middlewares and provisions stay with them."""
        self._take(router.handlers)

    def middleware(self, middleware: MiddlewareT) -> MiddlewareT:
        """Decorate `async def middleware(event, call_next)`, which runs around every handler, the first outermost."""
        check_function("middleware", middleware, "an async function of an event and call_next")
        self._middlewares.append(middleware)
        return middleware

    def provide(self, *values: object) -> None:
        """What handlers may ask for by its type: a `TencentMeeting`, a database pool. Before the first event."""
        self._provided.update((type(value), value) for value in values)

    def require_provided(self) -> None:
        """Raise `ConfigurationError` if a handler asks for something that nobody gave to `provide`."""
        for handler in self._handlers:
            handler.require_provided()

    @property
    def handlers(self) -> Sequence[Handler]:
        """All handlers, in the order in which they came."""
        return tuple(self._handlers)

    def handlers_for(self, name: str) -> Sequence[Handler]:
        """The handlers that may want events of this name."""
        found = self._found.get(name)
        if found is None:
            found = tuple(handler for handler in self._handlers if handler.takes(name))
            if name in CLASSES:  # other names are without number
                self._found[name] = found
        return found

    async def handle(self, event: Event) -> None:
        """Run every handler of the event at once. One that fails stops no other.

        Raises `HandlerFailed` when they are done, with their errors as its cause.
        """
        await run_all(event, self.handlers_for(event.name))

    def _take(self, handlers: Sequence[Handler]) -> None:
        names = {handler.name for handler in self._handlers}
        for handler in handlers:
            if handler.name in names:
                raise ConfigurationError(f"there is a handler {handler.name} already: give one of them a name=")
            _warn_of_typos(handler)
            self._handlers.append(handler)
        self._found.clear()


async def run_all(event: Event, handlers: Sequence[Handler]) -> None:
    """Run these handlers of an event at once; raises `HandlerFailed` when they are done."""
    if len(handlers) == 1:
        ended: list[BaseException | None] = [await _ended(handlers[0], event)]
    else:
        ended = list(await asyncio.gather(*(_ended(handler, event) for handler in handlers)))
    failed = [(handler.name, error) for handler, error in zip(handlers, ended, strict=True) if error is not None]
    if failed:
        errors = [error for _, error in failed]
        cause = errors[0] if len(errors) == 1 else BaseExceptionGroup("several handlers failed", errors)
        names = [name for name, _ in failed]
        raise HandlerFailed(event=event.name, key=event.key, attempt=event.attempt, handlers=names) from cause


async def _ended(handler: Handler, event: Event) -> BaseException | None:
    try:
        await handler(event)
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        return error  # nobody cancels this: what the handler waited for was cancelled
    except Exception as error:  # noqa: BLE001 - a handler's own: told when all are done
        return error
    return None


def _warn_of_typos(handler: Handler) -> None:
    for what in handler.what:
        if isinstance(what, str) and not any(matches(what, name) for name in CLASSES):
            from tm_async._util.near import did_you_mean

            hint = did_you_mean(what, CLASSES, most=1)
            _log.warning("handler %s: no event is known that %r fits%s", handler.name, what, hint)
