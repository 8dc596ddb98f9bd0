"""The token endpoints' wire: what is sent, what each code becomes, what can't be read."""

import json
import pickle
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.auth.oauth2.conftest import envelope
from tm_async.auth.oauth2.grant import Grant, moment
from tm_async.auth.oauth2.wire import data_of, read_grant, token_request
from tm_async.core.exchange import Gateway, RawAnswer
from tm_async.core.secret import SecretText
from tm_async.errors import (
    ApiError,
    AppConfigurationError,
    AuthenticationError,
    InvalidRequest,
    ServiceError,
    TencentMeetingError,
    TokenStoreError,
    UnreadableAnswer,
)

SERVER = Gateway.parse("https://meeting.tencent.com")
SENT = {"sdk_id": "10066660661", "secret": SecretText("canary-s"), "auth_code": SecretText("canary-c")}
REQUEST = token_request(SERVER, "access_token", SENT)
DATA = {
    "access_token": "canary-at",
    "refresh_token": "canary-rt",
    "expires": 1606985243,
    "open_id": "o1",
    "scopes": ["VIEW_USER_INFO", "VIEW_VIDEO"],
    "scopes_v2": ["personal-user-view"],
    "open_corp_id": "c1",
}


def test_a_request_is_json_without_anything_of_rfc_6749() -> None:
    assert REQUEST.method == "POST"
    assert REQUEST.origin + REQUEST.target == ("https://meeting.tencent.com/wemeet-webapi/v2/oauth2/oauth/access_token")
    assert json.loads(REQUEST.body) == {"sdk_id": "10066660661", "secret": "canary-s", "auth_code": "canary-c"}
    assert "canary" not in repr(REQUEST)


def test_the_documented_answer() -> None:
    raw = envelope(0, DATA)
    grant = read_grant(data_of(REQUEST, raw, sent=SENT), REQUEST, raw)
    assert (grant.access_token, grant.refresh_token, grant.open_id) == ("canary-at", "canary-rt", "o1")
    assert grant.expires_at == datetime(2020, 12, 3, 8, 47, 23, tzinfo=UTC)  # absolute, not a duration
    assert grant.scopes == ("VIEW_USER_INFO", "VIEW_VIDEO")
    assert grant.scopes_v2 == ("personal-user-view",)
    assert grant.open_corp_id == "c1"
    assert "canary" not in repr(grant)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (10, InvalidRequest),
        (20, ServiceError),
        (999, ServiceError),
        (1001, AppConfigurationError),
        (1002, AuthenticationError),
        (1003, AppConfigurationError),
        (1004, InvalidRequest),
        (1005, AuthenticationError),
        (1006, AuthenticationError),
        (4711, ApiError),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 500])
def test_codes_become_typed_errors_whatever_the_status(code: int, error: type[ApiError], status: int) -> None:
    with pytest.raises(error) as caught:
        data_of(REQUEST, envelope(code, None, status), sent=SENT)
    found = caught.value
    assert type(found) is error
    assert (found.code, found.status, found.trace_id) == (code, status, "trace-1")
    assert found.operation == "oauth2.access_token"
    assert found.may_retry == (code in {20, 999})


def test_a_code_may_be_text() -> None:
    assert data_of(REQUEST, RawAnswer(200, (), b'{"code": "0", "data": {"a": 1}}'), sent=SENT) == {"a": 1}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"   ", "empty"),
        (b"<html>canary-at</html>", "not JSON"),
        (b'{"code": 0, "data": {"access_token": "canary-at"', "not JSON"),
        (b"[]", "no code"),
        (b'{"data": {"access_token": "canary-at"}}', "no code"),
        (b'{"code": true, "data": {"a": 1}}', "no code"),
        (b'{"code": 0}', "no data"),
        (b'{"code": 0, "data": null}', "no data"),
        (b'{"code": 0, "data": {}}', "no data"),
        (b'{"code": 0, "data": ["canary-at"]}', "no data"),
    ],
)
@pytest.mark.parametrize("status", [200, 502])
def test_what_can_not_be_read_shows_nothing_of_it(body: bytes, words: str, status: int) -> None:
    with pytest.raises(UnreadableAnswer, match=words) as caught:
        data_of(REQUEST, RawAnswer(status, (), body), sent=SENT)
    assert caught.value.body == b""
    assert b"canary" not in pickle.dumps(caught.value)


