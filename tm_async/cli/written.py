"""What the user wrote in the rows of a ledger: it is in the file, as a ledger keeps requests only."""

from collections.abc import Mapping
from pathlib import Path

from attrs import evolve, field, frozen

from tm_async.batch.ledger import Ledger
from tm_async.cli.matching import match_rows
from tm_async.cli.reading.problem import FileProblem
from tm_async.cli.reading.row import Row
from tm_async.cli.reading.source import format_of, open_source

__all__ = ["Written", "written"]


@frozen
class Written:
    """The cells of a file's rows, as far as they are in the ledger."""

    columns: tuple[str, ...] = ()
    """The user's own headings."""
    _cells: Mapping[str, Mapping[str, str]] = field(factory=dict[str, Mapping[str, str]], repr=False)

    def applied(self, row: Row, key: str) -> Row:
        """A row of the ledger with what the user wrote; if it is not in the file, with what its request says."""
        return evolve(row, cells=self.cells_of(key, row.cells))

    def cells_of(self, key: str, otherwise: Mapping[str, str]) -> Mapping[str, str]:
        """What the user wrote in the row with this key, or what stands for it."""
        return self._cells.get(key, otherwise)


async def written(ledger: Ledger, file: Path) -> Written:
    """Hold a file against its ledger. Where it can't be read, or is not there any more, nothing is known."""
    try:
        form = format_of(str(file))
        if form is None:
            return Written()
        with open_source(str(file), form) as source:
            keys = (await match_rows(ledger, source.rows())).keys
            cells = {keys[row.number]: row.cells for row in source.rows() if row.number in keys}
            return Written(tuple(source.columns), cells)
    except (FileProblem, OSError):
        return Written()
