"""`.xlsx` files: what Excel has in its cells, and what it would lose in silence."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Done
from tests.cli.test_rows import problems
from tm_async.cli.reading.options import Options
from tm_async.cli.reading.problem import FileProblem
from tm_async.cli.reading.row import Row
from tm_async.cli.reading.rows import Format, read_rows
from tm_async.cli.reading.source import format_of
from tm_async.cli.results.sheets import new_workbook

Run = Callable[..., Done]
HEADER = ("主题", "userid", "start_time", "时长", "password", "guests")
NINE = datetime(2026, 12, 1, 9)  # noqa: DTZ001 - as a cell has it
Fill = Callable[[Any, Any], object]


def workbook(*fills: tuple[str, Fill]) -> bytes:
    """A workbook of named sheets, each filled by a function of the sheet and a format for dates."""
    file = io.BytesIO()
    book = new_workbook(file)
    date = book.add_format({"num_format": "yyyy/m/d h:mm"})
    for name, fill in fills:
        fill(book.add_worksheet(name), date)
    book.close()
    return file.getvalue()


def one_row(*cells: object, header: tuple[str, ...] = HEADER) -> bytes:
    def fill(sheet: Any, date: Any) -> None:
        sheet.write_row(0, 0, header)
        for column, cell in enumerate(cells):
            if isinstance(cell, datetime | time):
                sheet.write_datetime(1, column, cell, date)
            elif isinstance(cell, tuple):
                sheet.write_formula(1, column, cell[0], None, cell[1])
            elif cell is not None:
                sheet.write(1, column, cell)

    return workbook(("会议", fill))


def rows(content: bytes, sheet: str | None = None) -> list[Row]:
    return list(read_rows(io.BytesIO(content), Format.XLSX, Options(time_zone="Asia/Shanghai", sheet=sheet)))


def test_cells_of_every_type() -> None:
    for start in (NINE, 46357.375, "2026年12月1日 9:00", "2026-12-01T01:00Z"):
        for duration in (60, 60.0, "60", time(1), ("=30*2", 60)):
            (row,) = rows(one_row("周会", 13800000000, start, duration, 123456, "86-13800000000 王"))
            assert row.request is not None, problems(row)
            assert row.request.userid == "13800000000"
            assert row.request.start_time == datetime(2026, 12, 1, 1, tzinfo=UTC)
            assert (row.request.end_time - row.request.start_time).total_seconds() == 3600
            assert row.request.password == "123456"
            assert row.cells["password"] == "***"


@pytest.mark.parametrize(
    ("column", "cell", "problem"),
    [
        (2, datetime(2026, 12, 1), "start_time: '2026-12-01' is a date without a time"),  # noqa: DTZ001
        (4, ("=NA()", "#N/A"), "password: #N/A is an error of the spreadsheet's formula"),
        (0, ("=A1", ""), "subject: has a formula that was never computed"),
        (3, ("=A1", ""), "duration_minutes: has a formula that was never computed"),
        (1, 123456789012345678, "userid: 123456789012345696 is a number of which the spreadsheet keeps 15 digits"),
    ],
)
def test_what_would_be_lost_is_refused(column: int, cell: object, problem: str) -> None:
    cells: list[object] = ["s", "tester", NINE, 60, None, None]
    cells[column] = cell
    (row,) = rows(one_row(*cells))
    (found,) = problems(row)
    assert found.startswith(problem)


def test_blank_rows_columns_and_where_the_table_begins() -> None:
    def fill(sheet: Any, date: Any) -> None:
        sheet.write_row(2, 1, HEADER)
        sheet.write_row(4, 1, ("s", "tester", "2026-12-01 9:00", 60))
        for row in range(5, 60):
            sheet.write_blank(row, 40, None, date)

    (row,) = rows(workbook(("x", fill)))
    assert row.number == 5
    assert row.request is not None


def test_the_sheet(run: Run, tmp_path: Path) -> None:
    def good(sheet: Any, _: Any) -> None:
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ("s", "tester", "2026-12-01 9:00", 60))

    def hidden(sheet: Any, _: Any) -> None:
        sheet.write(0, 0, "notes")
        sheet.hide()

    content = workbook(("one", good), ("two", good), ("three", hidden))
    assert len(rows(content)) == len(rows(content, "two")) == 1
    with pytest.raises(FileProblem, match="has no sheet 'four', but 'one', 'two', 'three'"):
        rows(content, "four")
    file = tmp_path / "m.xlsx"
    file.write_bytes(content)
    done = run("batch", "create", file, "--sheet", "four", "--dry-run")
    assert (done.code, "has no sheet 'four'" in done.err) == (2, True)


@pytest.mark.parametrize("command", [("batch", "create"), ("users", "sync", "--operator", "admin")])
@pytest.mark.parametrize("form", [(), ("--format", "jsonl")])
def test_a_sheet_of_what_has_none(run: Run, tmp_path: Path, command: tuple[str, ...], form: tuple[str, ...]) -> None:
    file = tmp_path / "m.csv"
    file.write_text("userid\nx\n")
    done = run(*command, file, "--sheet", "foo", *form)
    assert (done.code, "--sheet is for an .xlsx file: " in done.err) == (2, True)


def test_a_cell_far_away_is_named() -> None:
    def fill(sheet: Any, _: Any) -> None:
        sheet.write(0, 0, "subject")
        sheet.write(1_048_575, 2000, "oops")

    with pytest.raises(FileProblem, match="has a cell at BXY1048576, far away"):
        rows(workbook(("x", fill)))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"userid,subject\n"])
def test_what_is_no_workbook(content: bytes) -> None:
    with pytest.raises(FileProblem, match="is not a usable .xlsx file"):
        rows(content)


def test_damaged_workbooks() -> None:
    whole = one_row("s", "tester", NINE, 60)
    for name in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        for content in (None, b"<oops", b""):
            file = io.BytesIO()
            with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(file, "w") as new:
                for one in old.namelist():
                    if one != name:
                        new.writestr(one, old.read(one))
                    elif content is not None:
                        new.writestr(one, content)
            with pytest.raises(FileProblem):
                rows(file.getvalue())


@pytest.mark.parametrize("suffix", [".xls", ".et", ".ods", ".xlsb"])
def test_other_spreadsheets_are_to_be_saved_as_xlsx(suffix: str) -> None:
    with pytest.raises(FileProblem, match="save it as .xlsx"):
        format_of(f"meetings{suffix}")
    assert format_of("Meetings.XLSX") is Format.XLSX
