"""Answers become results or errors, decided by the error_code."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import meeting
from tests.strategies import json_values
from tm_async import Meeting, errors
from tm_async.api.jsapi import GetJsapiUser
from tm_async.api.recordings import DeleteRecordingFile
from tm_async.core.codes import look_up
from tm_async.core.declare import operation
from tm_async.core.decode import decode, decode_json
from tm_async.core.exchange import Gateway, RawAnswer, Request
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.prepare import prepare
from tm_async.errors import (
    AnswerError,
    ApiError,
    AppConfigurationError,
    AuthenticationError,
    ClockError,
    Conflict,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    QuotaExhausted,
    RateLimited,
    Retry,
    ServiceError,
    UnreadableAnswer,
    WrongState,
)
from tm_async.spec.codes import CODES, normalise

CREATE = meeting()
REQUEST = Request("POST", "/v1/meetings", "https://x", b"", "meetings.create")


@operation
class Cancel(Operation[None]):
    """An operation without output."""

    spec = Spec("x.cancel", "POST /v1/x", repeat=Repeat.SAFE)


def answer(status: int, body: object, trace: str | None = "t1") -> RawAnswer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return RawAnswer(status, ((b"X-Tc-Trace", trace.encode()),) if trace else (), raw)


def refused(status: int, **info: object) -> ApiError:
    with pytest.raises(ApiError) as caught:
        decode(CREATE, REQUEST, answer(status, {"error_info": info}))
    return caught.value


@pytest.mark.parametrize("made", [[{"meeting_id": "5"}], {"meeting_id": "5"}])
def test_a_result(made: object) -> None:
    result = decode(CREATE, REQUEST, answer(200, {"meeting_number": 1, "meeting_info_list": made}))
    assert result == Meeting(meeting_id="5")


@pytest.mark.parametrize("body", [b"", b" \r\n", b"{}", b'{"a":1}', b"null"])
def test_success_without_output(body: bytes) -> None:
    decode(Cancel(), REQUEST, answer(200, body))


@pytest.mark.parametrize("code", [9003, "9003", 9003.0, "9003.0", " 9003 "])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_code_however_it_is_written(code: object, mark: bytes) -> None:
    body = mark + json.dumps({"error_info": {"error_code": code}}).encode()
    with pytest.raises(NotFound):
        decode(CREATE, REQUEST, answer(500, body))


@pytest.mark.parametrize("code", ["9003.5", 9003.5, "9 003", "", None, True, "9" * 400, float("inf")])
def test_what_is_no_code(code: object) -> None:
    with pytest.raises(UnreadableAnswer, match="no error_code"):
        decode(CREATE, REQUEST, answer(500, {"error_info": {"error_code": code}}))


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (1002, AuthenticationError),
        (10, InvalidRequest),
        ("1001", AppConfigurationError),
        (20, ServiceError),
        (7, ApiError),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 500])
def test_in_the_envelope_of_oauth2_the_code_tells_and_not_the_status(status: int, code: object, error: type) -> None:
    asked = GetJsapiUser(auth_code="x")
    body = {"code": code, "message": "invalid", "nonce": "n"}
    with pytest.raises(ApiError) as caught:
        decode(asked, prepare(asked, Gateway("https://x")), answer(status, body))
    assert (type(caught.value), caught.value.code, caught.value.message) == (error, int(str(code)), "invalid")


@pytest.mark.parametrize("said", [{"code": 0}, {"code": "0"}, {}])
def test_a_success_in_the_envelope_of_oauth2(said: dict[str, object]) -> None:
    body = {**said, "message": "SUCCESS", "nonce": "n", "user_info": {"userid": "a"}}
    asked = GetJsapiUser(auth_code="x")
    assert decode(asked, prepare(asked, Gateway("https://x")), answer(200, body)).user_info.userid == "a"


@pytest.mark.parametrize(
    ("code", "status", "error", "retry", "unknown"),
    [
        (9003, 500, NotFound, Retry.NO, False),
        (190457, 400, NotFound, Retry.NO, False),
        (190004, 400, InvalidRequest, Retry.NO, False),
        (190300, 400, ClockError, Retry.RESIGN, False),
        (200003, 500, AuthenticationError, Retry.NO, False),
        (190310, 500, RateLimited, Retry.WAIT, False),
        (500029, 400, QuotaExhausted, Retry.WAIT, False),
        (550000, 400, ServiceError, Retry.BACKOFF, True),
        (777777, 400, ApiError, Retry.NO, False),
        (777777, 500, ApiError, Retry.BACKOFF, True),
    ],
)
def test_the_code_decides(code: int, status: int, error: type[ApiError], retry: Retry, unknown: bool) -> None:
    caught = refused(status, error_code=code, message="hm")
    assert type(caught) is error
    assert (caught.code, caught.status, caught.message, caught.trace_id) == (code, status, "hm", "t1")
    assert (caught.retry, caught.outcome_unknown, caught.operation) == (retry, unknown, "meetings.create")
    assert f"error {code}" in str(caught)
    assert f"HTTP {status}, trace t1" in str(caught)


@pytest.mark.parametrize(
    ("new", "code"),
    [(1000009007, 9007), (1000190004, 190004), (200190303, 190303), (101013603, 13603), (108004051, 4051),
     (1009009042, 9042), (107001004, 1004), (9003, 9003), (999999, 999999)],
)  # fmt: skip
def test_observed_prefixes(new: int, code: int) -> None:
    assert normalise(new) == code
    assert refused(500, error_code=new, message="").code == code


def test_codes_in_odd_places_and_types() -> None:
    caught = refused(500, error_code="9003", new_error_code="1000009003")
    assert (type(caught), caught.code, caught.new_code, caught.message) == (NotFound, 9003, 1000009003, "")
    assert refused(500, new_error_code=1000009003).code == 9003
    assert type(refused(200, error_code=9007, message=5)) is WrongState


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, {"code": 9003, "message": "no such meeting"}),
        (500, {"code": "9003", "message": "no such meeting", "nonce": "x", "data": None}),
        (500, {"error_code": 9003, "message": "no such meeting"}),
        (500, {"error_code": 9003, "code": 1, "message": "no such meeting"}),
        (500, {"code": 1000009003, "message": "no such meeting", "error_info": None}),
        (200, {"error_code": 9003, "message": "no such meeting"}),
    ],
)
def test_an_error_beside_everything_else(status: int, body: object) -> None:
    """The form of the OAuth2 endpoints."""
    with pytest.raises(NotFound) as caught:
        decode(CREATE, REQUEST, answer(status, body))
    assert (caught.value.code, caught.value.message, caught.value.status) == (9003, "no such meeting", status)


@pytest.mark.parametrize(
    "body", [{"code": 5, "message": "ok"}, {"error_code": 0}, {"error_info": {"error_code": 0}}, {"error_info": {}}]
)
def test_a_success_with_members_of_an_error_is_a_success(body: dict[str, object]) -> None:
    """Which `code` of those two operations that answer one is a success, no page says."""
    made = answer(200, body | {"meeting_info_list": [{"meeting_id": "5"}]})
    assert decode(CREATE, REQUEST, made) == Meeting(meeting_id="5")


@pytest.mark.parametrize(
    ("method", "path", "error"),
    [
        ("GET", "/v1/meetings/5/enroll/config", WrongState),
        ("GET", "/v1/meetings", ApiError),
        ("GET", "/v1/nothing/of/the/kind", ApiError),
    ],
)
def test_small_codes_belong_to_their_family(method: str, path: str, error: type[ApiError]) -> None:
    assert look_up(101, method, path)[0] is error


def test_a_number_means_what_its_operation_means_by_it() -> None:
    assert look_up(20004, "DELETE", "/v1/users/alice")[0] is PermissionDenied
    assert look_up(20004, "POST", "/v1/departments")[0] is Conflict
    assert look_up(20004, "POST", "/v1/meetings")[0] is ApiError


def test_a_numbers_operation_is_known_behind_a_proxys_path() -> None:
    """And where an id in the path looks like a part of another one."""
    refusal = answer(500, {"error_info": {"error_code": 7003, "message": "no"}})
    operation = DeleteRecordingFile(operator_id="tester", record_file_id="settings")
    with pytest.raises(NotFound):
        decode(operation, prepare(operation, Gateway.parse("https://proxy.example.com/tencent")), refusal)


@pytest.mark.parametrize(("code", "error"), [(20009, NotFound), (20011, InvalidRequest)])
def test_codes_of_polls(code: int, error: type[ApiError]) -> None:
    assert look_up(code, "GET", "/v1/meetings/5/polls-list")[0] is error
    assert look_up(code, "GET", "/v1/meetings/5/layouts")[0] is ApiError


def test_every_kind_is_an_error_and_every_advice_is_one() -> None:
    for code in CODES:
        assert issubclass(getattr(errors, code.kind), ApiError)
        assert Retry[code.retry.upper()]


@pytest.mark.parametrize(
    ("status", "body", "unknown"),
    [
        (502, b"<html>Bad Gateway</html>", True),
        (500, b"", True),
        (404, b"not found", False),
        (302, b"", False),
        (408, b"", True),
        (200, b"", True),
        (200, b"<html>", True),
        (200, b'{"meeting_info_list": [', True),
        (200, b"\xff\xfe{}", True),
        (200, b"[]", True),
        (200, b"{}", True),
        (200, b'{"meeting_info_list": []}', True),
        (200, b'{"meeting_info_list": [5]}', True),
        (200, b'{"meeting_info_list": {}}', True),
        (200, b"9" * 5000, True),
        (200, b"[" * 100_000, True),
        (500, b'{"error_info": {}}', True),
        (500, b'{"error_info": {"error_code": "x"}}', True),
        (400, b'{"error_info": []}', False),
        (400, b'{"code": 5}', False),
    ],
)
def test_answers_of_another_shape(status: int, body: bytes, unknown: bool) -> None:
    with pytest.raises(UnreadableAnswer) as caught:
        decode(CREATE, REQUEST, answer(status, body))
    assert (caught.value.status, caught.value.outcome_unknown) == (status, unknown)
    assert caught.value.body == body[:2000]
    assert caught.value.__cause__ is None


@given(st.integers(100, 599), st.binary() | json_values.map(lambda value: json.dumps(value).encode()))
def test_no_answer_raises_anything_else(status: int, body: bytes) -> None:
    for one in (CREATE, Cancel()):
        try:
            decode(one, REQUEST, answer(status, body))
        except AnswerError:
            pass


@given(json_values)
def test_plain_json(value: object) -> None:
    if isinstance(value, dict) and "error_info" in value:
        return
    assert decode_json(REQUEST, answer(200, value)) == value
