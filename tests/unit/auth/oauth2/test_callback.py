"""The way to the authorise page and back: URL, state, callback."""

import traceback
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.auth.oauth2.conftest import Server
from tm_async import EncryptedStore, FileStore, MemoryStore, OAuth2App
from tm_async.auth.stores.default import default_directory
from tm_async.errors import (
    AuthorizationDenied,
    CallbackError,
    ConfigurationError,
    StateMismatch,
    ValidationError,
)

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def test_the_url_has_the_documented_parameters_and_no_others(app: OAuth2App) -> None:
    url, state = app.authorize_url()
    parts = urlsplit(url)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "https://meeting.tencent.com/marketplace/authorize.html"
    assert dict(parse_qsl(parts.query, strict_parsing=True)) == {
        "corp_id": "200000999",
        "sdk_id": "10066660661",
        "redirect_uri": "https://example.com/callback?a=1&b=2",
        "state": state,
    }


def test_states_are_letters_and_digits_of_at_most_64_and_never_the_same(app: OAuth2App) -> None:
    states = {app.authorize_url()[1] for _ in range(200)}
    assert len(states) == 200
    assert all(state.isascii() and state.isalnum() and 32 <= len(state) <= 64 for state in states)


def test_a_state_of_the_users_own(app: OAuth2App) -> None:
    assert app.authorize_url("A" * 64)[1] == "A" * 64


@pytest.mark.parametrize("bad", ["", "A" * 65, "a-b", "a_b", "ü", "a b", "a\n"])
def test_other_states_are_refused(app: OAuth2App, bad: str) -> None:
    with pytest.raises(ValidationError) as caught:
        app.authorize_url(bad)
    (violation,) = caught.value.violations
    assert (violation.field, violation.limit, violation.page) == ("state", 64, "1095/51257")


def test_a_code_comes_out_of_a_good_callback(app: OAuth2App) -> None:
    for received in (
        "https://example.com/callback?a=1&b=2&auth_code=c%2B1&state=S1",
        "https://example.com/callback?auth_code=c%2B1&state=S1#fragment",
        "/callback?auth_code=c%2B1&state=S1",
        "?auth_code=c%2B1&state=S1",
        "auth_code=c%2B1&state=S1",
    ):
        assert app.read_callback(received, state="S1") == "c+1"


@pytest.mark.parametrize(
    ("received", "kept", "error", "words"),
    [
        ("auth_code=c&state=S2", "S1", StateMismatch, "not the one"),
        ("auth_code=c", "S1", StateMismatch, "no state"),
        ("auth_code=c&state=", "S1", StateMismatch, "no state"),
        ("auth_code=c&state=S1", None, StateMismatch, "used already"),
        ("auth_code=c&state=S1", "", StateMismatch, "used already"),
        ("auth_code=c&state=s1", "S1", StateMismatch, "not the one"),
        ("auth_code=c&state=%ff%fe", "S1", StateMismatch, "not the one"),
        ("auth_code=c&state=S1&state=S2", "S1", CallbackError, "more than once"),
        ("auth_code=c&auth_code=d&state=S1", "S1", CallbackError, "more than once"),
        ("state=S1", "S1", CallbackError, "no auth_code"),
        ("state=S1&auth_code=", "S1", CallbackError, "no auth_code"),
        ("state=S1&error=access_denied", "S1", AuthorizationDenied, "access_denied"),
        ("state=S1&error=%1b%5b31m", "S1", AuthorizationDenied, r"\\x1b"),
        ("error=access_denied", "S1", StateMismatch, "no state"),
        ("", "S1", StateMismatch, "no state"),
        ("&".join(f"a{n}=1" for n in range(200)), "S1", CallbackError, "can't be read"),
    ],
)
def test_a_bad_callback(app: OAuth2App, received: str, kept: str | None, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        app.read_callback(received, state=kept)


@given(st.text(LETTERS, min_size=1, max_size=64), st.text(max_size=80))
def test_only_the_very_same_state_passes(kept: str, returned: str) -> None:
    if kept == returned:
        OAuth2App.check_state(kept, returned)
    else:
        with pytest.raises(StateMismatch):
            OAuth2App.check_state(kept, returned)


@given(st.text(max_size=200))
def test_no_callback_does_more_than_raise(received: str) -> None:
    with pytest.raises(CallbackError):
        OAuth2App.read_callback(received, state="S1")


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "callback",
        "http://example.com/cb",
        "https://example.com/#x",
        "https://[::1",
        "ftp://a/b",
        "http://127.0.0.1:99999/",
        "https://a:x/",
    ],
)
def test_a_redirect_uri_that_can_not_work(server: Server, bad: str) -> None:
    with pytest.raises(ConfigurationError, match="redirect_uri"):
        OAuth2App(corp_id="1", sdk_id="2", secret="s", redirect_uri=bad, store=MemoryStore(), transport=server)


@pytest.mark.parametrize(
    ("name", "bad"),
    [(name, bad) for name in ("corp_id", "sdk_id") for bad in ("", "a b", "ü", "a\nb")] + [("secret", "")],
)
def test_unusable_ids(name: str, bad: str) -> None:
    given = {"corp_id": "1", "sdk_id": "2", "secret": "s", name: bad}
    with pytest.raises(ConfigurationError, match=name):
        OAuth2App(**given, redirect_uri="https://example.com/", store=MemoryStore())


def test_from_env_names_everything_that_is_missing() -> None:
    with pytest.raises(ConfigurationError, match="_OAUTH_SDK_ID, TENCENT_MEETING_OAUTH_SECRET, .*_REDIRECT_URI"):
        OAuth2App.from_env({"TENCENT_MEETING_OAUTH_CORP_ID": "1"})


def test_the_vendors_host_is_https_only() -> None:
    with pytest.raises(ConfigurationError, match="https"):
        OAuth2App(
            corp_id="1",
            sdk_id="2",
            secret="s",
            redirect_uri="https://example.com/",
            store=MemoryStore(),
            oauth_url="http://meeting.tencent.com",
        )


def test_the_default_store_is_files_encrypted_with_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {f"TENCENT_MEETING_OAUTH_{name}": "1" for name in ("CORP_ID", "SDK_ID", "SECRET")}
    given["TENCENT_MEETING_OAUTH_REDIRECT_URI"] = "https://example.com/"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_directory() == tmp_path / "tm-async" / "grants"
    assert isinstance(OAuth2App.from_env(given).store, FileStore)
    given["TENCENT_MEETING_TOKEN_STORE"] = str(tmp_path / "mine")
    given["TENCENT_MEETING_TOKEN_KEY"] = EncryptedStore.new_key()
    store = OAuth2App.from_env(given).store
    assert isinstance(store, EncryptedStore)
    assert given["TENCENT_MEETING_TOKEN_KEY"] not in repr(store)
    with pytest.raises(ConfigurationError) as caught:
        OAuth2App.from_env(given | {"TENCENT_MEETING_TOKEN_KEY": "canary"})
    shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert "canary" not in shown.replace('"canary"', "")


@pytest.mark.parametrize("received", ["auth_code=canary&state=canary", "state=S1&state=canary", "error=canary"])
def test_a_bad_callback_is_not_shown(received: str) -> None:
    try:
        OAuth2App.read_callback(received, state="S1-canary")
    except CallbackError as error:
        frames = list(traceback.walk_tb(error.__traceback__))[1:]  # but for this test's own
        assert frames
        assert "canary" not in "".join(repr(frame.f_locals) for frame, _ in frames) + str(error)
