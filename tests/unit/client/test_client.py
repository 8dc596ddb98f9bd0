"""The client's loop around auth and transport, without a network."""

import asyncio
import logging
import re
from functools import cached_property
from typing import Any

import pytest

from tests.conftest import meeting
from tm_async import EnterpriseSecret, Meeting, RetryPolicy, TencentMeeting, Timeout, ValidationError
from tm_async._util.clocks import elapsed
from tm_async.core.exchange import Headers, RawAnswer, Request
from tm_async.core.operation import Operation
from tm_async.errors import (
    ApiError,
    ClientClosed,
    ClockError,
    ConfigurationError,
    DeadlineExceeded,
    ExchangeFailed,
    NotFound,
    OutcomeUnknown,
    PoolTimeout,
)
from tm_async.transport.fake import FakeTransport

AUTH = EnterpriseSecret(app_id="1", sdk_id="2", secret_id="AKID", secret_key="canary-secret-key")
CREATED = {"meeting_number": 1, "meeting_info_list": [{"meeting_id": "5", "meeting_code": "806146667"}]}
TOO_LATE = RawAnswer(400, (), b'{"error_info":{"error_code":190300,"message":"clock"}}')


async def test_a_call() -> None:
    transport = FakeTransport(CREATED)
    async with TencentMeeting(AUTH, transport=transport) as tm:
        assert (await tm.send(meeting())).meeting_id == "5"
    ((request, headers),) = transport.requests
    assert (request.method, request.origin, request.target) == ("POST", "https://api.meeting.qq.com", "/v1/meetings")
    assert [name for name, _ in headers] == [
        "Content-Type", "Accept", "User-Agent",
        "X-TC-Key", "X-TC-Timestamp", "X-TC-Nonce", "X-TC-Signature", "AppId", "SdkId", "X-TC-Registered",
    ]  # fmt: skip
    assert dict(headers)["Content-Type"] == "application/json"
    assert not transport.closed, "a transport that was handed in stays open"


async def test_an_answer_with_what_it_came_in() -> None:
    raw = RawAnswer(200, ((b"X-Tc-Trace", b"abc"),), b'{"meeting_info_list":[{"meeting_id":"5"}]}')
    answer = await TencentMeeting(AUTH, transport=FakeTransport(raw)).exchange(meeting())
    assert (answer.result, answer.trace_id, answer.raw.status) == (Meeting(meeting_id="5"), "abc", 200)


async def test_a_raw_request() -> None:
    transport = FakeTransport({"anything": 1}, RawAnswer(200, (), b""))
    tm = TencentMeeting(AUTH, transport=transport)
    assert (await tm.request("GET", "/v1/records", query={"meeting_id": "5"})).result == {"anything": 1}
    assert (await tm.request("POST", "/v1/x/{id}", path_params={"id": "a/b"}, json={})).result is None
    assert [request.target for request, _ in transport.requests] == ["/v1/records?meeting_id=5", "/v1/x/a%2Fb"]
    with pytest.raises(ValidationError):
        await tm.request("GET", "no path")


async def test_errors_name_the_operation() -> None:
    transport = FakeTransport(
        RawAnswer(500, (), b'{"error_info":{"error_code":9003}}'), ExchangeFailed("broken"), PoolTimeout("full")
    )
    tm = TencentMeeting(AUTH, transport=transport, retry=None)
    for error in (NotFound, OutcomeUnknown, PoolTimeout):
        with pytest.raises(error, match="meetings.create") as caught:
            await tm.send(meeting())
        assert caught.value.operation == "meetings.create"
        if isinstance(caught.value, OutcomeUnknown):
            assert type(caught.value.cause) is ExchangeFailed
            assert caught.value.cause.operation == "meetings.create"
            assert caught.value.__cause__ is caught.value.cause
    assert len(transport.requests) == 3


_SECONDS = "a number of seconds, above 0, or None for no bound"


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ({"timeout": 5}, "timeout must be a Timeout, such as Timeout(read=5); not 5"),
        ({"deadline": "5"}, f"deadline must be {_SECONDS}; not a value of type str"),
        ({"deadline": float("nan")}, f"deadline must be {_SECONDS}; not nan"),
        ({"deadline": True}, f"deadline must be {_SECONDS}; not a value of type bool"),
        ({"retry": 3}, "retry must be a RetryPolicy, such as RetryPolicy(attempts=5), or None; not 3"),
        (
            {"retry": False},
            "retry must be a RetryPolicy, such as RetryPolicy(attempts=5), or None; not a value of type",
        ),
        ({"quotas": "off"}, "quotas must be Quotas, such as Quotas.legacy(), or None; not a value of type str"),
    ],
)
def test_options_that_make_no_sense(option: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(said)):
        TencentMeeting(AUTH, **option)
    with pytest.raises(ConfigurationError, match=re.escape(said)):
        TencentMeeting(AUTH).with_options(**option)


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ({"limiter": 5}, "limiter must be a limiter such as MemoryLimiter(); not 5"),
        ({"transport": 5}, "transport must be a transport such as HttpxTransport(); not 5"),
        ({"transport": FakeTransport}, "not the class FakeTransport"),
        ({"clock": 5}, "clock must be a function that gives UNIX seconds, such as time.time; not 5"),
        ({"settle": "30"}, "settle must be a number of seconds, 0 or more; not a value of type str"),
        ({"settle": float("inf")}, "settle must be a number of seconds, 0 or more; not inf"),
        ({"observers": 5}, "observers must be a list of observers; not 5"),
        ({"observers": [5]}, "each of observers must be an object with the method begins; not 5"),
        ({"base_url": 5}, "the base URL must be text; not 5"),
    ],
)
def test_arguments_that_make_no_sense(option: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(said)):
        TencentMeeting(AUTH, **option)


