"""A staff list: the rows of a spreadsheet or of JSON lines as users that are wanted."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, BinaryIO

from attrs import field, frozen

from tm_async.api.users import AccountType, ModifyUser
from tm_async.cli.reading.cell_rows import Cell
from tm_async.cli.reading.columns import Kind, read_cell
from tm_async.cli.reading.csv_cells import csv_cells
from tm_async.cli.reading.encoding import encoding_of, opened_text
from tm_async.cli.reading.header import known_headings, meant
from tm_async.cli.reading.options import Options
from tm_async.cli.reading.problem import CellError, FileProblem, shortened
from tm_async.cli.reading.rows import Format
from tm_async.cli.reading.sheet_cells import sheet_cells
from tm_async.cli.reading.source import open_again
from tm_async.cli.reading.strict_json import read_object
from tm_async.cli.staff.columns import ALIASES
from tm_async.cli.staff.planning import Wanted
from tm_async.cli.words import in_both, spoken
from tm_async.errors import ValidationError, Violation

__all__ = ["StaffList", "arguments_of", "read_staff"]


@frozen
class StaffList:
    """What a file says."""

    people: tuple[Wanted, ...]
    problems: tuple[tuple[int, Violation], ...]
    """Everything that is wrong, by row. Then nothing may be done: who is left out would be taken for missing."""
    remark: str | None = None
    """What the user may want to know of how the file was read."""


def arguments_of(values: Mapping[str, str]) -> dict[str, Any]:
    """The arguments of a call that stand for fields of a staff list."""
    apart = {"department", "licence", "role"}
    given: dict[str, Any] = {name: text for name, text in values.items() if name not in apart}
    if "department" in values:
        given["department_list"] = [values["department"]]
    if "licence" in values:
        given["user_account_type"] = AccountType(int(values["licence"]))
    return given


def read_staff(path: str, form: Format, options: Options) -> StaffList:
    """Read a whole file, or standard input for `-`. Raises `FileProblem` where it can't be a staff list."""
    with open_again(path) as (file, name):
        try:
            encoding = None if form is Format.XLSX else encoding_of(file)
            rows = list(_rows(file, form, options, encoding))
            if not rows:
                raise FileProblem(spoken("has no rows"))
        except FileProblem as problem:
            raise FileProblem(f"{name}: {problem}") from None
    remark = spoken("{name} is read as GB18030 (GBK).", name=name) if encoding == "gb18030" else None
    people = [Wanted(row.values.get("userid", ""), _without_userid(row.values), row.number) for row in rows]
    problems = [(row.number, one) for row in rows for one in (*row.problems, *_broken_rules(row))]
    problems += [(number, one) for number, one in _twice(people)]
    return StaffList(tuple(people), tuple(sorted(problems, key=lambda problem: problem[0])), remark)


def _without_userid(values: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in values.items() if name != "userid"}


# --- rows -------------------------------------------------------------------------------------------------------------


@frozen
class _Row:
    number: int
    values: Mapping[str, str] = field(repr=False)
    problems: tuple[Violation, ...] = ()


def _rows(file: BinaryIO, form: Format, options: Options, encoding: str | None) -> Iterator[_Row]:
    if form is Format.XLSX:
        yield from _of_table(sheet_cells(file, options.sheet), options)
        return
    with opened_text(file, encoding or "utf-8") as text:
        if form is Format.CSV:
            yield from _of_table(csv_cells(text, _column_named), options)
        else:
            yield from (_of_line(number, line, options) for number, line in enumerate(text, 1) if not line.isspace())


@cache
def _known() -> Mapping[str, str]:
    return known_headings(ALIASES, ALIASES)


def _column_named(heading: str) -> str | None:
    return meant(heading, _known())


def _of_table(table: Iterable[tuple[int, Sequence[Cell]]], options: Options) -> Iterator[_Row]:
    upcoming = iter(table)
    header: Sequence[Cell] = next((cells for _, cells in upcoming if any(cells)), ())
    if not header:
        return
    columns = _header([str(cell) for cell in header], options)
    for number, cells in upcoming:
        if not any(cells):
            continue
        if any(cells[len(columns) :]) or len(cells) < len(columns):
            message = "has {cells} cells, the header has {header}; put a cell that holds a separator in quotes"
            problem = in_both(message, cells=len(cells), header=len(columns))
            yield _Row(number, {}, (Violation("", "cells", *problem),))
            continue
        given = {name: cell for name, cell in zip(columns, cells, strict=False) if name and cell}
        yield _read(number, given)


