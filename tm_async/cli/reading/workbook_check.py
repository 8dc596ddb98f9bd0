"""What a reader of workbooks would pass over in silence, or not survive: it is told before the reader comes."""

import zlib
from collections.abc import Iterator
from lzma import LZMAError
from typing import IO, BinaryIO
from xml.etree.ElementTree import Element, ParseError, iterparse
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, ZipFile

from tm_async.cli.reading.problem import FileProblem, shortened
from tm_async.cli.reading.sheet_scan import Unusable, unusable_of
from tm_async.cli.words import spoken

__all__ = ["check_sizes", "unusable_cells", "unusable_file"]

_MEGABYTE = 1_000_000
_LARGEST_PART = 300
"""Megabytes of a part, unpacked: a sheet of a million rows has less. A few packed kilobytes can become gigabytes."""

# RuntimeError: of what is encrypted. LookupError: of names that are missing, and of encodings that nobody knows.
_DAMAGE = (BadZipFile, zlib.error, LZMAError, RuntimeError, LookupError, ParseError, ExpatError, ValueError, EOFError)


def check_sizes(file: BinaryIO) -> None:
    """Raises `FileProblem` for what is no archive, and for one that nobody would want to unpack."""
    try:
        file.seek(0)
        with ZipFile(file) as packed:
            largest = max(packed.infolist(), key=lambda part: part.file_size, default=None)
    except _DAMAGE as error:
        raise unusable_file(error) from None
    if largest is not None and largest.file_size > _LARGEST_PART * _MEGABYTE:
        raise FileProblem(
            spoken(
                "holds {name} of {size} MB, unpacked; up to {most} MB are read: keep only the list in the file",
                name=largest.filename,
                size=f"{largest.file_size // _MEGABYTE:,}",
                most=_LARGEST_PART,
            )
        )


def unusable_cells(file: BinaryIO, sheet: str) -> Unusable:
    """The cells of a sheet in an `.xlsx` file that have no value although something is in them.

    Raises `FileProblem` for what is no such file, and for a sheet too large to be meant.
    """
    try:
        file.seek(0)
        with ZipFile(file) as packed, packed.open(_path_of(packed, sheet)) as part:
            return unusable_of(part)
    except FileProblem:
        raise
    except _DAMAGE as error:
        raise unusable_file(error) from None


def unusable_file(error: BaseException, row: int | None = None) -> FileProblem:
    """What any damage comes to; `row`: in which, where it is known."""
    said = shortened(str(error.args[0] if isinstance(error, KeyError) and error.args else error), 200)
    if row is not None:
        said = spoken("row {number}: {problem}", number=row, problem=said)
    return FileProblem(spoken("is not a usable .xlsx file: {error}", error=said))


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
    return (element for _, element in found if element.tag.rpartition("}")[2] == name)
