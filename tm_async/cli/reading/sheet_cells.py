"""The cells of a sheet in an `.xlsx` workbook, as text like that of a CSV file."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import BinaryIO

from tm_async.cli.reading.cell_rows import Cell
from tm_async.cli.reading.problem import CellError, FileProblem
from tm_async.cli.reading.workbook_check import unusable_cells
from tm_async.cli.words import in_both, spoken

__all__ = ["sheet_cells"]

_EXACT = 10**15
"""Excel keeps 15 digits of a number; the others are zeros."""


def sheet_cells(file: BinaryIO, sheet: str | None) -> Iterator[tuple[int, list[Cell]]]:
    """Every row with its number, from 1, blank ones included; of the named sheet, or of the first visible one.

    Raises `FileProblem`.
    """
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    file.seek(0)
    try:
        workbook = CalamineWorkbook.from_filelike(file)
        visible = [one.name for one in workbook.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
        if sheet is not None and sheet not in workbook.sheet_names:
            names = ", ".join(map(repr, workbook.sheet_names))
            raise FileProblem(spoken("has no sheet {sheet}, but {names}", sheet=repr(sheet), names=names))
        chosen = sheet or next(iter(visible), None)
        if chosen is None:
            raise FileProblem(spoken("has no visible sheet"))
        unusable = unusable_cells(file, chosen)  # before the reader, whom a cell far away would end
        table = workbook.get_sheet_by_name(chosen)
    except (CalamineError, OSError) as error:
        raise FileProblem(spoken("is not a usable .xlsx file: {error}", error=error)) from None
    rows, top = table.iter_rows(), (table.start or (0, 0))
    left = top[1]
    for row, values in enumerate(rows):
        cells = [unusable.get((row, left + at)) or _text(value) for at, value in enumerate(values)]
        yield row + 1, [*[""] * left, *cells]


def _text(value: object) -> Cell:  # noqa: PLR0911 - one for each type of cell
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | int):
        return _number(value)
    if isinstance(value, datetime):
        return _to_the_second(value).isoformat(" ")
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


def _to_the_second(moment: datetime) -> datetime:
    """Days as a fraction are a little off: 10:20 may come as 10:19:59.9997."""
    return (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
