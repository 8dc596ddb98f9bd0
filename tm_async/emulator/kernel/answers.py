"""Answers as the catalogue shapes them, so that none shows what no document has.

A mistake is one of the emulator's own, and a `TypeError`.
"""

from collections.abc import Mapping
from typing import Any, cast

from tm_async.spec.shape import Shape

__all__ = ["View", "shaped"]


class View(dict[str, Any]):
    """Everything that is known of a thing, of which an answer shows the members that are documented for it.

    A plain mapping is meant as it is: a member that no document has is a mistake.
    """

    def having(self, **more: Any) -> "View":
        """The same with more members, or other values of them."""
        return View({**self, **more})


def shaped(value: Any, shape: Shape) -> Any:
    """The value with the documented members alone, each of its documented type; `None` is left out."""
    try:
        return _shaped(value, shape)
    except _MisfitError as misfit:
        raise TypeError(f"answer{misfit.path}: {misfit.problem}") from None


class _MisfitError(Exception):
    """Where something does not fit, told from the inside to the outside."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.path = ""

    def inside(self, where: str) -> "_MisfitError":
        self.path = where + self.path
        return self


_TYPES: Mapping[str, type] = {"string": str, "integer": int, "number": float, "boolean": bool, "binary": bytes}


def _shaped(value: Any, shape: Shape) -> Any:
    kind = shape.kind
    if kind == "object":
        if isinstance(value, Mapping):
            return _members(cast("Mapping[str, Any]", value), shape)
        if type(value) is str and "userid" in shape.members:
            return value  # people are plain texts in the samples of pages, see `Emulator(people_as=...)`
    elif kind == "array":
        if isinstance(value, list | tuple):
            return _elements(cast("list[Any]", value), shape.items)
    elif type(value) is _TYPES[kind]:
        return value
    elif kind == "integer" and type(value) is str and value.isdecimal():
        return int(value)  # the same state is text in one answer and a number in the next
    elif kind == "string" and type(value) is int:
        return str(value)
    raise _MisfitError(f"{type(value).__name__}, documented is {kind}")


def _elements(values: list[Any], shape: Shape | None) -> list[Any]:
    if shape is None:
        return list(values)
    try:
        return [_shaped(value, shape) for value in values]
    except _MisfitError as misfit:
        raise misfit.inside("[]") from None


def _members(value: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
    members, shown = shape.members, dict[str, Any]()
    name = ""
    try:
        for name, inner in value.items():
            member = members.get(name)
            if member is None:
                if not isinstance(value, View):
                    raise _MisfitError("no document has it")
            elif inner is not None:
                # Plain values are most of all: a call less for each.
                plain = type(inner) is _TYPES.get(member.kind)
                shown[name] = inner if plain else _shaped(inner, member)
    except _MisfitError as misfit:
        raise misfit.inside(f".{name}") from None
    return shown
