"""Our own stores keep the contract."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio

from tm_async.auth.stores import EncryptedStore, FileStore, MemoryStore, RedisStore, TokenStore
from tm_async.testing import TokenStoreContract

KEY, NEWER_KEY = EncryptedStore.new_key(), EncryptedStore.new_key()


class TestMemoryStore(TokenStoreContract):
    @pytest.fixture
    def store(self) -> TokenStore:
        return MemoryStore()


class TestFileStore(TokenStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> TokenStore:
        return FileStore(tmp_path / "tokens")

    @pytest.fixture
    def other(self, tmp_path: Path) -> TokenStore:
        return FileStore(tmp_path / "tokens")

    @pytest.fixture
    def broken(self, tmp_path: Path) -> TokenStore:
        (tmp_path / "file").write_text("")
        return FileStore(tmp_path / "file" / "tokens")


class TestRedisStore(TokenStoreContract):
    @pytest.fixture
    def prefix(self) -> str:
        return f"{uuid4()}:"

    @pytest_asyncio.fixture
    async def store(self, redis_url: str, prefix: str) -> AsyncIterator[TokenStore]:
        store = RedisStore.from_url(redis_url, prefix=prefix)
        yield store
        await store.aclose()

    @pytest_asyncio.fixture
    async def other(self, redis_url: str, prefix: str) -> AsyncIterator[TokenStore]:
        store = RedisStore.from_url(f"{redis_url}?decode_responses=True", prefix=prefix)
        yield store
        await store.aclose()

    @pytest_asyncio.fixture
    async def broken(self) -> AsyncIterator[TokenStore]:
        store = RedisStore.from_url("redis://127.0.0.1:1", timeout=2)
        yield store
        await store.aclose()


class TestEncryptedMemoryStore(TokenStoreContract):
    @pytest.fixture
    def store(self) -> TokenStore:
        return EncryptedStore(MemoryStore(), KEY)


class TestEncryptedFileStore(TokenStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> TokenStore:
        return EncryptedStore(FileStore(tmp_path), KEY, NEWER_KEY)

    @pytest.fixture
    def other(self, tmp_path: Path) -> TokenStore:
        return EncryptedStore(FileStore(tmp_path), NEWER_KEY, KEY)

    @pytest.fixture
    def broken(self, tmp_path: Path) -> TokenStore:
        (tmp_path / "file").write_text("")
        return EncryptedStore(FileStore(tmp_path / "file"), KEY)
