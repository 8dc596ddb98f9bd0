"""Token stores between processes: updates are not lost, and a process that is killed holds no lock."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tm_async.auth.stores import FileStore, RedisStore, TokenStore
from tm_async.errors import TokenStoreUnavailable

COUNT = """
import asyncio, sys
from tm_async.auth.stores import FileStore

async def main():
    store = FileStore(sys.argv[1])
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(15):  # under the lock every save fits
        async with store.lock("locked"):
            found = await store.load("locked")
            assert await store.save("locked", str(int(found.data) + 1), version=found.version)
    done = 0
    while done < 15:  # without it, one that does not fit is tried again
        found = await store.load("unlocked")
        done += await store.save("unlocked", str(int(found.data) + 1), version=found.version) is not None

asyncio.run(main())
"""

HOLD = """
import asyncio, sys
from tm_async.auth.stores import FileStore, RedisStore

async def main():
    kind, place, prefix = sys.argv[1:]
    store = FileStore(place) if kind == "file" else RedisStore.from_url(place, prefix=prefix, lock_ttl=0.5)
    async with store.lock("user"):
        print("held", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@contextmanager
def process(code: str, *arguments: object) -> Iterator["subprocess.Popen[str]"]:
    """Running, and said its first word; killed at the end."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        try:
            yield running
        finally:
            running.kill()


def said(running: "subprocess.Popen[str]") -> str:
    assert running.stdout is not None
    return running.stdout.readline().strip()


def test_two_processes_count_up(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    for key in ("locked", "unlocked"):
        asyncio.run(store.save(key, "0", version=None))
    with process(COUNT, tmp_path) as one, process(COUNT, tmp_path) as two:
        assert [said(running) for running in (one, two)] == ["ready", "ready"]
        for running in (one, two):
            assert running.stdin is not None
            running.stdin.write("go\n")
            running.stdin.flush()
        assert [running.wait(30) for running in (one, two)] == [0, 0]
    for key in ("locked", "unlocked"):
        found = asyncio.run(store.load(key))
        assert found is not None
        assert found.data == "30"


async def _can_lock(store: TokenStore) -> bool:
    try:
        async with store.lock("user"):
            return True
    except TokenStoreUnavailable:
        return False


@pytest.mark.parametrize("kind", ["file", "redis"])
async def test_a_killed_process_holds_no_lock(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """The system frees the lock of a file; Redis frees its own after `lock_ttl`."""
    place = tmp_path if kind == "file" else request.getfixturevalue("redis_url")
    prefix = f"{uuid4()}:"

    def make(wait: float) -> Any:
        return FileStore(place, wait=wait) if kind == "file" else RedisStore.from_url(place, prefix=prefix, wait=wait)

    impatient, patient = make(0), make(20)
    with process(HOLD, kind, place, prefix) as holder:
        assert said(holder) == "held"
        assert not await _can_lock(impatient)
        holder.kill()
        holder.wait()
        assert await _can_lock(patient)
    if kind == "redis":
        await impatient.aclose()
        await patient.aclose()
