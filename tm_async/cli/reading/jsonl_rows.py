"""Rows of JSON lines: the wire's flat object a line, in which moments may be ISO 8601 as well."""

from collections.abc import Iterable, Iterator
from typing import Any, cast

import attrs

from tm_async.api.meetings import CreateMeeting
from tm_async.cli.reading.columns import KEY, moment_paths
from tm_async.cli.reading.flat import flat
from tm_async.cli.reading.moments import read_moment, zone_named
from tm_async.cli.reading.options import Options
from tm_async.cli.reading.problem import CellError
from tm_async.cli.reading.row import Row, build_row
from tm_async.cli.reading.strict_json import read_object
from tm_async.cli.words import in_both
from tm_async.core.codec import members
from tm_async.errors import Violation

__all__ = ["jsonl_rows"]


def jsonl_rows(lines: Iterable[str], options: Options) -> Iterator[Row]:
    """Every row that is not blank."""
    return (_row(number, line, options) for number, line in enumerate(lines, 1) if not line.isspace())


def _row(number: int, line: str, options: Options) -> Row:
    try:
        data = read_object(line)
    except CellError as error:
        return Row(number, "", problems=(Violation("", "json", error.message, error.message_zh),))
    given = flat(data)
    key = data.pop(KEY, None)
    if options.ignore_unknown:
        data = {name: value for name, value in data.items() if name in members(CreateMeeting)}
    if options.time_zone is not None:
        data = {"time_zone": options.time_zone} | data
    problems = list(_read_moments(data))
    if not isinstance(key, str | None) or key == "":
        problems.append(Violation(KEY, "cell", *in_both("must be a text that is not empty")))
        key = None
    return attrs.evolve(build_row(number, data, problems), key=key, cells=given)


def _read_moments(data: dict[str, Any]) -> Iterator[Violation]:
    """Replace ISO 8601 text by moments, in place; digits are the wire's own form, UNIX seconds."""
    zone_name = data.get("time_zone")
    zone = zone_named(zone_name) if isinstance(zone_name, str) else None
    for path in moment_paths():
        *parents, name = path.split(".")
        place = _inside(data, parents)
        text = place.get(name)
        if isinstance(text, str) and not text.lstrip("-").isdigit():
            try:
                place[name] = read_moment(text, zone, of_row=True)
            except CellError as error:
                yield Violation(path, "cell", error.message, error.message_zh)


def _inside(data: dict[str, Any], parents: list[str]) -> dict[str, Any]:
    """The nested object, or an empty one where there is none."""
    for parent in parents:
        inner: Any = data.get(parent)
        if not isinstance(inner, dict):
            return {}
        data = cast("dict[str, Any]", inner)
    return data
