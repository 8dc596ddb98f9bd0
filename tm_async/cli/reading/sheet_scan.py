"""A look at every cell of a sheet, before the reader's: at what stands there, and at where it is said to stand."""

import math
import re
from functools import cache
from typing import IO
from xml.parsers.expat import ParserCreate

from tm_async.cli.reading.problem import CellError, FileProblem, shortened
from tm_async.cli.words import in_both, spoken

__all__ = ["Unusable", "no_value", "unusable_of"]

Unusable = dict[int, dict[int, str | None]]
"""By row and column, from 0: the error that a cell shows; `None` of a formula that was never computed."""

_ROWS, _COLUMNS = 1_048_576, 16_384
"""Excel's. The reader makes room for all that a number far beyond them asks for, and that ends the process."""
_LARGEST = 20_000_000
"""Cells from the first one to the last, empty ones included: the reader holds that many."""
_MOST = 1_000_000
"""Cells without a value that are told one by one."""
_EARLIEST = -1e11
"""Days: so long before 1900 the milliseconds are more than 64 bits hold."""
_PIECE = 1 << 16
_PLACE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_ROW = re.compile("[0-9]{1,7}")


def no_value(shown: str | None) -> CellError:
    """Why a cell can't be used."""
    if shown is None:
        return CellError(*in_both("has a formula that was never computed: open the file in Excel or WPS and save it"))
    return CellError(*in_both("{shown} is an error of the spreadsheet's formula", shown=shown or "#?"))


def unusable_of(part: IO[bytes]) -> Unusable:
    """The cells of a sheet that have no value although something is in them. Raises `FileProblem`."""
    scan = _Scan()
    while not scan.done:
        piece = part.read(_PIECE)
        scan.parser.Parse(piece, not piece)
        if not piece:
            break
    return scan.unusable


class _Scan:
    """What expat tells of one element after the other; prefixes of names don't matter."""

    def __init__(self) -> None:
        self.unusable: Unusable = {}
        self.done = False
        self.parser = ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartCdataSectionHandler = self._cdata
        self._row = self._column = -1
        self._last = (-1, -1)
        self._widest = self._deepest = self._count = 0
        self._type: str | None = None
        self._formula = self._filled = False
        self._value: list[str] | None = None

    def _doctype(self, *_: object) -> None:
        """The reader leaves out what is an entity of the file's own."""
        raise FileProblem(spoken("is not a usable .xlsx file: {error}", error="DOCTYPE"))

    def _cdata(self) -> None:
        """The reader finds none in a value."""
        if self.parser.CharacterDataHandler is not None:
            raise FileProblem(spoken("is not a usable .xlsx file: {error}", error=f"CDATA ({self._place()})"))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            self._cell(attributes.get("r"))
            self._type = attributes.get("t")
            self._formula = self._filled = False
            self._value = None
        elif name == "v":
            self._filled, self._value = True, []
            self.parser.CharacterDataHandler = self._value.append
        elif name == "f":
            self._filled = self._formula = True
        elif name == "is":
            self._filled = True
        elif name == "row":
            self._begin_row(attributes.get("r"))

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "v":
            self.parser.CharacterDataHandler = None
        elif name == "c":
            self._end_cell()
        elif name == "sheetData":  # there the reader ends as well
            self.done = True
            self.parser.StartElementHandler = self.parser.EndElementHandler = None

    def _begin_row(self, number: str | None) -> None:
        if number is not None and not _ROW.fullmatch(number):
            raise _nowhere(number)
        self._row = self._row + 1 if number is None else int(number) - 1
        self._column = -1
        if not 0 <= self._row < _ROWS:
            raise _nowhere(str(self._row + 1))

    def _cell(self, reference: str | None) -> None:
        if reference is None:
            self._column += 1
        elif found := _PLACE.fullmatch(reference):
            self._row, self._column = int(found[2]) - 1, _number_of(found[1]) - 1
        else:
            raise _nowhere(reference)
        if not 0 <= self._row < _ROWS or self._column >= _COLUMNS:
            raise _nowhere(self._place())
        if (self._row, self._column) <= self._last:  # of two at one place the reader would drop one
            message = "has the cell {place} twice or out of order: open the file in Excel or WPS and save it"
            raise FileProblem(spoken(message, place=self._place()))
        self._last = self._row, self._column

    def _end_cell(self) -> None:
        if self._filled:
            self._widest, self._deepest = max(self._widest, self._column), max(self._deepest, self._row)
            if (self._widest + 1) * (self._deepest + 1) > _LARGEST:
                message = "has a cell at {place}, far away from the others: delete it"
                raise FileProblem(spoken(message, place=self._place()))
        value = "".join(self._value or ()).strip()
        if self._type == "e":
            self._note(value)
        elif self._formula and not value and (self._value is None or self._type != "str"):
            self._note(None)  # a text that was computed may be empty: such a row is as blank as it looks
        elif value and _misleads(value, self._type):
            message = "has {value} at {place}, where a number should be: type it in anew"
            raise FileProblem(spoken(message, value=repr(shortened(value)), place=self._place()))

    def _note(self, shown: str | None) -> None:
        self._count += 1
        if self._count > _MOST:
            message = (
                "has more than {most} cells without a value, up to {place}: open the file in Excel or WPS and save it"
            )
            raise FileProblem(spoken(message, most=f"{_MOST:,}", place=self._place()))
        self.unusable.setdefault(self._row, {})[self._column] = shown

    def _place(self) -> str:
        return f"{_letters_of(self._column + 1)}{self._row + 1}"


def _misleads(value: str, kind: str | None) -> bool:
    """What the reader takes for the first of all texts, or can't make a date of without breaking down."""
    if kind == "s":
        return not (value.isascii() and value.isdigit())
    if kind not in {None, "n"}:
        return False
    try:
        number = float(value)
    except ValueError:
        return False  # the reader gives it as text
    return not math.isfinite(number) or number < _EARLIEST


def _nowhere(place: str) -> FileProblem:
    message = "has a cell or row at {place}, where none can be: a sheet ends at {last}"
    return FileProblem(spoken(message, place=repr(shortened(place)), last=f"{_letters_of(_COLUMNS)}{_ROWS}"))


@cache
def _number_of(column: str) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in column.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _letters_of(number: int) -> str:
    letters = ""
    while number > 0:
        number, at = divmod(number - 1, 26)
        letters = chr(65 + at) + letters
    return letters
