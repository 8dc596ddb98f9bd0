"""Whether a database of SQLite has all that was written: a copy of it without its `-wal` lacks what came last.

A mark tells. In the file itself it says that there is more beside it; what is written into the `-wal` right after that
says that this is all. So whoever reads both finds all, and so does who reads the file after SQLite has put the `-wal`
into it, whichever program made it do so; a copy of the file alone says that there was more.
"""

import sqlite3
from pathlib import Path

__all__ = ["EVERY", "is_whole", "mark"]

EVERY = 1_000
"""Changed rows after which the `-wal` is put into the file, and the mark is set anew. By itself SQLite would do the
first without the second."""

_IS_MARKED = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'beside'"
_TABLE = "CREATE TABLE IF NOT EXISTS beside (one INTEGER PRIMARY KEY CHECK (one = 1), more INTEGER NOT NULL)"
_SET = "INSERT INTO beside VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET more = excluded.more"
_PUT_INTO_THE_FILE = "PRAGMA wal_checkpoint(PASSIVE)"


def is_whole(db: sqlite3.Connection, wal: Path) -> bool:
    """Whether nothing is missing, as far as a mark tells: files that no version with marks has opened have none.

    `wal` is there, if only because this connection has just made it, and nobody removes it while this one is open.
    """
    if not db.execute(_IS_MARKED).fetchone()[0]:
        return True
    marked = any(more for (more,) in db.execute("SELECT more FROM beside").fetchall())
    return not marked or wal.stat().st_size > 0  # whoever is, or was stopped, between the two marks has left it


def mark(db: sqlite3.Connection, wait: float) -> bool:
    """Put the `-wal` into the file, and mark both. Outside of a transaction. False: not now, somebody else writes.

    Readers of an older state can keep a part out of the file; then it may have no mark until the next time.
    """
    db.execute("PRAGMA wal_autocheckpoint = 0")
    db.execute("PRAGMA busy_timeout = 0")
    try:
        db.execute(_TABLE)
        db.execute(_SET, (1,))
    except sqlite3.OperationalError:  # a full disk, too, is the matter of who has something to write
        return False
    finally:
        db.execute(f"PRAGMA busy_timeout = {round(wait * 1000)}")
    db.execute(_PUT_INTO_THE_FILE)
    db.execute(_SET, (0,))
    return True
