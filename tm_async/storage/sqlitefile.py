"""The file of something kept in SQLite: how it comes into being in one step, and what is refused. Blocking."""

import errno
import os
import sqlite3
import stat
from contextlib import closing, suppress
from pathlib import Path
from secrets import token_hex

from attrs import frozen

from tm_async._util.ownfile import others_may, stranger
from tm_async.errors import TencentMeetingError
from tm_async.storage.kind import Kind
from tm_async.storage.wholeness import EVERY, is_whole, mark

__all__ = ["DatabaseFile", "Tables"]

_SMALLEST = 512
"""Bytes of SQLite's smallest page."""
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_DENIED = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}
_NOT_NOW = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_INTERRUPT}


@frozen
class Tables:
    """What stands in a file of one kind."""

    kind: Kind
    application: int
    """Stands in the file's header, so that no other program's database is taken for one of these."""
    format: int
    """The number of the tables' format."""
    schema: str
    since: str = ""
    """A statement for what files of earlier versions lack, which read it as well."""

    @property
    def script(self) -> str:
        """Makes them in an empty database."""
        return f"""
        PRAGMA journal_mode = WAL;
        PRAGMA application_id = {self.application};
        PRAGMA user_version = {self.format};
        BEGIN; {self.schema} {self.since}; COMMIT;
        """


class DatabaseFile:
    """The file at `path`, whose lock is waited for `wait` seconds at most."""

    def __init__(self, tables: Tables, path: Path, wait: float) -> None:
        self.tables = tables
        self.kind = tables.kind
        self.path = path
        self.wait = wait
        self._identity: tuple[int, int] | None = None
        self._db: sqlite3.Connection | None = None
        self._mark_at = 0

    def open(self) -> sqlite3.Connection:
        """A connection. The file is created if it is missing.

        Raises the kind's `broken` for what is not of this kind and format, and leaves it as it is.
        """
        try:
            if not _is_there(self.tables, self.path):
                _create(self.tables, self.path)
            for suffix in ("-wal", "-shm", "-journal"):
                _refuse_unsafe(self.kind, _beside(self.path, suffix))
            self._identity = _identity(self.path)
        except OSError as error:
            raise _unusable(self.kind, self.path, error) from error.with_traceback(None)
        db = _connect(self.path, self.wait)
        try:
            _check(self.tables, self.path, db)
            db.execute(self.tables.since)
            db.execute("PRAGMA synchronous = FULL")  # what is answered must be on the disk
            db.execute("PRAGMA fullfsync = ON")  # what FULL means, on macOS
            db.execute("PRAGMA checkpoint_fullfsync = ON")
            marked = mark(db, self.wait)
        except BaseException:
            db.close()
            raise
        self._db, self._mark_at = db, db.total_changes + (EVERY if marked else 1)
        return db

    def check(self) -> None:
        """Raises the kind's `broken` if this is another file than was opened: what is written would be lost.

        What was written is put into the file now and then.
        """
        try:
            same = _identity(self.path) == self._identity
        except OSError:
            same = False
        if not same:
            raise self.kind.broken(f"{self.path}: removed or replaced while it was in use")
        if self._db is not None and self._db.total_changes >= self._mark_at and mark(self._db, self.wait):
            self._mark_at = self._db.total_changes + EVERY

    def error_of(self, error: Exception) -> TencentMeetingError:
        """What an error of SQLite means; what is an error of ours already stays. No frames: they have requests."""
        if isinstance(error, TencentMeetingError):
            return error.with_traceback(None)
        found = self._meaning(error)
        found.__cause__ = error.with_traceback(None)
        return found

    def _meaning(self, error: Exception) -> TencentMeetingError:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest says which kind of it
        if code in _BUSY:
            reason = f"another process held the lock, it was not free within {self.wait:g} s"
            return self.kind.unavailable(f"{self.path}: {reason}")
        if code in _NOT_NOW:
            return self.kind.unavailable(f"{self.path}: can't be written or read now ({error})")
        if code in _DENIED:
            return self.kind.broken(
                f"{self.path}: can't be opened or written; its directory must be writable, too ({error})"
            )
        if code == sqlite3.SQLITE_TOOBIG:
            return self.kind.broken(f"{self.path}: an item is too large for SQLite ({error})")
        if isinstance(error, sqlite3.Error):
            return self.kind.broken(f"{self.path}: not a usable {self.kind.name}, damaged or truncated ({error})")
        return self.kind.broken(f"{self.path}: {type(error).__name__}: {error}")


