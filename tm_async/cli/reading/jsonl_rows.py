"""Rows of JSON lines: the wire's flat object a line, in which moments may be ISO 8601 as well."""

from collections.abc import Iterable, Iterator
from typing import Any, cast

import attrs

from tm_async.cli.reading.columns import KEY, moment_paths
from tm_async.cli.reading.moments import read_moment, zone_named
from tm_async.cli.reading.problem import CellError
from tm_async.cli.reading.row import Row, build_row
from tm_async.cli.reading.strict_json import read_object
from tm_async.errors import Violation

__all__ = ["jsonl_rows"]


def jsonl_rows(lines: Iterable[str]) -> Iterator[Row]:
    """Every row that is not blank."""
    return (_row(number, line) for number, line in enumerate(lines, 1) if not line.isspace())


def _row(number: int, line: str) -> Row:
    try:
        data = read_object(line)
    except ValueError as error:
        return Row(number, "", problems=(Violation("", "json", str(error), f"不是有效的 JSON 对象：{error}"),))
    key = data.pop(KEY, None)
    problems = list(_read_moments(data))
    if not isinstance(key, str | None) or key == "":
        problems.append(Violation(KEY, "cell", "must be a text that is not empty", "应为非空字符串"))
        key = None
    return attrs.evolve(build_row(number, data, problems), key=key)


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
                place[name] = read_moment(text, zone)
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
