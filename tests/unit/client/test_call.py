"""One call: what is repeated, how long it may take, and what its caller is told in the end."""

import asyncio
import json
import pickle
import time
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import meeting
from tests.unit.api.playing import Nobody
from tests.unit.client.test_client import AUTH
from tm_async import CreateMeeting, TencentMeeting
from tm_async.api.meetings import CancelMeeting
from tm_async.client import call
from tm_async.core.exchange import RawAnswer
from tm_async.core.outcome import Found
from tm_async.core.retry import RetryPolicy
from tm_async.core.secret import SecretText
from tm_async.errors import (
    AnswerError,
    ApiError,
    ClockError,
    ConfigurationError,
    ConnectionFailed,
    DeadlineExceeded,
    ExchangeFailed,
    LedgerUnavailable,
    NotFound,
    OutcomeUnknown,
    PoolTimeout,
    QuotaExceeded,
    RateLimited,
    ReplayError,
    ServiceError,
    TencentMeetingError,
    UnreadableAnswer,
    WrongState,
)
from tm_async.quotas import configured_quotas
from tm_async.transport.protocol import NOTHING_SENT

NOW = 1_800_000_000.0
AT_ONCE = RetryPolicy(first=0, longest=0)
CREATED = RawAnswer(200, (), b'{"meeting_info_list":[{"meeting_id":"5","subject":"\\u5468\\u4f1a"}]}')
CANCEL = CancelMeeting(meeting_id="5", userid="a", reason_code=1)


def refused(code: int, status: int = 500, *lines: tuple[bytes, bytes]) -> RawAnswer:
    return RawAnswer(status, lines, b'{"error_info":{"error_code":%d}}' % code)


def dated(raw: RawAnswer, seconds: float) -> RawAnswer:
    return RawAnswer(raw.status, ((b"Date", formatdate(seconds, usegmt=True).encode()),), raw.body)


Step = RawAnswer | Exception | Callable[[], Awaitable[Any]]


class Played:
    """A transport that plays steps in order, the last one again and again."""

    def __init__(self, *steps: Step) -> None:
        self.steps = list(steps)
        self.sent: list[dict[str, str]] = []

    async def exchange(self, request: Any, headers: Any, timeout: Any) -> RawAnswer:
        self.sent.append(dict(headers))
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        if isinstance(step, Exception):
            raise type(step)(*step.args)
        answer: RawAnswer = step if isinstance(step, RawAnswer) else await step()
        return answer

    async def aclose(self) -> None:
        pass


async def forever() -> Any:
    await asyncio.Event().wait()


async def waits_for_a_slot() -> Any:
    """Like every transport of ours, cancelled before it has sent anything."""
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        raise asyncio.CancelledError(NOTHING_SENT) from None


def client(*steps: Step, auth: Any = None, **options: Any) -> tuple[TencentMeeting, Played]:
    transport = Played(*steps)
    given: dict[str, Any] = {"quotas": None, "retry": AT_ONCE} | options
    return TencentMeeting(auth or Nobody(), transport=transport, **given), transport


async def told(tm: TencentMeeting, operation: Any) -> Any:
    """The result, or the error."""
    try:
        return await tm.send(operation)
    except TencentMeetingError as error:
        return error


# --- what is repeated -------------------------------------------------------------------------------------------------

HTML = RawAnswer(502, (), b"<html>")


@pytest.mark.parametrize(
    ("failure", "creating", "cancelling"),
    [
        (ConnectionFailed("refused"), 3, 3),
        (PoolTimeout("full"), 3, 3),
        (refused(190301, 400), 1, 3),
        (ExchangeFailed("cut"), 1, 3),
        (HTML, 1, 3),
        (refused(550000, 400), 1, 3),
        (refused(777777, 500), 1, 3),
        (refused(190300, 400), 1, 1),
        (refused(9008), 1, 1),
        (refused(9003), 1, 1),
        (refused(777777, 400), 1, 1),
        (RawAnswer(200, (), b"<html>"), 1, 1),
    ],
    ids=str,
)
async def test_attempts(failure: Step, creating: int, cancelling: int) -> None:
    for operation, wanted in ((meeting(), creating), (CANCEL, cancelling)):
        tm, transport = client(failure)
        error = await told(tm, operation)
        assert isinstance(error, TencentMeetingError)
        assert len(transport.sent) == wanted
        assert isinstance(error, OutcomeUnknown) == (operation is not CANCEL and error.outcome_unknown)
        assert error.operation == operation.spec.id
    tm, transport = client(failure, retry=None)
    await told(tm, CANCEL)
    assert len(transport.sent) == 1


