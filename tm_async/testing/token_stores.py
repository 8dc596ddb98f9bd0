"""What every token store has to do, as tests: subclass `TokenStoreContract` and run pytest (needs pytest-asyncio).

```python
import pytest
from tm_async.testing import TokenStoreContract

class TestMyStore(TokenStoreContract):
    @pytest.fixture
    def store(self, tmp_path):
        return MyStore(tmp_path / "tokens.db")

    @pytest.fixture
    def other(self, store, tmp_path):        # optional: a second handle on the same storage
        return MyStore(tmp_path / "tokens.db")

    @pytest.fixture
    def broken(self):                        # optional: a handle on storage that can't be used
        return MyStore("/nowhere/tokens.db")
```

Nothing here sleeps; who has to wait is given the time of a few operations on the store.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import pytest

from tm_async.auth.stores.protocol import TokenStore
from tm_async.core.secret import SecretText
from tm_async.errors import TokenStoreError
from tm_async.testing.clauses import Clauses, with_variables

__all__ = ["TokenStoreContract"]

_TEXTS = {
    "empty": "",
    "Chinese and emoji": "令牌 🔑 会议",
    "quotes": "\"'`\\ \\n %s {0} </script>",
    "line ends": "\n\r\n\ttab\x00\u2028end ",
    "long": "长" * 30_000 + "x" * 30_000,
}
_TOKEN = "canary-Tk9-refresh-token"  # noqa: S105


@pytest.mark.asyncio
class TokenStoreContract(Clauses):
    """Tests of a `TokenStore`. Give a fixture `store`, empty for each test; the modes strict and auto both work.

    Give a fixture `other`, too, if processes can share the storage: a second handle on the one of `store`. And a
    fixture `broken`, if the storage can fail: a handle that can neither load nor save, as with a server that is gone.
    """

    @pytest.fixture
    def other(self, store: TokenStore) -> TokenStore:
        """A second handle on the same storage; the store itself unless you override it."""
        return store

    async def test_what_was_never_saved_is_not_there(self, store: TokenStore) -> None:
        """`load` gives `None`."""
        assert await store.load("nobody") is None

    async def test_what_is_saved_can_be_loaded(self, store: TokenStore, other: TokenStore) -> None:
        """Through both handles, with the version that `save` returned."""
        version = await store.save("user", "one", version=None)
        assert version
        for handle in (store, other):
            found = await handle.load("user")
            assert found is not None
            assert (found.data, found.version) == ("one", version)

    async def test_every_save_gives_a_new_version(self, store: TokenStore) -> None:
        """Also for the same text, and after a deletion: an old version must never match again."""
        versions: list[str | None] = [None]
        for _ in range(3):
            for text in ("same", "same", "other"):
                versions.append(await store.save("user", text, version=versions[-1]))
            await store.delete("user")
            versions.append(None)
        given = [version for version in versions if version is not None]
        assert len(given) == len(set(given)) == 9

    @pytest.mark.parametrize("case", ["a wrong version", "an old version", "no version"])
    async def test_an_entry_is_not_overwritten(self, case: str, store: TokenStore, other: TokenStore) -> None:
        """By who has not seen it: `save` returns `None` and changes nothing."""
        old = await store.save("user", "first", version=None)
        version = await other.save("user", "second", version=old)
        stale = {"a wrong version": "wrong", "an old version": old, "no version": None}[case]
        assert await store.save("user", "lost", version=stale) is None
        found = await store.load("user")
        assert found is not None
        assert (found.data, found.version) == ("second", version)

    async def test_what_is_gone_is_not_updated(self, store: TokenStore, other: TokenStore) -> None:
        """Someone logged out meanwhile: a save with a version must not bring the entry back."""
        assert await store.save("user", "new", version="never there") is None
        version = await store.save("user", "first", version=None)
        await other.delete("user")
        assert await store.save("user", "second", version=version) is None
        assert await store.load("user") is None

    async def test_an_old_version_does_not_fit_a_new_entry(self, store: TokenStore, other: TokenStore) -> None:
        """After a deletion and another login, even with the same text."""
        old = await store.save("user", "same", version=None)
        await store.delete("user")
        new = await other.save("user", "same", version=None)
        assert await store.save("user", "late", version=old) is None
        found = await store.load("user")
        assert found is not None
        assert (found.data, found.version) == ("same", new)

    async def test_keys_are_independent(self, store: TokenStore) -> None:
        """Whatever characters they have: none is taken for a path, a pattern or another key."""
        keys = ["a", "A", "a:b", "a/b", "../a", "a%2Fb", "a b", "a*", "%61", "lock:a", "a.lock", "x" * 150]
        for key in keys:
            assert await store.save(key, f"of {key}", version=None)
        await store.delete("a")
        found = [await store.load(key) for key in keys]
        assert [entry and entry.data for entry in found] == [None, *(f"of {key}" for key in keys[1:])]

    @pytest.mark.parametrize("text", list(_TEXTS.values()), ids=list(_TEXTS))
    async def test_texts_survive_exactly(self, text: str, store: TokenStore, other: TokenStore) -> None:
        """Character for character."""
        assert await store.save("user", text, version=None)
        found = await other.load("user")
        assert found is not None
        assert found.data == text

    async def test_deleting_twice_is_fine(self, store: TokenStore, other: TokenStore) -> None:
        """And what is deleted is gone."""
        await store.save("user", "text", version=None)
        await store.delete("user")
        await other.delete("user")
        await store.delete("nobody")
        assert await store.load("user") is None

    @pytest.mark.parametrize("there", [False, True], ids=["new", "there"])
    async def test_one_of_many_saves_wins(self, there: bool, store: TokenStore, other: TokenStore) -> None:
        """Fifty at once from the same version, without the lock."""
        version = await store.save("user", "old", version=None) if there else None
        handles = [store, other] * 25
        saves = [handle.save("user", f"text {n}", version=version) for n, handle in enumerate(handles)]
        results = await asyncio.gather(*saves)
        ((winner, new),) = [(n, result) for n, result in enumerate(results) if result is not None]
        found = await store.load("user")
        assert found is not None
        assert (found.data, found.version) == (f"text {winner}", new)

    async def test_the_lock_excludes(self, store: TokenStore) -> None:
        """Within one handle."""
        async with asyncio.timeout(self.limit):
            await _excludes(store, store)

    async def test_the_lock_excludes_across_handles(self, store: TokenStore, other: TokenStore) -> None:
        """As it does across processes."""
        async with asyncio.timeout(self.limit):
            await _excludes(store, other)
            await _excludes(other, store)

    async def test_under_the_lock_no_update_is_lost(self, store: TokenStore, other: TokenStore) -> None:
        """Eight at once count up: read, write, and every write fits."""
        await store.save("user", "0", version=None)

        async def count_up(handle: TokenStore) -> None:
            async with handle.lock("user"):
                found = await handle.load("user")
                assert found is not None
                assert await handle.save("user", str(int(found.data) + 1), version=found.version)

        async with asyncio.timeout(self.limit):
            await asyncio.gather(*(count_up(handle) for handle in [store, other] * 4))
        found = await store.load("user")
        assert found is not None
        assert found.data == "8"

    async def test_other_keys_are_not_locked(self, store: TokenStore, other: TokenStore) -> None:
        """One user's renewal does not hold up another's, nor any reading or writing."""
        async with asyncio.timeout(self.limit), store.lock("user"), store.lock("A"), other.lock("B"):
            assert await other.save("user", "text", version=None)
            assert await other.load("user") is not None

    async def test_the_lock_is_free_after_an_error(self, store: TokenStore, other: TokenStore) -> None:
        """Of its holder, which comes out as it was."""
        async with asyncio.timeout(self.limit):
            with pytest.raises(LookupError, match="inside"):
                async with store.lock("user"):
                    raise LookupError("inside")
            await _is_free(store, other)

    async def test_the_lock_is_free_after_a_cancelled_holder(self, store: TokenStore, other: TokenStore) -> None:
        """A web request that was given up, for example."""
        async with asyncio.timeout(self.limit):
            async with _asking(store) as inside:
                await inside.wait()
            await _is_free(store, other)

    @pytest.mark.parametrize("turns", range(4))
    async def test_the_lock_is_free_after_a_cancelled_waiter(
        self, turns: int, store: TokenStore, other: TokenStore
    ) -> None:
        """It never got it, or got it at the very moment, some turns of the loop later: it keeps nothing."""
        async with asyncio.timeout(self.limit):
            async with AsyncExitStack() as waiter:
                async with store.lock("user"):
                    await waiter.enter_async_context(_asking(other))
                    await _pass_time(store, other)
                for _ in range(turns):
                    await asyncio.sleep(0)
            await _is_free(store, other)

    async def test_a_text_is_shown_nowhere(
        self, store: TokenStore, other: TokenStore, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Neither by `repr` nor in a log of any level."""
        with caplog.at_level(logging.DEBUG):
            version = await store.save("user", _TOKEN, version=None)
            async with other.lock("user"):
                found = await other.load("user")
                await store.save("user", _TOKEN, version="wrong")
                await other.save("user", _TOKEN, version=version)
            shown = [repr(found), str(found), repr(store), str(store), repr(other)]
            await store.delete("user")
        logged = [f"{record.getMessage()}{record.__dict__}" for record in caplog.records]
        assert not [text for text in shown + logged if _TOKEN in text]

    async def test_many_callers_at_once(self, store: TokenStore, other: TokenStore) -> None:
        """Whatever a driver or a database has room for at a time: the others wait for their turn."""
        users = [f"user {number}" for number in range(300)]
        async with asyncio.timeout(20):
            versions = await asyncio.gather(*(store.save(user, "token", version=None) for user in users))
            found = await asyncio.gather(*(other.load(user) for user in users))
        assert all(versions)
        assert [one.version if one else None for one in found] == list(versions)

    async def test_what_fails_is_an_error_of_token_stores(self, broken: TokenStore) -> None:
        """`TokenStoreError`, not a driver's own. No text is in it, nor in what it came from or their variables."""
        async with asyncio.timeout(self.limit):
            with pytest.raises(TokenStoreError):
                await broken.load("user")
            with pytest.raises(TokenStoreError) as caught:
                await broken.save("user", SecretText(_TOKEN), version=None)
            with suppress(TokenStoreError):
                await broken.delete("user")
            with suppress(TokenStoreError):
                async with broken.lock("user"):
                    pass
        assert _TOKEN not in with_variables(caught.value)


async def _hold(store: TokenStore, inside: asyncio.Event) -> None:
    async with store.lock("user"):
        inside.set()
        await asyncio.Event().wait()


@asynccontextmanager
async def _asking(store: TokenStore) -> AsyncGenerator[asyncio.Event, None]:
    """Somebody who asks for the lock and is cancelled at the end; the event tells that they have it."""
    inside = asyncio.Event()
    task = asyncio.create_task(_hold(store, inside))
    try:
        yield inside
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _excludes(first: TokenStore, second: TokenStore) -> None:
    async with AsyncExitStack() as waiter:
        async with first.lock("user"):
            inside = await waiter.enter_async_context(_asking(second))
            await _pass_time(first, second)
            assert not inside.is_set(), "two hold the lock at a time"
        await inside.wait()


async def _pass_time(*stores: TokenStore) -> None:
    """As long as some operations take: enough for whoever could get the lock to get it."""
    for _ in range(10):
        for store in stores:
            await store.load("elsewhere")
            await asyncio.sleep(0)


async def _is_free(*stores: TokenStore) -> None:
    for store in stores:
        async with store.lock("user"):
            pass
