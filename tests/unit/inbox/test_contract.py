"""Our own inboxes keep the contract."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.unit.inbox.conftest import Clock
from tm_async.testing.inbox import InboxContract
from tm_async.testing.lanes import PassTime
from tm_async.webhooks.inbox.memory import MemoryInbox
from tm_async.webhooks.inbox.protocol import Inbox
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
