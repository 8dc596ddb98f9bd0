"""What a request holds, in its body or in its query, held to the catalogue: types, documented values, limits.

Tolerated: numbers sent as strings for integer members (page 1095/81181 does it, "presumably works"), and a
plain string for an object that is little more than a userid (the page samples of hosts and invitees). What a
wrong type or an unlisted enum value does is documented only as "190004, request parameter illegal".
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, cast

from attrs import define, field

from tm_async.emulator.kernel.limits import beyond
from tm_async.emulator.kernel.pages import BY_TOKEN, query_members
from tm_async.spec.shape import UNLIMITED, Shape, request_shape

__all__ = ["Cleaned", "clean", "clean_form", "clean_query"]

_NUMBER = re.compile(r"-?[0-9]{1,20}")
_DECIMAL = re.compile(r"-?[0-9]{1,19}(\.[0-9]{1,9})?")
_BOOLEANS = {"true": True, "false": False}


@define
class Cleaned:
    """A body with documented members only, each of its documented type, and what was wrong or ignored."""

    value: dict[str, Any] = field(factory=dict[str, Any])
    problems: list[str] = field(factory=list[str])
    ignored: list[str] = field(factory=list[str])


def clean(operation: str, body: Mapping[str, Any]) -> Cleaned:
    """Check the types of a body against the catalogue's operation."""
    result = Cleaned()
    shape = request_shape(operation).body
    result.value = _object(body, shape.members if shape else {}, "", result)
    return result


def clean_query(operation: str, query: Mapping[str, str]) -> Cleaned:
    """The same for the parameters of a query, which are text. An empty one is taken as absent."""
    members = query_members(operation, by_token=query.get("page_type") == str(BY_TOKEN))
    return _clean_texts({name: text for name, text in query.items() if text}, members)


def clean_form(operation: str, form: Mapping[str, str | bytes]) -> Cleaned:
    """The same for the members of a form, which are text, or files."""
    shape = request_shape(operation).body
    return _clean_texts(form, shape.members if shape else {})


def _clean_texts(given: Mapping[str, str | bytes], members: Mapping[str, Shape]) -> Cleaned:
    result, read = Cleaned(), dict[str, Any](given)
    for name, text in given.items():
        if name in members and members[name].kind == "boolean" and isinstance(text, str):
            read[name] = _BOOLEANS.get(text, text)
    result.value = _object(read, members, "", result)
    return result


def _object(value: Mapping[str, Any], members: Mapping[str, Shape], path: str, result: Cleaned) -> dict[str, Any]:
    cleaned: dict[str, Any] = {}
    for name, given in value.items():
        member = members.get(name)
        if member is None:
            result.ignored.append(path + name)
        elif given is not None:  # null is taken as absent; not documented
            cleaned[name] = _value(given, member, path + name, result)
    result.problems.extend(
        f"{path}{name} is missing" for name, member in members.items() if not member.optional and name not in cleaned
    )
    return cleaned


def _value(given: Any, shape: Shape, path: str, result: Cleaned) -> Any:
    if shape.kind == "array":
        return _array(given, shape, path, result)
    if shape.kind == "object":
        if isinstance(given, dict):
            return _object(cast("dict[str, Any]", given), shape.members, path + ".", result)
    else:
        value = _READ[shape.kind](given)
        if value is not None:
            return _within(value, shape, path, result)
    result.problems.append(f"{path} must be of type {shape.kind}")
    return None


def _within(value: Any, shape: Shape, path: str, result: Cleaned) -> Any:
    if shape.enum is not None and str(value) not in shape.enum:
        result.problems.append(f"{path} is {value!r}, documented are {', '.join(sorted(shape.enum))}")
    elif shape.limits is not UNLIMITED and (problem := beyond(value, shape.limits, shape.note)):
        result.problems.append(f"{path} {problem}")
    return value


def _array(given: Any, shape: Shape, path: str, result: Cleaned) -> Any:
    if not isinstance(given, list):
        result.problems.append(f"{path} must be of type array")
        return []
    element = shape.items
    person = element is not None and "userid" in element.members and not element.members["userid"].optional
    items: list[Any] = []
    for index, item in enumerate(cast("list[object]", given)):
        where = f"{path}[{index}]"
        if person and type(item) is str:
            items.append({"userid": item})
        else:
            items.append(item if element is None else _value(item, element, where, result))
    return _within(items, shape, path, result)


def _integer(given: Any) -> int | None:
    if type(given) is str and _NUMBER.fullmatch(given):
        return int(given)
    return given if type(given) is int else None


def _decimal(given: Any) -> float | None:
    if type(given) is str and _DECIMAL.fullmatch(given):
        return float(given)
    return float(given) if type(given) is int or type(given) is float else None


def _boolean(given: Any) -> bool | None:
    return given if type(given) is bool else None


def _text(given: Any) -> str | None:
    return given if type(given) is str else None


def _file(given: Any) -> bytes | str | None:
    """Bytes of a form; samples write them as Base64."""
    return given if type(given) in (bytes, str) else None


_READ: Mapping[str, Callable[[Any], Any]] = {
    "integer": _integer,
    "number": _decimal,
    "boolean": _boolean,
    "string": _text,
    "binary": _file,
}
"""From what was sent to a value, or `None` where the type is wrong."""