def _header(header: Sequence[str], options: Options) -> list[str | None]:
    columns = [_column_named(heading) if heading else None for heading in header]
    for position, (heading, column) in enumerate(zip(header, columns, strict=True), 1):
        if heading and column is None and not options.ignore_unknown:
            unknown = "has an unknown column {heading} (column {position})"
            hint = spoken("; --ignore-unknown passes such columns by")
            raise FileProblem(spoken(unknown, heading=repr(shortened(heading)), position=position) + hint)
        if column is not None and columns.index(column) != position - 1:
            raise FileProblem(spoken("has the column {name} twice", name=repr(column)))
    if "userid" not in columns:
        raise FileProblem(spoken("lacks the column {names}", names="userid"))
    return columns


def _of_line(number: int, line: str, options: Options) -> _Row:
    try:
        data = read_object(line)
    except CellError as error:
        return _Row(number, {}, (Violation("", "json", error.message, error.message_zh),))
    departments: Any = data.pop("department_list", None)
    if isinstance(departments, list) and len(departments) == 1:  # pyright: ignore[reportUnknownArgumentType]
        data["department"] = departments[0]
    elif departments:
        return _Row(number, {}, (Violation("department_list", "cell", *in_both("must be a list of one id")),))
    renamed = {_column_named(name) or name: value for name, value in data.items()}
    data = renamed if len(renamed) == len(data) else data  # else two names mean the same
    strange = [] if options.ignore_unknown else [name for name in data if name not in ALIASES]
    problems = [Violation(name, "unknown", *in_both("is no member of a staff list")) for name in strange]
    data = {name: value for name, value in data.items() if name in ALIASES and value is not None and value != ""}
    licence = data.get("licence")
    if type(licence) is int:  # as the API has it
        data["licence"] = str(licence)
    not_text = [name for name, value in data.items() if not isinstance(value, str)]
    problems += [Violation(name, "cell", *in_both("must be a text that is not empty")) for name in not_text]
    read = _read(number, {name: value for name, value in data.items() if name not in not_text})
    return _Row(number, read.values, (*problems, *read.problems))


def _read(number: int, given: Mapping[str, Cell]) -> _Row:
    values: dict[str, str] = {}
    problems: list[Violation] = []
    for name, cell in given.items():
        try:
            if isinstance(cell, CellError):
                raise cell
            values[name] = _tidy(name, read_cell(Kind.TEXT, cell, None))
        except CellError as error:
            problems.append(Violation(name, "cell", error.message, error.message_zh))
    if "userid" not in given:
        problems.append(Violation("userid", "required", *in_both("must be a text that is not empty")))
    return _Row(number, values, tuple(problems))


def _tidy(name: str, text: str) -> str:
    text = text.strip()
    if name in {"phone", "area"}:
        text = re.sub(r"[\s-]", "", text.removeprefix("+") if name == "area" else text)
        if not re.fullmatch("[0-9]+", text):
            raise CellError(*in_both("must be digits; the calling code has a column of its own, area"))
    if name == "licence":
        kinds = {kind.name: kind for kind in AccountType} | {str(kind.value): kind for kind in AccountType}
        found = kinds.get(re.sub(r"[\s-]", "_", text).upper())
        if found is None:
            names = ", ".join(f"{kind.value} {kind.name.lower()}" for kind in AccountType)
            raise CellError(*in_both("must be one of {names}", names=names))
        text = str(found.value)
    return text


# --- what is wrong with them ------------------------------------------------------------------------------------------


def _broken_rules(row: _Row) -> Iterator[Violation]:
    """What a change of this user would be refused for."""
    userid = row.values.get("userid")
    if not userid:
        return
    try:
        ModifyUser(operator_id=userid, userid=userid, **arguments_of(_without_userid(row.values)))
    except ValidationError as error:
        yield from (violation for violation in error.violations if violation.field != "operator_id")


def _twice(people: Iterable[Wanted]) -> Iterator[tuple[int, Violation]]:
    """The same id, phone or address of two people can't be."""
    seen: dict[tuple[str, str], int] = {}
    for person in people:
        for name in ("userid", "phone", "email"):
            text = person.userid if name == "userid" else person.values.get(name, "")
            first = seen.setdefault((name, text.casefold() if name == "email" else text), person.row)
            if text and first != person.row:
                yield person.row, Violation(name, "unique", *in_both("stands in row {row} already", row=first))
