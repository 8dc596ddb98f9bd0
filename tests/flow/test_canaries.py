"""Canary secrets wherever a secret can be: none comes out of what can go wrong there, however it is shown."""

import asyncio
import json
import logging
import pickle
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import meeting
from tests.flow.canaries import error_of, leaks
from tm_async import EnterpriseSecret, Grant, MemoryStore, OAuth2, OAuth2App, TencentMeeting
from tm_async.api.jsapi import GetJsapiUser
from tm_async.api.recordings import GetRecordingFile, RecordingSource
from tm_async.auth.stores import EncryptedStore, FileStore, RedisStore
from tm_async.batch.ledger import open_ledger
from tm_async.core.exchange import RawAnswer
from tm_async.core.secret import SecretText, plain
from tm_async.errors import ConfigurationError, ExchangeFailed, TencentMeetingError
from tm_async.quotas import RedisLimiter
from tm_async.transport.fake import FakeTransport
from tm_async.transport.httpx import HttpxTransport
from tm_async.webhooks.inbox import open_inbox

CANARY = "canary-Vw4-" + "0123456789-" * 20
"""Longer than what renderers of tracebacks cut texts to."""
HALF = CANARY + "\udcff"
ENTERPRISE = {"APP_ID": "app", "SECRET_ID": "id", "SECRET_KEY": CANARY}
OAUTH = {
    "OAUTH_CORP_ID": "corp",
    "OAUTH_SDK_ID": "sdk",
    "OAUTH_SECRET": CANARY,
    "OAUTH_REDIRECT_URI": "https://app.example/callback",
}
NO_GRANT = {"format": 1, "open_id": "o", "access_token": CANARY, "refresh_token": f"{CANARY} "}


def env(members: dict[str, str], **changed: str) -> dict[str, str]:
    return {f"TENCENT_MEETING_{name}": value for name, value in {**members, **changed}.items() if value}


APP: dict[str, Any] = {
    "corp_id": "corp",
    "sdk_id": "sdk",
    "redirect_uri": "https://app.example/",
    "store": MemoryStore(),
}


def key(**changed: Any) -> Any:
    return EnterpriseSecret(**{"app_id": "app", "secret_id": "id", "secret_key": CANARY} | changed)


def app(**changed: Any) -> OAuth2App:
    return OAuth2App(**APP | {"secret": CANARY} | changed)


def grant(**changed: Any) -> Grant:
    return Grant(**{"open_id": "o-1", "access_token": CANARY, "refresh_token": CANARY, "expires_at": None} | changed)


