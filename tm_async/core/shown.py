"""How an operation looks to a person: `help()`, `?` in a notebook, `inspect.signature`, the pages of docs/.

Nothing of this is needed to make a call, so it is read off the classes and their sources when somebody looks.
"""

import ast
import inspect
import re
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from types import NoneType
from typing import Annotated, Any, Literal, Self, cast, get_args, get_origin, get_type_hints

import attrs

from tm_async._util.near import did_you_mean
from tm_async.core.annotations import Converted, Declared, fields, is_union
from tm_async.core.operation import Operation, page_of, result_type
from tm_async.core.paging import PagedOperation, Paginator
from tm_async.core.validation import OWN_PAGE, Rule

__all__ = [
    "VENDOR_PAGES",
    "Written",
    "documentation",
    "page_and_row",
    "rule_texts",
    "signature",
    "tell_parameters",
    "texts_below",
    "unexpected",
    "written",
]

_UNKNOWN = re.compile("unexpected keyword argument '([^']*)'")
VENDOR_PAGES = "https://cloud.tencent.com/document/product/"
"""Where the vendor's pages are; a page such as `1095/42417` follows."""


def documentation(operation: type[Operation[Any]]) -> str:
    """What a call does, what its parameters mean, and where the vendor says so."""
    parts = [inspect.getdoc(operation) or ""]
    parameters = [text for field in _given(operation) if (text := _meaning(operation, field))]
    if parameters:
        parts.append("Parameters:\n" + "\n".join(parameters))
    if page := page_of(operation):
        parts.append(f"The vendor's page: {VENDOR_PAGES}{page}")
    return "\n\n".join(parts)


def _meaning(operation: type[Operation[Any]], field: "attrs.Attribute[Any]") -> str:
    """A parameter with what it means and what is checked; empty where its name and type say all."""
    meaning = " ".join(texts_below(operation).get(field.name, "").split())
    checked = "; ".join(rule_texts(fields(operation)[field.name]))
    said = " ".join(text for text in (meaning, f"[{checked}]" if checked else "") if text)
    return f"    {field.name}: {said}" if said else ""


def signature(operation: type[Operation[Any]]) -> inspect.Signature:
    """The signature of the method that sends an operation, before it is bound: plain types and the result's."""
    hints = get_type_hints(operation, include_extras=True)
    fields = sorted(_given(operation), key=lambda field: field.default is not attrs.NOTHING)
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
    given = [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if field.default is attrs.NOTHING else _Default.of(field.default),
            annotation=Written(hints[field.name]),
        )
        for field in fields
    ]
    return inspect.Signature([own, *given], return_annotation=Written(_result(operation)))


def tell_parameters(error: Exception, operation: Any) -> bool:
    """Have Python's complaint about an argument name the operation, and add which ones there are; whether it is one."""
    constructor = f"{getattr(operation, '__qualname__', '')}.__init__()"
    if not hasattr(operation, "spec") or not str(error).startswith(constructor):
        return False
    said = str(error).replace(constructor, f"{operation.spec.id}()", 1)
    names = [field.name for field in _given(operation)]
    if (unknown := _UNKNOWN.search(said)) and "did you mean" not in said.lower():  # newer Pythons say so themselves
        said += did_you_mean(unknown[1], names)
    error.args = (said,)
    error.add_note(f"{operation.__name__} takes, by name: {', '.join(names)}")
    return True


def unexpected(call: str, name: str, names: Sequence[str]) -> TypeError:
    """Python's complaint about an argument that a call does not have, with those that it has."""
    error = TypeError(f"{call}() got an unexpected keyword argument {name!r}{did_you_mean(name, names)}")
    error.add_note(f"it takes: {', '.join(names)}")
    return error


def _result(operation: type[Operation[Any]]) -> Any:
    if issubclass(operation, cast("type[Any]", PagedOperation)):
        return cast("Any", Paginator)[page_and_row(operation)]
    return result_type(operation)


def page_and_row(operation: type[Any]) -> Any:
    """The types of a list's pages and of its rows."""
    for base in getattr(operation, "__orig_bases__", ()):
        if get_origin(base) is PagedOperation:
            return get_args(base)
    raise TypeError(f"{operation.__name__} does not say PagedOperation[Page, Row]")


def _given(operation: type[Operation[Any]]) -> list["attrs.Attribute[Any]"]:
    return [field for field in attrs.fields(operation) if field.init]


class _Default:
    """A default that follows from the other fields."""

    @classmethod
    def of(cls, default: Any) -> Any:
        return cls() if hasattr(default, "takes_self") else default

    def __repr__(self) -> str:
        return "..."


class Written(str):
    """A type as one would write it. `inspect` shows annotations that are text in quotes, and this without."""

    __slots__ = ()

    def __new__(cls, tp: Any) -> Self:
        """Of a type."""
        return super().__new__(cls, written(tp))

    def __repr__(self) -> str:
        return str(self)


def written(tp: Any) -> str:
    """A type as one would write it, without the notes for the wire."""
    origin, args = get_origin(tp), get_args(tp)
    if origin is Annotated:
        taken = next((note.takes for note in args[1:] if isinstance(note, Converted)), None)
        return written(taken or args[0])
    if is_union(tp):
        parts = dict.fromkeys(written(arg) for arg in args if arg is not NoneType)
        return " | ".join([*parts, *(["None"] if NoneType in args else [])])
    if origin is not None:
        return f"{origin.__name__}[{', '.join(map(repr if origin is Literal else _argument, args))}]"
    return "None" if tp is NoneType else str(getattr(tp, "__name__", tp))


def _argument(arg: Any) -> str:
    """What stands in the brackets of a type; a list is what a `Callable` takes."""
    if isinstance(cast("object", arg), list):
        return f"[{', '.join(map(written, arg))}]"
    return "..." if arg is Ellipsis else written(arg)


# --- rules ------------------------------------------------------------------------------------------------------------


class _Blank:
    """Stands for the value at fault."""

    def __repr__(self) -> str:
        return "…"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "…"


def rule_texts(said: Declared, each: str = "", *, pages: bool = False) -> Iterator[str]:
    """What the violations of an annotation's rules say; with `pages`, and where a page of its own says so."""
    if said.items is not None:
        yield from rule_texts(said.items, "each: ", pages=pages)
    for option in said.options[:1]:
        yield from rule_texts(option, each, pages=pages)
    for rule in said.notes:
        if isinstance(rule, Rule):
            text = rule.message.format(limit=rule.limit, actual=_Blank())
            page = f" ({rule.page})" if pages and rule.page not in (None, OWN_PAGE) else ""
            yield f"{each}{text}{page}"


# --- sources ----------------------------------------------------------------------------------------------------------


@cache
def _definitions(module: str) -> dict[str, ast.ClassDef]:
    try:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    except (OSError, TypeError):  # an application that ships no sources
        return {}
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def _assignments(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """Each name that is assigned in a class, and the string below it."""
    below: Sequence[ast.stmt | None] = [*node.body[1:], None]
    for line, text in zip(node.body, below, strict=True):
        name = _assigned(line)
        if name and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
            yield name, inspect.cleandoc(str(text.value.value))


def _assigned(line: ast.stmt) -> str | None:
    if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
        return line.target.id
    if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
        return line.targets[0].id
    return None


def texts_below(cls: type[Any]) -> dict[str, str]:
    """The texts of a class's fields, inherited ones included."""
    found: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        node = _definitions(base.__module__).get(base.__name__) if base.__module__.startswith("tm_async.") else None
        if node is not None:
            found.update(_assignments(node))
    return found
