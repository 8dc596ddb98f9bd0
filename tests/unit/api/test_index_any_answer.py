"""Whatever comes back, for every operation: a result, or one of our errors; and a success stays a success."""

import json
from functools import cache
from typing import Any

import pytest
from attrs import fields
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import START
from tests.curious import read_everything
from tm_async.api.index import operations
from tm_async.core.decode import decode
from tm_async.core.exchange import RawAnswer, Request
from tm_async.core.operation import Operation, result_type
from tm_async.errors import ApiError, TencentMeetingError, UnreadableAnswer
from tm_async.spec.catalogue import entry

REQUEST = Request("GET", "/v1/x", "https://api.meeting.qq.com", operation="x")
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.sampled_from(
        ["", "1", "1796090400", "1796090400123", "true", "MEETING_STATE_NEW", "dBVzdDE=", "zz\ud800", "😀"]
    )
)


def names(fields: list[dict[str, Any]]) -> set[str]:
    found = set()
    for field in fields:
        found |= {field["name"], *names(field.get("fields") or field.get("items", {}).get("fields") or [])}
    return found


LIKE_ANSWERS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.integers(0, 999), inner, max_size=6),
    max_leaves=15,
)
"""JSON with a number in the place of each name."""


def named(drawn: Any, known: list[str]) -> Any:
    """JSON that looks like a documented answer, and in places is not."""
    if isinstance(drawn, dict):
        return {known[name % len(known)]: named(one, known) for name, one in drawn.items()}
    return [named(one, known) for one in drawn] if isinstance(drawn, list) else drawn


@cache
def known_names() -> dict[type[Operation[Any]], list[str]]:
    """What the answers of an operation have for names."""
    documented = {one: entry(one.spec.catalogue_id).raw["response"] or {} for one in operations().values()}
    return {one: sorted(names(said.get("fields", [])) | {"unknown", "error_info"}) for one, said in documented.items()}


def blank(operation: type[Operation[Any]]) -> Operation[Any]:
    """Of an operation only the class matters here, and what its answer is compared with."""
    made = object.__new__(operation)
    asked = {"type": 0, "recurring_rule": None, "start_time": START, "end_time": START}
    for one in fields(operation):
        if one.name in asked or one.name in ("meeting_id", "meeting_code", "subject"):
            object.__setattr__(made, one.name, asked.get(one.name, "1"))
    return made


@settings(max_examples=200)
@given(LIKE_ANSWERS, st.sampled_from([200, 400, 500]))
def test_no_answer_does_more_than_raise_one_of_our_errors(drawn: Any, status: int) -> None:
    for operation, known in known_names().items():
        raw = RawAnswer(status, (), json.dumps(named(drawn, known)).encode())
        try:
            read_or_refused(operation, raw)
        except Exception as wrong:
            wrong.add_note(f"{operation.spec.id}: {raw.body!r}")
            raise


def read_or_refused(operation: type[Operation[Any]], raw: RawAnswer) -> None:
    try:
        result = decode(blank(operation), REQUEST, raw)
    except TencentMeetingError:
        return
    assert raw.status == 200
    read_everything(result)


@pytest.mark.parametrize("operation", operations().values(), ids=operations())
def test_a_success_whose_members_are_all_wrong_is_a_success(operation: type[Operation[Any]]) -> None:
    wanted = result_type(operation)
    needed = {operation.spec.needs: "5"} if operation.spec.needs else {}
    body: Any = {"unknown": 1} | needed
    if operation.spec.pick:
        body = {operation.spec.pick: [body]}
    result = decode(blank(operation), REQUEST, RawAnswer(200, (), json.dumps(body).encode()))
    if wanted is type(None):
        assert result is None
        assert decode(blank(operation), REQUEST, RawAnswer(200, (), b"")) is None
    else:
        assert result.extra["unknown"] == 1
        read_everything(result)
    if needed:
        body = {operation.spec.pick: [{"unknown": 1}]} if operation.spec.pick else {"unknown": 1}
        with pytest.raises(UnreadableAnswer, match=f"has no {operation.spec.needs}") as caught:
            decode(blank(operation), REQUEST, RawAnswer(200, (), json.dumps(body).encode()))
        assert caught.value.outcome_unknown


REFUSALS = {
    b'{"error_info": {"error_code": 9042, "message": "no"}}': 9042,
    b'{"error_info": {"error_code": 9042, "new_error_code": 1000009042}}': 9042,
    b'{"error_info": {"error_code": 1000009042}}': 9042,
    b'{"error_info": {"error_code": "9042"}}': 9042,
    b'{"error_info": {"new_error_code": 1000009042}}': 9042,
    b'{"error_info": {"error_code": 9042': None,
    b"<html>": None,
    b"": None,
}
"""Bodies, with the code of the error; `None`: it is no refusal of the gateway's."""


@pytest.mark.parametrize("operation", operations().values(), ids=operations())
def test_refusals_in_every_shape(operation: type[Operation[Any]]) -> None:
    for body, code in REFUSALS.items():
        with pytest.raises(ApiError if code else UnreadableAnswer) as caught:
            decode(blank(operation), REQUEST, RawAnswer(500, (), body))
        assert getattr(caught.value, "code", None) == code, body
