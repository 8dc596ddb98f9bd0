"""Rows of a table, from a CSV file or a workbook: cells become the wire's flat object."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs

from tm_async.cli.reading.columns import (
    DURATION,
    KEY,
    SECRET,
    SERIES,
    kinds,
    moment_paths,
    read_cell,
    read_minutes,
)
from tm_async.cli.reading.header import read_header
from tm_async.cli.reading.moments import zone_named
from tm_async.cli.reading.options import Options
from tm_async.cli.reading.problem import CellError, FileProblem
from tm_async.cli.reading.row import Row, build_row
from tm_async.cli.reading.series import read_series
from tm_async.cli.words import in_both, spoken
from tm_async.errors import Violation

__all__ = ["Cell", "cell_rows"]

Cell = str | CellError
"""What stands in a cell, or why that can't be told."""
ZONE = "time_zone"


def cell_rows(table: Iterable[tuple[int, Sequence[Cell]]], options: Options) -> Iterator[Row]:
    """Every row below the header that is not blank. Raises `FileProblem`."""
    upcoming = iter(table)
    header: list[str] = []
    for _, cells in upcoming:
        if any(cells):
            header = [_heading(cell) for cell in cells]
            break
    columns = read_header(header, ignore_unknown=options.ignore_unknown)
    return (_row(number, header, columns, cells, options) for number, cells in upcoming if any(cells))


def _heading(cell: Cell) -> str:
    if isinstance(cell, CellError):
        raise FileProblem(spoken("the header: {problem}", problem=spoken(cell.message)))
    return cell


def _row(
    number: int, header: Sequence[str], columns: Sequence[str | None], cells: Sequence[Cell], options: Options
) -> Row:
    missing, surplus = len(header) - len(cells), cells[len(header) :]
    given = dict(_given(header, columns, cells))
    if missing > 0 or any(surplus):
        message = "has {cells} cells, the header has {header}; put a cell that holds a separator in quotes"
        return _unfit(number, given, *in_both(message, cells=len(cells), header=len(header)))
    if any(cell and not heading for heading, cell in zip(header, cells, strict=False)):
        return _unfit(number, given, *in_both("has a cell in a column without a name"))
    filled = {name: cell for name, cell in zip(columns, cells, strict=False) if name and cell}
    reading = _Reading({ZONE: options.time_zone, **filled} if options.time_zone else filled)
    row = build_row(number, reading.data, reading.problems, reading.unreadable)
    key = filled.get(KEY)
    problems = tuple(map(_by_column, row.problems))
    return attrs.evolve(row, problems=problems, cells=given, key=key if isinstance(key, str) else None)


def _given(header: Sequence[str], columns: Sequence[str | None], cells: Sequence[Cell]) -> Iterator[tuple[str, str]]:
    """What the user wrote, under the user's own headings; no secret."""
    for heading, column, cell in zip(header, columns, cells, strict=False):
        if heading:
            yield heading, "***" if column in SECRET and cell else cell if isinstance(cell, str) else ""


def _unfit(number: int, given: Mapping[str, str], message: str, message_zh: str) -> Row:
    return Row(number, "", problems=(Violation("", "cells", message, message_zh),), cells=given)


def _by_column(violation: Violation) -> Violation:
    """What the rules say of the series is about the column that it was written in."""
    member = violation.field.partition(".")[0]
    return attrs.evolve(violation, field=SERIES) if member == "recurring_rule" else violation


class _Reading:
    """The cells of one row, being turned into the wire's flat object."""

    def __init__(self, cells: Mapping[str, Cell]) -> None:
        self.data: dict[str, Any] = {}
        self.problems: list[Violation] = []
        self.unreadable: set[str] = set()
        """Members that were given and are not in `data`."""
        zone_name = cells.get(ZONE)
        self._zone = zone_named(zone_name) if isinstance(zone_name, str) else None
        self._no_such_zone = zone_name is not None and self._zone is None
        for name, cell in cells.items():
            if isinstance(cell, CellError):
                self.unreadable.add("end_time" if name == DURATION else "recurring_rule" if name == SERIES else name)
                self._problem(name, cell)
            elif name in kinds():
                self._member(name, cell)
        for name, read in ((DURATION, self._duration), (SERIES, self._series)):
            if isinstance(text := cells.get(name), str):
                self._special(name, read, text)

    def _member(self, path: str, text: str) -> None:
        try:
            value = read_cell(kinds()[path], text, self._zone)
        except CellError as error:
            self.unreadable.add(path)
            if not (self._no_such_zone and path in moment_paths()):  # the rules name the zone: that is the cause
                self._problem(path, error)
            return
        *parents, name = path.split(".")
        place = self.data
        for parent in parents:
            place = place.setdefault(parent, {})
        place[name] = value

    def _special(self, column: str, read: Callable[[str, datetime], None], text: str) -> None:
        """A column that can't be read without the start."""
        start = self.data.get("start_time")
        if not isinstance(start, datetime):
            self.unreadable.add("end_time" if column == DURATION else column)
            return
        try:
            read(text, start)
        except CellError as error:
            self._problem(column, error)

    def _duration(self, text: str, start: datetime) -> None:
        if "end_time" in self.data or "end_time" in self.unreadable:
            raise CellError(*in_both("give end_time or duration_minutes, not both"))
        try:
            minutes = read_minutes(text)
        except CellError:
            self.unreadable.add("end_time")
            raise
        end = start.astimezone(UTC) + timedelta(minutes=minutes)  # by no wall clock, which may be set meanwhile
        self.data["end_time"] = end.astimezone(start.tzinfo)

    def _series(self, text: str, start: datetime) -> None:
        self.data["recurring_rule"] = read_series(text, self._zone or start.tzinfo)

    def _problem(self, column: str, error: CellError) -> None:
        self.problems.append(Violation(column, "cell", error.message, error.message_zh))
