"""Calls of documented operations that have no class: checked against the catalogue, as far as it goes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen

from tm_async.core.moments import seconds
from tm_async.core.parse import unknown_member
from tm_async.core.typewords import of_kind, wrong_type
from tm_async.errors import ValidationError, Violation
from tm_async.spec.catalogue import Entry

__all__ = ["Parts", "place", "unit_of"]

Documented = Mapping[str, Any]
"""A parameter or a member as the catalogue describes it."""

_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list, tuple),
    "object": (dict, Mapping),
}


@frozen
class Parts:
    """The members of a flat object, by the place in which they travel."""

    path: dict[str, Any]
    query: dict[str, Any]
    body: dict[str, Any] | None


def place(entry: Entry, data: Mapping[str, Any]) -> Parts:
    """Sort the members of one flat object; one that is documented in two places goes to both. `null` is not sent.

    Moments may be aware datetimes where the documents say in which unit they travel. Raises `ValidationError` with
    every unknown or missing member and every clearly wrong type.
    """
    groups = (entry.path_params, entry.query, entry.body)
    problems = list(_unknown(data, [one for group in groups for one in group], ""))
    path, query, body = (_take(group, data, "", problems) for group in groups)
    empty = (name for name, value in path.items() if value == "")
    problems.extend(Violation(name, "not-empty", "must not be empty", "不能为空") for name in empty)
    if problems:
        raise ValidationError(list(dict.fromkeys(problems)), operation=entry.id)
    return Parts(path, query, body if entry.content_type else None)


def _take(
    documented: Sequence[Documented], data: Mapping[str, Any], prefix: str, problems: list[Violation]
) -> dict[str, Any]:
    """The documented members of an object."""
    taken: dict[str, Any] = {}
    for one in documented:
        name, value = one["name"], data.get(one["name"])
        if value is None:
            if one["required"]:
                problems.append(Violation(prefix + name, "required", "is required", "必填"))
        else:
            taken[name] = _read(one, value, prefix + name, problems)
    return taken


def _read(documented: Documented, value: Any, path: str, problems: list[Violation]) -> Any:
    """A value of the documented type; numbers may come as text, as everywhere here."""
    wanted: str = documented["type"]
    given: object = value
    if isinstance(given, datetime) and (unit := unit_of(documented)):
        return _written(documented, given, unit, path, problems)
    if wanted == "integer" and _is_written_number(value):
        return int(value)
    if not _fits(value, wanted):
        problems.append(wrong_type(path, of_kind(wanted), value))
        return None
    if wanted == "array":
        return [_read(documented["items"], item, f"{path}[{at}]", problems) for at, item in enumerate(value)]
    if wanted == "object":
        fields = documented.get("fields", ())
        problems.extend(_unknown(value, fields, f"{path}."))
        return _take(fields, value, f"{path}.", problems)
    return value


def unit_of(documented: Documented) -> int | None:
    """How many of its units a second has, of a documented member that is a time; `None`: it is none, or none says."""
    if documented["type"] not in {"integer", "string"} or not re.search("time|date", documented.get("name", "")):
        return None
    return {"seconds": 1, "milliseconds": 1000}.get(documented.get("unit", ""))


def _written(documented: Documented, moment: datetime, unit: int, path: str, problems: list[Violation]) -> int | str:
    if moment.utcoffset() is None:
        problems.append(Violation(path, "aware-datetime", "has no time zone", "缺少时区"))
        return 0
    number = seconds(moment) * unit + moment.microsecond * unit // 1_000_000
    return str(number) if documented["type"] == "string" else number


def _is_written_number(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch("-?[0-9]{1,19}", value) is not None


def _fits(value: Any, wanted: str) -> bool:
    return isinstance(value, _TYPES[wanted]) and (wanted == "boolean" or not isinstance(value, bool))


def _unknown(data: Mapping[str, Any], documented: Sequence[Documented], prefix: str) -> Iterator[Violation]:
    names = [one["name"] for one in documented]
    for name in data:
        if name not in names:
            yield unknown_member(prefix + name, names)
