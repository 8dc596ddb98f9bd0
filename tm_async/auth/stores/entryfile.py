"""One entry as one file: its name, its format, who may read it, and how it is replaced in one step. Blocking."""

import errno
import json
import os
import stat
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from tm_async._util.ownfile import others_may, stranger
from tm_async.auth.stores.protocol import Stored
from tm_async.errors import TokenStoreError, TokenStoreUnavailable

__all__ = ["FORMAT", "entry_path", "prepare_directory", "read_entry", "remove_entry", "write_entry"]

FORMAT = 1
"""The number of the files' format."""

_POSIX = os.name == "posix"
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_AGAIN = "delete the file and authorise the user again"


def entry_path(directory: Path, key: str) -> Path:
    """The key's file. Hashed: any key is a safe name, also where file names know no case."""
    return directory / f"{sha256(key.encode()).hexdigest()[:32]}.json"


def prepare_directory(directory: Path, *, create: bool) -> bool:
    """Whether the directory is there, after creating it (mode 0700) if asked to.

    Raises `TokenStoreError` where others can write to it, or own it; `TokenStoreUnavailable` where it can't be had.
    """
    try:
        if create:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = directory.stat()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise TokenStoreUnavailable(f"{directory}: no usable directory ({error.strerror})") from error
    if not stat.S_ISDIR(found.st_mode):
        raise TokenStoreError(f"{directory}: not a directory; name a directory of its own for the tokens")
    if whose := stranger(found):
        raise TokenStoreError(f"{directory}: {whose}; name a directory of your own, or chown it")
    if allowed := others_may(found, 0o022):
        raise TokenStoreError(f"{directory}: others may write to this directory ({allowed}); chmod 700 it")
    return True


def read_entry(path: Path) -> tuple[str, Stored] | None:
    """Key and entry; `None` where there is no file. Raises `TokenStoreError` for what can't be used."""
    try:
        descriptor = os.open(path, _READ)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _cannot_read(path, error) from error
    try:
        _refuse_unsafe(path, os.fstat(descriptor))
        with open(descriptor, "rb", closefd=False) as file:
            found = _decode(file.read())
    except OSError as error:
        raise _cannot_read(path, error) from error
    finally:
        os.close(descriptor)
    if isinstance(found, str):
        raise TokenStoreError(f"{path}: {found}")
    if entry_path(path.parent, found[0]) != path:
        raise TokenStoreError(f"{path}: holds the entry of {found[0]!r}, it was renamed or copied; {_AGAIN}")
    return found


def _cannot_read(path: Path, error: OSError) -> TokenStoreError:
    if error.errno == errno.ELOOP:
        return TokenStoreError(f"{path}: a symbolic link; put the file itself there, or {_AGAIN}")
    if isinstance(error, PermissionError):
        return TokenStoreError(f"{path}: this user may not read it; give it to the user who runs this, or {_AGAIN}")
    return TokenStoreUnavailable(f"{path}: can't be read ({error.strerror})")


def _refuse_unsafe(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise TokenStoreError(f"{path}: not a regular file; move it away")
    if whose := stranger(found):
        raise TokenStoreError(f"{path}: {whose}; the tokens in it may be known: {_AGAIN}, or chown it")
    if allowed := others_may(found):
        advice = f"the tokens in it may be known: {_AGAIN}, or chmod 600 it if nobody read it"
        raise TokenStoreError(f"{path}: others may read or write it ({allowed}); {advice}")


def _decode(raw: bytes) -> tuple[str, Stored] | str:
    """Key and entry, or what is wrong. Raises nothing: a traceback would have the text among its variables."""
    try:
        entry: object = json.loads(raw)
    except (ValueError, RecursionError):
        return f"truncated or not JSON; {_AGAIN}"
    match entry:
        case {"format": 1, "key": str(key), "version": str(version), "data": str(data)} if version:
            return key, Stored(data, version)
        case {"format": int(number)} if number != FORMAT:
            return f"has format {number}, this version of tm_async reads {FORMAT}; update it, or {_AGAIN}"
        case _:
            return f"not an entry of a token store; {_AGAIN}"


def write_entry(path: Path, key: str, stored: Stored) -> None:
    """Replace the file in one step, durably. Only one at a time per path; raises `TokenStoreUnavailable`.

    When it fails, the old file stays. Nobody else can read the new one at any moment.
    """
    temporary = path.with_suffix(".tmp")
    try:
        temporary.unlink(missing_ok=True)  # of a process that died
        descriptor = os.open(temporary, _CREATE, 0o600)
        try:
            with open(descriptor, "wb") as file:
                file.write(_encode(key, stored))
                file.flush()
                os.fsync(descriptor)
            os.replace(temporary, path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
        _sync_directory(path.parent)
    except OSError as error:
        raise TokenStoreUnavailable(f"{path}: can't be written ({error.strerror})") from error


def _encode(key: str, stored: Stored) -> bytes:
    entry = {"format": FORMAT, "key": key, "version": stored.version, "data": stored.data}
    return json.dumps(entry, indent=1).encode("ascii")


def remove_entry(path: Path) -> None:
    """Remove the file and what a dead process left of it. Raises `TokenStoreUnavailable`."""
    try:
        path.with_suffix(".tmp").unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        _sync_directory(path.parent)
    except OSError as error:
        raise TokenStoreUnavailable(f"{path}: can't be removed ({error.strerror})") from error


def _sync_directory(directory: Path) -> None:
    """Without it a new name may not survive a power cut. Windows can't; some network disks neither."""
    if not _POSIX:
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(descriptor)
