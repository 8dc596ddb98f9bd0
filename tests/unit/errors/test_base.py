"""The error tree: complete, drawn, picklable."""

import pickle
import re
from enum import StrEnum
from typing import Any

import pytest

from tm_async import errors
from tm_async.errors import (
    ApiError,
    ClockSkewed,
    DeadlineExceeded,
    ExchangeFailed,
    HandlerFailed,
    InboxUnavailable,
    NotFound,
    ReauthorizationRequired,
    RefreshFailed,
    Retry,
    StateMismatch,
    TencentMeetingError,
    TokenStoreUnavailable,
    UnreadableAnswer,
    ValidationError,
    Violation,
)

EXAMPLES = [
    ValidationError([Violation("a", "b", "c", "d", 5, "1095/1")], operation="meetings.create"),
    ExchangeFailed("broken", operation="meetings.create"),
    DeadlineExceeded("too late", outcome_unknown=False),
    UnreadableAnswer("not JSON", status=502, trace_id="t", body=b"<html>", operation="meetings.get"),
    NotFound(9003, status=500, message="没有", new_code=1000009003, trace_id="t", body=b"{}", meaning="gone"),
    ApiError(5, status=500, retry=Retry.BACKOFF),
    ReauthorizationRequired("gone", open_id="o1", authorize_url="https://e.com/?state=S", state="S"),
    ClockSkewed("off", seconds=86400),
    RefreshFailed("later", operation="meetings.create"),
    StateMismatch("no state"),
    TokenStoreUnavailable("no Redis"),
    HandlerFailed(event="meeting.end", key="0" * 64, attempt=2, handlers=["close"]),
    InboxUnavailable("full"),
]


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_errors_survive_pickling(error: TencentMeetingError) -> None:
    error.add_note("seen")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert again.__dict__ == error.__dict__
    assert str(again) == str(error)
    assert again.may_retry == error.may_retry


def _tree(cls: type[BaseException]) -> set[str]:
    return {cls.__name__}.union(
        *(_tree(sub) for sub in cls.__subclasses__() if sub.__module__.startswith(errors.__name__))
    )


def test_the_drawing_and_the_exports_are_complete() -> None:
    assert errors.__doc__ is not None
    drawn = re.findall(r"(\w+)(?:  |\n)", errors.__doc__.split("```")[1].split("text\n")[1])
    names = _tree(TencentMeetingError)
    assert names <= set(drawn)
    assert set(errors.__all__) == names | {"Retry", "Violation"}


def test_the_drawing_shows_the_right_parents() -> None:
    assert errors.__doc__ is not None
    parents: list[str] = ["TencentMeetingError"]
    for line in errors.__doc__.split("```")[1].splitlines()[2:]:
        found = re.match(r"([│ ]*)[├└]── (\w+)", line)
        if found is None:
            continue
        depth = len(found[1]) // 4 + 1
        parents = [*parents[:depth], found[2]]
        assert getattr(errors, found[2]).__bases__[0].__name__ == parents[depth - 1]


def test_what_is_said() -> None:
    assert str(EXAMPLES[0]) == "meetings.create: 1 rule broken\n  a: c (doc 1095/1)"
    assert str(EXAMPLES[4]) == "error 9003: gone - 没有 (HTTP 500, trace t)"
    twice = NotFound(9003, status=500, message="gone: '7' is not known", meaning="gone")
    assert str(twice) == "error 9003: gone: '7' is not known (HTTP 500)", "what the gateway says as we do is said once"
    assert str(EXAMPLES[5]) == "error 5 (HTTP 500)"
    assert isinstance(EXAMPLES[2], TimeoutError)
    assert not EXAMPLES[2].outcome_unknown


def test_no_error_of_an_authorisation_leaves_the_operation_in_doubt() -> None:
    for error in EXAMPLES[6:]:
        assert not error.outcome_unknown
    assert EXAMPLES[8].may_retry
    assert EXAMPLES[10].may_retry


def test_long_bodies_are_cut() -> None:
    assert len(UnreadableAnswer("x", status=200, trace_id=None, body=b"x" * 10**6).body) == 2000


# --- secrets ----------------------------------------------------------------------------------------------------------

SECRET = "canary-secret"


class Kind(StrEnum):
    BUSY = "busy"
    TELLING = f"{SECRET} of an enum"


class Mine(Exception):
    def __init__(self, kind: Kind) -> None:
        super().__init__(kind, 5)
        self.kind = kind


class ReadOnly(Exception):
    @property
    def args(self) -> Any:
        return ("x",)


def test_secrets_are_taken_out_of_all_that_an_error_came_from() -> None:
    error, cause = ExchangeFailed(f"it said {SECRET}"), Mine(Kind.TELLING)
    error.__cause__, cause.__context__ = cause, ValueError(SECRET.encode())
    error.hide([SECRET])
    assert str(error) == "it said ***"
    assert cause.args == ("*** of an enum", 5)
    assert cause.kind == "*** of an enum"
    assert cause.__context__.args == (b"***",)


def test_what_tells_no_secret_stays_the_very_same() -> None:
    error, cause = ExchangeFailed("cut"), Mine(Kind.BUSY)
    error.__cause__, cause.__context__ = cause, ReadOnly()
    error.hide([SECRET])
    assert cause.args[0] is cause.kind is Kind.BUSY


def test_what_the_caller_was_handling_is_the_callers() -> None:
    error, outside = ExchangeFailed("cut"), Mine(Kind.TELLING)
    error.__context__ = outside
    error.hide([SECRET], outside=outside)
    assert outside.kind is Kind.TELLING
