"""`tm-async login`, from the address that it prints to the grant in the store."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.cli.browser import Browser, decide, follow, free_port, log_in
from tests.cli.conftest import Done
from tm_async.auth.oauth2 import OAuth2App
from tm_async.emulator import Emulator, FaultRule
from tm_async.errors import TokenStoreUnavailable

Run = Callable[..., Done]
LOGIN = ("login", "--timeout", "20")


def process(*arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-u", "-m", "tm_async", "login", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def address_in(text: str) -> str:
    (url,) = re.findall(r"^  (http\S+authorize\.html\S+)$", text, re.MULTILINE)
    return url


def stored(userid: str, emulator: Emulator) -> object:
    async def look() -> object:
        return await OAuth2App.from_env().grant(emulator.oauth.open_id(userid))

    return asyncio.run(look())


def test_the_whole_way_as_a_process(approving: Emulator) -> None:
    with process("--no-browser", "--timeout", "30") as login:
        assert login.stdout is not None
        assert login.stdout.readline() == "Open this address in a browser:\n"
        page = follow(address_in(login.stdout.readline()))
        out, err = login.communicate(timeout=30)
    assert (login.returncode, err) == (0, "")
    assert page.status_code == 200
    assert "You can close this window" in page.text
    grant = next(grant for grant in approving.oauth.grants if grant.userid == "alice")
    assert f"open id     {grant.open_id}\n" in out
    assert "enterprise  EMULATORCORP" in out
    assert re.search(r"token ends  \d{4}-\d\d-\d\d \d\d:\d\d [+-]\d{4}; renewed by itself", out)
    assert stored("alice", approving) is not None


def test_a_browser_is_opened(run: Run, third_party: Emulator, browser: Browser) -> None:
    browser.play = lambda url: follow(decide(url, "allow", "bob")).status_code
    done = run(*LOGIN)
    assert (done.code, done.err) == (0, "")
    assert browser.opened == [address_in(done.out)]
    assert browser.played() == 200
    assert third_party.oauth.open_id("bob") in done.out
    assert stored("bob", third_party) is not None


def test_what_the_page_is_like(run: Run, approving: Emulator, browser: Browser) -> None:
    browser.play = follow
    assert run(*LOGIN).code == 0
    page = browser.played()
    headers = page.headers  # type: ignore[attr-defined]
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["connection"] == "close"
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "script" not in page.text  # type: ignore[attr-defined]


def test_without_a_browser_the_address_is_there_all_the_same(
    run: Run, approving: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webbrowser.open", lambda _: False)
    done = run("login", "--timeout", "0.05")
    assert address_in(done.out).startswith(approving.oauth_url)


def test_a_second_login_replaces_the_first(run: Run, third_party: Emulator, browser: Browser) -> None:
    log_in(third_party, "bob")
    browser.play = lambda url: follow(decide(url, "allow", "bob"))
    done = run(*LOGIN)
    assert done.code == 0
    assert "users are logged in" not in done.out
    browser.play = lambda url: follow(decide(url, "allow", "alice"))
    assert "2 users are logged in now; --open-id chooses one of them.\n" in run(*LOGIN).out


def test_a_damaged_entry_is_mended(run: Run, third_party: Emulator, browser: Browser, tmp_path: Path) -> None:
    log_in(third_party)
    (entry,) = (tmp_path / "grants").glob("*.json")
    entry.write_text("{")
    browser.play = lambda url: follow(decide(url, "allow"))
    done = run(*LOGIN)
    assert (done.code, done.err) == (0, "")
    assert stored("alice", third_party) is not None


def test_a_redirect_uri_on_localhost_with_a_query(
    run: Run, third_party: Emulator, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENCENT_MEETING_OAUTH_REDIRECT_URI", f"http://localhost:{free_port()}/a/b?x=1")
    browser.play = lambda url: follow(decide(url, "allow")).status_code
    assert run(*LOGIN).code == 0
    assert browser.played() == 200


# --- no ----------------------------------------------------------------------------------------------------------


def test_denied(run: Run, third_party: Emulator, browser: Browser) -> None:
    browser.play = lambda url: follow(decide(url, "deny")).text
    done = run(*LOGIN)
    assert done.code == 1
    assert done.err == "Error: the authorise page sent back an error: 'access_denied'\n"
    assert "Not logged in" in str(browser.played())
    assert third_party.oauth.grants == ()


def test_an_error_that_steers_the_terminal_and_the_page(run: Run, third_party: Emulator, browser: Browser) -> None:
    def play(url: str) -> str:
        state = parse_qs(urlsplit(url).query)["state"][0]
        back = os.environ["TENCENT_MEETING_OAUTH_REDIRECT_URI"]
        return follow(f"{back}?state={state}&error=%3Cscript%3E%1B%5B2J").text

    browser.play = play
    done = run(*LOGIN)
    assert done.code == 1
    assert "\x1b" not in done.err
    assert "<script>" not in str(browser.played())


def test_nobody_comes_back(run: Run, third_party: Emulator) -> None:
    done = run("login", "--no-browser", "--timeout", "0.05")
    assert done.code == 1
    assert done.err == "Error: Nobody came back from the authorise page within 0.05 s.\n"


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "x"])
def test_a_bad_timeout(run: Run, third_party: Emulator, seconds: str) -> None:
    assert run("login", "--timeout", seconds).code == 2


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
@pytest.mark.parametrize("redirect", [None, "https://app.example/callback"])
def test_ctrl_c(approving: Emulator, monkeypatch: pytest.MonkeyPatch, redirect: str | None) -> None:
    if redirect:
        monkeypatch.setenv("TENCENT_MEETING_OAUTH_REDIRECT_URI", redirect)
    with process("--no-browser") as login:
        assert login.stdout is not None
        for _ in range(3):
            login.stdout.readline()
        login.send_signal(signal.SIGINT)
        _, err = login.communicate(timeout=20)
    assert login.returncode == 130
    assert err == "Interrupted.\n"


def test_a_taken_port(run: Run, third_party: Emulator, browser: Browser) -> None:
    port = urlsplit(os.environ["TENCENT_MEETING_OAUTH_REDIRECT_URI"]).port
    with socket.create_server(("127.0.0.1", port or 0)):
        done = run(*LOGIN)
    assert (done.code, done.out) == (2, "")
    assert f"can't listen on 127.0.0.1:{port}, where TENCENT_MEETING_OAUTH_REDIRECT_URI" in done.err
    assert browser.opened == []


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("REDIRECT_URI", "http://127.0.0.1:99999/callback", "redirect_uri can't be read"),
        ("REDIRECT_URI", "http://192.0.2.1:8912/callback", "must be an https:// URL"),
        ("SECRET", "", "set the environment variable TENCENT_MEETING_OAUTH_SECRET"),
        ("SDK_ID", "a b", "sdk_id must be printable ASCII"),
    ],
)
def test_wrong_configuration(
    run: Run, third_party: Emulator, monkeypatch: pytest.MonkeyPatch, name: str, value: str, problem: str
) -> None:
    monkeypatch.setenv(f"TENCENT_MEETING_OAUTH_{name}", value)
    done = run(*LOGIN)
    assert (done.code, done.out) == (2, "")
    assert problem in done.err


def test_the_wrong_secret(run: Run, third_party: Emulator, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENCENT_MEETING_OAUTH_SECRET", "wrong-secret")
    browser.play = lambda url: follow(decide(url, "allow"))
    done = run(*LOGIN)
    assert done.code == 1
    assert re.match(r"Error: oauth2.access_token: error 1003: .*\n\Z", done.err)
    assert "wrong-secret" not in done.err


def test_a_code_that_is_refused(run: Run, third_party: Emulator, browser: Browser) -> None:
    third_party.add_fault(FaultRule(operation="oauth2.access_token", error_code=1002))
    browser.play = lambda url: follow(decide(url, "allow"))
    done = run(*LOGIN)
    assert done.code == 1
    assert re.match(r"Error: .*error 1002: the authorisation code is invalid, used or expired.*\n\Z", done.err)


@pytest.mark.skipif(sys.platform == "win32", reason="needs modes")
def test_an_unusable_store_shows_before_anyone_is_asked(
    run: Run, third_party: Emulator, browser: Browser, tmp_path: Path
) -> None:
    (tmp_path / "grants").mkdir(mode=0o777)
    (tmp_path / "grants").chmod(0o777)
    done = run(*LOGIN)
    assert (done.code, done.out) == (1, "")
    assert "others may write to this directory" in done.err
    assert browser.opened == []


def test_a_store_that_takes_nothing(
    run: Run, third_party: Emulator, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object, **__: object) -> None:
        raise TokenStoreUnavailable("the disk is full")

    monkeypatch.setattr("tm_async.auth.stores.file.FileStore.save", full)
    browser.play = lambda url: follow(decide(url, "allow"))
    done = run(*LOGIN)
    assert done.code == 1
    assert "Error: the disk is full" in done.err
    assert "Logged in" not in done.out
    assert run("whoami").code == 1


# --- by hand -----------------------------------------------------------------------------------------------------


@pytest.fixture
def _elsewhere(third_party: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tm_async.auth.oauth2.callback.new_state", lambda: "STATE")
    monkeypatch.setenv("TENCENT_MEETING_OAUTH_REDIRECT_URI", "https://app.example/callback")


@pytest.mark.usefixtures("_elsewhere")
@pytest.mark.parametrize("before", ["", "\n  \nhttps://app.example/callback?auth_code=x&state=OTHER\nwhat\n"])
def test_the_address_is_pasted(run: Run, third_party: Emulator, before: str) -> None:
    code = third_party.oauth.code("carol")
    done = run(
        *LOGIN, "--no-browser", stdin=f"{before}  https://app.example/callback?auth_code={code}&state=STATE \r\n"
    )
    assert done.code == 0
    assert third_party.oauth.open_id("carol") in done.out
    assert done.err.count("This is no answer to this login") == (2 if before else 0)
    assert code not in done.out + done.err
    assert "https://app.example/callback\nCopy it from the address bar" in done.out


@pytest.mark.usefixtures("_elsewhere")
@pytest.mark.parametrize(
    ("pasted", "problem"),
    [
        ("", "Standard input ended before an address was given."),
        ("https://app.example/callback?state=STATE&error=access_denied\n", "'access_denied'"),
        ("https://app.example/callback?state=STATE\n", "the callback has no auth_code"),
    ],
)
def test_pasting_ends_without_a_login(run: Run, pasted: str, problem: str) -> None:
    done = run(*LOGIN, "--no-browser", stdin=pasted)
    assert done.code == 1
    assert problem in done.err


@pytest.mark.usefixtures("third_party")
def test_nobody_pastes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENCENT_MEETING_OAUTH_REDIRECT_URI", "https://app.example/callback")
    with process("--no-browser", "--timeout", "0.2") as login:
        assert login.wait(20) == 1
        assert login.stderr is not None
        assert login.stderr.read() == "Error: Nobody came back from the authorise page within 0.2 s.\n"


def test_pasting_into_a_process(third_party: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENCENT_MEETING_OAUTH_REDIRECT_URI", "https://app.example/callback")
    with process("--no-browser") as login:
        assert login.stdout is not None
        login.stdout.readline()
        back = decide(address_in(login.stdout.readline()), "allow", "dave")
        out, err = login.communicate(f"nonsense\n{back}", timeout=20)
    assert (login.returncode, err.count("This is no answer")) == (0, 1)
    assert third_party.oauth.open_id("dave") in out