STEPS = st.sampled_from(
    [
        ConnectionFailed("refused"), PoolTimeout("full"), ExchangeFailed("cut"), HTML, RawAnswer(200, (), b"<html>"),
        RawAnswer(408, (), b""), RawAnswer(302, (), b""), CREATED, refused(550000, 400), refused(190301, 400),
        refused(190303), refused(9003), refused(777777), refused(777777, 400), dated(refused(190300, 400), NOW + 900),
    ]
)  # fmt: skip


def may_be_done(step: Step) -> bool:
    """What the other side may have done when it answered so: by the vendor's words, not by our code."""
    if isinstance(step, RawAnswer):
        code = step.body.split(b":")[-1].strip(b"}") if step.body.startswith(b'{"error_info"') else b""
        return (
            step.status < 300
            or code in (b"550000", b"190301")
            or (step.status >= 500 and code in (b"", b"777777"))
            or step.status == 408
        )
    return isinstance(step, ExchangeFailed)


@given(st.lists(STEPS, min_size=1, max_size=5), st.booleans())
def test_a_creation_is_never_sent_again_once_it_may_be_done(steps: list[Step], eager: bool) -> None:
    class Eager(Nobody):
        """A strategy that always wants one more attempt, which it must not."""

        async def rejected(self, error: Any, headers: Any) -> bool:
            return eager

    tm, transport = client(*steps, ConnectionFailed("refused"), auth=Eager(), clock=lambda: NOW)
    result = asyncio.run(told(tm, meeting()))
    played = [*steps, *[ConnectionFailed("x")] * 5][: len(transport.sent)]
    done = [may_be_done(step) for step in played]
    assert not any(done[:-1])
    if done[-1]:
        assert isinstance(result, OutcomeUnknown) or played[-1] is CREATED
    else:
        assert isinstance(result, TencentMeetingError)
        assert not result.outcome_unknown


async def test_every_attempt_is_signed_afresh() -> None:
    ticks = iter(range(100))
    tm, transport = client(
        ConnectionFailed("x"), ConnectionFailed("x"), CREATED, auth=AUTH, clock=lambda: NOW + next(ticks)
    )
    await tm.send(meeting())
    for name in ("X-TC-Timestamp", "X-TC-Nonce", "X-TC-Signature"):
        assert len({headers[name] for headers in transport.sent}) == 3


async def test_a_cancel_that_was_carried_out_unheard_is_done() -> None:
    tm, transport = client(ExchangeFailed("cut"), refused(9007))
    assert await told(tm, CANCEL) is None
    assert len(transport.sent) == 2
    tm, _ = client(refused(9007))
    assert isinstance(await told(tm, CANCEL), WrongState), "it was cancelled before"


@pytest.mark.parametrize(
    ("second", "kind", "unclear"),
    [
        (refused(190310), RateLimited, True),  # says nothing about the first attempt
        (ConnectionFailed("refused"), ConnectionFailed, True),
        (refused(9003), NotFound, False),
    ],
)
async def test_what_an_earlier_attempt_may_have_done(second: Step, kind: type[Exception], unclear: bool) -> None:
    tm, _ = client(ExchangeFailed("cut"), second, deadline=0.5)
    error = await told(tm, CANCEL)
    assert (type(error), error.outcome_unknown) == (kind, unclear)


async def test_a_budget_is_shared_and_runs_out() -> None:
    tm, transport = client(ConnectionFailed("down"), retry=RetryPolicy(first=0, longest=0, budget=5))
    view = tm.with_options(deadline=5.0)
    for _ in range(20):
        await told(tm, CANCEL)
        await told(view, CANCEL)
    assert len(transport.sent) == 45


def test_a_view_has_no_budget_of_its_own() -> None:
    """It would have been ignored, or each view of a request would have brought a full one."""
    tm, _ = client(retry=RetryPolicy(budget=5))
    with pytest.raises(ConfigurationError, match="budget of RetryPolicy is the client's, 5,"):
        tm.with_options(retry=RetryPolicy(budget=0))
    for same in (RetryPolicy(attempts=5), RetryPolicy(attempts=5, budget=5), None):
        tm.with_options(retry=same)


