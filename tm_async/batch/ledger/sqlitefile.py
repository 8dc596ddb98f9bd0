"""The file of an `SqliteLedger`: how it comes into being in one step, and what is refused. Blocking."""

import errno
import os
import sqlite3
import stat
from contextlib import closing, suppress
from pathlib import Path
from secrets import token_hex

from tm_async.errors import LedgerError, LedgerUnavailable
from tm_async.ownfile import others_may, stranger

__all__ = ["APPLICATION", "FORMAT", "LedgerFile"]

APPLICATION = 0x746D6C67
"""Stands in the file's header ("tmlg"), so that no other program's database is taken for a ledger."""
FORMAT = 1
"""The number of the tables' format."""

_SMALLEST = 512
"""Bytes of SQLite's smallest page."""
_GROUPS = 'CREATE INDEX IF NOT EXISTS entries_by_group_and_state ON entries ("group", state, position)'
"""For few of a large group in a certain state. Files of earlier versions, which read these as well, lack it."""
_SCHEMA = f"""
PRAGMA journal_mode = WAL;
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {FORMAT};
BEGIN;
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
    outcome TEXT NOT NULL DEFAULT '{{}}',
    request TEXT NOT NULL
);
CREATE INDEX entries_by_state ON entries (state, position);
CREATE INDEX entries_to_claim ON entries (claims, position) WHERE state = 'pending';
{_GROUPS};
CREATE TABLE workers (worker TEXT PRIMARY KEY, ends REAL NOT NULL) WITHOUT ROWID;
COMMIT;
"""

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_DENIED = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}
_NOT_NOW = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_INTERRUPT}


class LedgerFile:
    """The file at `path`, whose lock is waited for `wait` seconds at most."""

    def __init__(self, path: Path, wait: float) -> None:
        self.path = path
        self.wait = wait
        self._identity: tuple[int, int] | None = None

    def open(self) -> sqlite3.Connection:
        """A connection. The file is created if it is missing.

        Raises `LedgerError` for what is no ledger of this format, and leaves it as it is.
        """
        try:
            if not _is_there(self.path):
                _create(self.path)
            for suffix in ("-wal", "-shm", "-journal"):
                _refuse_unsafe(_beside(self.path, suffix))
            self._identity = _identity(self.path)
        except OSError as error:
            raise _unusable(self.path, error) from error.with_traceback(None)
        db = _connect(self.path, self.wait)
        try:
            _check(self.path, db)
            db.execute(_GROUPS)
            db.execute("PRAGMA synchronous = FULL")  # a claim must be on the disk before its item is sent
            db.execute("PRAGMA fullfsync = ON")  # what FULL means, on macOS
            db.execute("PRAGMA checkpoint_fullfsync = ON")
        except BaseException:
            db.close()
            raise
        return db

    def check(self) -> None:
        """Raises `LedgerError` if the file is not the one any more that was opened: what is written would be lost."""
        try:
            same = _identity(self.path) == self._identity
        except OSError:
            same = False
        if not same:
            raise LedgerError(f"{self.path}: removed or replaced while it was in use")

    def error_of(self, error: Exception) -> LedgerError:
        """What an error of SQLite means; what is a `LedgerError` already stays. No frames: they have requests."""
        if isinstance(error, LedgerError):
            return error.with_traceback(None)
        found = self._meaning(error)
        found.__cause__ = error.with_traceback(None)
        return found

    def _meaning(self, error: Exception) -> LedgerError:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest says which kind of it
        if code in _BUSY:
            reason = f"another process held the lock, it was not free within {self.wait:g} s"
            return LedgerUnavailable(f"{self.path}: {reason}")
        if code in _NOT_NOW:
            return LedgerUnavailable(f"{self.path}: can't be written or read now ({error})")
        if code in _DENIED:
            return LedgerError(
                f"{self.path}: can't be opened or written; its directory must be writable, too ({error})"
            )
        if code == sqlite3.SQLITE_TOOBIG:
            return LedgerError(f"{self.path}: an item is too large for SQLite ({error})")
        if isinstance(error, sqlite3.Error):
            return LedgerError(f"{self.path}: not a usable ledger, damaged or truncated ({error})")
        return LedgerError(f"{self.path}: {type(error).__name__}: {error}")


