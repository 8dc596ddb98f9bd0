"""The cells of a CSV file, as spreadsheets write it: separated by commas, semicolons or tabs."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from tm_async.cli.reading.header import column_named
from tm_async.cli.reading.problem import FileProblem
from tm_async.cli.words import spoken

__all__ = ["csv_cells"]

_SEPARATORS = ",;\t|"
_NAMED = re.compile(r'"?sep=(.)"?[,;\t]*\s*', re.IGNORECASE | re.DOTALL)
"""A first line for Excel, which shows it to nobody: `sep=;`."""


def csv_cells(
    lines: Iterable[str], named_column: Callable[[str], str | None] = column_named
) -> Iterator[tuple[int, list[str]]]:
    """Every row with its number, as a spreadsheet counts: from 1, blank ones included. Raises `FileProblem`.

    `named_column` tells headings from other text.
    """
    upcoming = iter(lines)
    first = next(upcoming, "")
    named = _NAMED.fullmatch(first)
    if named:
        first = next(upcoming, "")
    blank: list[str] = []
    while not first.strip(f"\r\n {_SEPARATORS}") and (following := next(upcoming, None)) is not None:
        blank.append(first)
        first = following
    while first.count('"') % 2 and (following := next(upcoming, None)) is not None:
        first += following  # headings may span lines
    separator = named[1] if named else _separator(first, named_column)
    number = 0
    try:
        for cells in csv.reader(chain(blank, [first], upcoming), strict=True, delimiter=separator):
            number += 1
            yield number, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise FileProblem(spoken("row {number} is not CSV: {error}", number=number + 1, error=error)) from None


def _separator(header: str, named_column: Callable[[str], str | None]) -> str:
    """What makes the most names of columns out of the header; the comma where nothing makes any."""
    return max(
        _SEPARATORS, key=lambda sign: sum(named_column(name.strip(' "\r\n')) is not None for name in header.split(sign))
    )
