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

_COLUMNS = 16_384
"""As many as a spreadsheet has."""
_LONGEST = 1_000_000


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
    number = 0
    while not first.strip(f"\r\n {_SEPARATORS}") and (following := next(upcoming, None)) is not None:
        number += 1
        yield number, []
        first = following
    header = _whole_header(first, upcoming)
    separator = named[1] if named else _separator(header, named_column)
    try:
        for cells in csv.reader(chain([header], upcoming), strict=True, delimiter=separator):
            number += 1
            yield number, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise FileProblem(spoken("row {number} is not CSV: {error}", number=number + 1, error=error)) from None


def _whole_header(first: str, upcoming: Iterator[str]) -> str:
    """Headings may span lines. After a stray quote all the file would seem to be one: csv tells, from its limit on."""
    lines, length, quotes = [first], len(first), first.count('"')
    while quotes % 2 and length <= csv.field_size_limit() and (following := next(upcoming, None)) is not None:
        lines.append(following)
        length += len(following)
        quotes += following.count('"')
    if length > _LONGEST:
        raise FileProblem(spoken("has headings of more than {most} characters", most=f"{_LONGEST:,}"))
    header = "".join(lines)
    if quotes % 2 == 0 and max(map(header.count, _SEPARATORS)) >= _COLUMNS:
        raise FileProblem(spoken("has more than {most} columns", most=f"{_COLUMNS:,}"))
    return header


def _separator(header: str, named_column: Callable[[str], str | None]) -> str:
    """What makes the most names of columns out of the header; the comma where nothing makes any."""
    return max(
        _SEPARATORS,
        key=lambda sign: sum(named_column(name.strip(' "\r\n')) is not None for name in header.split(sign, _COLUMNS)),
    )
