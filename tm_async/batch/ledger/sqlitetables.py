"""The tables of an `SqliteLedger`."""

from pathlib import Path
from typing import Final

from tm_async.batch.ledger.kind import LEDGER
from tm_async.storage.sqlitefile import DatabaseFile, Tables

__all__ = ["APPLICATION", "FORMAT", "LedgerFile"]

APPLICATION: Final = 0x746D6C67
"""Stands in the file's header ("tmlg"), so that no other program's database is taken for a ledger."""
FORMAT: Final = 1
"""The number of the tables' format."""

_SCHEMA: Final = """
CREATE TABLE entries (
    position INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL DEFAULT 'pending',
    claims INTEGER NOT NULL DEFAULT 0,
    worker TEXT,
    since REAL,
    until REAL,
    label TEXT NOT NULL,
    "group" TEXT NOT NULL,
    outcome TEXT NOT NULL DEFAULT '{}',
    request TEXT NOT NULL
);
CREATE INDEX entries_by_state ON entries (state, position);
CREATE INDEX entries_to_claim ON entries (claims, position) WHERE state = 'pending';
CREATE TABLE workers (worker TEXT PRIMARY KEY, ends REAL NOT NULL) WITHOUT ROWID;
"""
_GROUPS: Final = 'CREATE INDEX IF NOT EXISTS entries_by_group_and_state ON entries ("group", state, position)'
"""For few of a large group in a certain state. Files of earlier versions, which read these as well, lack it."""


class LedgerFile(DatabaseFile):
    """The file at `path`, whose lock is waited for `wait` seconds at most."""

    def __init__(self, path: Path, wait: float) -> None:
        super().__init__(Tables(LEDGER, APPLICATION, FORMAT, _SCHEMA, _GROUPS), path, wait)
