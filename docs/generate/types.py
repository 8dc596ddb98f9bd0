"""Types as a reader sees them, and the sections that tell what is in those of this package."""

import inspect
import sys
from collections.abc import Iterable, Iterator
from enum import Enum
from types import NoneType
from typing import Annotated, Any, Union, get_args, get_origin

import attrs

import tm_async
from docs.generate.markdown import code, filled, prose, slug, table, with_links
from docs.generate.reading import Argument, arguments, checks_of, doc_of, enum_members, hints_of, members
from tm_async.core.annotations import is_union
from tm_async.core.answer import AnswerModel
from tm_async.core.operation import Operation
from tm_async.core.shown import written

__all__ = ["closure", "fields_table", "home", "linked", "parameter", "section", "signature"]


def linked(tp: Any) -> str:
    """A type as code that leads to the section of this page that describes what is in it."""
    text = written(tp)
    named = [cls.__name__ for cls in _within(tp)]
    if not named:
        return code(text)
    if text == named[0]:
        return f"[{code(text)}](#{slug(text)})"
    return f"{code(text)}: " + ", ".join(f"[{name}](#{slug(name)})" for name in dict.fromkeys(named))


def _within(tp: Any) -> Iterator[type[Any]]:
    """The classes of this package in a type."""
    if get_args(tp):
        for arg in get_args(tp):
            yield from _within(arg)
    elif _is_described(tp):
        yield tp


def _is_described(tp: Any) -> bool:
    cls: Any = tp if isinstance(tp, type) and tp.__module__.startswith("tm_async.") else object
    return (attrs.has(cls) or issubclass(cls, Enum)) and not issubclass(cls, Operation)


def closure(types: Iterable[Any]) -> list[type[Any]]:
    """All classes that one can meet from these types on, by name."""
    found: dict[str, type[Any]] = {}
    waiting = [cls for tp in types for cls in _within(tp)]
    while waiting:
        cls = waiting.pop()
        if found.setdefault(cls.__name__, cls) is not cls:
            raise ValueError(f"two classes are called {cls.__name__}")
        if not issubclass(cls, Enum):
            types = [field.type for field in _fields(cls)]
            types += [tp for _, method in _constructors(cls) for tp in hints_of(method).values()]
            waiting += [one for tp in types for one in _within(tp) if one.__name__ not in found]
    return [found[name] for name in sorted(found)]


def _fields(cls: type[Any]) -> list[Argument]:
    return members(cls) if issubclass(cls, AnswerModel) else arguments(cls)


def home(cls: type[Any]) -> str:
    """Where to import a class from: the shortest public place."""
    parts = cls.__module__.split(".")
    places = [".".join(parts[:length]) for length in range(1, len(parts))]
    if cls.__name__ in tm_async.__all__:
        return "tm_async"
    known = (place for place in places if cls.__name__ in getattr(sys.modules.get(place), "__all__", ()))
    return next(known, cls.__module__)


def _default(argument: Argument) -> str:
    """A default as one would write it; a dash: not sent."""
    if argument.is_required:
        return "**required**"
    if argument.is_derived:
        return "derived"
    return "-" if argument.default is None else code(_literal(argument.default))


def _literal(value: object) -> str:
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    return f"{value.__module__}.{value.__name__}" if inspect.isbuiltin(value) else repr(value)


def parameter(argument: Argument) -> str:
    """An argument as in a signature."""
    said = f"{argument.name}: {written(argument.type)}"
    if argument.is_required:
        return said
    return f"{said} = {'...' if argument.is_derived else _literal(argument.default)}"


def signature(name: str, method: Any, tail: str = "", width: int = 100) -> str:
    """The signature of a method, with the types of its arguments."""
    hints = hints_of(method)
    parts: list[str] = []
    for one in inspect.signature(method).parameters.values():
        if one.name == "self":
            continue
        if one.kind is one.KEYWORD_ONLY and "*" not in parts:
            parts.append("*")
        said = f"{one.name}: {written(hints[one.name])}"
        parts.append(said if one.default is one.empty else f"{said} = {_literal(one.default)}")
    return filled(f"{name}(", parts, f"){tail}", width)


# --- sections ---------------------------------------------------------------------------------------------------------


def section(cls: type[Any], *, of_answers: bool) -> str:
    """What is in a class, under a heading of its name: its members, or what its constructor takes."""
    parts = [f"### {cls.__name__}", prose(doc_of(cls))]
    if issubclass(cls, Enum):
        parts.append(_values(cls))
    elif of_answers:
        parts.append(_members_table(cls))
    else:
        parts.append(fields_table(cls))
        ways = [f"- {_one_line(f'{cls.__name__}.{name}', method)}" for name, method in _constructors(cls)]
        parts += ["Ways to make one:\n\n" + "\n".join(ways)] if ways else []
        checks = "\n".join(f"- {with_links(check)}" for check in checks_of(cls))
        parts += [f"Checked across arguments:\n\n{checks}"] if checks else []
    return "\n\n".join(part for part in parts if part)


def _values(cls: type[Enum]) -> str:
    """The members of an enum: a list where they are described, else a line."""
    described = enum_members(cls)
    if any(doc for _, _, doc in described):
        return "\n".join(
            f"- {_value(name, value)}" + (f": {with_links(doc)}" if doc else "") for name, value, doc in described
        )
    return ", ".join(_value(name, value) for name, value, _ in described)


def _value(name: str, value: object) -> str:
    return f"{code(name)} = {value if isinstance(value, int) else code(repr(value))}"


def _members_table(cls: type[Any]) -> str:
    rows = [(code(one.name), linked(one.type), with_links(one.doc)) for one in members(cls)]
    return table(["member", "type", "meaning"], rows)


def fields_table(cls: type[Any]) -> str:
    """What can be given to the constructor of a class."""
    rows = [
        (code(one.name), linked(_needed(one.type)), _default(one), with_links(one.doc), with_links(_said(one)))
        for one in arguments(cls)
    ]
    return table(["argument", "type", "default", "meaning", "a violation says"], rows)


def _needed(tp: Any) -> Any:
    """A type without its `| None`: that nothing is sent is what the default says."""
    if is_union(tp):
        return Union[tuple(arg for arg in get_args(tp) if arg is not NoneType)]  # noqa: UP007 - built at run time
    if get_origin(tp) is Annotated:
        return Annotated[(_needed(get_args(tp)[0]), *get_args(tp)[1:])]
    return tp


def _said(argument: Argument) -> str:
    return "; ".join(argument.rules)


def _constructors(cls: type[Any]) -> list[tuple[str, Any]]:
    """The other ways to make one of a class for requests, in its order."""
    if issubclass(cls, AnswerModel):
        return []
    own = [name for name, value in vars(cls).items() if isinstance(value, classmethod) and not name.startswith("_")]
    return [(name, getattr(cls, name)) for name in own]


def _one_line(name: str, method: object) -> str:
    said = " ".join(doc_of(method).split())
    return f"{code(signature(name, method, width=10_000))}: {with_links(said)}"
