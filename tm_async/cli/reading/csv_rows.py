"""Rows of a CSV file, as spreadsheets write it."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs

from tm_async.cli.reading.columns import DURATION, KEY, SERIES, check_header, kinds, moment_paths, read_cell
from tm_async.cli.reading.moments import zone_named
from tm_async.cli.reading.problem import CellError, FileProblem
from tm_async.cli.reading.row import Row, build_row
from tm_async.cli.reading.series import read_series
from tm_async.errors import Violation

__all__ = ["csv_rows"]


def csv_rows(lines: Iterable[str]) -> Iterator[Row]:
    """Every row below the header that is not blank. Raises `FileProblem`."""
    table = _numbered_cells(lines)
    _, header = next(table, (1, [""]))
    check_header(header)
    return (_row(number, header, cells) for number, cells in table if any(cells))


def _numbered_cells(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    number = 0
    try:
        for cells in csv.reader(lines, strict=True):
            number += 1
            yield number, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise FileProblem(f"row {number + 1} is not CSV: {error}") from None


def _row(number: int, header: list[str], cells: list[str]) -> Row:
    missing, surplus = len(header) - len(cells), cells[len(header) :]
    filled = {name: cell for name, cell in zip(header, cells, strict=False) if cell}
    if missing > 0 or any(surplus):
        return _unfit(
            number,
            f"has {len(cells)} cells, the header has {len(header)}; put a cell that holds a comma in quotes",
            f"有 {len(cells)} 个单元格，表头有 {len(header)} 个；含逗号的单元格请加引号",
        )
    if "" in filled:
        return _unfit(number, "has a cell in a column without a name", "有单元格所在的列没有列名")
    reading = _Reading(filled)
    row = build_row(number, reading.data, reading.problems, reading.unreadable)
    return attrs.evolve(row, problems=tuple(map(_by_column, row.problems)), key=filled.get(KEY))


def _unfit(number: int, message: str, message_zh: str) -> Row:
    return Row(number, "", problems=(Violation("", "cells", message, message_zh),))


def _by_column(violation: Violation) -> Violation:
    """What the rules say of the series is about the column that it was written in."""
    member = violation.field.partition(".")[0]
    return attrs.evolve(violation, field=SERIES) if member == "recurring_rule" else violation


class _Reading:
    """The cells of one row, being turned into the wire's flat object."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self.data: dict[str, Any] = {}
        self.problems: list[Violation] = []
        self.unreadable: set[str] = set()
        """Members that were given and are not in `data`."""
        zone_name = cells.get("time_zone")
        self._zone = zone_named(zone_name) if zone_name else None
        self._no_such_zone = zone_name is not None and self._zone is None
        for name, text in cells.items():
            if name in kinds():
                self._member(name, text)
        for name, read in ((DURATION, self._duration), (SERIES, self._series)):
            if name in cells:
                self._special(name, read, cells[name])

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
            raise CellError("give end_time or duration_minutes, not both", "end_time 与 duration_minutes 只能填一个")
        if not re.fullmatch("0*[1-9][0-9]{0,5}", text):
            self.unreadable.add("end_time")
            raise CellError("must be a whole number of minutes, at least 1", "应为整数分钟，至少为 1")
        self.data["end_time"] = start + timedelta(minutes=int(text))

    def _series(self, text: str, start: datetime) -> None:
        self.data["recurring_rule"] = read_series(text, self._zone or start.tzinfo)

    def _problem(self, column: str, error: CellError) -> None:
        self.problems.append(Violation(column, "cell", error.message, error.message_zh))
