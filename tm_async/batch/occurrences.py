"""How often each name came, in memory that does not grow with the number of names."""

from types import TracebackType
from typing import Any, Self

from tm_async.errors import LedgerError

__all__ = ["Occurrences"]

_IN_MEMORY = 10_000
"""Names that are counted in a dictionary; those beyond go to a temporary file, which has no name and leaves nothing."""


class Occurrences:
    """Counts names. Leave it when it is of no use any more."""

    def __init__(self, in_memory: int = _IN_MEMORY) -> None:
        self._seen: dict[bytes, int] = {}
        self._in_memory = in_memory
        self._file: Any = None

    def count(self, name: bytes) -> int:
        """The number of this one among those of its name, from 1. Raises `LedgerError` where no file can be had."""
        if name in self._seen or len(self._seen) < self._in_memory:
            self._seen[name] = self._seen.get(name, 0) + 1
            return self._seen[name]
        return self._count_in_file(name)

    def _count_in_file(self, name: bytes) -> int:
        import sqlite3

        try:
            if self._file is None:
                self._file = sqlite3.connect("", isolation_level=None, check_same_thread=False)
                self._file.execute("PRAGMA journal_mode = OFF")
                self._file.execute("CREATE TABLE names (name BLOB PRIMARY KEY, seen INTEGER NOT NULL) WITHOUT ROWID")
                self._file.execute("BEGIN")  # for ever
            counted = "INSERT INTO names VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET seen = seen + 1"
            self._file.execute(counted, (name,))
            (seen,) = self._file.execute("SELECT seen FROM names WHERE name = ?", (name,)).fetchone()
        except sqlite3.Error as error:
            advice = "make room, set SQLITE_TMPDIR, or give each request a key"
            raise LedgerError(
                f"requests that are alike can't be counted in a temporary file ({error}); {advice}"
            ) from None
        return int(seen)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
