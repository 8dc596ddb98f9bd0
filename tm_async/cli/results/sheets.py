"""Rows of text as an `.xlsx` workbook."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any, BinaryIO

from tm_async.cli.words import spoken

__all__ = ["Workbook", "new_workbook"]

_LONGEST = 32_767
"""Characters of a cell in Excel."""


def new_workbook(file: BinaryIO, **options: object) -> Any:
    """A workbook of XlsxWriter, which has no types."""
    return import_module("xlsxwriter").Workbook(file, options)


class Workbook:
    """An `.xlsx` file of text, written row by row; it is complete once it is closed. No cell is a formula."""

    def __init__(self, file: BinaryIO, headings: Sequence[str]) -> None:
        self._file = file
        self._book = new_workbook(file, constant_memory=True)  # rows wait on the disk
        self._sheet = self._book.add_worksheet(spoken("Results"))
        self._text = self._book.add_format({"num_format": "@", "valign": "top"})
        bold = self._book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
        self._sheet.set_column(0, max(len(headings) - 1, 0), 18)
        self._sheet.freeze_panes(1, 0)
        self._row = 0
        self._write(headings, bold)

    def add(self, cells: Sequence[str]) -> None:
        """The next row."""
        self._write(cells, self._text)

    def close(self) -> None:
        """Write the file, and close it. Raises `OSError`."""
        try:
            self._book.close()
        except Exception as error:
            if type(error).__module__.partition(".")[0] == "xlsxwriter":  # such as of a full disk
                raise OSError(str(error)) from error
            raise
        finally:
            self._file.close()

    def _write(self, cells: Sequence[str], look: object) -> None:
        for column, cell in enumerate(cells):
            if cell:
                text = cell.encode("utf-8", "replace").decode()[:_LONGEST]
                self._sheet.write_string(self._row, column, text, look)
        self._row += 1
