"""No secret of an app or a user appears in anything that the command prints or logs."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.cli.browser import Browser, fetch
from tests.cli.conftest import HEADER, Done
from tm_async.emulator import Emulator, FaultRule

Run = Callable[..., Done]


def test_canaries(
    run: Run,
    approving: Emulator,
    browser: Browser,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets, shown = {approving.oauth.app.secret}, [""]

    def play(url: str) -> None:
        back, _ = fetch(url)
        secrets.update(parse_qs(urlsplit(back).query)["auth_code"])
        shown.extend(fetch(back))

    def note(*arguments: object, stdin: str = "") -> Done:
        done = run(*arguments, stdin=stdin)
        for grant in approving.oauth.grants:
            secrets.update((grant.access_token, grant.refresh_token))
        shown.extend((done.out, done.err))
        return done

    browser.play = play
    assert note("login", "--timeout", "20").code == 0
    browser.played()
    open_id = approving.oauth.open_id("alice")
    assert note("whoami").code == 0
    approving.clock_offset = 7 * 3600
    assert note("whoami", "--json").code == 0
    approving.clock_offset = 0
    data = json.dumps({"userid": open_id, "instanceid": 1})
    assert note("call", "meetings.list", "--oauth", "--json", data).code == 0
    assert note("call", "meetings.list", "--oauth", "--json", data, "--dry-run").code == 0
    file = tmp_path / "meetings.csv"
    file.write_text(f"{HEADER}\n{open_id},x,2027-01-05T10:00+08:00,,60,,,,\n", encoding="utf-8")
    assert note("batch", "create", file, "--oauth").code == 0
    approving.add_fault(FaultRule(error_code=190303))
    assert note("call", "meetings.list", "--oauth", "--json", data).code == 1
    assert note("whoami").code == 1
    approving.clear_faults()
    code = approving.oauth.code("bob")
    secrets.add(code)
    monkeypatch.setattr("tm_async.auth.oauth2.callback.new_state", lambda: "STATE")
    monkeypatch.setenv("TENCENT_MEETING_OAUTH_REDIRECT_URI", "https://app.example/callback")
    pasted = f"https://app.example/callback?auth_code={code}&state=WRONG\nauth_code={code}&state=STATE\n"
    assert note("login", "--no-browser", stdin=pasted).code == 0
    approving.oauth.withdraw("alice")
    assert note("logout", "--open-id", open_id).code == 0
    (entry,) = (tmp_path / "grants").glob("*.json")
    entry.write_text(entry.read_text().replace("access_token", "damaged"))
    assert note("whoami").code == 1
    assert note("logout").code == 1

    text = "\n".join([*shown, caplog.text])
    assert len(secrets) >= 7
    assert open_id in text
    assert [secret for secret in secrets if secret in text] == []
