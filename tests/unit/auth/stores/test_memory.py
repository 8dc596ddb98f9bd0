"""What the memory store promises beyond the contract."""

import asyncio
import pickle
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import tm_async.auth.stores
from tests.unit.auth.stores.conftest import CANARY
from tm_async.auth.stores import FileStore, MemoryStore, Stored
from tm_async.errors import ConfigurationError, TokenStoreUnavailable


async def test_waiting_for_the_lock_ends() -> None:
    store = MemoryStore(wait=0)
    async with store.lock("user"):
        with pytest.raises(TokenStoreUnavailable, match="'user' was not free within 0 s"):
            async with store.lock("user"):
                pass


async def test_who_waits_is_served_in_order() -> None:
    store, served = MemoryStore(), list[int]()

    async def ask(number: int) -> None:
        async with store.lock("user"):
            served.append(number)

    async with asyncio.TaskGroup() as group:
        for number in range(20):
            group.create_task(ask(number))
    assert served == list(range(20))


async def test_the_table_of_locks_does_not_grow() -> None:
    store = MemoryStore()
    for number in range(100):
        async with store.lock(str(number)):
            assert len(store._locks) == 1
    assert len(store._locks) == 0


def test_one_event_loop_after_the_other() -> None:
    store = MemoryStore()

    async def contend() -> None:
        async def ask() -> None:
            async with store.lock("user"):
                await asyncio.sleep(0)

        await asyncio.gather(ask(), ask(), ask())
        found = await store.load("user")
        await store.save("user", "text", version=found and found.version)

    for _ in range(3):
        asyncio.run(contend())
    assert len(store._locks) == 0


def test_an_entry_masks_its_text_whatever_a_store_gives() -> None:
    stored = Stored(CANARY, "1")
    assert stored.data == CANARY
    assert CANARY not in repr([stored, stored.data])


async def test_it_is_not_pickled() -> None:
    with pytest.raises(TypeError, match="can't be pickled"):
        pickle.dumps(MemoryStore())


def test_the_names_are_exact() -> None:
    for name in tm_async.auth.stores.__all__:
        assert getattr(tm_async.auth.stores, name).__doc__
    assert set(tm_async.auth.stores.__all__) <= set(dir(tm_async.auth.stores))
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        tm_async.auth.stores.Nothing  # noqa: B018


def test_importing_the_stores_needs_and_loads_no_optional_library() -> None:
    code = (
        "import sys\n"
        "optional = ['cryptography', 'filelock', 'keyring', 'redis']\n"
        "sys.modules |= dict.fromkeys(optional)\n"  # an import of one of them raises ImportError
        "import tm_async.auth.stores as stores\n"
        "assert 'tm_async.auth.stores.protocol' not in sys.modules\n"
        "for name in stores.__all__: getattr(stores, name)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("wait", [-1, "45", None, float("nan")])
def test_a_wait_that_makes_no_sense(wait: Any, tmp_path: Path) -> None:
    for make in (MemoryStore, partial(FileStore, tmp_path)):
        with pytest.raises(ConfigurationError, match="wait must be a number of seconds, 0 or more; not "):
            make(wait=wait)
