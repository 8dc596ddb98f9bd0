"""STS tokens: asked for once, kept, renewed before their end. The events are handed over by the tests."""

import asyncio
import pickle
import traceback
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from attrs import evolve

from tests.unit.quotas.virtual import now, run
from tm_async import EnterpriseSecret, TencentMeeting
from tm_async.api.polling import Polling
from tm_async.api.recordings import GetTranscript, RequestStsToken, StsTokens
from tm_async.auth.stores.memory import MemoryStore
from tm_async.core.exchange import RawAnswer
from tm_async.core.jsonbytes import dump
from tm_async.core.secret import SecretText
from tm_async.errors import AuthenticationError, DeadlineExceeded, NotReady, TokenStoreError, ValidationError
from tm_async.transport.fake import FakeTransport
from tm_async.webhooks import StsTokenIssued

ASKED = GetTranscript(operator_id="tester", record_file_id="7")
AUTH = EnterpriseSecret(app_id="1", sdk_id="2", secret_id="i", secret_key="k")


class App:
    """One process of an app: a client that asks for tokens, and the handlers of its events."""

    def __init__(self, store: MemoryStore, now: list[float], *, delivers: bool = True, **options: Any) -> None:
        self.requests = 0
        self._now, self._delivers = now, delivers
        self.source: Callable[[], Awaitable[str]] | None = None
        self.others: list[App] = [self]
        self.tokens = StsTokens(
            self, self, operator_id="admin", store=store, polling=Polling(first=0.0), clock=lambda: now[0], **options
        )

    def add(self, function: Any, /, *what: str) -> None:
        assert what == ("common.sts-token",)
        self.heard = function

    def use_sts_tokens(self, source: Any) -> None:
        self.source = source

    async def send(self, operation: Any, /) -> Any:
        assert isinstance(operation, RequestStsToken)
        await asyncio.sleep(0)
        self.requests += 1
        req_id = f"{id(self)}-{self.requests}"
        if self._delivers:  # to whichever process the platform reaches
            await self.others[-1].heard(issued(req_id, f"token {req_id}", self._now[0] + 86400))
        return type("Answer", (), {"req_id": req_id})


def issued(req_id: str, token: str, ends: float) -> StsTokenIssued:
    info = {"req_id": req_id, "sts_token": token, "expire_ts": int(ends)}
    return StsTokenIssued.sample(token_info=info)


async def test_many_tasks_of_many_processes_ask_once() -> None:
    store, now = MemoryStore(), [1_800_000_000.0]
    apps = [App(store, now) for _ in range(4)]
    for app in apps:
        app.others = apps
    found = await asyncio.gather(*(app.tokens.get() for app in apps for _ in range(50)))
    assert (len(set(found)), sum(app.requests for app in apps)) == (1, 1)


async def test_it_is_renewed_before_its_end_and_kept_until_then() -> None:
    store, now = MemoryStore(), [1_800_000_000.0]
    app = App(store, now)
    first = await app.tokens.get()
    now[0] += 86400 - 301
    assert await app.tokens.get() == first
    assert await App(store, now).tokens.get() == first, "another process has it from the store"
    now[0] += 2
    assert await app.tokens.get() != first
    await app.tokens.forget()
    await app.tokens.get()
    assert app.requests == 3
    assert len(store._entries) == 1, "what was asked for is cleared away"


async def test_no_event_comes() -> None:
    app = App(MemoryStore(), [1_800_000_000.0], delivers=False, within=0.0)
    with pytest.raises(DeadlineExceeded, match=r"no event common\.sts-token came"):
        await app.tokens.get()


async def test_events_of_others_and_damaged_entries() -> None:
    store, now = MemoryStore(), [1_800_000_000.0]
    app = App(store, now)
    await app.heard(issued("", "", 0))
    assert not store._entries
    await app.heard(issued("theirs", "t", now[0]))
    version = None
    for damaged in ("no JSON", "[" * 9999, '{"token": "no JSON", "ends": 1' + "0" * 400 + "}"):
        version = await store.save("sts-token", damaged, version=version)
        with pytest.raises(TokenStoreError, match="delete it") as caught:
            await app.tokens.get()
        assert "no JSON" not in str(caught.value)


