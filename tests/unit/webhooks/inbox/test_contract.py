"""Our own inboxes keep the contract."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio

from tests.unit.webhooks.conftest import Clock, postgres_times_move_back, redis_times_move_back
from tm_async.testing.inbox import InboxContract
from tm_async.testing.lanes import PassTime
from tm_async.webhooks.inbox.memory import MemoryInbox
from tm_async.webhooks.inbox.postgres import PostgresInbox
from tm_async.webhooks.inbox.protocol import Inbox
from tm_async.webhooks.inbox.redis import RedisInbox
from tm_async.webhooks.inbox.sqlite import SqliteInbox


class TestMemoryInbox(InboxContract):
    @pytest.fixture
    def inbox(self, clock: Clock) -> Inbox:
        return MemoryInbox(clock=clock)

    @pytest.fixture
    def pass_time(self, clock: Clock) -> PassTime:
        return clock.pass_time


class TestSqliteInbox(InboxContract):
    @pytest_asyncio.fixture
    async def inbox(self, tmp_path: Path, clock: Clock) -> AsyncIterator[Inbox]:
        async with SqliteInbox(tmp_path / "events.db", clock=clock) as inbox:
            yield inbox

    @pytest_asyncio.fixture
    async def other(self, tmp_path: Path, clock: Clock) -> AsyncIterator[Inbox]:
        async with SqliteInbox(tmp_path / "events.db", clock=clock) as inbox:
            yield inbox

    @pytest.fixture
    def pass_time(self, clock: Clock) -> PassTime:
        return clock.pass_time

    @pytest_asyncio.fixture
    async def broken(self, tmp_path: Path) -> AsyncIterator[Inbox]:
        async with SqliteInbox(tmp_path) as inbox:
            yield inbox


class TestPostgresInbox(InboxContract):
    @pytest.fixture
    def name(self) -> str:
        return f"{uuid4()} 箱"

    @pytest_asyncio.fixture
    async def inbox(self, postgres_url: str, name: str) -> AsyncIterator[Inbox]:
        async with PostgresInbox(postgres_url, name=name) as inbox:
            yield inbox

    @pytest_asyncio.fixture
    async def other(self, postgres_url: str, name: str) -> AsyncIterator[Inbox]:
        async with PostgresInbox(postgres_url, name=name) as inbox:
            yield inbox

    @pytest.fixture
    def pass_time(self, inbox: PostgresInbox) -> PassTime:
        return lambda seconds: postgres_times_move_back(inbox, seconds)

    @pytest_asyncio.fixture
    async def broken(self) -> AsyncIterator[Inbox]:
        async with PostgresInbox("postgresql://127.0.0.1:1/x", name="broken", timeout=2) as inbox:
            yield inbox


class TestRedisInbox(InboxContract):
    @pytest.fixture
    def name(self) -> str:
        return f"{uuid4()} {{1}}"

    @pytest_asyncio.fixture
    async def inbox(self, redis_url: str, name: str) -> AsyncIterator[Inbox]:
        async with RedisInbox.from_url(redis_url, name=name) as inbox:
            yield inbox

    @pytest_asyncio.fixture
    async def other(self, redis_url: str, name: str) -> AsyncIterator[Inbox]:
        async with RedisInbox.from_url(f"{redis_url}?decode_responses=True", name=name) as inbox:
            yield inbox

    @pytest.fixture
    def pass_time(self, inbox: RedisInbox) -> PassTime:
        return lambda seconds: redis_times_move_back(inbox, seconds)

    @pytest_asyncio.fixture
    async def broken(self) -> AsyncIterator[Inbox]:
        async with RedisInbox.from_url("redis://127.0.0.1:1", name="broken", timeout=2) as inbox:
            yield inbox