@pytest.mark.parametrize("auth", [None, "canary-secret-key", EnterpriseSecret, 5])
def test_what_is_no_strategy(auth: Any) -> None:
    with pytest.raises(ConfigurationError, match="auth must be a strategy such as EnterpriseSecret or OAuth2; not"):
        TencentMeeting(auth)


class Careless(EnterpriseSecret):
    """A strategy whose users are none."""

    def as_user(self, open_id: str) -> Any:
        return open_id


def test_a_strategy_whose_users_are_none() -> None:
    auth = Careless(app_id="1", secret_id="AKID", secret_key="canary-secret-key")
    with pytest.raises(ConfigurationError, match="auth must be a strategy"):
        TencentMeeting(auth).as_user("alice")


@pytest.mark.parametrize("phase", ["connect", "write", "read", "pool", "total"])
@pytest.mark.parametrize("seconds", ["5", -1, 0, True, float("nan")])
def test_a_phase_that_takes_no_time(phase: str, seconds: Any) -> None:
    if (phase, seconds) == ("pool", 0):
        assert Timeout(pool=0).pool == 0, "who does not wait for a connection"
        return
    said = _SECONDS.replace("above 0", "0 or more") if phase == "pool" else _SECONDS
    with pytest.raises(ConfigurationError, match=f"{phase} of Timeout must be {said}; not "):
        Timeout(**{phase: seconds})


def test_options_that_make_sense() -> None:
    tm = TencentMeeting(AUTH, timeout=None, deadline=None, retry=None, quotas=None, observers=())
    view = tm.with_options(timeout=Timeout(connect=None, total=float("inf")), deadline=1, retry=RetryPolicy(attempts=1))
    assert view.timeout.connect is None


class Fickle:
    """A strategy that asks for one more attempt."""

    def __init__(self) -> None:
        self.seen: list[ApiError] = []

    async def authorize(self, request: Request, now: float) -> Headers:
        return (("X-Attempt", str(len(self.seen))),)

    async def rejected(self, error: ApiError, headers: Headers) -> bool:
        self.seen.append(error)
        return True


async def test_a_strategy_may_ask_for_one_more_attempt() -> None:
    auth, transport = Fickle(), FakeTransport(TOO_LATE, CREATED)
    assert (await TencentMeeting(auth, transport=transport).send(meeting())).meeting_id == "5"
    assert [headers[-1][1] for _, headers in transport.requests] == ["0", "1"]
    assert type(auth.seen[0]) is ClockError


async def test_and_only_for_one() -> None:
    transport = FakeTransport(TOO_LATE, TOO_LATE, CREATED)
    with pytest.raises(ClockError):
        await TencentMeeting(Fickle(), transport=transport).send(meeting())
    assert len(transport.requests) == 2


class Silent(FakeTransport):
    """Never answers."""

    async def exchange(self, request: Request, headers: Headers, timeout: Timeout) -> RawAnswer:
        await asyncio.Event().wait()
        raise AssertionError


async def test_a_deadline_bounds_the_call() -> None:
    tm = TencentMeeting(AUTH, transport=Silent()).with_options(deadline=0.01)
    with pytest.raises(DeadlineExceeded, match=r"meetings.get: no answer within 0.01 s") as caught:
        await tm.meetings.get(meeting_id="5", userid="a")
    assert caught.value.outcome_unknown
    with pytest.raises(OutcomeUnknown, match=r"DeadlineExceeded: no answer within 0.01 s") as unclear:
        await tm.send(meeting())
    assert isinstance(unclear.value.cause, DeadlineExceeded)
    assert unclear.value.cause.outcome_unknown


@pytest.mark.parametrize(
    ("timeout", "longest"),
    [
        (Timeout(), 30),
        (Timeout(read=60), 60),
        (Timeout(read=None, total=45), 45),
        (Timeout(read=None, total=None), 90),
    ],
)
async def test_an_exchange_that_was_given_up_may_go_on(timeout: Timeout, longest: float) -> None:
    """So its absence means something only after that: the request may arrive until then."""
    tm = TencentMeeting(AUTH, transport=Silent(), deadline=0.01, timeout=timeout, clock=lambda: 5e9)
    before = elapsed()
    with pytest.raises(OutcomeUnknown) as unclear:
        await tm.send(meeting())
    assert unclear.value.until == 5e9 + longest
    assert unclear.value.ended is not None
    assert unclear.value.ended >= before + longest


