"""What can be read off the classes and their sources: arguments, members, their texts, their rules."""

import ast
import inspect
import sys
from collections.abc import Iterator
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import attrs

from tm_async.core.answer import AnswerModel
from tm_async.core.operation import Operation
from tm_async.core.paging import PagedOperation
from tm_async.core.rule import Rule

__all__ = [
    "Argument",
    "arguments",
    "checks_of",
    "doc_of",
    "enum_members",
    "is_paged",
    "members",
    "page_and_row",
    "required",
    "rule_texts",
]


@attrs.frozen(kw_only=True)
class Argument:
    """A field as who calls or reads it sees it."""

    name: str
    type: Any
    """What may be given: where the class converts, what its converter takes."""
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
    declared = get_type_hints(cls, include_extras=True)[field.name]
    return Argument(
        name=field.name,
        type=_taken(getattr(field, "converter", None)) or declared,
        default=field.default,
        doc=_docs(cls).get(field.name, ""),
        rules=tuple(rule_texts(declared)),
    )


def _taken(converter: Any) -> Any:
    """What a converter takes; `None` where there is none, or it does not say."""
    if converter is None:
        return None
    hints = get_type_hints(converter, include_extras=True)
    hints.pop("return", None)
    return next(iter(hints.values()), None)


def required(tp: Any) -> Any:
    """A type without its `| None`."""
    if get_origin(tp) is Annotated and NoneType in get_args(get_args(tp)[0]):
        return required(get_args(tp)[0])
    if get_origin(tp) in (Union, UnionType):
        rest = tuple(arg for arg in get_args(tp) if arg is not NoneType)
        return rest[0] if len(rest) == 1 else Union[rest]  # noqa: UP007 - built at run time
    return tp


def is_paged(operation: type[Operation[Any]]) -> bool:
    """Whether an operation's answer is one page of a list."""
    return issubclass(operation, PagedOperation)


def page_and_row(operation: type[Operation[Any]]) -> tuple[Any, ...]:
    """The types of a list's pages and of its rows."""
    for base in getattr(operation, "__orig_bases__", ()):
        if get_origin(base) is PagedOperation:
            return get_args(base)
    raise TypeError(f"{operation.__name__} does not say PagedOperation[Page, Row]")


# --- rules ------------------------------------------------------------------------------------------------------------


class _Blank:
    """Stands for the value at fault."""

    def __repr__(self) -> str:
        return "…"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "…"


def rule_texts(tp: Any, each: str = "") -> Iterator[str]:
    """What the violations of an annotation's rules say, with their pages."""
    tp = required(tp)
    if get_origin(tp) is Annotated:
        inner, *notes = get_args(tp)
        yield from rule_texts(inner, each)
        for rule in notes:
            if isinstance(rule, Rule):
                said = rule.message.format(limit=rule.limit, actual=_Blank())
                yield f"{each}{said}" + (f" ({rule.page})" if rule.page else "")
    elif get_origin(tp) is tuple:
        yield from rule_texts(get_args(tp)[0], "each: ")
    elif get_origin(tp) in (Union, UnionType):
        yield from rule_texts(get_args(tp)[0], each)


def checks_of(cls: type[Any]) -> list[str]:
    """What the rules across the fields of a class are about."""
    said = (" ".join(doc_of(check).split()) for check in getattr(cls, "checks", ()))
    return [text for text in said if text]


# --- sources ----------------------------------------------------------------------------------------------------------


@cache
def _definitions(module: str) -> dict[str, ast.ClassDef]:
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def _texts_below(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """Each name that is assigned in a class, and the string below it."""
    for line, below in zip(node.body, [*node.body[1:], None], strict=True):
        name = _assigned(line)
        if name and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            yield name, inspect.cleandoc(str(below.value.value))


def _assigned(line: ast.stmt) -> str | None:
    if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
        return line.target.id
    if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
        return line.targets[0].id
    return None


def _docs(cls: type[Any]) -> dict[str, str]:
    """The texts of a class's fields, inherited ones included."""
    found: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        node = _definitions(base.__module__).get(base.__name__) if base.__module__.startswith("tm_async.") else None
        if node is not None:
            found.update(_texts_below(node))
    return found


def enum_members(cls: type[Enum]) -> list[tuple[str, Any, str]]:
    """Name, value and text of each member."""
    docs = _docs(cls)
    return [(member.name, member.value, docs.get(member.name, "")) for member in cls]
