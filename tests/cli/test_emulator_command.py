"""`tm-async emulator` as a process."""

import json
import signal
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

import pytest
from click.testing import CliRunner

from tm_async.cli.emulator import emulator

COMMAND = [sys.executable, "-m", "tm_async", "emulator", "--port", "0"]


def start(*options: str) -> "tuple[subprocess.Popen[str], dict[str, object]]":
    process = subprocess.Popen([*COMMAND, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_how_to_reach_it_serves_and_ends_cleanly(number: int) -> None:
    process, access = start("--seed", "7", "--strict-header-case")
    with process:
        assert list(access) == ["base_url", "app_id", "sdk_id", "secret_id", "secret_key", "users", "env"]
        assert "tester" in access["users"]  # type: ignore[operator]
        env: dict[str, str] = access["env"]  # type: ignore[assignment]
        assert env["TENCENT_MEETING_BASE_URL"] == access["base_url"] == env["TENCENT_MEETING_OAUTH_URL"] + "/v1"
        assert env["TENCENT_MEETING_OAUTH_SECRET"].startswith("EMULATOR-NOT-A-SECRET-")
        with urlopen(Request(f"{access['base_url']}/../_emulator/state".replace("/v1/..", ""))) as answer:  # noqa: S310
            assert answer.status == 200
        process.send_signal(number)
        out, err = process.communicate()
    assert (process.returncode, out, err) == (0, "", "")


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_the_environment_as_a_file_for_a_shell(tmp_path: Path) -> None:
    path = tmp_path / "emulator.env"
    process, access = start("--env-file", str(path))
    with process:
        shell = f'set -a; . {path}; set +a; exec "$0" -c "import json, os; print(json.dumps(dict(os.environ)))"'
        done = subprocess.run(["/bin/sh", "-c", shell, sys.executable], capture_output=True, text=True, check=True)
        assert json.loads(done.stdout).items() >= access["env"].items()  # type: ignore[attr-defined]
        process.terminate()
    nowhere = subprocess.run(
        [*COMMAND, "--env-file", str(tmp_path / "no" / "x")], capture_output=True, text=True, check=False
    )
    assert nowhere.returncode == 1
    assert "can't write" in nowhere.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_a_seed_gives_the_same_credentials_and_a_taken_port_is_an_error() -> None:
    first, access = start("--seed", "7")
    with first:
        port = str(access["base_url"]).rpartition(":")[2].removesuffix("/v1")
        taken = subprocess.run([*COMMAND, "--port", port], capture_output=True, text=True, check=False)
        assert taken.returncode == 1
        assert f"can't listen on port {port}" in taken.stderr
        second, other = start("--seed", "7")
        with second:
            assert {**access, "base_url": "", "env": ""} == {**other, "base_url": "", "env": ""}
            second.terminate()
        first.terminate()


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
@pytest.mark.parametrize("options", [["--auto-approve"], ["--auto-approve", "grace"]])
def test_auto_approve(options: list[str]) -> None:
    process, access = start(*options)
    with process:
        env: dict[str, str] = access["env"]  # type: ignore[assignment]
        names = {name: f"TENCENT_MEETING_OAUTH_{name.upper()}" for name in ("corp_id", "sdk_id", "redirect_uri")}
        query = urlencode({**{name: env[variable] for name, variable in names.items()}, "state": "a1"})
        url = urlsplit(env["TENCENT_MEETING_OAUTH_URL"])
        connection = HTTPConnection(url.hostname or "", url.port)
        connection.request("GET", f"/marketplace/authorize.html?{query}")
        answer = connection.getresponse()
        connection.close()
        process.terminate()
        process.communicate()
    assert answer.status == 302
    assert str(answer.headers["location"]).startswith(env[names["redirect_uri"]] + "?auth_code=")


def test_auto_approve_of_a_stranger() -> None:
    done = CliRunner().invoke(emulator, ["--auto-approve", "nobody"])
    assert done.exit_code == 2
    assert "'nobody' is not registered" in done.output
