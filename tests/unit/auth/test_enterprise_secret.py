"""The enterprise strategy: its headers, what it refuses, and that its key stays inside."""

import copy
import pickle
import re
import traceback

import pytest

from tests.vectors import SECRET_ID, SECRET_KEY, VECTORS
from tm_async import EnterpriseSecret, GetMeeting, OAuth2App, TencentMeeting
from tm_async.core.exchange import Request
from tm_async.errors import ApiError, ConfigurationError

ENV = {
    "TENCENT_MEETING_APP_ID": "211153201",
    "TENCENT_MEETING_SDK_ID": "28370276340",
    "TENCENT_MEETING_SECRET_ID": SECRET_ID,
    "TENCENT_MEETING_SECRET_KEY": SECRET_KEY,
}
REQUEST = Request("GET", "/v1/meetings", "https://api.meeting.qq.com")
NOW = 1_790_000_000.0


def test_headers_in_exact_spelling() -> None:
    method, nonce, timestamp, target, body, _, signature = VECTORS[1]
    auth = EnterpriseSecret.from_env(ENV)
    request = Request(method, target, "https://api.meeting.qq.com", body.encode())
    assert auth.headers(request, timestamp=timestamp, nonce=nonce) == (
        ("X-TC-Key", SECRET_ID),
        ("X-TC-Timestamp", timestamp),
        ("X-TC-Nonce", nonce),
        ("X-TC-Signature", signature),
        ("AppId", "211153201"),
        ("SdkId", "28370276340"),
        ("X-TC-Registered", "1"),
    )


@pytest.mark.parametrize("sdk_id", [None, ""])
def test_no_sdk_id_leaves_the_header_out(sdk_id: str | None) -> None:
    auth = EnterpriseSecret(app_id="1", secret_id="a", secret_key="k", sdk_id=sdk_id)
    assert "SdkId" not in dict(auth.headers(REQUEST, timestamp="1", nonce="2"))


async def test_every_attempt_is_signed_afresh() -> None:
    auth = EnterpriseSecret(app_id="1", secret_id="a", secret_key="k")
    first, second = dict(await auth.authorize(REQUEST, 100.9)), dict(await auth.authorize(REQUEST, 101.2))
    assert (first["X-TC-Timestamp"], second["X-TC-Timestamp"]) == ("100", "101")
    assert first["X-TC-Nonce"] != second["X-TC-Nonce"]
    assert first["X-TC-Signature"] != second["X-TC-Signature"]


async def test_nonces_are_positive_integers_and_do_not_repeat() -> None:
    auth = EnterpriseSecret.from_env(ENV)
    nonces = [dict(await auth.authorize(REQUEST, NOW))["X-TC-Nonce"] for _ in range(2000)]
    assert len(set(nonces)) == 2000
    assert all(nonce.isdigit() and 0 < int(nonce) < 2**63 for nonce in nonces)


async def test_a_refusal_is_final() -> None:
    assert not await EnterpriseSecret.from_env(ENV).rejected(ApiError(200003, status=400), ())


def test_explain_shows_the_string_to_sign_without_the_key() -> None:
    text = EnterpriseSecret.from_env(ENV).explain(REQUEST, timestamp="1", nonce="2")
    assert text == f"GET\nX-TC-Key={SECRET_ID}&X-TC-Nonce=2&X-TC-Timestamp=1\n/v1/meetings\n"
    assert SECRET_KEY not in text


def test_explain_an_operation() -> None:
    auth = EnterpriseSecret.from_env(ENV)
    request = TencentMeeting(auth).prepare(GetMeeting(meeting_id="5", userid="a"))
    method, signed, target, body = auth.explain(request).split("\n")
    assert (method, target, body) == ("GET", "/v1/meetings/5?userid=a&instanceid=1", "")
    assert re.fullmatch(rf"X-TC-Key={SECRET_ID}&X-TC-Nonce=\d+&X-TC-Timestamp=\d+", signed)


def test_from_env_names_everything_that_is_missing() -> None:
    with pytest.raises(ConfigurationError, match="variables TENCENT_MEETING_SECRET_ID, TENCENT_MEETING_SECRET_KEY"):
        EnterpriseSecret.from_env({"TENCENT_MEETING_APP_ID": "1"})


def test_the_environment_is_not_shown_when_something_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENCENT_MEETING_SECRET_KEY", "canary")
    for build in (EnterpriseSecret.from_env, OAuth2App.from_env):
        try:
            build()
        except ConfigurationError as error:
            shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
            assert "found" in shown
            assert "canary" not in shown
        else:
            pytest.fail("most variables were missing")


def test_from_env_reads_nothing_of_tencent_cloud(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "TENCENTCLOUD_APP_ID"):
        monkeypatch.setenv(name, "x")
    with pytest.raises(ConfigurationError):
        EnterpriseSecret.from_env()


@pytest.mark.parametrize("bad", ["", "with space", "line\nfeed", "中文", None, 5])
@pytest.mark.parametrize("name", ["app_id", "secret_id"])
def test_values_that_could_break_a_header_are_refused(name: str, bad: object) -> None:
    given = {"app_id": "1", "secret_id": "a", "secret_key": "k", name: bad}
    with pytest.raises(ConfigurationError, match=name):
        EnterpriseSecret(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize("bad", ["", None])
def test_an_empty_key_is_refused(bad: object) -> None:
    with pytest.raises(ConfigurationError, match="secret_key"):
        EnterpriseSecret(app_id="1", secret_id="a", secret_key=bad)  # type: ignore[arg-type]


def test_the_key_can_not_be_got_out() -> None:
    auth = EnterpriseSecret.from_env(ENV)
    assert SECRET_KEY not in repr(auth)
    for slot in type(auth).__slots__:
        if hasattr(auth, slot):
            assert SECRET_KEY not in repr(getattr(auth, slot))
    for steal in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="holds a secret"):
            steal(auth)


def test_no_key_in_a_traceback_with_locals() -> None:
    auth = EnterpriseSecret.from_env(ENV)
    try:
        auth.headers(Request("GET", "/", "x", body="no bytes"), timestamp="1", nonce="1")  # type: ignore[arg-type]
    except TypeError as error:
        shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
        assert SECRET_ID in shown
        assert SECRET_KEY not in shown
    else:
        pytest.fail("a text body should not have been signed")


def test_the_gateway_of_the_variables() -> None:
    """A client of credentials goes where they belong, whatever this process's own environment says."""
    environ = {**ENV, "TENCENT_MEETING_BASE_URL": "https://gateway.example/v1"}
    auth = EnterpriseSecret.from_env(environ)
    assert TencentMeeting(auth).origin == "https://gateway.example"
    assert TencentMeeting(auth, base_url="https://other.example/v1").origin == "https://other.example"
    assert TencentMeeting(EnterpriseSecret.from_env(ENV)).origin == "https://api.meeting.qq.com"
    assert "gateway.example" not in repr(auth)