@pytest.mark.parametrize("name", ["access_token", "refresh_token", "open_id"])
@pytest.mark.parametrize("bad", [None, "", 5, "a\r\nX-Evil: 1", "a b", "ü", ["x"]])
def test_tokens_that_can_not_travel_in_a_header(name: str, bad: object) -> None:
    raw = envelope(0, DATA | {name: bad})
    with pytest.raises(UnreadableAnswer, match=name):
        read_grant(data_of(REQUEST, raw, sent=SENT), REQUEST, raw)


@pytest.mark.parametrize(
    "left_out", [{}, {"open_id": None, "refresh_token": None}, {"open_id": "", "refresh_token": ""}]
)
def test_a_renewal_keeps_what_the_answer_leaves_out(left_out: dict[str, Any]) -> None:
    """However it is left out: the old pair is dead by then."""
    raw = envelope(0, DATA)
    old = read_grant(DATA, REQUEST, raw)
    fresh = read_grant({"access_token": "n", "expires": 1_900_000_000, **left_out}, REQUEST, raw, renewing=old)
    merged = old.renewed_by(fresh)
    assert (merged.open_id, merged.access_token, merged.refresh_token) == ("o1", "n", "canary-rt")
    assert merged.open_corp_id == "c1"


def test_the_tokens_of_another_user_are_refused() -> None:
    raw = envelope(0, DATA)
    with pytest.raises(UnreadableAnswer, match="another user"):
        read_grant(DATA | {"open_id": "o2"}, REQUEST, raw, renewing=read_grant(DATA, REQUEST, raw))


def test_a_server_that_repeats_a_secret_is_not_quoted() -> None:
    raw = envelope(1003, message="bad secret canary-s for code canary-c")
    with pytest.raises(AppConfigurationError) as caught:
        data_of(REQUEST, raw, sent=SENT)
    assert "canary" not in str(caught.value) + repr(caught.value.__dict__)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*DATA, "code", "data"]), inner),
        max_leaves=12,
    )
)
def test_no_answer_does_more_than_raise(value: Any) -> None:
    raw = RawAnswer(200, (), json.dumps(value).encode())
    try:
        grant = read_grant(data_of(REQUEST, raw, sent=SENT), REQUEST, raw)
    except TencentMeetingError:
        return
    assert Grant.from_text(grant.to_text(), open_id=grant.open_id) == grant


@pytest.mark.parametrize("value", [None, "", "soon", 21600, "21600", True, 1e9, 10**11, 10**14, -5, "9" * 400, []])
def test_an_end_that_is_no_moment_is_not_known(value: object) -> None:
    assert moment(value) is None


def test_an_end_may_be_text() -> None:
    assert moment("1606985243") == moment(1606985243)


@pytest.mark.parametrize("value", [1606985243000, "1606985243999"])
def test_an_end_may_be_in_milliseconds(value: object) -> None:
    assert moment(value) == datetime(2020, 12, 3, 8, 47, 23, tzinfo=UTC)


GRANT = read_grant(DATA, REQUEST, envelope(0, DATA))


def test_a_grant_survives_the_store() -> None:
    assert Grant.from_text(GRANT.to_text(), open_id="o1") == GRANT
    assert GRANT.seconds_left(1606985243 - 10) == 10


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        (GRANT.to_text()[:-9], "not JSON"),
        ("[]", "not an object"),
        (GRANT.to_text().replace('"format": 1', '"format": 2'), "format is '2'"),
        (GRANT.to_text().replace('"o1"', '"o2"'), "another open id"),
        (GRANT.to_text().replace('"canary-at"', '""'), "token is missing"),
        (GRANT.to_text().replace('"canary-rt"', "5"), "token is missing"),
    ],
)
def test_a_stored_grant_that_can_not_be_used(text: str, words: str) -> None:
    with pytest.raises(TokenStoreError, match=words) as caught:
        Grant.from_text(text, open_id="o1")
    assert "authorise again" in str(caught.value)
    assert "canary" not in str(caught.value)


def test_a_grant_can_not_be_pickled() -> None:
    with pytest.raises(TypeError, match="holds tokens"):
        pickle.dumps(GRANT)
