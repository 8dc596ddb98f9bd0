"""ISO 8601 times in the JSON of a call, where the wire wants UNIX seconds or milliseconds."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from attrs import frozen

from tm_async.cli.reading.columns import moments_of
from tm_async.cli.reading.moments import read_moment, zone_named
from tm_async.cli.reading.problem import CellError
from tm_async.client.generic import class_of
from tm_async.core.catalogued import unit_of
from tm_async.core.wire import is_array, is_object
from tm_async.errors import Violation
from tm_async.spec.catalogue import Entry

__all__ = ["with_moments"]

Documented = Mapping[str, Any]


@frozen
class _Times:
    """How the times of an operation are to be turned."""

    modelled: frozenset[str]
    """Dotted paths of moments in the class; it takes moments as they are."""
    documented: Sequence[Documented]
    """Of an operation without one."""


def with_moments(entry: Entry, data: Mapping[str, Any]) -> tuple[dict[str, Any], list[Violation]]:
    """The members with moments in the place of ISO 8601 texts, and which of those can't be read.

    A local time is meant in the member `time_zone`, if there is one. What stands in another form stays as it is.
    """
    modelled = class_of(entry.id)
    times = _Times(
        frozenset(moments_of(modelled) if modelled else ()),
        () if modelled else [*entry.path_params, *entry.query, *entry.body],
    )
    name = data.get("time_zone")
    problems: list[Violation] = []
    turned = _object(times, data, "", times.documented, zone_named(name) if isinstance(name, str) else None, problems)
    return turned, problems


def _object(
    times: _Times, data: Mapping[str, Any], prefix: str, documented: Sequence[Documented], zone: Any, problems: Any
) -> dict[str, Any]:
    known = {one["name"]: one for one in documented}
    return {name: _turned(times, value, prefix + name, known.get(name), zone, problems) for name, value in data.items()}


def _turned(
    times: _Times, value: Any, path: str, documented: Documented | None, zone: Any, problems: list[Violation]
) -> Any:
    if is_object(value):
        return _object(times, value, f"{path}.", (documented or {}).get("fields", ()), zone, problems)
    if is_array(value):
        item = cast("Documented | None", (documented or {}).get("items"))
        return [_turned(times, one, f"{path}[]", item, zone, problems) for one in value]
    unit = unit_of(documented) if documented else None
    if not isinstance(value, str) or (unit is None and path not in times.modelled) or re.fullmatch("-?[0-9]+", value):
        return value
    try:
        return read_moment(value, zone)
    except CellError as error:
        problems.append(Violation(path, "moment", error.message, error.message_zh))
        return value
