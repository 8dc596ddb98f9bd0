"""The cells of a sheet in an `.xlsx` workbook, as text like that of a CSV file."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import TYPE_CHECKING, BinaryIO

from tm_async.cli.reading.cell_rows import Cell
from tm_async.cli.reading.problem import CellError, FileProblem
from tm_async.cli.reading.sheet_scan import Unusable, no_value
from tm_async.cli.reading.workbook_check import check_sizes, unusable_cells, unusable_file
from tm_async.cli.words import in_both, spoken

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

__all__ = ["sheet_cells"]

_EXACT = 10**15
"""Excel keeps 15 digits of a number; the others are zeros."""


def sheet_cells(file: BinaryIO, sheet: str | None) -> Iterator[tuple[int, list[Cell]]]:
    """Every row with its number, from 1, blank ones included; of the named sheet, or of the first visible one.

    Raises `FileProblem`.
    """
    check_sizes(file)
    with _told(None):
        unusable, table = _opened(file, sheet)
    left = (table.start or (0, 0))[1]
    width = max((column + 1 for columns in unusable.values() for column in columns), default=0)
    last = -1
    for last, values in _rows_of(table):
        cells: list[Cell] = [*[""] * left, *map(_text, values)]
        yield last + 1, _with_reasons(cells, unusable.get(last, {}), width)
    for row in sorted(row for row in unusable if row > last):  # the reader ends where the last value is
        yield row + 1, _with_reasons([], unusable[row], max(width, left + table.width))


def _opened(file: BinaryIO, sheet: str | None) -> "tuple[Unusable, CalamineSheet]":
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    file.seek(0)
    workbook = CalamineWorkbook.from_filelike(file)
    visible = [one.name for one in workbook.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
    if sheet is not None and sheet not in workbook.sheet_names:
        names = ", ".join(map(repr, workbook.sheet_names))
        raise FileProblem(spoken("has no sheet {sheet}, but {names}", sheet=repr(sheet), names=names))
    chosen = sheet or next(iter(visible), None)
    if chosen is None:
        raise FileProblem(spoken("has no visible sheet"))
    unusable = unusable_cells(file, chosen)  # before the reader, whom a cell far away would end
    return unusable, workbook.get_sheet_by_name(chosen)


def _rows_of(table: "CalamineSheet") -> Iterator[tuple[int, Sequence[object]]]:
    if table.start is None:  # nothing has a value: older readers break down
        return
    rows = table.iter_rows()
    for row in count():
        with _told(row + 1):
            values = next(rows, None)
        if values is None:
            return
        yield row, values


@contextmanager
def _told(row: int | None) -> Generator[None]:
    """What the reader raises, as a problem of the file; it may panic, which Python has as no `Exception`."""
    from python_calamine import CalamineError

    try:
        yield
    except FileProblem:
        raise
    except (CalamineError, OSError, OverflowError, ValueError) as error:
        raise unusable_file(error, row) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise unusable_file(error, row) from None


def _with_reasons(cells: list[Cell], unusable: Mapping[int, str | None], width: int) -> list[Cell]:
    """The cells of a row, as many as there are columns with something in them."""
    cells += [""] * (width - len(cells))
    for column, shown in unusable.items():
        cells[column] = no_value(shown)
    return cells


def _text(value: object) -> Cell:  # noqa: PLR0911 - one for each type of cell
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | int):
        return _number(value)
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("seconds")
    if isinstance(value, timedelta):
        return str(timedelta(seconds=round(value.total_seconds())))
    return str(value).strip()


def _number(value: float) -> Cell:
    if abs(value) >= _EXACT:
        return CellError(
            *in_both(
                "{value} is a number of which the spreadsheet keeps 15 digits: make the cell text, and type it in anew",
                value=f"{value:.0f}",
            )
        )
    return str(int(value)) if value == int(value) else repr(value)


def _moment(moment: datetime) -> Cell:
    """To the second: days as a fraction are a little off, and 10:20 may come as 10:19:59.9997."""
    try:
        return (moment + timedelta(microseconds=500_000)).replace(microsecond=0).isoformat(" ")
    except OverflowError:
        return CellError(*in_both("{text} is too far away", text=repr(moment.isoformat(" "))))
