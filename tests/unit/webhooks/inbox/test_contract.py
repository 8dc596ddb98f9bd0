"""Our own inboxes keep the contract."""

from typing import Any

import pytest

from tests.unit.storages import InMemory, OnPostgres, OnRedis, OnSqlite
from tests.unit.webhooks.conftest import postgres_times_move_back, redis_times_move_back
from tm_async.testing.inbox import InboxContract
from tm_async.webhooks.inbox import (
    MemoryInbox,
    PostgresInbox,
    RedisInbox,
    SqliteInbox,
    postgrestables,
    redis,
    sqlitetables,
)


class Ours(InboxContract):
    @pytest.fixture(autouse=True)
    def small_pieces(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where the pieces would hide what is between them."""
        if request.node.originalname == "test_what_waits_keeps_nothing_behind_it":
            for module in (redis, sqlitetables):
                monkeypatch.setattr(module, "_TIDIED_TOGETHER", 1)
            for query in ("FORGET", "SPEND"):
                monkeypatch.setattr(
                    postgrestables, query, getattr(postgrestables, query).replace("LIMIT 500", "LIMIT 1")
                )

    @pytest.fixture
    def inbox(self, opened: Any) -> Any:
        return opened


class TestMemoryInbox(InMemory, Ours):
    kind = MemoryInbox


class TestSqliteInbox(OnSqlite, Ours):
    kind = SqliteInbox


class TestRedisInbox(OnRedis, Ours):
    kind, moved_back = RedisInbox, redis_times_move_back


class TestPostgresInbox(OnPostgres, Ours):
    kind, moved_back = PostgresInbox, postgres_times_move_back
