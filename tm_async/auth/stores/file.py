"""Grants in files, one per key, shared by the processes of one user on one machine (extra `file`)."""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tm_async._util.arguments import check_path, check_seconds
from tm_async._util.logs import logger
from tm_async.auth.stores.entryfile import entry_path, prepare_directory, read_entry, remove_entry, write_entry
from tm_async.auth.stores.keylocks import KeyLocks, new_version
from tm_async.auth.stores.protocol import Stored
from tm_async.core.secret import hide, safe_repr
from tm_async.errors import ConfigurationError, TokenStoreError, TokenStoreUnavailable

if TYPE_CHECKING:
    from filelock import BaseFileLock

__all__ = ["FileStore"]

_POLL = 0.02
_DISK = 5.0
_log = logger("tm_async.auth")
_T = TypeVar("_T")


@safe_repr
class FileStore:
    """Keeps each entry in a file of its own in `directory`, which is created with mode 0700 when it is missing.

    Files have mode 0600. What others may read or write is refused, and what another user than root owns. Locks are
    the operating system's, so a process that dies holds none. `wait`: seconds that an operation waits at most for a
    lock (45 by default, and 5 more for a disk that does not answer), then it raises `TokenStoreUnavailable`. The
    directory has to be on a disk with file locks: any local one. Raises `ConfigurationError` when filelock is not
    installed.
    """

    def __init__(self, directory: str | os.PathLike[str], *, wait: float = 45.0) -> None:
        _lock_class()
        check_path("directory", directory)
        self._directory = Path(directory).expanduser().absolute()
        check_seconds("wait", wait, least=0)
        self._wait = wait
        self._locks = KeyLocks()
        self._writes = KeyLocks()

    async def load(self, key: str, /) -> Stored | None:
        """The entry, or `None` where there is none. Raises `TokenStoreError` for a file that can't be used."""
        return await self._in_thread(lambda: self._load(key))

    async def save(self, key: str, data: str, /, *, version: str | None) -> str | None:
        """Write if the entry still has `version` (`None`: if there is none), in one step, durably.

        Returns the new version, or `None` if the entry was changed meanwhile, by whichever process. A save that has
        begun is finished before a cancellation goes on. Raises `TokenStoreUnavailable` when it can't be written, for
        example on a full disk: the old entry stays. Raises `TokenStoreError` for an old file that can't be used.
        """
        data = hide(data)  # a traceback shows variables
        new = Stored(data, new_version())
        async with self._writes.hold(key, self._wait):
            saved = await self._in_thread(lambda: self._save(key, new, version))
        return new.version if saved else None

    @asynccontextmanager
    async def lock(self, key: str, /) -> AsyncGenerator[None, None]:
        """Exclude every other holder, in all processes that use the directory."""
        deadline = asyncio.get_running_loop().time() + self._wait
        async with self._locks.hold(key, self._wait):
            prepare_directory(self._directory, create=True)
            path = entry_path(self._directory, key).with_suffix(".lock")
            held = _file_lock(path)
            # One attempt waits for nothing and can't be cancelled half-way, which a thread's could.
            while not _taken(held, path):
                if asyncio.get_running_loop().time() >= deadline:
                    raise _not_free(path, self._wait)
                await asyncio.sleep(_POLL)
            try:
                yield
            finally:
                held.release()

    async def delete(self, key: str, /) -> None:
        """Remove the entry, also one that can't be used; fine if there is none."""
        async with self._writes.hold(key, self._wait):
            await self._in_thread(lambda: self._delete(key))

    async def keys(self) -> list[str]:
        """The keys of all entries, sorted. Files that can't be used are left out, and logged at WARNING."""
        return await self._in_thread(self.list_keys)

    def list_keys(self) -> list[str]:
        """Like `keys`, for where no event loop runs: it blocks while the directory is read."""
        found: list[str] = []
        if prepare_directory(self._directory, create=False):
            for path in self._directory.glob("*.json"):
                try:
                    entry = read_entry(path)
                except TokenStoreError as error:
                    _log.warning("left out: %s", error)
                else:
                    found += [entry[0]] if entry else []
        return sorted(found)

    def _load(self, key: str) -> Stored | None:
        if not prepare_directory(self._directory, create=False):
            return None
        path = entry_path(self._directory, key)
        # Windows replaces no file that somebody reads.
        with self._only_writer(path) if os.name == "nt" else nullcontext():
            found = read_entry(path)
        return found[1] if found else None

    def _save(self, key: str, new: Stored, version: str | None) -> bool:
        prepare_directory(self._directory, create=True)
        path = entry_path(self._directory, key)
        with self._only_writer(path):
            found = read_entry(path)
            if (found[1].version if found else None) != version:
                return False
            write_entry(path, key, new)
        return True

    def _delete(self, key: str) -> None:
        if prepare_directory(self._directory, create=False):
            path = entry_path(self._directory, key)
            with self._only_writer(path):
                remove_entry(path)

    @contextmanager
    def _only_writer(self, path: Path) -> Generator[None, None, None]:
        """Comparing and setting is one step, also for those who don't hold `lock`. Blocks, for milliseconds."""
        path = path.with_suffix(".write")
        held = _file_lock(path)
        if not _taken(held, path, self._wait):
            raise _not_free(path, self._wait)
        try:
            yield
        finally:
            held.release()

    async def _in_thread(self, work: Callable[[], _T]) -> _T:
        running = asyncio.get_running_loop().run_in_executor(None, work)
        running.add_done_callback(lambda done: done.cancelled() or done.exception())  # it may end with nobody waiting
        limit = self._wait + _DISK
        try:
            done, _ = await asyncio.wait({running}, timeout=limit)
        except asyncio.CancelledError:
            # Whoever gets the lock next must see what was written.
            await asyncio.wait({running}, timeout=limit)
            raise
        if not done:
            raise TokenStoreUnavailable(f"{self._directory}: the disk did not answer within {limit:g} s")
        return running.result()

    def __repr__(self) -> str:
        return f"FileStore({str(self._directory)!r})"


def _lock_class() -> "type[BaseFileLock]":
    try:
        from filelock import FileLock
    except ImportError:
        raise ConfigurationError("FileStore needs filelock: pip install 'tm-async[file]'") from None
    return FileLock


def _file_lock(path: Path) -> "BaseFileLock":
    return _lock_class()(path, mode=0o600, thread_local=False, fallback_to_soft=False)


def _taken(lock: "BaseFileLock", path: Path, seconds: float = 0) -> bool:
    try:
        lock.acquire(timeout=seconds, poll_interval=_POLL / 2)
    except TimeoutError:  # filelock's Timeout is one
        return False
    except OSError as error:
        raise TokenStoreUnavailable(f"{path}: can't be locked ({error.strerror})") from error
    return True


def _not_free(path: Path, seconds: float) -> TokenStoreUnavailable:
    return TokenStoreUnavailable(f"{path}: another process holds this lock, it was not free within {seconds:g} s")
