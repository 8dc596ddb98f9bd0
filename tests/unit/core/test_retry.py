"""Whether a failed attempt is followed by another, and when: a table of kinds and errors, and what always holds."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_async.core.decode import decode_json
from tm_async.core.exchange import RawAnswer, Repeat, Request
from tm_async.core.retry import PER_MINUTE, RetryBudget, RetryPolicy
from tm_async.errors import (
    AnswerError,
    ClientClosed,
    ConfigurationError,
    ConnectionFailed,
    DeadlineExceeded,
    ExchangeFailed,
    PoolTimeout,
    QuotaExceeded,
    Retry,
    TencentMeetingError,
    ValidationError,
    WrongAuthMode,
)
from tm_async.spec.codes import CODES

SAFE, UNSAFE = Repeat.SAFE, Repeat.UNSAFE
NOW = 1_800_000_015.0  # 15 s into a minute
REQUEST = Request("POST", "/v1/meetings", "https://example.com")


def refused(code: int | None, status: int = 500, **headers: str) -> AnswerError:
    """The error that an answer becomes; without a code it has no body."""
    body = b"<html>" if code is None else json.dumps({"error_info": {"error_code": code}}).encode()
    lines = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    with pytest.raises(AnswerError) as caught:
        decode_json(REQUEST, RawAnswer(status, lines, body))
    return caught.value


def pause(repeat: Repeat, error: TencentMeetingError, attempt: int = 1, **given: Any) -> float | None:
    return RetryPolicy().pause(repeat, attempt, error, **({"chance": 1.0, "now": NOW} | given))


BACKOFF, AT_ONCE, NEXT_MINUTE, NEVER = 0.2, 0.0, 50.0, None
TABLE: list[tuple[TencentMeetingError, float | None, float | None]] = [
    # the error, the pause of what may be repeated, the pause of a creation
    (ConnectionFailed("refused"), BACKOFF, BACKOFF),
    (PoolTimeout("full"), BACKOFF, BACKOFF),
    (ExchangeFailed("cut"), BACKOFF, NEVER),
    (DeadlineExceeded("late", outcome_unknown=True), BACKOFF, NEVER),
    (refused(None, 502), BACKOFF, NEVER),
    (refused(None, 408), BACKOFF, NEVER),
    (refused(None, 404), NEVER, NEVER),
    (refused(None, 429), BACKOFF, BACKOFF),  # a proxy's
    (refused(None, 302), NEVER, NEVER),
    (refused(None, 200), NEVER, NEVER),  # unreadable: the next one would be, too
    (refused(550000, 400), BACKOFF, NEVER),
    (refused(13000), BACKOFF, NEVER),
    (refused(41), BACKOFF, NEVER),
    (refused(777777, 503), BACKOFF, NEVER),  # listed nowhere, and the server's own trouble by its status
    (refused(777777, 400), NEVER, NEVER),
    (refused(190310), NEXT_MINUTE, NEXT_MINUTE),
    (refused(1200190310), NEXT_MINUTE, NEXT_MINUTE),
    (refused(190313), NEXT_MINUTE, NEXT_MINUTE),
    (refused(190311), NEVER, NEVER),
    (refused(190312), NEVER, NEVER),
    (refused(9008), NEVER, NEVER),
    (refused(500168), NEVER, NEVER),
    (refused(190301, 400), AT_ONCE, NEVER),  # a proxy has sent it twice: the first may have been carried out
    (refused(200002), AT_ONCE, NEVER),
    (refused(190300, 400), NEVER, NEVER),  # the clock was not corrected
    (refused(190303), NEVER, NEVER),
    (refused(9003), NEVER, NEVER),
    (refused(9007), NEVER, NEVER),
    (refused(30001), NEVER, NEVER),  # not there yet: nobody knows how long
    (refused(190004, 400), NEVER, NEVER),
    (QuotaExceeded("full", scope="per_app", seconds=3.0), NEVER, NEVER),
    (ValidationError([]), NEVER, NEVER),
    (WrongAuthMode("no"), NEVER, NEVER),
    (ClientClosed("closed"), NEVER, NEVER),
]


@pytest.mark.parametrize(("error", "safe", "unsafe"), TABLE, ids=[str(error) for error, _, _ in TABLE])
def test_the_table(error: TencentMeetingError, safe: float | None, unsafe: float | None) -> None:
    assert (pause(SAFE, error), pause(UNSAFE, error)) == (safe, unsafe)
    assert pause(SAFE, error, attempt=3) is None, "three attempts at most"


def test_a_corrected_clock() -> None:
    error = refused(190300, 400)
    assert pause(UNSAFE, error, clock_corrected=True) == 0.0
    assert pause(UNSAFE, error, clock_corrected=True, attempt=3) is None


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        ({"Retry_After": "7"}, 7.2),
        ({"Retry_After": "Thu, 01 Jan 2026 00:00:09 GMT", "Date": "Thu, 01 Jan 2026 00:00:00 GMT"}, 9.2),
        ({"Retry_After": "Thu, 01 Jan 2026 00:00:09 GMT"}, 0.2),  # by no clock that is known
        ({"Retry_After": "soon"}, 0.2),
        ({"Retry_After": "-5"}, 0.2),
    ],
)
def test_a_pause_that_the_gateway_names(headers: dict[str, str], wanted: float) -> None:
    assert pause(SAFE, refused(550000, 400, **headers)) == pytest.approx(wanted)
    assert pause(UNSAFE, refused(550000, 400, **headers)) is None
    assert pause(UNSAFE, refused(190310, 500, Retry_After="7")) == 12.0


def test_the_next_minute_begins_spread() -> None:
    spread = [pause(UNSAFE, refused(190310), chance=chance / 10) for chance in range(11)]
    assert spread == [45.0 + half / 2 for half in range(11)]
    assert pause(UNSAFE, refused(190310), now=NOW + 44.5, chance=0.0) == 0.5


ERRORS = st.sampled_from([error for error, _, _ in TABLE]) | st.builds(
    refused,
    st.sampled_from([code.number for code in CODES]) | st.integers(0, 10**9) | st.none(),
    st.integers(300, 599),
)
POLICIES = st.builds(
    RetryPolicy, attempts=st.integers(1, 5000), first=st.floats(0, 60), longest=st.floats(0, 60), budget=st.just(1)
)


@given(POLICIES, ERRORS, st.integers(1, 5000), st.floats(0, 1), st.floats(0, 2**33), st.booleans())
def test_what_always_holds(
    policy: RetryPolicy, error: TencentMeetingError, attempt: int, chance: float, now: float, corrected: bool
) -> None:
    safe, unsafe = (
        policy.pause(repeat, attempt, error, chance=chance, now=now, clock_corrected=corrected) for repeat in Repeat
    )
    assert unsafe in (safe, None), "creating is never repeated sooner, or where reading would not be"
    if error.outcome_unknown:
        assert unsafe is None
    if attempt >= policy.attempts:
        assert safe is None
    if safe is not None:
        named = getattr(error, "retry_after", None) or 0.0
        longest = 65.0 if error.retry is Retry.WAIT else 0.0 if error.retry is Retry.RESIGN else policy.longest
        assert 0.0 <= safe <= named + longest
        assert error.retry is not Retry.WAIT or getattr(error, "code", None) in PER_MINUTE


def test_a_creation_is_repeated_only_where_nothing_was_done() -> None:
    """Whatever the vendor's list says or comes to say."""
    repeated = {code.number for code in CODES if pause(UNSAFE, refused(code.number), clock_corrected=True) is not None}
    assert repeated == PER_MINUTE | {190300}