MISTAKES: dict[str, Callable[[], object]] = {
    "key: another argument is wrong": lambda: key(app_id="with a space"),
    "key: a converter of another argument fails": lambda: key(nonce=None).explain(None),
    "key: not UTF-8": lambda: EnterpriseSecret(app_id="a", secret_id="i", secret_key=HALF),
    "key: bytes": lambda: EnterpriseSecret(app_id="a", secret_id="i", secret_key=CANARY.encode()),
    "key: a list": lambda: EnterpriseSecret(app_id="a", secret_id="i", secret_key=[CANARY]),
    "key: arguments are missing": lambda: EnterpriseSecret(secret_key=CANARY),  # type: ignore[call-arg]
    "key: an argument too many": lambda: key(key="x"),
    "key: pickled": lambda: pickle.dumps(key()),
    "key: from a variable, another is wrong": lambda: EnterpriseSecret.from_env(env(ENTERPRISE, APP_ID="ü")),
    "key: from a variable, another is missing": lambda: EnterpriseSecret.from_env(env(ENTERPRISE, APP_ID="")),
    "key: from a variable that is not UTF-8": lambda: EnterpriseSecret.from_env(env(ENTERPRISE, SECRET_KEY=HALF)),
    "app: another argument is wrong": lambda: app(corp_id="ü"),
    "app: the redirect URI": lambda: app(redirect_uri="http://app.example/"),
    "app: the redirect URI is not UTF-8": lambda: app(redirect_uri="https://app.example/\udcff"),
    "app: the server": lambda: app(oauth_url="ftp://x"),
    "app: not UTF-8": lambda: OAuth2App(**APP, secret=HALF),
    "app: bytes": lambda: OAuth2App(**APP, secret=CANARY.encode()),
    "app: arguments are missing": lambda: OAuth2App(secret=CANARY),  # type: ignore[call-arg]
    "app: pickled": lambda: pickle.dumps(app()),
    "app: from a variable, another is wrong": lambda: OAuth2App.from_env(env(OAUTH, OAUTH_CORP_ID="ü")),
    "app: from a variable that is not UTF-8": lambda: OAuth2App.from_env(env(OAUTH, OAUTH_SECRET=HALF)),
    "app: from a variable, with a bad token key": lambda: OAuth2App.from_env(env(OAUTH, TOKEN_KEY=CANARY)),
    "user: the app from a variable": lambda: OAuth2.from_env(env(OAUTH, OAUTH_REDIRECT_URI="x")),
    "user: the open id": lambda: OAuth2(app(), open_id="ü"),
    "user: the open id from a variable": lambda: OAuth2.from_env(env(OAUTH, OPEN_ID="ü"), store=MemoryStore()),
    "grant: an argument is missing": lambda: Grant(access_token=CANARY, refresh_token=CANARY),  # type: ignore[call-arg]
    "grant: another argument is wrong": lambda: grant(expires_at=5).to_text(),
    "grant: pickled": lambda: pickle.dumps(grant()),
    "grant: damaged": lambda: Grant.from_text(json.dumps(NO_GRANT), open_id="o"),
    "grant: no JSON": lambda: Grant.from_text(CANARY, open_id="o"),
    "token key": lambda: EncryptedStore(MemoryStore(), CANARY),
    "token key: not ASCII": lambda: EncryptedStore(MemoryStore(), HALF),
    "token key: bytes": lambda: EncryptedStore(MemoryStore(), CANARY.encode()),  # type: ignore[arg-type]
    "token key: from a variable": lambda: EncryptedStore.from_env(
        MemoryStore(), env({"TOKEN_KEY": f"{CANARY},{HALF}"})
    ),
    "Redis URL": lambda: RedisStore.from_url(f"redis://user:{CANARY}@host:port/0"),
    "callback: another state": lambda: app().read_callback(f"?auth_code={CANARY}&state=x", state=CANARY + "y"),
    "callback: bytes": lambda: app().read_callback(f"auth_code={CANARY}&state=x".encode(), state="y"),
    "callback: two codes": lambda: app().read_callback(f"?auth_code={CANARY}&auth_code=b&state=x", state="x"),
    "callback: not UTF-8": lambda: app().read_callback(f"?auth_code={HALF}&state={HALF}", state=CANARY),
    "callback: none": lambda: app().read_callback(None, state=CANARY),  # type: ignore[arg-type]
    "client: another argument is wrong": lambda: TencentMeeting(key(), settle=-1),
    "client: the base URL has a password": lambda: TencentMeeting(key(), base_url=f"https://user:{CANARY}@host/"),
    "client: the base URL can't be read": lambda: TencentMeeting(key(), base_url=f"https://user:{CANARY}@ho\u2100st/"),
    "app: the server's URL has a password": lambda: OAuth2App(
        **APP, secret="x", oauth_url=f"https://user:{CANARY}@host/"
    ),
    "app: the server's URL can't be read": lambda: OAuth2App(
        **APP, secret="x", oauth_url=f"https://user:{CANARY}@ho\u2100st/"
    ),
    "key: by position": lambda: EnterpriseSecret("app", "id", CANARY),  # type: ignore[misc]
    "app: by position": lambda: OAuth2App("corp", "sdk", CANARY, "https://x/"),  # type: ignore[misc]
    "grant: by position": lambda: Grant("o", CANARY, CANARY, None),  # type: ignore[misc]
    "token key: in the store's place": lambda: EncryptedStore(CANARY, MemoryStore()),  # type: ignore[arg-type]
    "proxy: another argument is wrong": lambda: HttpxTransport(proxy=f"http://u:{CANARY}@host:1", connections=0),
    "inbox: keys that are none": lambda: open_inbox(f"redis://:{CANARY}@host/0", store_keys=True),  # type: ignore[arg-type]
    "inbox: bytes": lambda: open_inbox(f"redis://:{CANARY}@host/0".encode()),  # type: ignore[arg-type]
    "ledger: bytes": lambda: open_ledger(f"redis://:{CANARY}@host/0".encode(), "x"),  # type: ignore[arg-type]
    "ledger: a name that is none": lambda: open_ledger(f"redis://:{CANARY}@host/0", 5),  # type: ignore[arg-type]
    "limiter: another argument is wrong": lambda: RedisLimiter.from_url(f"redis://:{CANARY}@host/0", margin=-1),
    "file: another argument is wrong": lambda: RecordingSource(
        record_file_id="f",
        operator_id="o",
        kind="vdieo",  # type: ignore[arg-type]
        sts_token=CANARY,
    ),
    "file: its call": lambda: GetRecordingFile(record_file_id="", operator_id="o", sts_token=CANARY),
    "user of a page: an argument too many": lambda: GetJsapiUser(auth_code=CANARY, x=1),  # type: ignore[call-arg]
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_shows_no_secret(mistake: str) -> None:
    error = error_of(MISTAKES[mistake])
    assert not isinstance(error, UnicodeError | SystemExit)
    assert leaks(error, CANARY) == []


def run(work: Callable[[], Coroutine[Any, Any, object]]) -> BaseException:
    return error_of(lambda: asyncio.run(work()))


# --- what calls are given ------------------------------------------------------------------------------------------

FILE: dict[str, Any] = {"record_file_id": "f", "operator_id": "o", "sts_token": CANARY}
GIVEN: dict[str, Callable[[TencentMeeting], Coroutine[Any, Any, object]]] = {
    "a file": lambda tm: tm.recordings.get_file(**FILE),
    "a file, refused before it is sent": lambda tm: tm.recordings.get_file(**FILE | {"operator_id": 5}),
    "a file, with an argument too many": lambda tm: tm.recordings.get_file(**FILE, x=1),
    "a transcript": lambda tm: tm.recordings.read_transcript(**FILE, meeting_id="7"),
    "a page of it, refused": lambda tm: tm.recordings.get_transcript(**FILE, limit=-1).collect(),
    "a download": lambda tm: tm.recordings.save("f", to="x", operator_id="o", sts_token=CANARY),
    "a download, of nothing": lambda tm: tm.recordings.save(
        "f", to="x", operator_id="o", kind="vdieo", sts_token=CANARY
    ),
    "a page's user": lambda tm: tm.jsapi.get_user(auth_code=CANARY),
    "by its id": lambda tm: tm.call("jsapi.get_user", {"auth_code": CANARY}),
    "by its id, refused": lambda tm: tm.call("jsapi.get_user", auth_code=[CANARY]),
    "a meeting": lambda tm: tm.meetings.create(userid="a", subject="x", password=CANARY),  # type: ignore[call-arg]
}


@pytest.mark.parametrize("call", GIVEN)
def test_a_call_keeps_no_credential_in_its_frames(call: str) -> None:
    async def called() -> object:
        refusal = RawAnswer(400, (), b'{"error_info": {"error_code": 9042, "message": "no"}}')
        tm = TencentMeeting(key(), transport=FakeTransport(*[refusal] * 9), retry=None, quotas=None)
        return await GIVEN[call](tm)

    error = run(called)
    while error.__traceback__ and "/tm_async/" not in error.__traceback__.tb_frame.f_code.co_filename:
        error = error.with_traceback(error.__traceback__.tb_next)  # the test's own frames have it
    assert not leaks(error, CANARY)


# --- what the other side repeats ---------------------------------------------------------------------------------

REPEATED: dict[str, RawAnswer | Exception] = {
    "in an error's message": RawAnswer(
        400, (), json.dumps({"error_info": {"error_code": 190303, "message": f"token {CANARY}\nFORGED"}}).encode()
    ),
    "cut off in a message": RawAnswer(
        400, (), json.dumps({"error_info": {"error_code": 1, "message": f"token {CANARY[:100]}... is old"}}).encode()
    ),
    "in no JSON": RawAnswer(200, (), f"<html>{CANARY}".encode()),
    "where a body is cut": RawAnswer(502, (), b"x" * 1950 + CANARY.encode()),
    "in a trace id": RawAnswer(400, [(b"X-Tc-Trace", f"a\x9b{CANARY}".encode("latin-1"))], b"{}"),
    "percent-encoded": RawAnswer(500, (), f"location=%2F{CANARY}".encode()),
    "where a member is missing": RawAnswer(418, (), json.dumps({"a": CANARY}).encode()),
    "in an error of the connection": ExchangeFailed(f"illegal status line: {CANARY}"),
}


class Down:
    """A transport that fails as another library does, which quotes what came."""

    async def exchange(self, *_: object) -> RawAnswer:
        try:
            raise ValueError(f"illegal header line: {CANARY}")
        except ValueError as error:
            raise ExchangeFailed(f"ValueError: {error}") from error

    async def aclose(self) -> None:
        pass


def answers(how: str) -> Any:
    return FakeTransport(*[REPEATED[how]] * 4) if how in REPEATED else Down()


async def a_call(transport: Any) -> None:
    store = MemoryStore()
    await store.save("sdk/o-1", grant().to_text(), version=None)
    client = TencentMeeting(OAuth2(app(store=store), open_id="o-1"), transport=transport, retry=None, quotas=None)
    await client.send(meeting(userid="o-1"))


async def an_exchange(transport: Any) -> None:
    await app(transport=transport).exchange(plain(CANARY))


async def a_token_check(transport: Any) -> None:
    store = MemoryStore()
    await store.save("sdk/o-1", grant().to_text(), version=None)
    await app(store=store, transport=transport).user_info("o-1")


async def a_withdrawal(transport: Any) -> None:
    store = MemoryStore()
    await store.save("sdk/o-1", grant().to_text(), version=None)
    await app(store=store, transport=transport).withdraw("o-1")


async def a_renewal(transport: Any) -> None:
    store = MemoryStore()
    await store.save("sdk/o-1", grant().to_text(), version=None)
    await app(store=store, transport=transport).refresh("o-1")


CALLS = [a_call, an_exchange, a_token_check, a_withdrawal, a_renewal]


@pytest.mark.parametrize("how", [*REPEATED, "in an error of another library"])
@pytest.mark.parametrize(
    "call", [a_call, an_exchange, a_token_check, a_withdrawal, a_renewal], ids=lambda f: f.__name__
)
def test_what_the_other_side_repeats_is_taken_out(
    how: str, call: Callable[[Any], Coroutine[Any, Any, None]], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        error = run(lambda: call(answers(how)))
    assert isinstance(error, TencentMeetingError)
    assert leaks(error, CANARY, renderers=False) == []
    logged = "".join(f"{record.getMessage()}{record.__dict__}" for record in caplog.records)
    assert CANARY[:16] not in logged
    assert "\nFORGED" not in logged
    assert "\x9b" not in logged


def test_a_trace_id_of_a_success_is_no_way_out(caplog: pytest.LogCaptureFixture) -> None:
    answer = RawAnswer(200, [(b"X-Tc-Trace", CANARY.encode())], b'{"meeting_info_list":[{"meeting_id":"1"}]}')
    with caplog.at_level(logging.DEBUG):
        asyncio.run(a_call(FakeTransport(answer)))
    assert CANARY[:16] not in "".join(f"{record.getMessage()}{record.__dict__}" for record in caplog.records)


# --- stores ------------------------------------------------------------------------------------------------------


def test_a_store_that_fails_shows_no_grant(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = FileStore(tmp_path / "file")
    cipher = EncryptedStore(store, EncryptedStore.new_key())
    for one in (store, cipher):
        error = run(lambda one=one: one.save("sdk/o-1", plain(CANARY), version=None))
        assert isinstance(error, TencentMeetingError)
        assert leaks(error, CANARY) == []


# --- reprs -------------------------------------------------------------------------------------------------------


def test_no_repr_shows_a_secret() -> None:
    store, one = MemoryStore(), app()
    asyncio.run(store.save("sdk/o-1", CANARY, version=None))
    client = TencentMeeting(key(), quotas=None)
    things = [
        key(),
        one,
        OAuth2(one, open_id="o"),
        grant(),
        store,
        client,
        vars(client),
        FileStore("x"),
        one.keeper,
    ]
    things += [vars(one.keeper), grant().to_text(), SecretText(CANARY)[:80], EncryptedStore.from_env(store, a_key())]
    for thing in things:
        assert CANARY[:16] not in repr(thing)


def a_key() -> dict[str, str]:
    return env({"TOKEN_KEY": EncryptedStore.new_key()})


@pytest.mark.parametrize(
    "cls", [EnterpriseSecret, OAuth2App, OAuth2, Grant, FileStore, EncryptedStore, RedisStore, TencentMeeting]
)
def test_half_an_object_has_a_repr(cls: type[Any]) -> None:
    assert cls.__name__ in repr(cls.__new__(cls))


def test_the_harness_finds_what_is_shown() -> None:
    def show(secret: str) -> None:
        raise ConfigurationError(f"no: {secret}")

    def carry(secret: str) -> None:
        raise ConfigurationError("no")

    assert len(leaks(error_of(lambda: show(CANARY)), CANARY)) == 7
    assert len(leaks(error_of(lambda: carry(CANARY)), CANARY)) == 3
