"""Answers as plain mappings, for web frameworks and files: the same members always, whatever came or was read."""

from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeGuard, cast

import attrs

from tm_async.core.annotations import Declared
from tm_async.core.classes import per_class
from tm_async.core.codec import is_time, members
from tm_async.core.wire import masked

if TYPE_CHECKING:
    from tm_async.core.answer import AnswerModel

__all__ = ["core_schema", "json_schema", "mapping"]


def mapping(answer: "AnswerModel", *, secrets: bool) -> dict[str, Any]:
    """Every documented member as plain JSON; see `AnswerModel.to_dict`."""
    documented = members(type(answer))
    return {
        a.name: "***" if a.repr is masked and value and not secrets else _plain(value, secrets)
        for a in attrs.fields(cast("Any", type(answer)))
        if a.name in documented
        for value in (getattr(answer, a.name),)
    }


def _plain(value: Any, secrets: bool) -> Any:
    if _is_tuple(value):
        return [_plain(one, secrets) for one in value]
    if hasattr(value, "to_dict"):
        return value.to_dict(secrets=secrets)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.value if isinstance(value, Enum) else value


def _is_tuple(value: object) -> TypeGuard[tuple[Any, ...]]:
    return type(value) is tuple


# --- pydantic, which FastAPI asks: by its own documented protocol, without importing it -------------------------------


def core_schema(cls: "type[AnswerModel]") -> dict[str, Any]:
    """How pydantic takes an answer (as it is, or a JSON object of the gateway's) and writes it (`to_dict`)."""

    def validate(value: Any) -> Any:
        if isinstance(value, cls):
            return value
        if isinstance(value, dict):
            return cls.from_wire(cast("dict[str, Any]", value))
        raise ValueError(f"must be a {cls.__name__}")

    def write(value: Any) -> dict[str, Any]:
        found: dict[str, Any] = value.to_dict()
        return found

    return {
        "type": "function-plain",
        "function": {"type": "no-info", "function": validate},
        "serialization": {"type": "function-plain", "function": write},
    }


@per_class
def json_schema(cls: type[Any]) -> dict[str, Any]:
    """What `to_dict` gives, as JSON Schema."""
    from inspect import getdoc

    types = members(cls)
    said = getdoc(cls) or cls.__name__
    properties = {name: _described(one) for name, one in types.items()}
    return {
        "type": "object",
        "title": cls.__name__,
        "description": said,
        "properties": properties,
        "required": list(types),
    }


_SCALARS: dict[type, str] = {bool: "boolean", int: "integer", float: "number", str: "string"}


def _described(said: Declared) -> dict[str, Any]:
    found = _shape(said)
    return {"anyOf": [found, {"type": "null"}]} if said.optional else found


def _shape(said: Declared) -> dict[str, Any]:
    if is_time(said):
        return {"type": "string", "format": "date-time"}
    if said.items is not None:
        return {"type": "array", "items": _shape(said.items)}
    if said.model is not None:
        return json_schema(said.model)
    kinds = (name for kind, name in _SCALARS.items() if isinstance(said.tp, type) and issubclass(said.tp, kind))
    kind = next(kinds, None)
    return {} if kind is None else {"type": kind}
