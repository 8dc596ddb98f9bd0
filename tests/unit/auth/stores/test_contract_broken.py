"""The contract can fail: each of these stores is wrong in one way, and the contract says so."""

import pytest

pytest_plugins = ["pytester"]

RIGHT = """
import asyncio
from contextlib import asynccontextmanager
from itertools import count
from attrs import frozen
import logging
import pytest
import pytest_asyncio
from tm_async.auth.stores import Stored
from tm_async.errors import TokenStoreError, TokenStoreUnavailable
from tm_async.testing import TokenStoreContract

class Down(dict):
    def __init__(self, fail):
        self.fail = fail

    def get(self, *_):
        self.fail()

    __setitem__ = pop = get

class Right:
    def fail(self):
        raise TokenStoreUnavailable("out of reach")

    def __init__(self):
        self.entries = {}
        self.locks = {}
        self.numbers = count(1)

    def new_version(self, key, data):
        return str(next(self.numbers))

    async def load(self, key, /):
        return self.entries.get(key)

    async def save(self, key, data, /, *, version):
        found = self.entries.get(key)
        if (found.version if found else None) != version:
            return None
        self.entries[key] = Stored(data, self.new_version(key, data))
        return self.entries[key].version

    def lock(self, key, /):
        return self.locks.setdefault(key, asyncio.Lock())

    async def delete(self, key, /):
        self.entries.pop(key, None)

class Check(TokenStoreContract):
    @pytest_asyncio.fixture  # an async one, as a store with connections has
    async def store(self):
        return self.Store()

    @pytest.fixture
    def broken(self):
        store = self.Store()
        store.entries = Down(store.fail)
        return store

class TestRight(Check):
    Store = Right
"""

BROKEN = {
    "LostUpdate: it compares, and writes later": """
    async def save(self, key, data, /, *, version):
        found = await self.load(key)
        if (found.version if found else None) != version:
            return None
        await asyncio.sleep(0)
        self.entries[key] = Stored(data, self.new_version(key, data))
        return self.entries[key].version
""",
    "Overwrites: the version is not looked at": """
    async def save(self, key, data, /, *, version):
        self.entries[key] = Stored(data, self.new_version(key, data))
        return self.entries[key].version
""",
    "CountsAnew: versions begin at 1 again after a deletion": """
    def new_version(self, key, data):
        return str(int(self.entries[key].version) + 1) if key in self.entries else "1"
""",
    "Digest: the version is made from the text": """
    def new_version(self, key, data):
        return str(hash(data))
""",
    "NoLock: it lets everybody in": """
    @asynccontextmanager
    async def lock(self, key, /):
        yield
""",
    "OneLock: for all keys": """
    def lock(self, key, /):
        return super().lock("all")
""",
    "KeepsLock: after an error it stays locked": """
    @asynccontextmanager
    async def lock(self, key, /):
        lock = super().lock(key)
        await lock.acquire()
        yield
        lock.release()
""",
    "Shows: the texts are in its repr": """
    def __repr__(self):
        return " ".join(f"{key}={entry.data}" for key, entry in self.entries.items())
""",
    "Logs: what it saves": """
    async def save(self, key, data, /, *, version):
        logging.getLogger("store").debug("saving %s", data)
        return await super().save(key, data, version=version)
""",
    "Strips: white space at the ends of a text": """
    async def save(self, key, data, /, *, version):
        return await super().save(key, data.strip(), version=version)
""",
    "Folds: keys know no case": """
    async def load(self, key, /):
        return await super().load(key.lower())

    async def save(self, key, data, /, *, version):
        return await super().save(key.lower(), data, version=version)
""",
    "Escapes: errors of the storage come out as they are": """
    def fail(self):
        raise ConnectionError("out of reach")
""",
    "Tells: the text in its errors": """
    async def save(self, key, data, /, *, version):
        try:
            return await super().save(key, data, version=version)
        except TokenStoreError as error:
            raise TokenStoreError(f"can't save {data}") from None
""",
    "Carries: the plain text in the frame of a hidden cause": """
    async def save(self, key, data, /, *, version):
        try:
            return await self.send(key, f" {data}"[1:], version)
        except TokenStoreError as error:
            raise TokenStoreError("out of reach") from None

    async def send(self, key, data, version):
        return await super().save(key, data, version=version)
""",
}

CAUGHT = {
    "LostUpdate": {"test_one_of_many_saves_wins"},
    "Overwrites": {
        "test_an_entry_is_not_overwritten",
        "test_an_old_version_does_not_fit_a_new_entry",
        "test_one_of_many_saves_wins",
        "test_what_is_gone_is_not_updated",
    },
    "CountsAnew": {"test_an_old_version_does_not_fit_a_new_entry", "test_every_save_gives_a_new_version"},
    "Digest": {"test_an_old_version_does_not_fit_a_new_entry", "test_every_save_gives_a_new_version"},
    "NoLock": {"test_the_lock_excludes", "test_the_lock_excludes_across_handles"},
    "OneLock": {"test_other_keys_are_not_locked"},
    "KeepsLock": {
        "test_the_lock_is_free_after_a_cancelled_holder",
        "test_the_lock_is_free_after_a_cancelled_waiter",
        "test_the_lock_is_free_after_an_error",
        "test_the_lock_excludes_across_handles",
    },
    "Shows": {"test_a_text_is_shown_nowhere"},
    "Logs": {"test_a_text_is_shown_nowhere"},
    "Strips": {"test_texts_survive_exactly"},
    "Folds": {"test_keys_are_independent"},
    "Escapes": {"test_what_fails_is_an_error_of_token_stores"},
    "Tells": {"test_what_fails_is_an_error_of_token_stores"},
    "Carries": {"test_what_fails_is_an_error_of_token_stores"},
}


STUCK = {"KeepsLock", "OneLock"}


def test_the_contract_tells_right_from_wrong(pytester: pytest.Pytester) -> None:
    """In pytest-asyncio's strict mode; the tests of our own stores run in mode auto."""
    source = RIGHT
    for title, body in BROKEN.items():
        name = title.split(":")[0]
        limit = "    limit = 0.1\n" if name in STUCK else ""
        source += f"\nclass {name}(Right):\n{body}\nclass Test{name}(Check):\n    Store = {name}\n{limit}"
    pytester.makepyfile(source)
    options = ["asyncio_mode=strict", "asyncio_default_fixture_loop_scope=function"]
    reports = pytester.inline_run(*(f"--override-ini={option}" for option in options), "-p", "no:cacheprovider")
    passed, skipped, failed = reports.listoutcomes()
    found: dict[str, set[str]] = {}
    for report in failed:
        _, name, test = report.nodeid.split("::")
        found.setdefault(name.removeprefix("Test"), set()).add(test.split("[")[0])
    assert found == CAUGHT
    assert not skipped
    assert len({report.nodeid for report in passed if "::TestRight::" in report.nodeid}) == 30
