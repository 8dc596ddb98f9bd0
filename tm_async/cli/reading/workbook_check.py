"""What a reader of workbooks would pass over in silence: cells in error, formulas without a value, a cell far away."""

import re
from collections.abc import Iterator
from typing import IO, BinaryIO
from xml.etree.ElementTree import Element, ParseError, iterparse
from zipfile import BadZipFile, ZipFile

from tm_async.cli.reading.problem import CellError, FileProblem
from tm_async.cli.words import in_both, spoken

__all__ = ["Place", "unusable_cells"]

Place = tuple[int, int]
"""Row and column of a cell, from 0."""

_LARGEST = 20_000_000
"""Cells from the first one to the last, empty ones included: the reader holds that many."""
_PIECE = 1 << 20
_LONGEST = 64
"""Bytes of a piece that are looked at again with the next one."""
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_SUSPECT = re.compile(rb"""\bt=["']e["']|<(?:\w+:)?f[ >/]""")


def unusable_cells(file: BinaryIO, sheet: str) -> dict[Place, CellError]:
    """The cells of a sheet in an `.xlsx` file that have no value although something is in them.

    Raises `FileProblem` for what is no such file, and for a sheet too large to be meant.
    """
    try:
        file.seek(0)
        with ZipFile(file) as packed:
            path = _path_of(packed, sheet)
            with packed.open(path) as part:
                if not _deserves_a_look(part):
                    return {}
            with packed.open(path) as part:
                return dict(_unusable(part))
    except (BadZipFile, KeyError, ParseError, ValueError, EOFError, NotImplementedError) as error:
        raise FileProblem(spoken("is not a usable .xlsx file: {error}", error=error)) from None


def _deserves_a_look(part: IO[bytes]) -> bool:
    """Whether an error, a formula or a large number of a row or column occurs at all. Quick: most sheets have none."""
    rest, columns, rows, cells = b"", {b"A"}, 0, False
    while piece := part.read(_PIECE):
        text = rest + piece
        if _SUSPECT.search(text):
            return True
        places = _PLACE.findall(text)
        columns.update(column for column, _ in places)
        rows = max(rows, *(int(row) for _, row in places[-1:]), 0)
        cells = cells or b"<c" in text
        rest = text[-_LONGEST:]
    widest = max(_number_of(column.decode()) for column in columns)
    return widest * rows > _LARGEST or (cells and not rows)


def _path_of(packed: ZipFile, sheet: str) -> str:
    with packed.open("xl/workbook.xml") as part:
        ids = [
            next((value for name, value in one.attrib.items() if name.endswith("}id")), "")
            for one in _elements(part, "sheet")
            if one.get("name") == sheet
        ]
    with packed.open("xl/_rels/workbook.xml.rels") as part:
        targets = {one.get("Id"): one.get("Target", "") for one in _elements(part, "Relationship")}
    target = targets[ids[0] if ids else None]
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _elements(part: IO[bytes], name: str) -> Iterator[Element]:
    found = iterparse(part)  # noqa: S314 - expat bounds what entities become
    return (element for _, element in found if _local(element) == name)


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _unusable(part: IO[bytes]) -> Iterator[tuple[Place, CellError]]:
    row = column = -1
    widest = deepest = 0
    for event, element in iterparse(part, ("start", "end")):  # noqa: S314 - expat bounds what entities become
        name = _local(element)
        if event == "start":
            if name == "row":
                row, column = int(element.get("r", row + 2)) - 1, -1
        elif name == "c":
            row, column = _place(element.get("r"), row, column + 1)
            inside = {_local(child): child.text or "" for child in element}
            if inside:
                widest, deepest = max(widest, column), max(deepest, row)
            if element.get("t") == "e":
                yield (row, column), _in_error(inside.get("v", ""))
            elif "f" in inside and not inside.get("v") and element.get("t") != "str":  # text may be empty
                yield (row, column), _never_computed()
            if (widest + 1) * (deepest + 1) > _LARGEST:
                far = element.get("r", "")
                raise FileProblem(spoken("has a cell at {place}, far away from the others: delete it", place=far))
        elif name == "row":
            element.clear()


def _place(reference: str | None, row: int, column: int) -> Place:
    found = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", reference or "")
    if found is None:
        return row, column
    return int(found[2]) - 1, _number_of(found[1]) - 1


def _number_of(column: str) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in column:
        number = number * 26 + ord(letter) - 64
    return number


def _in_error(shown: str) -> CellError:
    return CellError(*in_both("{shown} is an error of the spreadsheet's formula", shown=shown or "#?"))


def _never_computed() -> CellError:
    return CellError(*in_both("has a formula that was never computed: open the file in Excel or WPS and save it"))
