"""`tm-async recordings download` of minutes, by an app that needs STS tokens."""

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Done
from tests.cli.test_recordings import add, names, rows
from tm_async.api.recordings import StsTokens
from tm_async.auth.stores import EncryptedStore, FileStore, TokenStore
from tm_async.emulator import Emulator
from tm_async.webhooks import WebhookKey, WebhookKeys, Webhooks

Run = Callable[..., Done]
TOKEN = "the-token-of-an-app"
GET = ("recordings", "download", "--user", "tester", "--kind", "minutes", "--name", "{subject}", "--to")
VARIABLE = "TENCENT_MEETING_STS_TOKEN"


@pytest.fixture(autouse=True)
def _new_app(emulator: Emulator) -> Iterator[None]:
    emulator.recordings.need_sts_token()
    emulator.state.recordings.tokens[TOKEN] = 1e12
    yield
    emulator.recordings.need_sts_token(False)


def requests(emulator: Emulator) -> int:
    return [entry.operation for entry in emulator.journal].count("apps.request_sts_token")


@pytest.mark.parametrize(
    ("language", "how"), [("en", f"set {VARIABLE}, or give --sts-store"), ("zh", f"请设置 {VARIABLE}")]
)
def test_without_one_the_error_says_how_to_get_it(
    run: Run, emulator: Emulator, tmp_path: Path, language: str, how: str
) -> None:
    add(emulator)
    done = run("--lang", language, *GET, tmp_path)
    assert (done.code, [one["status"] for one in rows(done)]) == (1, ["failed"])
    assert how in done.err
    assert "StsTokens" not in done.err + done.out


def test_the_one_of_the_environment(
    run: Run, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(emulator)
    monkeypatch.setenv(VARIABLE, f" {TOKEN}\n")
    done = run(*GET, tmp_path)
    assert (done.code, names(tmp_path)) == (0, ["Weekly.minutes.txt"])
    assert TOKEN not in done.out + done.err
    assert requests(emulator) == 0


def test_one_that_has_ended_is_not_shown(
    run: Run, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(emulator)
    monkeypatch.setenv(VARIABLE, "a-token-that-ended")
    done = run(*GET, tmp_path)
    assert (done.code, [one["status"] for one in rows(done)]) == (1, ["failed"])
    assert "a-token-that-ended" not in done.out + done.err
    assert names(tmp_path) == []


@pytest.mark.parametrize("wrong", ["two\nlines", "é"])
def test_one_that_no_header_takes(
    run: Run, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.setenv(VARIABLE, wrong)
    done = run(*GET, tmp_path)
    assert (done.code, emulator.journal) == (2, [])
    assert f"{VARIABLE} must be printable ASCII" in done.err
    assert wrong not in done.err


def keep(store: TokenStore, token: str) -> None:
    asyncio.run(_keep(store, token))


async def _keep(store: TokenStore, token: str) -> None:
    data = json.dumps({"format": 1, "token": token, "ends": 4e9})
    assert await store.save("sts-token", data, version=None)


@pytest.mark.parametrize("encrypted", [False, True])
def test_the_one_that_an_application_keeps(
    run: Run, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encrypted: bool
) -> None:
    add(emulator)
    store: TokenStore = FileStore(tmp_path / "kept")
    if encrypted:
        key = EncryptedStore.new_key()
        monkeypatch.setenv("TENCENT_MEETING_TOKEN_KEY", key)
        store = EncryptedStore(store, key)
    keep(store, TOKEN)
    monkeypatch.setenv(VARIABLE, "another")
    done = run(*GET, tmp_path / "to", "--sts-store", tmp_path / "kept")
    assert (done.code, names(tmp_path / "to")) == (0, ["Weekly.minutes.txt"])
    assert requests(emulator) == 0


class _Nobody:
    """The client of an application that asks for nothing."""

    def use_sts_tokens(self, source: Any) -> None: ...

    async def send(self, operation: Any, /) -> Any: ...


def test_one_that_the_application_puts_there(
    run: Run, emulator: Emulator, beside_emulator: Callable[[Any], Any], tmp_path: Path
) -> None:
    """Once for all files."""
    for number in range(6):
        add(emulator, f"n{number}")
    hooks = Webhooks(WebhookKeys(WebhookKey(emulator.webhooks.token, emulator.webhooks.aes_key)), inline=True)
    StsTokens(_Nobody(), hooks, operator_id="admin", store=FileStore(tmp_path / "kept"))
    beside_emulator(emulator.webhooks.subscribe(hooks.asgi()))
    done = run(*GET, tmp_path / "to", "--sts-store", tmp_path / "kept")
    assert (done.code, len(names(tmp_path / "to"))) == (0, 6)
    assert requests(emulator) == 1
    assert run(*GET, tmp_path / "anew", "--sts-store", tmp_path / "kept").code == 0
    assert requests(emulator) == 1, "it is kept"


def test_none_comes(run: Run, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That is known after one wait, and what needs no token is fetched all the same."""
    monkeypatch.setattr("tm_async.cli.recordings.sts.WITHIN", 0.0)
    for number in range(6):
        add(emulator, f"n{number}")
    done = run(*GET, tmp_path / "to", "--sts-store", tmp_path / "kept", "--kind", "minutes,video")
    assert (done.code, len(names(tmp_path / "to"))) == (1, 6)
    assert "6 failed" in done.err
    assert "no event common.sts-token came" in done.err
    assert requests(emulator) == 1


def test_a_store_is_for_the_enterprise(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    done = run("recordings", "download", "--oauth", "--to", tmp_path / "to", "--sts-store", tmp_path)
    assert (done.code, emulator.journal) == (2, [])
    assert "--sts-store is for the app of an enterprise" in done.err
