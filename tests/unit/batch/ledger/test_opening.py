"""`open_ledger`: from a path or a URL to a ledger, without showing the URL's password."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.unit.auth.stores.conftest import everything_about, with_variables
from tests.unit.batch.ledger.conftest import items
from tm_async.batch.ledger import PostgresLedger, RedisLedger, SqliteLedger, State, open_ledger
from tm_async.batch.ledger.opening import opened
from tm_async.errors import ConfigurationError, LedgerUnavailable

SECRET = "canary-open-Vb3"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("batch.db", "{here}/batch.db"),
        ("/data/a b#c/批.db", "/data/a b#c/批.db"),
        ("~/batch.db", "{home}/batch.db"),
        ("redis.db", "{here}/redis.db"),
    ],
)
def test_paths(text: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ledger = open_ledger(text)
    assert isinstance(ledger, SqliteLedger)
    assert repr(ledger) == f"SqliteLedger({shown.format(here=tmp_path, home=Path.home())!r})"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "name", "kind", "shown"),
    [
        ("redis://h:1/2#batch", None, RedisLedger, "RedisLedger('Redis at h:1/2', name='batch')"),
        (f"rediss://:{SECRET}@h", "批 1", RedisLedger, "RedisLedger('Redis at h:6379/0', name='批 1')"),
        ("REDIS://h#a#b", None, RedisLedger, "RedisLedger('Redis at h:6379/0', name='a#b')"),
        (f"postgresql://u:{SECRET}@h/d#a", None, PostgresLedger, "PostgresLedger('PostgreSQL at h:5432/d', name='a')"),
        ("postgres://h:7/d#a", "a", PostgresLedger, "PostgresLedger('PostgreSQL at h:7/d', name='a')"),
        ("postgresql:///d", "a", PostgresLedger, "PostgresLedger('PostgreSQL at its default host:5432/d', name='a')"),
    ],
)
def test_urls(text: str, name: str | None, kind: type, shown: str) -> None:
    """Nothing is connected to yet."""
    ledger = open_ledger(text, name)
    assert type(ledger) is kind
    assert repr(ledger) == shown


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        ("", None, "needs a file"),
        ("batch.db", "a", "a file holds one ledger, which has no name"),
        (f"mysql://u:{SECRET}@h/d#a", None, r"unusable ledger mysql://\.\.\.; it can be a path"),
        (f"redis://:{SECRET}@h", None, "needs a name: write redis://host/database#name"),
        (f"redis://:{SECRET}@h#", None, "needs a name"),
        (f"postgresql://u:{SECRET}@h/d", None, "needs a name: write postgresql://"),
        (f"redis://:{SECRET}#x@h#a", None, "write a # in the password as %23"),
        (f"redis://:{SECRET}@h#a", "b", "has two names: 'b' and the one at the end of the URL"),
        (f"redis://:{SECRET}@h:port#a", None, "unusable Redis URL"),
        (f"postgresql://u:{SECRET}@h:port:{SECRET}/[#a", None, "unusable PostgreSQL URL"),
        (f"postgresql://u:{SECRET}@h/d?nothing={SECRET}#a", None, "unusable PostgreSQL URL"),
        (f"redis://:{SECRET}@h#{'a' * 501}", None, "at most 500 are possible"),
    ],
)
def test_what_is_refused(text: str, name: str | None, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says) as caught:
        open_ledger(text, name)
    assert SECRET not in everything_about(caught.value) + with_variables(caught.value)


@pytest.mark.parametrize("text", [5, None, b"batch.db", ["batch.db"], f"redis://:{SECRET}@h".encode()])
def test_what_is_no_path(text: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as a variable that is not set: no file is named after it."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError, match="a ledger must be a path; not ") as caught:
        open_ledger(text)
    assert SECRET not in everything_about(caught.value) + with_variables(caught.value)
    assert not list(tmp_path.iterdir())
    with pytest.raises(ConfigurationError, match="the name of a ledger must be text; not "):
        open_ledger("redis://h", text or 5)


async def test_a_host_that_is_no_name() -> None:
    ledger = open_ledger(f"postgresql://u:{SECRET}@a..b/d#n")
    with pytest.raises(LedgerUnavailable, match="PostgreSQL at a..b:5432/d is out of reach or refuses: "):
        await ledger.counts()
    await ledger.aclose()


@pytest.mark.parametrize("ledger", [5, None, b"batch.db"])
async def test_what_is_no_ledger(ledger: Any) -> None:
    with pytest.raises(ConfigurationError, match="a ledger is a path, a URL or an open ledger, not"):
        async with opened(ledger):
            pass


async def test_each_kind_works(tmp_path: Path, redis_url: str, postgres_url: str) -> None:
    for text in (str(tmp_path / "batch.db"), f"{redis_url}#opened", f"{postgres_url}#opened"):
        ledger = open_ledger(text)
        await ledger.add(items("a"))
        (entry,) = await ledger.claim("w", lease=60)
        assert await ledger.record(entry, State.CREATED)
        await ledger.aclose()


def test_importing_loads_no_database() -> None:
    """Not even SQLite."""
    code = "import sys, tm_async.batch.ledger; print({'sqlite3', 'redis', 'psycopg'} & {*sys.modules})"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=Path(__file__).parents[4], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
