"""What the file store promises beyond the contract: who may read, what is refused, what a failure leaves."""

import asyncio
import errno
import json
import logging
import os
import stat
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.auth.stores.conftest import CANARY, STRANGER, everything_about, owned_by
from tm_async.auth.stores import FileStore, entryfile, file
from tm_async.auth.stores.entryfile import entry_path
from tm_async.errors import ConfigurationError, TokenStoreError, TokenStoreUnavailable

fcntl = pytest.importorskip("fcntl", reason="these are tests of permissions and locks as POSIX has them")

KEY = "sdk:user"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "data" / "tokens"


@pytest.fixture
def store(directory: Path) -> FileStore:
    return FileStore(directory)


@pytest.fixture
async def path(store: FileStore, directory: Path) -> Path:
    """The file of a good entry."""
    await store.save(KEY, CANARY, version=None)
    return entry_path(directory, KEY)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def modes_by_suffix(directory: Path) -> dict[str, int]:
    return {path.suffix: mode(path) for path in directory.iterdir()}


def content(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


async def test_nobody_else_may_read(store: FileStore, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the first byte on, whatever the umask."""
    modes: list[int] = []
    sync = os.fsync

    def look(descriptor: int) -> None:
        modes.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        sync(descriptor)

    monkeypatch.setattr(entryfile.os, "fsync", look)
    before = os.umask(0)
    try:
        async with store.lock(KEY):
            await store.save(KEY, CANARY, version=None)
    finally:
        os.umask(before)
    assert modes == [0o600, 0o700], "the new file and then the directory are on the disk"
    assert mode(directory) == 0o700
    assert modes_by_suffix(directory) == {".json": 0o600, ".lock": 0o600, ".write": 0o600}


async def test_the_layout_of_a_file(store: FileStore, path: Path) -> None:
    found = await store.load(KEY)
    assert found is not None
    entry = {"format": 1, "key": KEY, "version": found.version, "data": CANARY}
    assert json.loads(content(path)) == entry


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def _other_format(path: Path) -> None:
    path.write_text(path.read_text().replace('"format": 1', '"format": 2'))


def _link(path: Path) -> None:
    path.symlink_to(path.rename(path.with_name("elsewhere")))


def _directory(path: Path) -> None:
    path.unlink()
    path.mkdir(0o700)


def _of_another_key(path: Path) -> None:
    path.write_text(path.read_text().replace(KEY, "sdk:eve"))


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "truncated": (_truncate, "truncated or not JSON; delete the file and authorise"),
    "empty": (lambda path: path.write_bytes(b""), "truncated or not JSON"),
    "binary": (lambda path: path.write_bytes(b"\xff\x00" + CANARY.encode()), "truncated or not JSON"),
    "nested": (lambda path: path.write_text("[" * 100_000), "truncated or not JSON"),
    "a list": (lambda path: path.write_text(json.dumps([CANARY])), "not an entry"),
    "no data": (lambda path: path.write_text(json.dumps({"format": 1, "key": KEY, "x": CANARY})), "not an entry"),
    "another format": (_other_format, "has format 2, this version of tm_async reads 1; update it, or delete"),
    "another key's": (_of_another_key, "holds the entry of 'sdk:eve', it was renamed or copied"),
    "readable by the group": (lambda path: path.chmod(0o640), r"others may read or write it \(mode 0640\).*chmod 600"),
    "writable by all": (lambda path: path.chmod(0o602), r"others may read or write it \(mode 0602\)"),
    "a symbolic link": (_link, "a symbolic link"),
    "a directory": (_directory, "not a regular file"),
}


@pytest.mark.parametrize("case", BAD)
async def test_what_can_not_be_used_is_refused_and_left(
    case: str, store: FileStore, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spoil, message = BAD[case]
    spoil(path)
    before = content(path)
    errors: list[TokenStoreError] = []
    with pytest.raises(TokenStoreError, match=message) as caught:
        await store.load(KEY)
    errors.append(caught.value)
    for version in (None, "version"):
        with pytest.raises(TokenStoreError, match=message) as caught:
            await store.save(KEY, CANARY, version=version)
        errors.append(caught.value)
    assert not [error for error in errors if isinstance(error, TokenStoreUnavailable)]
    assert all(str(path) in str(error) for error in errors)
    assert CANARY not in "".join(map(everything_about, errors))
    assert await store.keys() == []
    assert f"left out: {path}: " in caplog.text
    assert content(path) == before


@pytest.mark.parametrize("case", sorted(set(BAD) - {"a directory"}))
async def test_what_can_not_be_used_can_be_deleted(case: str, store: FileStore, path: Path) -> None:
    BAD[case][0](path)
    await store.delete(KEY)
    assert await store.save(KEY, "new", version=None)
    assert modes_by_suffix(path.parent)[".json"] == 0o600


@pytest.mark.parametrize(
    ("number", "kind", "message"),
    [(errno.EACCES, TokenStoreError, "this user may not read it"), (errno.EIO, TokenStoreUnavailable, "can't be read")],
)
async def test_unreadable(
    number: int, kind: type[Exception], message: str, store: FileStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tests may run as root, who reads everything."""

    def refuse(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(entryfile.os, "open", refuse)
    with pytest.raises(TokenStoreError, match=f"{path}: {message}") as caught:
        await store.load(KEY)
    assert type(caught.value) is kind


async def test_a_directory_that_others_write_to_is_refused(store: FileStore, path: Path) -> None:
    path.parent.chmod(0o770)
    for attempt in (store.load(KEY), store.save(KEY, "x", version=None), store.delete(KEY), store.keys()):
        with pytest.raises(TokenStoreError, match=r"others may write to this directory \(mode 0770\); chmod 700"):
            await attempt
    with pytest.raises(TokenStoreError, match="chmod 700"):
        async with store.lock(KEY):
            pass
    path.parent.chmod(0o755)  # names only: the files say who reads them
    assert await store.load(KEY)


@pytest.mark.parametrize("uid", [STRANGER, 0])
async def test_a_file_of_somebody_else_is_refused(
    uid: int, store: FileStore, path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The mode says nothing about its owner. Root can read everything anyway."""
    look = os.fstat
    monkeypatch.setattr(entryfile.os, "fstat", lambda descriptor: owned_by(uid, look(descriptor)))
    if uid == 0:
        assert await store.load(KEY)
        return
    for attempt in (store.load(KEY), store.save(KEY, CANARY, version="version")):
        message = rf"{path}: belongs to another user \(uid {uid}, this process runs as {os.geteuid()}\); .*authorise"
        with pytest.raises(TokenStoreError, match=message) as caught:
            await attempt
        assert not isinstance(caught.value, TokenStoreUnavailable)
        assert CANARY not in everything_about(caught.value)
    assert await store.keys() == []
    assert f"left out: {path}: belongs to another user" in caplog.text
    await store.delete(KEY)
    assert not content(path)


@pytest.mark.parametrize("uid", [STRANGER, 0])
async def test_a_directory_of_somebody_else_is_refused(
    uid: int, store: FileStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = Path.stat
    monkeypatch.setattr(entryfile.Path, "stat", lambda path, **options: owned_by(uid, look(path, **options)))
    if uid == 0:
        assert await store.load(KEY)
        return
    for attempt in (store.load(KEY), store.save(KEY, "x", version=None), store.delete(KEY), store.keys()):
        with pytest.raises(TokenStoreError, match=rf"{path.parent}: belongs to another user \(uid {uid}.*chown"):
            await attempt
    with pytest.raises(TokenStoreError, match="belongs to another user"):
        async with store.lock(KEY):
            pass


async def test_no_directory(tmp_path: Path, store: FileStore, directory: Path) -> None:
    assert await store.load(KEY) is None
    assert await store.keys() == []
    await store.delete(KEY)
    assert modes_by_suffix(tmp_path) == {}, "looking creates nothing"
    plain = tmp_path / "file"
    plain.write_text("")
    with pytest.raises(TokenStoreUnavailable, match=f"{plain}/below: no usable directory"):
        await FileStore(plain / "below").save(KEY, "x", version=None)
    with pytest.raises(TokenStoreError, match=f"{plain}: not a directory"):
        await FileStore(plain).load(KEY)


@pytest.mark.parametrize("place", ["fsync", "replace"])
async def test_a_full_disk_leaves_the_old_entry(
    place: str, store: FileStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    old = await store.load(KEY)
    assert old is not None
    with monkeypatch.context() as patch:
        patch.setattr(entryfile.os, place, full)
        with pytest.raises(TokenStoreUnavailable, match=f"{path}: can't be written .No space left") as caught:
            await store.save(KEY, CANARY + "new", version=old.version)
    assert CANARY not in everything_about(caught.value)
    assert await store.load(KEY) == old
    assert not list(path.parent.glob("*.tmp"))
    assert await store.save(KEY, "new", version=old.version)


async def test_what_a_dead_process_left_is_in_nobodys_way(store: FileStore, path: Path) -> None:
    left = path.with_suffix(".tmp")
    left.write_text(CANARY)
    left.chmod(0o644)
    found = await store.load(KEY)
    assert found is not None
    assert await store.save(KEY, "new", version=found.version)
    assert not left.exists()
    left.write_text(CANARY)
    await store.delete(KEY)
    assert not left.exists(), "no token outlives its deletion"


async def test_who_is_there(store: FileStore) -> None:
    for key in ("b", "a", "会"):
        await store.save(key, CANARY, version=None)
    await store.delete("b")
    async with store.lock("c"):
        assert await store.keys() == ["a", "会"]


async def test_waiting_for_a_lock_ends(directory: Path) -> None:
    one, two = FileStore(directory), FileStore(directory, wait=0)
    async with one.lock(KEY):
        with pytest.raises(TokenStoreUnavailable, match=r"\.lock: another process holds this lock.* within 0 s"):
            async with two.lock(KEY):
                pass
        assert await two.save(KEY, "text", version=None), "saving needs no lock"
    async with two.lock(KEY):
        pass
    assert len(one._locks) == len(two._locks) == len(one._writes) == 0


async def test_a_disk_without_locks_is_refused(
    store: FileStore, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    monkeypatch.setattr(fcntl, "flock", missing)
    with pytest.raises(TokenStoreUnavailable, match=r"\.lock: can't be locked .Function not implemented"):
        async with store.lock(KEY):
            pass
    with pytest.raises(TokenStoreUnavailable, match=r"\.write: can't be locked"):
        await store.save(KEY, "text", version=None)


async def test_a_save_that_has_begun_is_finished(store: FileStore, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the cancellation goes on: whoever gets the lock next must see it."""
    begun, go_on, sync = threading.Event(), threading.Event(), os.fsync

    def slow(descriptor: int) -> None:
        begun.set()
        go_on.wait(20)
        sync(descriptor)

    found = await store.load(KEY)
    assert found is not None
    monkeypatch.setattr(entryfile.os, "fsync", slow)
    saving = asyncio.create_task(store.save(KEY, "new", version=found.version))
    await asyncio.to_thread(begun.wait, 20)
    saving.cancel()
    await asyncio.sleep(0)
    assert not saving.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await saving
    found = await store.load(KEY)
    assert found is not None
    assert found.data == "new"


async def test_a_disk_that_does_not_answer(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, sync = threading.Event(), os.fsync

    def stuck(descriptor: int) -> None:
        go_on.wait(20)
        sync(descriptor)

    monkeypatch.setattr(entryfile.os, "fsync", stuck)
    monkeypatch.setattr(file, "_DISK", 0)
    with pytest.raises(TokenStoreUnavailable, match=f"{directory}: the disk did not answer within 0 s"):
        await FileStore(directory, wait=0).save(KEY, CANARY, version=None)
    go_on.set()


def test_one_event_loop_after_the_other(store: FileStore) -> None:
    async def count_up() -> None:
        async with store.lock(KEY):
            found = await store.load(KEY)
            await store.save(KEY, f"{found.data if found else ''}x", version=found and found.version)

    async def contend() -> str:
        await asyncio.gather(*(count_up() for _ in range(3)))
        found = await store.load(KEY)
        return found.data if found else ""

    assert [asyncio.run(contend()) for _ in range(3)] == ["xxx", "xxxxxx", "xxxxxxxxx"]


def test_two_event_loops_at_a_time(store: FileStore) -> None:
    async def count_up() -> None:
        for _ in range(5):
            async with store.lock(KEY):
                found = await store.load(KEY)
                text = f"{found.data if found else ''}x"
                assert await store.save(KEY, text, version=found.version if found else None)

    threads = [threading.Thread(target=asyncio.run, args=[count_up()]) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = asyncio.run(store.load(KEY))
    assert found is not None
    assert found.data == "x" * 10


def test_without_filelock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "filelock", None)
    with pytest.raises(ConfigurationError, match=r"FileStore needs filelock: pip install 'tm-async\[file\]'"):
        FileStore(tmp_path)


async def test_nothing_is_logged_but_paths(store: FileStore, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with store.lock(KEY):
            await store.save(KEY, CANARY, version=None)
    assert CANARY not in caplog.text
    assert "user" not in repr(store)
