"""A file that arrives in pieces: beside its name until it is whole, with a note of what it is, to go on from later."""

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any, BinaryIO, cast

from attrs import asdict, evolve, frozen

from tm_async._util.filelock import locked
from tm_async.errors import DownloadFailed

__all__ = ["Note", "PartialFile"]

_OPEN = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_ITSELF = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_BLOCK = 1024 * 1024
_DIGEST = re.compile(r"(sha256|md5):[0-9a-f]+")


def _itself(path: str, flags: int) -> int:
    """Open a file that is no link to another one, and no pipe that waits for somebody."""
    return os.open(path, flags | _ITSELF, 0o666)


@frozen(kw_only=True)
class Note:
    """What the bytes that are there belong to."""

    source: str
    """The name of the file where it comes from, which is no address."""
    total: int | None = None
    """Bytes of the whole."""
    tag: str | None = None
    """What tells the same bytes from others, as the server names it: a strong ETag, else a time."""
    digest: str | None = None
    """`sha256:` or `md5:` and the hash of the whole in hex, where the server gives one."""

    @classmethod
    def read(cls, path: Path) -> "Note | None":
        """The note of an earlier attempt; `None` without one that can be trusted."""
        try:
            with open(path, encoding="utf-8", opener=_itself) as file:
                found = json.load(file)
            note: Any = cls(**found)
        except (OSError, ValueError, TypeError, RecursionError):
            return None
        texts = (note.source, note.tag or "", note.digest or "")
        good = all(isinstance(text, str) for text in texts) and type(note.total) in (int, type(None))
        return cast("Note", note) if good and (note.digest is None or _DIGEST.fullmatch(note.digest)) else None


class PartialFile:
    """The file `<target>.part`, with its note in `<target>.part.json`; `finish` gives it its name.

    It is locked where the system can do that, so that no two programs write it. All methods block; those that find
    the disk at fault raise `DownloadFailed`, which names the path.
    """

    def __init__(self, target: Path, source: str, *, replace: bool = False) -> None:
        self.target = target
        self._replace = replace
        self._source = source
        self._path = target.with_name(f"{target.name}.part")
        self._note_path = target.with_name(f"{target.name}.part.json")
        self._file: BinaryIO | None = None
        self.note = Note(source=source)
        self.size = 0
        """Bytes that are there."""

    def open(self) -> None:
        """Open it, and find out what is there of an earlier attempt."""
        self._require_free()
        try:
            descriptor = os.open(self._path, _OPEN, 0o666)
        except OSError as error:
            raise self._failed(error) from error
        self._file = os.fdopen(descriptor, "r+b", buffering=0)
        try:
            self._lock()
            note = Note.read(self._note_path)
            if note is not None and note.source == self._source and (note.tag or note.total is not None):
                self.note = note
                self.size = self._file.seek(0, os.SEEK_END)
            if not self.size or (self.note.total is not None and self.size > self.note.total):
                self.begin(Note(source=self._source))
        except OSError as error:
            self.close()
            raise self._failed(error) from error
        except BaseException:
            self.close()
            raise

    def begin(self, note: Note) -> None:
        """Forget what is there; what follows is this."""
        try:
            file = self._opened()
            file.seek(0)
            file.truncate()
            self.size = 0
            self._keep(note)
        except OSError as error:
            raise self._failed(error) from error

    def learn(self, note: Note) -> None:
        """Add to the note what was not known of the file before: all of it, while nothing is there."""
        known = asdict(self.note, filter=lambda _, value: value is not None) if self.size else {}
        if (more := evolve(note, **known)) != self.note:
            try:
                self._keep(more)
            except OSError as error:
                raise self._failed(error) from error

    def write(self, pieces: list[bytes]) -> None:
        """Add what came."""
        data = memoryview(b"".join(pieces))
        try:
            file = self._opened()
            while data:
                written = file.write(data)
                self.size += written
                data = data[written:]
        except OSError as error:
            raise self._failed(error) from error

    def finish(self) -> None:
        """Check its hash, where one is known, and give it its name; it is on the disk then."""
        try:
            self._check()
            os.fsync(self._opened().fileno())
            self._require_free()
            os.replace(self._path, self.target)
            self._note_path.unlink(missing_ok=True)
            self._sync_folder()
        except OSError as error:
            raise self._failed(error) from error
        finally:
            self.close()

    def close(self) -> None:
        """Leave what is there for the next attempt; an empty one is removed."""
        file, self._file = self._file, None
        if file is None:
            return
        try:
            if not self.size and self._path.exists():
                self._path.unlink(missing_ok=True)
                self._note_path.unlink(missing_ok=True)
        except OSError as error:
            raise self._failed(error) from error
        finally:
            file.close()

    def _keep(self, note: Note) -> None:
        with open(self._note_path, "w", encoding="utf-8", opener=_itself) as noted:
            json.dump(asdict(note), noted)
        self.note = note

    def _require_free(self) -> None:
        if not self._replace and os.path.lexists(self.target):
            raise DownloadFailed(f"{self.target} is there already, and is not overwritten")

    def _opened(self) -> BinaryIO:
        if self._file is None:
            raise DownloadFailed(f"{self._path} is closed")
        return self._file

    def _lock(self) -> None:
        if os.name != "posix":  # no locks, and so nothing to compare
            return
        descriptor = self._opened().fileno()
        try:
            ours = locked(descriptor) and os.path.samestat(os.fstat(descriptor), self._path.lstat())
        except FileNotFoundError:
            ours = False
        if not ours:  # somebody has it, or it got its name or was removed since we opened it
            self._opened().close()
            self._file = None  # not ours to remove
            raise DownloadFailed(f"{self.target} is being fetched by another program")

    def _check(self) -> None:
        kind, _, wanted = (self.note.digest or "").partition(":")
        if not wanted:
            return
        found = hashlib.new(kind, usedforsecurity=False)
        file = self._opened()
        file.seek(0)
        while block := file.read(_BLOCK):
            found.update(block)
        if found.hexdigest() != wanted:
            self.begin(Note(source=self._source))
            raise DownloadFailed(f"{self.target}: what came is not what the server says by its {kind}; it is dropped")

    def _sync_folder(self) -> None:
        if os.name != "posix":
            return
        folder = os.open(self.target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _failed(self, error: OSError) -> DownloadFailed:
        return DownloadFailed(f"{self.target} can't be written: {error.strerror or type(error).__name__}")
