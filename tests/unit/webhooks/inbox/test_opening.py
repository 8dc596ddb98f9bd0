"""`open_inbox`: from a path or a URL to an inbox, without showing the URL's password or a key."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.unit.auth.stores.conftest import everything_about, with_variables
from tm_async.auth.stores.encrypted import EncryptedStore
from tm_async.errors import ConfigurationError
from tm_async.testing.lanes import claim, delivery
from tm_async.webhooks.inbox import MemoryInbox, PostgresInbox, RedisInbox, SqliteInbox, State, open_inbox

SECRET = "canary-open-Vb3"


def test_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is created yet."""
    monkeypatch.chdir(tmp_path)
    assert repr(open_inbox("events.db")) == f"SqliteInbox({str(tmp_path / 'events.db')!r})"
    assert repr(open_inbox(Path("~/收.db"))) == f"SqliteInbox({str(Path.home() / '收.db')!r})"
    assert isinstance(open_inbox("memory:"), MemoryInbox)
    inbox = SqliteInbox("events.db")
    assert open_inbox(inbox) is inbox
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("place", [5, None, b"events.db", MemoryInbox])
def test_what_is_no_inbox(place: Any) -> None:
    with pytest.raises(ConfigurationError, match="an inbox must be a path, a URL, or an object with the methods of"):
        open_inbox(place)
    with pytest.raises(ConfigurationError, match="keys must be Fernet keys; not "):
        open_inbox("events.db", store_keys=5)  # type: ignore[arg-type]
    for options in ({"name": 5}, {"prefix": b"x"}):
        with pytest.raises(ConfigurationError, match="must be text; not "):
            RedisInbox(None, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("redis://h:1/2#events", RedisInbox, "RedisInbox('Redis at h:1/2', name='events')"),
        (f"rediss://:{SECRET}@h", RedisInbox, "RedisInbox('Redis at h:6379/0', name='webhooks')"),
        (f"postgresql://u:{SECRET}@h/d", PostgresInbox, "PostgresInbox('PostgreSQL at h:5432/d', name='webhooks')"),
        ("postgres://h:7/d#a", PostgresInbox, "PostgresInbox('PostgreSQL at h:7/d', name='a')"),
    ],
)
def test_urls(text: str, kind: type, shown: str) -> None:
    """Nothing is connected to yet."""
    inbox = open_inbox(text)
    assert type(inbox) is kind
    assert repr(inbox) == shown


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "needs a file"),
        (f"mysql://u:{SECRET}@h/d#a", r"unusable inbox mysql://\.\.\.; it can be a path"),
        (f"redis://:{SECRET}#x@h#a", "write a # in the password as %23"),
        (f"redis://:{SECRET}@h:port#a", "unusable Redis URL"),
        (f"postgresql://u:{SECRET}@h:port:{SECRET}/[#a", "unusable PostgreSQL URL"),
        (f"redis://:{SECRET}@h#{'a' * 501}", "at most 500 are possible"),
    ],
)
def test_what_is_refused(text: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says) as caught:
        open_inbox(text)
    assert SECRET not in everything_about(caught.value) + with_variables(caught.value)


def test_keys_that_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENCENT_MEETING_WEBHOOK_STORE_KEY", SECRET)
    for text in ("events.db", "redis://h", "postgresql://h/d"):
        with pytest.raises(ConfigurationError, match=r"key 1 of 1 is no Fernet key .* makes one") as caught:
            open_inbox(text)
        assert SECRET not in everything_about(caught.value) + with_variables(caught.value)


async def test_each_kind_works_and_encrypts(
    tmp_path: Path, redis_url: str, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the key of the environment; nobody reads a body without one that fits, and an old one still does."""
    old, new = EncryptedStore.new_key(), EncryptedStore.new_key()
    body = delivery("a").body
    for text in (str(tmp_path / "events.db"), f"{redis_url}#opened", f"{postgres_url}#opened"):
        monkeypatch.setenv("TENCENT_MEETING_WEBHOOK_STORE_KEY", old)
        inbox = open_inbox(text)
        await inbox.accept(delivery("a"))
        await inbox.aclose()
        for keys, expected in (([], None), ([new], None), ([new, old], body)):
            inbox = open_inbox(text, store_keys=keys)
            assert [task.body async for task in inbox.tasks()] == [expected]
            await inbox.aclose()
        inbox = open_inbox(text)
        (task,) = await claim(inbox)
        assert task.body == body
        assert await inbox.record(task, State.DONE)
        await inbox.aclose()


def test_one_text_is_one_key(tmp_path: Path) -> None:
    key = EncryptedStore.new_key()
    for place in (str(tmp_path / "events.db"), "redis://h"):
        open_inbox(place, store_keys=key)
        with pytest.raises(ConfigurationError, match="key 1 of 1 is no Fernet key"):
            open_inbox(place, store_keys=key[1:])


def test_importing_loads_no_database() -> None:
    """Not even SQLite."""
    code = (
        "import sys, tm_async.webhooks.inbox; print({'sqlite3', 'redis', 'psycopg', 'cryptography'} & {*sys.modules})"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=Path(__file__).parents[4], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
