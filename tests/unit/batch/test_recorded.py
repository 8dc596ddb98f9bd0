"""What a ledger keeps of an outcome, and what a later run makes of it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import meeting
from tests.strategies import json_values
from tests.unit.core.test_retry import refused
from tm_async import Created, Meeting, Rejected, Unknown
from tm_async.batch.ledger.protocol import Entry, State
from tm_async.batch.recorded import outcome_of, record_of, state_of
from tm_async.core.decode import decode
from tm_async.core.exchange import RawAnswer, Request
from tm_async.errors import (
    ApiError,
    ClientClosed,
    ConnectionFailed,
    DeadlineExceeded,
    ExchangeFailed,
    LedgerUnavailable,
    OutcomeUnknown,
    QuotaExceeded,
    RecordedError,
    TencentMeetingError,
    ValidationError,
    WrongAuthMode,
)
from tm_async.spec.codes import CODES

REQUEST = meeting(password="777888", host_key="666555", enable_host_key=True)
ROW = {
    "meeting_id": "5", "meeting_code": "806146667", "subject": "周会", "join_url": "https://x/5", "password": "777888",
    "host_key": "666555", "start_time": "2143245600", "end_time": "2143249200", "user_non_registered": ["nobody"],
    "settings": {"password": "777888"}, "new_member": {"password": "777888"},
}  # fmt: skip


def answered(row: dict[str, Any]) -> Meeting:
    body = json.dumps({"meeting_info_list": [row]}).encode()
    return decode(REQUEST, Request("POST", "/v1/meetings", "https://x"), RawAnswer(200, (), body))


def again(outcome: Any) -> Any:
    """Written down and read."""
    said = json.loads(json.dumps(record_of(outcome)))
    entry = Entry(key="k", position=3, request="{}", state=state_of(outcome), outcome=said)
    return outcome_of(entry, REQUEST, 9)


@pytest.mark.parametrize("looked_up", [False, True])
def test_a_result_comes_back_without_what_is_secret(looked_up: bool) -> None:
    outcome = Created(index=1, request=REQUEST, result=answered(ROW), trace_id="t", looked_up=looked_up)
    said = record_of(outcome)
    assert state_of(outcome) is State.CREATED
    assert "777888" not in json.dumps(said)
    assert "666555" not in json.dumps(said)
    read = again(outcome)
    assert (read.index, read.trace_id, read.looked_up) == (9, "t", looked_up)
    for name in ("meeting_id", "meeting_code", "subject", "join_url", "start_time", "end_time", "user_non_registered"):
        assert getattr(read.result, name) == getattr(outcome.result, name) != None  # noqa: E711
    assert read.result.password is None


@given(st.dictionaries(st.sampled_from(sorted(ROW)), json_values))
def test_any_result_can_be_written_down_and_read(row: dict[str, Any]) -> None:
    read = again(Created(index=1, request=REQUEST, result=Meeting.from_wire(row)))
    assert isinstance(read, Created)
    assert isinstance(read.result.meeting_id, str)


def test_an_unknown_outcome_tells_its_cause() -> None:
    error = OutcomeUnknown(ExchangeFailed("cut"), request=REQUEST, since=1.0, until=2.0)
    outcome = Unknown(index=0, request=REQUEST, error=error)
    assert state_of(outcome) is State.UNKNOWN
    assert record_of(outcome) == {"error": "ExchangeFailed", "code": None, "trace_id": None, "message": "cut"}


FINAL, OPEN = State.REJECTED, State.PENDING


@pytest.mark.parametrize(
    ("error", "wanted"),
    [
        (ValidationError([]), FINAL),
        (refused(190004, 400), FINAL),
        (refused(190001), FINAL),
        (refused(9100), FINAL),
        (refused(777777, 400), FINAL),
        (refused(190303), OPEN),  # the key is wrong, not the item
        (refused(500125), OPEN),
        (refused(190310), OPEN),
        (refused(9008), OPEN),
        (refused(500168), OPEN),
        (refused(190300, 400), OPEN),
        (refused(None, 404), OPEN),
        (ConnectionFailed("refused"), OPEN),
        (DeadlineExceeded("late", outcome_unknown=False), OPEN),
        (QuotaExceeded("full", scope="x", seconds=1.0), OPEN),
        (WrongAuthMode("no"), OPEN),
        (ClientClosed("closed"), OPEN),
        (LedgerUnavailable("lost"), OPEN),
    ],
    ids=str,
)
def test_what_is_final(error: TencentMeetingError, wanted: State) -> None:
    outcome = Rejected(index=0, request=REQUEST, error=error)
    assert state_of(outcome) is wanted
    read = again(outcome)
    assert isinstance(read, Rejected)
    assert isinstance(read.error, RecordedError)
    assert read.error.name == type(error).__name__
    assert read.error.code == (error.code if isinstance(error, ApiError) else None)


def test_a_quota_never_ends_an_item() -> None:
    """Nor does anything else that waiting helps against: what is final is never sent again."""
    for code in CODES:
        error = refused(code.number)
        if error.may_retry and not error.outcome_unknown:
            assert state_of(Rejected(index=0, request=REQUEST, error=error)) is OPEN, code


@given(st.dictionaries(st.sampled_from(["error", "code", "trace_id", "message", "result", "looked_up"]), json_values))
def test_whatever_is_recorded_is_an_outcome(said: dict[str, Any]) -> None:
    """Another version may have written it."""
    for state in (State.CREATED, State.REJECTED):
        entry = Entry(key="k", position=0, request="{}", state=state, outcome=said)
        assert isinstance(outcome_of(entry, REQUEST, 0), Created if state is State.CREATED else Rejected)