# --- pauses -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What would have been waited."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(round(seconds, 3))

    class Asyncio:
        def __getattr__(self, name: str) -> Any:
            return sleep if name == "sleep" else getattr(asyncio, name)

    monkeypatch.setattr(call, "asyncio", Asyncio())
    monkeypatch.setattr(call, "random", lambda: 0.5)
    return waited


@pytest.mark.parametrize(
    ("steps", "deadline", "wanted"),
    [
        ([ExchangeFailed("cut"), HTML, CREATED], 60.0, [0.1, 0.2]),
        ([refused(190310), CREATED], 60.0, [42.5]),  # 20 s into a minute
        ([refused(190310), CREATED], 42.0, []),  # there is no time for that: at once
        ([refused(550000, 400, (b"Retry-After", b"9")), CREATED], 60.0, [9.1]),
        ([refused(550000, 400, (b"Retry-After", b"90")), CREATED], 60.0, []),
        ([refused(550000, 400, (b"Retry-After", b"90")), CREATED], None, [90.1]),
    ],
)
async def test_pauses(pauses: list[float], steps: list[Step], deadline: float | None, wanted: list[float]) -> None:
    tm, transport = client(*steps, retry=RetryPolicy(), clock=lambda: NOW + 20, deadline=deadline)
    began = time.monotonic()
    await told(tm, CANCEL)
    assert pauses == wanted
    assert len(transport.sent) == len(wanted) + 1
    assert time.monotonic() - began < 5


# --- the deadline -----------------------------------------------------------------------------------------------------


class Slow(Nobody):
    """A strategy that waits before a request, or after a refusal."""

    def __init__(self, *, before: bool) -> None:
        self.before = before

    async def authorize(self, request: Any, now: float) -> Any:
        return await forever() if self.before else ()

    async def rejected(self, error: Any, headers: Any) -> bool:
        await forever()
        return True


class Full:
    """A limiter without any room."""

    async def take(self, charges: Any, within: float | None) -> None:
        await forever()


UNKNOWN, NOTHING, NOT_DONE = "may or may not", "nothing was sent", "nothing was done"


@pytest.mark.parametrize(
    ("steps", "options", "creating", "cancelling"),
    [
        ([forever], {}, UNKNOWN, UNKNOWN),
        ([waits_for_a_slot], {}, NOTHING, NOTHING),
        ([forever], {"auth": Slow(before=True)}, NOTHING, NOTHING),
        ([forever], {"limiter": Full(), "quotas": ...}, NOTHING, NOTHING),
        ([refused(190303)], {"auth": Slow(before=False)}, NOTHING, NOTHING),
        ([ConnectionFailed("x"), waits_for_a_slot], {}, NOT_DONE, NOT_DONE),
        ([ConnectionFailed("x"), forever], {}, UNKNOWN, UNKNOWN),
        ([ExchangeFailed("x"), waits_for_a_slot], {}, None, UNKNOWN),
    ],
)
async def test_nothing_outlives_its_deadline(
    steps: list[Step], options: dict[str, Any], creating: str | None, cancelling: str
) -> None:
    if "quotas" in options:
        options = options | {"quotas": configured_quotas()}
    for operation, wanted in ((meeting(), creating), (CANCEL, cancelling)):
        if wanted is None:
            continue
        tm, _ = client(*steps, **options, deadline=0.03)
        began = time.monotonic()
        error = await told(tm, operation)
        assert time.monotonic() - began < 5, "nothing else ends it"
        cause = error.cause if isinstance(error, OutcomeUnknown) else error
        assert isinstance(cause, DeadlineExceeded)
        assert error.outcome_unknown == (wanted is UNKNOWN)
        assert isinstance(error, OutcomeUnknown) == (wanted is UNKNOWN and operation is not CANCEL)
        if wanted is not UNKNOWN:
            assert wanted in str(error)


