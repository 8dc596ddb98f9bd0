"""Which file of a recording has which name in a directory: written down before its download begins; then its size."""

import json
import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import BinaryIO, cast

from tm_async._util.filelock import locked
from tm_async._util.filenames import fold
from tm_async.cli.reading.problem import FileProblem
from tm_async.cli.words import spoken
from tm_async.errors import DownloadFailed

__all__ = ["MANIFEST", "Manifest", "open_manifest"]

MANIFEST = ".tm-async-recordings.jsonl"
_OPEN = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)

Key = tuple[str, str]
"""The id of a file of a recording, and its kind."""


@contextmanager
def open_manifest(folder: Path) -> Generator["Manifest"]:
    """The names in a directory, which is made if need be; no other run may work there meanwhile. `FileProblem`."""
    path = folder / MANIFEST
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = os.fdopen(os.open(path, _OPEN, 0o666), "r+b", buffering=0)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise FileProblem(spoken("{out} can't be written: {error}", out=path, error=why)) from None
    with file:
        _lock(file, folder)
        yield Manifest(folder, file)


def _lock(file: BinaryIO, folder: Path) -> None:
    if not locked(file.fileno()):
        raise FileProblem(spoken("Another run works in {folder}.", folder=folder))


class Manifest:
    """Reads what was written down, and adds to it. Raises `FileProblem`."""

    def __init__(self, folder: Path, file: BinaryIO) -> None:
        self.folder = folder
        self._path, self._file = folder / MANIFEST, file
        self._lock = Lock()
        self._names: dict[Key, str] = {}
        self._sizes: dict[Key, int | None] = {}
        self._taken = {fold(name) for name in os.listdir(folder)}
        self._read()

    def there(self, key: Key) -> Path | None:
        """The file, if it is there: it was whole when it got its name."""
        name = self._names.get(key)
        path = self.folder / (name or "")
        return path if name is not None and path.is_file() else None

    def size(self, key: Key) -> int | None:
        """How many bytes the file had when it was whole; `None` where that was not written down."""
        return self._sizes.get(key)

    def keep_size(self, key: Key, size: int) -> None:
        """Write down how many bytes the file has, now that it is whole. It blocks. Raises `DownloadFailed`."""
        with self._lock:
            self._append(key, self._names[key], size)

    def path(self, key: Key, base: str, suffix: str) -> Path:
        """Where the file belongs: as it was before, else by a name that nothing has yet, which is on the disk then.

        `suffix` begins with a dot. It blocks. Raises `DownloadFailed`.
        """
        with self._lock:
            name = self._names.get(key, "")
            if not name.endswith(suffix):
                name = self._free(base, suffix)
                self._append(key, name)
            return self.folder / name

    def _free(self, base: str, suffix: str) -> str:
        number = 1
        while True:
            name = f"{base}{'' if number == 1 else f' ({number})'}{suffix}"
            if not self._taken.intersection({fold(name), fold(f"{name}.part")}):
                return name
            number += 1

    def _append(self, key: Key, name: str, size: int | None = None) -> None:
        known = {} if size is None else {"size": size}
        line = json.dumps({"record_file_id": key[0], "kind": key[1], "name": name, **known}, ensure_ascii=False)
        file = self._file
        before = os.fstat(file.fileno()).st_size
        try:
            written = file.write(f"{line}\n".encode())
            if written != len(line.encode()) + 1:
                raise OSError(0, "no room")
            os.fsync(file.fileno())
        except OSError as error:
            os.truncate(file.fileno(), before)
            raise DownloadFailed(f"{self._path} can't be written: {error.strerror}") from error
        self._note(key, name, size)

    def _note(self, key: Key, name: str, size: int | None) -> None:
        self._names[key], self._sizes[key] = name, size
        self._taken.add(fold(name))

    def _read(self) -> None:
        file = self._file
        file.seek(0)
        data = file.read()
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):  # a run ended while it wrote this: no download of it had begun
            os.truncate(file.fileno(), len(whole))
        for number, line in enumerate(whole.splitlines(), 1):
            self._note(*self._entry(line, number))

    def _entry(self, line: bytes, number: int) -> tuple[Key, str, int | None]:
        try:
            found = cast("Mapping[str, object]", json.loads(line))
            file_id, kind, name, size = found["record_file_id"], found["kind"], found["name"], found.get("size")
        except (ValueError, KeyError, TypeError, RecursionError):
            file_id = kind = name = size = None
        good = isinstance(name, str) and name.strip(".") and not {"/", "\\", "\0"}.intersection(name)
        if not (isinstance(file_id, str) and isinstance(kind, str) and isinstance(name, str) and good):
            text = (
                "{file}, line {number}: damaged. Delete that line: what it names may be fetched anew, by another name."
            )
            raise FileProblem(spoken(text, file=self._path, number=number))
        return (file_id, kind), name, size if type(size) is int else None
