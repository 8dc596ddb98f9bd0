"""What can be read off the classes and their sources: arguments, members, their texts, their rules."""

import inspect
from enum import Enum
from typing import Any, get_type_hints

import attrs

import tm_async
from tm_async.core.annotations import fields
from tm_async.core.answer import AnswerModel
from tm_async.core.operation import Operation
from tm_async.core.paging import PagedOperation
from tm_async.core.shown import rule_texts, texts_below
from tm_async.core.validation import checks_of as checks

__all__ = [
    "Argument",
    "arguments",
    "checks_of",
    "doc_of",
    "enum_members",
    "hints_of",
    "is_paged",
    "members",
]


@attrs.frozen(kw_only=True)
class Argument:
    """A field as who calls or reads it sees it."""

    name: str
    type: Any
    """What may be given."""
    default: Any
    """`attrs.NOTHING`: it has to be given."""
    doc: str = ""
    rules: tuple[str, ...] = ()
    """What a violation of each rule says, with its page."""

    @property
    def is_required(self) -> bool:
        """Whether it has to be given."""
        return self.default is attrs.NOTHING

    @property
    def is_derived(self) -> bool:
        """Whether its default follows from the other fields."""
        return hasattr(self.default, "takes_self")


def hints_of(method: Any) -> dict[str, Any]:
    """The types of a method's arguments and of its result; a module may leave public names to its type checker."""
    public = {name: getattr(tm_async, name) for name in tm_async.__all__}
    return get_type_hints(method, localns=public, include_extras=True)


def doc_of(item: object) -> str:
    """A docstring without its indentation."""
    return inspect.getdoc(item) or ""


def arguments(cls: type[Any]) -> list[Argument]:
    """The fields of a request's class that its constructor takes, required ones first."""
    found = [_argument(cls, field) for field in attrs.fields(cls) if field.init]
    return sorted(found, key=lambda argument: not argument.is_required)


def members(cls: type[Any]) -> list[Argument]:
    """The fields of an answer's class, then its properties."""
    found = [_argument(cls, field) for field in attrs.fields(cls)]
    for name, value in inspect.getmembers(cls, lambda value: isinstance(value, property)):
        if name not in vars(AnswerModel) and not name.startswith("_"):
            hints = get_type_hints(value.fget, include_extras=True)
            found.append(Argument(name=name, type=hints["return"], default=None, doc=doc_of(value)))
    return found


def _argument(cls: type[Any], field: "attrs.Attribute[Any]") -> Argument:
    return Argument(
        name=field.name,
        type=get_type_hints(cls, include_extras=True)[field.name],
        default=field.default,
        doc=texts_below(cls).get(field.name, ""),
        rules=tuple(rule_texts(fields(cls)[field.name], pages=True)),
    )


def is_paged(operation: type[Operation[Any]]) -> bool:
    """Whether an operation's answer is one page of a list."""
    return issubclass(operation, PagedOperation)


# --- rules ------------------------------------------------------------------------------------------------------------


def checks_of(cls: type[Any]) -> list[str]:
    """What the rules across the fields of a class are about."""
    said = (" ".join(doc_of(check).split()) for check in checks(cls))
    return [text for text in said if text]


# --- sources ----------------------------------------------------------------------------------------------------------


def enum_members(cls: type[Enum]) -> list[tuple[str, Any, str]]:
    """Name, value and text of each member."""
    docs = texts_below(cls)
    return [(member.name, member.value, docs.get(member.name, "")) for member in cls]