def test_the_pause_grows_up_to_a_bound() -> None:
    policy, error = RetryPolicy(attempts=9), ConnectionFailed("refused")
    pauses = [policy.pause(SAFE, attempt, error, chance=1.0, now=NOW) for attempt in range(1, 10)]
    assert pauses == [0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0, 5.0, None]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"attempts": 0}, "attempts of RetryPolicy must be a whole number, 1 or more; not 0"),
        ({"attempts": None}, "attempts of RetryPolicy must be a whole number, 1 or more; not None"),
        ({"budget": -1}, "budget of RetryPolicy must be a whole number, 0 or more; not -1"),
        ({"first": -1.0}, "first of RetryPolicy must be a number of seconds, 0 or more; not -1.0"),
        ({"longest": float("nan")}, "longest of RetryPolicy must be a number of seconds, 0 or more; not nan"),
    ],
)
def test_a_policy_must_make_sense(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        RetryPolicy(**given)


# --- the budget -------------------------------------------------------------------------------------------------------


def attempts_of(budget: RetryBudget, calls: int, *, fails: int, most: int = 3) -> int:
    """How many attempts so many calls make, the first `fails` of each being without success."""
    made = 0
    for _ in range(calls):
        attempt = 1
        while attempt <= fails and attempt < most and budget.take():
            attempt += 1
        made += attempt
        if attempt > fails:
            budget.succeeded(repeated=attempt > 1)
    return made


def test_a_server_that_is_down_gets_one_attempt_per_call() -> None:
    budget = RetryBudget(100)
    assert attempts_of(budget, 1000, fails=99) == 1100
    assert attempts_of(budget, 1000, fails=99) == 1000, "nothing comes back meanwhile"
    assert attempts_of(budget, 1000, fails=0) == 1000
    assert attempts_of(budget, 10, fails=1) == 20, "what is well again is repeated again"


def test_what_succeeds_in_the_end_may_go_on() -> None:
    assert attempts_of(RetryBudget(10), 1000, fails=1) == 2000


@given(st.integers(0, 20), st.lists(st.sampled_from(["take", "first", "again"]), max_size=200))
def test_a_budget_is_never_overdrawn(size: int, steps: list[str]) -> None:
    budget, taken, brought = RetryBudget(size), 0, 0.0
    for step in steps:
        if step == "take":
            taken += budget.take()
        else:
            budget.succeeded(repeated=step == "again")
            brought += 1.0 if step == "again" else 0.1
    assert taken <= size + brought + 1e-6
    for _ in range(size + 1):
        budget.succeeded(repeated=True)
    assert [budget.take() for _ in range(size + 1)] == [True] * size + [False]
