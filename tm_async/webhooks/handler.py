"""A handler: an async function, the events that it takes, and what is passed to it."""

import functools
import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from types import UnionType
from typing import Any, NamedTuple, Union, cast, get_args, get_origin, get_type_hints

from tm_async._util.arguments import check_function
from tm_async.errors import ConfigurationError
from tm_async.webhooks.delivery import Delivery
from tm_async.webhooks.events.base import Event
from tm_async.webhooks.events.registry import event_class

__all__ = ["Filter", "Function", "Handler", "Middleware", "Next", "What", "check_filter", "check_what", "matches"]

What = type[Event] | str
"""A class of events (its subclasses included), a name on the wire, or a pattern of names: `recording.*`."""

Filter = Callable[[Any], bool]
"""Says of an event whether a handler wants it."""

Function = Callable[..., Awaitable[None]]
"""What is called. Its annotations say what it gets: see `Router.on`."""

Next = Callable[[Event], Awaitable[None]]
Middleware = Callable[[Event, Next], Awaitable[None]]
"""Runs around handlers: `await call_next(event)` goes on; returning without it leaves the handler out."""


_ANY = (Any, object)
"""Annotations of the event that say nothing of it."""


class _Parameter(NamedTuple):
    name: str
    kind: type
    """`Event`, `Delivery`, or the type of something that was provided."""
    optional: bool
    positional: bool


class Handler:
    """One handler of a router. It has a name of its own, under which an inbox keeps what became of each event."""

    def __init__(
        self,
        function: Function,
        what: Sequence[What],
        *,
        name: str | None,
        where: Filter | None,
        provided: Mapping[type, object],
        middlewares: Sequence[Middleware],
    ) -> None:
        check_what(what)
        check_filter(where)
        self.name = name or _own_name(function)
        self._function, self._where = function, where
        self._provided, self._middlewares = provided, middlewares
        annotated, self._parameters = _plan(function, self.name)
        self.what: tuple[What, ...] = tuple(what) or annotated
        if not self.what:
            raise ConfigurationError(f"handler {self.name}: say which events it takes, in on(...) or by an annotation")
        _check_against(self.what, annotated, self.name)

    def takes(self, name: str) -> bool:
        """Whether it may want events of this name. Its filter decides about each one."""
        return any(matches(one, name) for one in self.what)

    async def __call__(self, event: Event) -> None:
        """Handle the event, through the middlewares; nothing if the filter does not want it.

        Raises whatever the filter, a middleware or the function raises.
        """
        if self._where is not None and not self._where(event):
            return
        call: Next = self._call
        for middleware in reversed(self._middlewares):
            call = _around(middleware, call)
        await call(event)

    async def _call(self, event: Event) -> None:
        placed: list[object] = []
        named: dict[str, object] = {}
        for one in self._parameters:
            found, value = self._argument(one, event)
            if not found:
                continue
            if one.positional:
                placed.append(value)
            else:
                named[one.name] = value
        await self._function(*placed, **named)

    def require_provided(self) -> None:
        """Raise `ConfigurationError` if nothing provides what it asks for: each of its events would fail."""
        for one in self._parameters:
            if one.kind not in (Event, Delivery):
                self._look_up(one)

    def _argument(self, parameter: _Parameter, event: Event) -> tuple[bool, object]:
        if parameter.kind is Event:
            return True, event
        if parameter.kind is Delivery:
            return True, event.delivery
        return self._look_up(parameter)

    def _look_up(self, parameter: _Parameter) -> tuple[bool, object]:
        for value in self._provided.values():
            if isinstance(value, parameter.kind):
                return True, value
        if parameter.optional:
            return False, None
        wanted = parameter.kind.__name__
        raise ConfigurationError(f"handler {self.name}: nothing provides {parameter.name}: {wanted}; see provide(...)")

    def __repr__(self) -> str:
        return f"Handler({self.name!r})"


def _around(middleware: Middleware, call_next: Next) -> Next:
    return lambda event: middleware(event, call_next)


def matches(what: What, name: str) -> bool:
    """Whether an event's name belongs to a class, is a name, or fits a pattern."""
    return fnmatchcase(name, what) if isinstance(what, str) else issubclass(event_class(name), what)


