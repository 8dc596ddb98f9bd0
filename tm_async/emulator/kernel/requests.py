"""Types of what a request holds, in its body or in its query, read from the catalogue.

Tolerated: numbers sent as strings for integer members (page 1095/81181 does it, "presumably works"), and a
plain string for an object that is little more than a userid (the page samples of hosts and invitees). What a
wrong type or an unlisted enum value does is documented only as "190004, request parameter illegal".
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, cast

from attrs import define, field, frozen

from tm_async.spec.catalogue import entry

__all__ = ["Cleaned", "Member", "clean", "clean_query"]

_NUMBER = re.compile(r"-?[0-9]{1,19}")
_DECIMAL = re.compile(r"-?[0-9]{1,19}(\.[0-9]{1,9})?")


@frozen
class Member:
    """One documented member."""

    type: str
    required: bool
    enum: frozenset[str] | None
    members: Mapping[str, "Member"] | None
    element: "Member | None" = None
    """Of an array whose elements are no objects."""


@define
class Cleaned:
    """A body with documented members only, each of its documented type, and what was wrong or ignored."""

    value: dict[str, Any] = field(factory=dict[str, Any])
    problems: list[str] = field(factory=list[str])
    ignored: list[str] = field(factory=list[str])


def _compile(fields: Sequence[Mapping[str, Any]]) -> dict[str, Member]:
    members: dict[str, Member] = {}
    for item in fields:
        nested: Any = item.get("fields") or item.get("items", {}).get("fields")
        enum = frozenset[str](item["enum"]) if item.get("enum") else None
        plain = item["type"] == "array" and not nested
        members[item["name"]] = Member(
            type=item["type"],
            required=item["required"],
            enum=enum,
            members=_compile(nested) if nested else None,
            element=Member(item["items"]["type"], required=True, enum=enum, members=None) if plain else None,
        )
    return members


@cache
def _members(operation: str) -> dict[str, Member]:
    return _compile(entry(operation).body)


@cache
def _parameters(operation: str) -> dict[str, Member]:
    return _compile(entry(operation).query)


def clean(operation: str, body: Mapping[str, Any]) -> Cleaned:
    """Check the types of a body against the catalogue's operation."""
    result = Cleaned()
    result.value = _object(body, _members(operation), "", result)
    return result


def clean_query(operation: str, query: Mapping[str, str]) -> Cleaned:
    """The same for the parameters of a query, whose numbers are text. An empty one is taken as absent."""
    result = Cleaned()
    result.value = _object({name: text for name, text in query.items() if text}, _parameters(operation), "", result)
    return result


def _object(value: Mapping[str, Any], members: Mapping[str, Member], path: str, result: Cleaned) -> dict[str, Any]:
    cleaned: dict[str, Any] = {}
    for name, given in value.items():
        member = members.get(name)
        if member is None:
            result.ignored.append(path + name)
        elif given is not None:  # null is taken as absent; not documented
            cleaned[name] = _value(given, member, path + name, result)
    result.problems.extend(
        f"{path}{name} is missing" for name, member in members.items() if member.required and name not in cleaned
    )
    return cleaned


def _value(given: Any, member: Member, path: str, result: Cleaned) -> Any:
    if member.type == "array":
        return _array(given, member, path, result)
    if member.type == "object":
        if isinstance(given, dict):
            return _object(cast("dict[str, Any]", given), member.members or {}, path + ".", result)
    else:
        value = _READ[member.type](given)
        if value is not None:
            return _listed(value, member, path, result)
    result.problems.append(f"{path} must be of type {member.type}")
    return None


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


_READ: Mapping[str, Callable[[Any], Any]] = {
    "integer": _integer,
    "number": _decimal,
    "boolean": _boolean,
    "string": _text,
    "binary": _text,
}
"""From what was sent to a value, or `None` where the type is wrong."""


def _listed(given: Any, member: Member, path: str, result: Cleaned) -> Any:
    if member.enum is not None and str(given) not in member.enum:
        result.problems.append(f"{path} is {given!r}, documented are {', '.join(sorted(member.enum))}")
    return given


def _array(given: Any, member: Member, path: str, result: Cleaned) -> Any:
    if not isinstance(given, list):
        result.problems.append(f"{path} must be of type array")
        return []
    element = member.element
    people = "userid" in (member.members or {}) and (member.members or {})["userid"].required
    items: list[Any] = []
    for index, item in enumerate(cast("list[object]", given)):
        where = f"{path}[{index}]"
        if element is not None:
            items.append(_value(item, element, where, result))
        elif people and type(item) is str:
            items.append({"userid": item})
        elif isinstance(item, dict):
            items.append(_object(cast("dict[str, Any]", item), member.members or {}, where + ".", result))
        else:
            result.problems.append(f"{where} must be of type object")
    return items