def _is_there(path: Path) -> bool:
    """Raises for what stands in the ledger's place and can't be one. Never opens it: closing would free its locks."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return False
    if stat.S_ISDIR(found.st_mode):
        raise LedgerError(f"{path}: a directory; name a file in it")
    if stat.S_ISLNK(found.st_mode):
        raise LedgerError(f"{path}: a symbolic link; name the file itself")
    if not stat.S_ISREG(found.st_mode):
        raise LedgerError(f"{path}: not a regular file; name another one")
    if found.st_size < _SMALLEST:
        raise LedgerError(f"{path}: too small for a ledger, so truncated or none; remove it if nothing was in it")
    if not os.access(path, os.R_OK | os.W_OK):
        raise LedgerError(f"{path}: this user may not read and write it")
    return True


def _refuse_unsafe(part: Path) -> None:
    """Passwords of meetings are in a ledger, and what is in it is believed."""
    try:
        found = part.lstat()
    except FileNotFoundError:
        return
    known = "passwords of meetings in it may be known"
    if stat.S_ISLNK(found.st_mode):
        raise LedgerError(f"{part}: a symbolic link; put the file itself there")
    if whose := stranger(found):
        raise LedgerError(f"{part}: {whose}; {known}: name a file of your own, or chown it")
    if not stat.S_ISDIR(found.st_mode) and (allowed := others_may(found)):  # of a directory SQLite complains
        advice = "chmod 600 it if nobody read it"
        raise LedgerError(f"{part}: others may read or write it ({allowed}); {known}: {advice}")


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _create(path: Path) -> None:
    """Made beside its place and put there complete: an empty file is never a new ledger, always a truncated one."""
    for suffix in ("-wal", "-journal"):
        rest = _beside(path, suffix)
        if rest.exists() and not path.exists():
            what = "was left behind when its ledger was moved or removed; put it back beside it, or remove it, too"
            raise LedgerError(f"{rest}: {what}")
    new = path.with_name(f"{path.name}.{token_hex(8)}.new")
    os.close(os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(_connect(new, 0)) as db:
            db.executescript(_SCHEMA)
        _put_in_place(new, path)
    finally:
        for suffix in ("", "-wal", "-shm"):
            with suppress(OSError):
                _beside(new, suffix).unlink()
    _sync_directory(path.parent)


def _put_in_place(new: Path, path: Path) -> None:
    """Unless another process was faster: then its ledger is the one."""
    try:
        os.link(new, path)
    except FileExistsError:
        pass
    except OSError:  # a disk without hard links
        if not path.exists():
            os.rename(new, path)


def _connect(path: Path, wait: float) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=wait, isolation_level=None)


def _check(path: Path, db: sqlite3.Connection) -> None:
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION:
        raise LedgerError(f"{path}: a database, but not a ledger; name another file")
    if version != FORMAT:
        advice = f"this version of tm_async reads {FORMAT}; use the version that made it"
        raise LedgerError(f"{path}: has format {version}, {advice}")
    _refuse_unsafe(path)
    (mode,) = db.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise LedgerError(f"{path}: SQLite can't share files on this disk; name a file on a local one")


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def _unusable(path: Path, error: OSError) -> LedgerError:
    kind = LedgerUnavailable if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EIO} else LedgerError
    return kind(f"{path}: can't be opened or created ({error.strerror})")


def _sync_directory(directory: Path) -> None:
    """Without it a new name may not survive a power cut. Windows can't; some network disks neither."""
    if os.name != "posix":
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