def check_what(what: Sequence[object]) -> None:
    """Raise `ConfigurationError` for what names no events; a function is what `@hooks.on` without parentheses gives."""
    for one in what:
        if not isinstance(one, str) and not _is_class_of_events(one):
            advice = "; write @hooks.on(), with parentheses" if inspect.isroutine(one) else ""
            raise ConfigurationError(f"on() takes classes of events and names, not {one!r}{advice}")


def _is_class_of_events(one: object) -> bool:
    return isinstance(one, type) and issubclass(one, Event)


def check_filter(where: object) -> None:
    """Raise `ConfigurationError` for what can't say whether a handler wants an event."""
    if where is None:
        return
    check_function("where", where, "a function of the event")
    if any(map(inspect.iscoroutinefunction, (where, _described(where)))):
        raise ConfigurationError("where must be a plain function: what an async one gives is always true")


def _without_arguments(function: Any) -> Any:
    return function.func if isinstance(function, functools.partial) else function


def _described(function: Any) -> Any:
    """What has its code and its annotations."""
    inner = _without_arguments(function)
    return inner if inspect.isroutine(inner) else getattr(cast("Any", type)(inner), "__call__", None)  # noqa: B004


def _own_name(function: Function) -> str:
    inner = _without_arguments(function)
    name = getattr(inner, "__qualname__", type(inner).__qualname__)
    return cast("str", name).rpartition("<locals>.")[2]


def _plan(function: Function, name: str) -> tuple[tuple[type[Event], ...], list[_Parameter]]:
    """The classes of events that the annotation names, and what to pass."""
    described = _described(function)
    if not inspect.iscoroutinefunction(described):
        raise ConfigurationError(f"handler {name}: must be an async function; asyncio.to_thread calls another kind")
    try:
        hints = get_type_hints(described)
    except (NameError, AttributeError, SyntaxError, TypeError) as error:
        raise ConfigurationError(
            f"handler {name}: its annotations can't be read when the program runs: {error}"
        ) from None
    classes: tuple[type[Event], ...] = ()
    plan: list[_Parameter] = []
    for one in inspect.signature(cast("Any", function)).parameters.values():
        if one.kind in {one.VAR_POSITIONAL, one.VAR_KEYWORD}:
            continue
        kinds = _classes(hints.get(one.name, Event))
        if not kinds:
            raise ConfigurationError(f"handler {name}: the annotation of {one.name} must be a class")
        _check_can_be_found(kinds[0], f"handler {name}: the annotation of {one.name}")
        if all(issubclass(kind, Event) for kind in kinds):
            classes = classes if hints.get(one.name, Any) in _ANY else kinds
            kinds = (Event,)
        plan.append(_Parameter(one.name, kinds[0], one.default is not one.empty, one.kind is one.POSITIONAL_ONLY))
    if sum(one.kind is Event for one in plan) > 1:
        raise ConfigurationError(f"handler {name}: two of its parameters would be the event; annotate the others")
    return classes, plan


def _classes(tp: Any) -> tuple[type, ...]:
    """The class that a parameter wants, or those of a union, without `None`."""
    if tp in _ANY:
        return (Event,)
    parts = get_args(tp) if get_origin(tp) in (Union, UnionType) else (tp,)
    found = [get_origin(one) or one for one in parts if one is not type(None)]
    return tuple(found) if found and all(isinstance(one, type) for one in found) else ()


def _check_can_be_found(kind: type, what: str) -> None:
    """What is provided is found by `isinstance`, which some classes refuse: protocols for type checkers alone."""
    try:
        isinstance(None, kind)
    except TypeError as error:
        raise ConfigurationError(f"{what}: {error}") from None


def _check_against(what: Sequence[What], annotated: Sequence[type[Event]], name: str) -> None:
    for one in what:
        if annotated and isinstance(one, type) and not any(issubclass(one, other) for other in annotated):
            wanted = " | ".join(other.__name__ for other in annotated)
            raise ConfigurationError(f"handler {name}: on({one.__name__}) does not fit its annotation {wanted}")