def client(*answers: Any) -> tuple[TencentMeeting, FakeTransport]:
    transport = FakeTransport(*answers)
    return TencentMeeting(AUTH, transport=transport, quotas=None), transport


async def test_calls_take_the_token_by_themselves() -> None:
    tm, transport = client({}, {}, {}, {})

    async def source() -> str:
        return "t0ken"

    tm.use_sts_tokens(source)
    await tm.send(ASKED)
    await tm.with_options(deadline=5.0).recordings.get_transcript(operator_id="tester", record_file_id="7")
    await tm.recordings.get_transcript(operator_id="tester", record_file_id="7", sts_token="own")
    tm.use_sts_tokens(None)
    await tm.send(ASKED)
    sent = [dict(request.headers).get("STS-Token") for request, _ in transport.requests]
    assert sent == ["t0ken", "t0ken", "own", None]


async def test_the_wait_for_one_is_a_part_of_the_deadline() -> None:
    tm, transport = client({})

    async def never() -> str:
        await asyncio.Event().wait()
        raise AssertionError

    tm.use_sts_tokens(never)
    with pytest.raises(DeadlineExceeded, match=r"no STS token within 0.01 s; nothing was sent") as caught:
        await tm.with_options(deadline=0.01).send(ASKED)
    assert not caught.value.outcome_unknown
    assert transport.requests == []


def test_the_call_has_what_the_wait_left_of_it() -> None:
    class Silent(FakeTransport):
        async def exchange(self, *_: Any) -> Any:
            await asyncio.Event().wait()

    async def source() -> str:
        await asyncio.sleep(3)
        return "t0ken"

    async def main() -> float:
        tm = TencentMeeting(AUTH, transport=Silent(), quotas=None, deadline=5.0)
        tm.use_sts_tokens(source)
        with pytest.raises(DeadlineExceeded):
            await tm.send(ASKED)
        return now()

    assert run(main) == pytest.approx(5)


@pytest.mark.parametrize(("token", "said"), [(None, "is required"), (5, "must be text, not int"), ("", "not be empty")])
async def test_a_source_that_gives_no_token(token: Any, said: str) -> None:
    tm, transport = client({})

    async def source() -> Any:
        return token

    tm.use_sts_tokens(source)
    with pytest.raises(ValidationError, match=f"sts_token: .*{said}"):
        await tm.send(ASKED)
    assert transport.requests == []


async def test_a_time_out_of_its_own_is_not_the_deadline() -> None:
    tm, _ = client({})

    async def late() -> str:
        raise TimeoutError("the source's")

    tm.use_sts_tokens(late)
    with pytest.raises(TimeoutError, match="the source's") as caught:
        await tm.send(ASKED)
    assert not isinstance(caught.value, DeadlineExceeded)


@pytest.mark.parametrize("given", [{"sts_token": "canary-token"}, {}])
async def test_it_is_shown_nowhere(given: dict[str, str]) -> None:
    """The gateway repeats it, in its message and as the id of the call."""
    error = dump({"error_info": {"error_code": 200001, "message": "bad canary-token"}})
    tm, _ = client(RawAnswer(400, ((b"X-Tc-Trace", b"canary-token"),), error))

    async def source() -> str:
        return SecretText("canary-token")

    tm.use_sts_tokens(source)
    asked = evolve(ASKED, **given)
    with pytest.raises(AuthenticationError) as caught:
        await tm.send(asked)
    told = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours = "".join(line for line in told.format() if "tests" not in line)
    for shown in (ours, str(caught.value), repr(caught.value.__dict__), str(pickle.dumps(caught.value))):
        assert "canary" not in shown


@pytest.mark.parametrize(("number", "noted"), [(200001, True), (123456, True), (4044, False)])
async def test_an_error_without_a_token_says_how_to_get_one(number: int, noted: bool) -> None:
    tm, _ = client(RawAnswer(400, (), dump({"error_info": {"error_code": number, "message": "no"}})))
    kind = {200001: AuthenticationError, 4044: NotReady}.get(number, Exception)
    with pytest.raises(kind) as caught:
        await tm.send(ASKED)
    assert any("StsTokens" in note for note in getattr(caught.value, "__notes__", ())) == noted


def test_what_comes_in_an_event() -> None:
    token = issued("1", "t", 1_800_000_000).token_info
    assert token.expire_ts == datetime.fromtimestamp(1_800_000_000, UTC)
