"""Answers as the catalogue shapes them, so that none shows what no document has.

A mistake is one of the emulator's own, and a `TypeError`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from tm_async.spec.shape import Shape

__all__ = ["View", "shaped"]


class View(dict[str, Any]):
    """Everything that is known of a thing, of which an answer shows the members that are documented for it.

    A plain mapping is meant as it is: a member that no document has is a mistake.
    """

    def __or__(self, more: Mapping[str, Any]) -> "View":  # type: ignore[override]
        return View({**self, **more})


def shaped(value: Any, shape: Shape, path: str = "answer") -> Any:
    """The value with the documented members alone, each of its documented type; `None` is left out."""
    if shape.kind == "object" and isinstance(value, Mapping):
        return _members(cast("Mapping[str, Any]", value), shape, path)
    if shape.kind == "array" and isinstance(value, Sequence) and not isinstance(value, str):
        return [item if shape.items is None else shaped(item, shape.items, f"{path}[]") for item in value]
    if shape.kind == "object" and type(value) is str and "userid" in shape.members:
        return value  # people are plain texts in the samples of pages, see `Emulator(people_as=...)`
    if shape.kind == "integer" and type(value) is str and value.isdecimal():
        return int(value)  # the same state is text in one answer and a number in the next
    if shape.kind == "string" and type(value) is int:
        return str(value)
    if type(value) is not _TYPES.get(shape.kind):
        raise TypeError(f"{path} is {type(value).__name__}, documented is {shape.kind}")
    return value


_TYPES: Mapping[str, type] = {"string": str, "integer": int, "number": float, "boolean": bool}


def _members(value: Mapping[str, Any], shape: Shape, path: str) -> dict[str, Any]:
    if not isinstance(value, View) and (unknown := value.keys() - shape.members.keys()):
        raise TypeError(f"{path}: no document has {', '.join(sorted(unknown))}")
    return {
        name: shaped(value[name], member, f"{path}.{name}")
        for name, member in shape.members.items()
        if value.get(name) is not None
    }