async def test_a_cancelled_call_is_cancelled() -> None:
    tm, _ = client(forever)
    task = asyncio.ensure_future(tm.send(meeting()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


# --- the clock --------------------------------------------------------------------------------------------------------


class Gateway(Played):
    """Refuses what is signed more than five minutes off its own clock."""

    def __init__(self, now: float) -> None:
        super().__init__(CREATED)
        self.now = now

    async def exchange(self, request: Any, headers: Any, timeout: Any) -> RawAnswer:
        self.sent.append(dict(headers))
        await asyncio.sleep(0)
        off = abs(int(dict(headers)["X-TC-Timestamp"]) - self.now) > 300
        return dated(refused(190300, 400) if off else CREATED, self.now)


async def test_a_wrong_clock_costs_one_attempt_and_is_seen() -> None:
    gateway = Gateway(NOW + 4000)
    tm = TencentMeeting(AUTH, transport=gateway, clock=lambda: NOW, quotas=None)
    assert tm.clock_offset == 0.0
    assert (await tm.send(meeting())).meeting_id == "5"
    assert len(gateway.sent) == 2
    assert tm.clock_offset == pytest.approx(4000, abs=1)
    await tm.send(meeting())
    assert len(gateway.sent) == 3


async def test_a_correction_takes_nothing_from_the_budget() -> None:
    gateway = Gateway(NOW + 4000)
    policy = RetryPolicy(budget=0)
    tm = TencentMeeting(AUTH, transport=gateway, clock=lambda: NOW, quotas=None, retry=policy)
    assert (await tm.send(meeting())).meeting_id == "5"
    assert len(gateway.sent) == 2


async def test_calls_that_are_under_way_together_are_all_corrected() -> None:
    gateway = Gateway(NOW - 4000)
    tm = TencentMeeting(AUTH, transport=gateway, clock=lambda: NOW, quotas=None)
    await asyncio.gather(*[tm.send(meeting()) for _ in range(20)])
    assert len(gateway.sent) == 40


@pytest.mark.parametrize("options", [{"correct_clock": False}, {"retry": None}])
async def test_correcting_can_be_switched_off(options: dict[str, Any]) -> None:
    gateway = Gateway(NOW + 4000)
    tm = TencentMeeting(AUTH, transport=gateway, clock=lambda: NOW, quotas=None, **options)
    assert isinstance(await told(tm, meeting()), ClockError)
    assert len(gateway.sent) == 1
    assert tm.clock_offset == 0.0 or "retry" in options


async def test_a_gateway_that_always_refuses_the_time_is_asked_twice() -> None:
    tm, transport = client(*[dated(refused(190300, 400), NOW + 900 * n) for n in (1, 2, 3, 4)], clock=lambda: NOW)
    assert isinstance(await told(tm, meeting()), ClockError)
    assert len(transport.sent) == 2


# --- unknown outcomes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "cause"),
    [
        (ExchangeFailed("cut"), ExchangeFailed),
        (HTML, UnreadableAnswer),
        (RawAnswer(200, (), b""), UnreadableAnswer),
        (refused(550000, 400), ServiceError),
        (refused(777777), ApiError),
    ],
)
async def test_an_unknown_outcome_says_what_was_sent_and_when(step: Step, cause: type[Exception]) -> None:
    times = [NOW]
    tm, _ = client(step, clock=lambda: times[0])
    operation = meeting(password="777888")
    error = await told(tm, operation)
    assert isinstance(error, OutcomeUnknown)
    assert type(error.cause) is cause
    assert error.__cause__ is error.cause
    assert error.request is operation
    assert (error.since, error.until) == (NOW, NOW)
    copy = pickle.loads(pickle.dumps(error))
    assert (copy.request, copy.since, str(copy)) == (None, NOW, str(error))
    for shown in (repr(error), str(error), repr(copy.__dict__), repr(error.__dict__)):
        assert "777888" not in shown
    assert b"777888" not in pickle.dumps(error)


async def test_a_request_that_somebody_repeated_may_have_been_carried_out() -> None:
    """Its nonce is nobody else's: the gateway saw this very request before."""
    tm, transport = client(refused(190301, 400), CREATED)
    error = await told(tm, meeting())
    assert isinstance(error, OutcomeUnknown)
    assert isinstance(error.cause, ReplayError)
    assert len(transport.sent) == 1
    tm, transport = client(refused(190301, 400), RawAnswer(200, (), b""), retry=AT_ONCE)
    await tm.send(CANCEL)
    assert len(transport.sent) == 2


async def test_it_is_looked_up_with_the_same_client() -> None:
    row = {"meeting_id": "7", "subject": "周会", "start_time": "2143245600", "end_time": "2143249200"}
    page = json.dumps({"meeting_info_list": [row], "remaining": 0}).encode()
    tm, transport = client(ExchangeFailed("cut"), RawAnswer(200, (), page))
    error = await told(tm, meeting())
    found = await error.reconcile()
    assert isinstance(found, Found)
    assert found.result.meeting_id == "7"
    assert len(transport.sent) == 2


async def test_a_pickled_one_is_looked_up_by_another_client() -> None:
    tm, _ = client(ExchangeFailed("cut"))
    sent = meeting(password="777888", invitees=["very-private"], hosts=["tester"])
    error = await told(tm, sent)
    once = pickle.dumps(error)
    copied = pickle.loads(pickle.dumps(pickle.loads(once)))
    for private in (b"777888", b"very-private"):
        assert private not in once
    assert copied.request is None
    assert copied.sought == meeting()
    row = {"meeting_id": "7", "subject": "周会", "start_time": "2143245600", "end_time": "2143249200", "type": 0}
    page = json.dumps({"meeting_info_list": [row], "remaining": 0}).encode()
    other, transport = client(RawAnswer(200, (), page))
    found = await other.meetings.reconcile(copied)
    assert isinstance(found, Found)
    assert found.result.meeting_id == "7"
    assert len(transport.sent) == 1
    with pytest.raises(ConfigurationError, match=r"use tm.meetings.reconcile\(error\)"):
        await copied.reconcile()


async def test_what_can_not_be_looked_up_says_so_in_a_copy_too() -> None:
    error = OutcomeUnknown(ExchangeFailed("cut"), request=object(), since=NOW, until=NOW)
    copied = pickle.loads(pickle.dumps(error))
    tm, _ = client()
    with pytest.raises(ConfigurationError, match="no documented way"):
        await tm.reconcile(copied)
    with pytest.raises(ConfigurationError, match="no documented way"):
        await copied.reconcile()
    with pytest.raises(ConfigurationError, match="since is missing"):
        await tm.meetings.reconcile(meeting())


async def test_the_first_attempt_of_unclear_outcome_counts() -> None:
    """Its time, not that of attempts that certainly did nothing."""
    ticks = iter(range(100))
    tm, _ = client(ConnectionFailed("x"), ExchangeFailed("cut"), clock=lambda: NOW + next(ticks))
    error = await told(tm, meeting())
    assert isinstance(error, OutcomeUnknown)
    assert NOW + 2 <= error.since < error.until


# --- others have a say ------------------------------------------------------------------------------------------------


async def test_a_guard_has_the_last_word() -> None:
    """It is asked before each attempt, and its error is not one to try again after."""
    asked: list[int] = []

    def guard() -> None:
        asked.append(1)
        if len(asked) == 2:
            raise LedgerUnavailable("lost")

    tm, transport = client(ConnectionFailed("refused"))
    with pytest.raises(LedgerUnavailable) as caught:
        await tm._exchange(meeting(), guard)
    assert not caught.value.outcome_unknown
    assert (len(asked), len(transport.sent)) == (2, 1)


async def test_a_full_quota_is_an_error_of_its_own() -> None:
    class NoneLeft:
        async def take(self, charges: Any, within: float | None) -> None:
            raise QuotaExceeded("full", scope="per_app", seconds=99.0)

    tm, transport = client(CREATED, quotas=configured_quotas(), limiter=NoneLeft())
    error = await told(tm, meeting())
    assert isinstance(error, QuotaExceeded)
    assert not error.outcome_unknown
    assert transport.sent == []


async def test_secrets_that_an_answer_repeats_are_not_shown() -> None:
    token = "canary-access-token"

    class Bearer(Nobody):
        async def authorize(self, request: Any, now: float) -> Any:
            return (("AccessToken", SecretText(token)),)

    answer = refused(550000, 400, (b"X-Tc-Trace", token.encode()))
    body = answer.body.replace(b"550000", b'550000,"message":"%s"' % token.encode())
    tm, _ = client(RawAnswer(400, answer.headers, body), auth=Bearer())
    error = await told(tm, meeting())
    assert isinstance(error, OutcomeUnknown)
    assert isinstance(error.cause, AnswerError)
    for shown in (str(error), repr(error), repr(error.__dict__), repr(error.cause.__dict__), str(error.cause)):
        assert "canary" not in shown
    assert b"canary" not in pickle.dumps(error)


def test_a_creation_is_declared_so() -> None:
    assert CreateMeeting.spec.repeat.name == "UNSAFE"
    assert CANCEL.spec.repeat.name == "SAFE"