async def test_the_callers_own_timeout_is_not_ours() -> None:
    with pytest.raises(TimeoutError) as caught:
        async with asyncio.timeout(0.01):
            await TencentMeeting(AUTH, transport=Silent()).send(meeting())
    assert not isinstance(caught.value, DeadlineExceeded)


async def test_a_closed_client_says_so_and_can_be_opened_again() -> None:
    tm = TencentMeeting(AUTH, transport=FakeTransport(CREATED))
    async with tm:
        pass
    with pytest.raises(ClientClosed):
        await tm.send(meeting())
    async with tm:
        await tm.send(meeting())


async def test_a_view_shares_and_does_not_close() -> None:
    transport = FakeTransport(CREATED, CREATED)
    tm = TencentMeeting(AUTH, transport=transport)
    view = tm.with_options(timeout=Timeout(read=1.0))
    await view.aclose()
    await view.send(meeting())
    await tm.aclose()
    with pytest.raises(ClientClosed):
        await view.send(meeting())


def test_the_base_url_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "https://api.meeting.qq.com" in repr(TencentMeeting(AUTH))
    monkeypatch.setenv("TENCENT_MEETING_BASE_URL", "http://127.0.0.1:5/v1")
    assert "http://127.0.0.1:5" in repr(TencentMeeting(AUTH))
    assert "https://other" in repr(TencentMeeting(AUTH, base_url="https://other/v1"))
    monkeypatch.setenv("TENCENT_MEETING_BASE_URL", "http://example.com/v1")
    with pytest.raises(ConfigurationError):
        TencentMeeting(AUTH)


async def test_logs_tell_what_happened_and_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    refused = RawAnswer(500, (), b'{"error_info":{"error_code":9003,"message":"no"}}')
    tm = TencentMeeting(AUTH, transport=FakeTransport(CREATED, refused))
    with caplog.at_level(logging.DEBUG, logger="tm_async"):
        await tm.send(meeting(password="777888"))
        with pytest.raises(NotFound):
            await tm.send(meeting(password="777888"))
    text = "".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert "meetings.create: HTTP 200" in text
    assert "meetings.create failed: NotFound" in text
    assert "777888" not in text
    assert "canary-secret-key" not in text


def test_silent_by_default() -> None:
    handlers = logging.getLogger("tm_async").handlers
    assert any(isinstance(handler, logging.NullHandler) for handler in handlers)


class Slow:
    """A strategy whose own service is too slow."""

    async def authorize(self, request: Request, now: float) -> Headers:
        raise TimeoutError("the key store")

    async def rejected(self, error: ApiError, headers: Headers) -> bool:
        return False


async def test_a_timeout_of_the_strategy_is_not_the_deadline() -> None:
    with pytest.raises(TimeoutError, match="the key store") as caught:
        await TencentMeeting(Slow(), transport=FakeTransport()).send(meeting())
    assert not isinstance(caught.value, DeadlineExceeded)


class Stuck(Slow):
    """A strategy that never comes to an end."""

    async def authorize(self, request: Request, now: float) -> Headers:
        await asyncio.Event().wait()
        raise AssertionError


async def test_a_deadline_before_anything_was_sent() -> None:
    tm = TencentMeeting(Stuck(), transport=FakeTransport(), deadline=0.01)
    with pytest.raises(DeadlineExceeded, match="nothing was sent") as caught:
        await tm.send(meeting())
    assert not caught.value.outcome_unknown


async def test_entering_a_view_does_not_open_a_client_again() -> None:
    tm = TencentMeeting(AUTH, transport=FakeTransport(CREATED))
    await tm.aclose()
    async with tm.with_options(deadline=5) as view:
        for client in (view, tm):
            with pytest.raises(ClientClosed):
                await client.send(meeting())
    async with tm:
        assert (await tm.send(meeting())).meeting_id == "5"


class Slotted:
    __slots__ = ("slot",)


class Mine(Slotted, TencentMeeting):
    __slots__ = ("empty", "other")

    def __init__(self, **options: Any) -> None:
        super().__init__(AUTH, **options)
        self.seen: list[str] = []
        self.slot, self.other = 1, 2

    @cached_property
    def cached(self) -> TencentMeeting:
        return self

    async def send(self, operation: Operation[Any]) -> Any:
        self.seen.append(operation.spec.id)
        return await super().send(operation)


async def test_a_view_has_what_a_subclass_added_and_chapters_of_its_own() -> None:
    tm = Mine(transport=FakeTransport(CREATED))
    assert tm.meetings.client is tm.cached is tm
    view = tm.with_options(deadline=5)
    assert view.meetings.client is view.cached is view
    await view.meetings.get(meeting_id="5", userid="tester")
    assert tm.seen == view.seen == ["meetings.get"]
    assert (view.slot, view.other) == (1, 2)