def _is_there(tables: Tables, path: Path) -> bool:
    """Raises for what stands in its place and can't be one. Never opens it: closing would free its locks."""
    kind = tables.kind
    try:
        found = path.lstat()
    except FileNotFoundError:
        return False
    if stat.S_ISDIR(found.st_mode):
        raise kind.broken(f"{path}: a directory; name a file in it")
    if stat.S_ISLNK(found.st_mode):
        raise kind.broken(f"{path}: a symbolic link; name the file itself")
    if not stat.S_ISREG(found.st_mode):
        raise kind.broken(f"{path}: not a regular file; name another one")
    if found.st_size < _SMALLEST:
        raise kind.broken(f"{path}: too small for {kind.one}, so truncated or none; remove it if nothing was in it")
    if not os.access(path, os.R_OK | os.W_OK):
        raise kind.broken(f"{path}: this user may not read and write it")
    return True


def _refuse_unsafe(kind: Kind, part: Path) -> None:
    """There are secrets in it, and what is in it is believed."""
    try:
        found = part.lstat()
    except FileNotFoundError:
        return
    known = f"{kind.secrets} in it may be known"
    if stat.S_ISLNK(found.st_mode):
        raise kind.broken(f"{part}: a symbolic link; put the file itself there")
    if whose := stranger(found):
        raise kind.broken(f"{part}: {whose}; {known}: name a file of your own, or chown it")
    if not stat.S_ISDIR(found.st_mode) and (allowed := others_may(found)):  # of a directory SQLite complains
        advice = "chmod 600 it if nobody read it"
        raise kind.broken(f"{part}: others may read or write it ({allowed}); {known}: {advice}")


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _create(tables: Tables, path: Path) -> None:
    """Made beside its place and put there complete: an empty file is never a new one, always a truncated one."""
    for suffix in ("-wal", "-journal"):
        rest = _beside(path, suffix)
        if rest.exists() and not path.exists():
            what = f"was left behind when its {tables.kind.name} was moved or removed"
            raise tables.kind.broken(f"{rest}: {what}; put it back beside it, or remove it, too")
    new = path.with_name(f"{path.name}.{token_hex(8)}.new")
    os.close(os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(_connect(new, 0)) as db:
            db.executescript(tables.script)
        _put_in_place(new, path)
    finally:
        for suffix in ("", "-wal", "-shm"):
            with suppress(OSError):
                _beside(new, suffix).unlink()
    _sync_directory(path.parent)


def _put_in_place(new: Path, path: Path) -> None:
    """Unless another process was faster: then its file is the one."""
    try:
        os.link(new, path)
    except FileExistsError:
        pass
    except OSError:  # a disk without hard links
        if not path.exists():
            os.rename(new, path)


def _connect(path: Path, wait: float) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=wait, isolation_level=None)


def _check(tables: Tables, path: Path, db: sqlite3.Connection) -> None:
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if application != tables.application:
        raise tables.kind.broken(f"{path}: a database, but not {tables.kind.one}; name another file")
    if version != tables.format:
        advice = f"this version of tm_async reads {tables.format}; use the version that made it"
        raise tables.kind.broken(f"{path}: has format {version}, {advice}")
    _refuse_unsafe(tables.kind, path)
    (mode,) = db.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise tables.kind.broken(f"{path}: SQLite can't share files on this disk; name a file on a local one")
    if not is_whole(db, _beside(path, "-wal")):
        copied = "copied without its -wal, or that was removed: what was written last is missing"
        advice = "put the -wal beside it, or copy both, or copy it when nobody has it open"
        raise tables.kind.broken(f"{path}: {copied}; {advice}")


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def _unusable(kind: Kind, path: Path, error: OSError) -> TencentMeetingError:
    meaning = kind.unavailable if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EIO} else kind.broken
    return meaning(f"{path}: can't be opened or created ({error.strerror})")


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
