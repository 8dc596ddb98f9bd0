"""The examples that receive events, as processes on real sockets, with the commands of their docstrings."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any

import pytest

from tests.examples.conftest import EXAMPLES

KEYS = {
    "TENCENT_MEETING_WEBHOOK_TOKEN": "ExampleToken0123456789abc",
    "TENCENT_MEETING_WEBHOOK_AES_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
}


def commands(name: str) -> dict[str, list[str]]:
    """Those of an example's docstring, by their first words."""
    said = (EXAMPLES / f"{name}.py").read_text(encoding="utf-8").split('"""')[1]
    assert all(f"export {key}={value}\n" in said for key, value in KEYS.items())
    lines = [line.partition("  #")[0].split() for line in re.findall(r"^    (.+)$", said, re.MULTILINE)]
    return {" ".join(line[:3]) if line[0] == "tm-async" else line[0]: line for line in lines}


@contextmanager
def served(command: list[str], port: int) -> Iterator[None]:
    assert command[0] == "uvicorn"
    options = [str(port) if command[at - 1] == "--port" else word for at, word in enumerate(command)]
    options = [str(EXAMPLES) if word == "examples" else word for word in options]
    words = [sys.executable, "-W", "error", "-m", *options]
    with subprocess.Popen(words, env={**os.environ, **KEYS}, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        shown = []
        while "Uvicorn running" not in (line := process.stderr.readline()):
            shown.append(line)
            assert line, "".join(shown)
        try:
            yield
        finally:
            process.terminate()
            process.communicate(timeout=20)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def get(port: int, path: str) -> Any:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()
        return json.loads(answer.read())
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("name", "path", "shown"),
    [
        ("webhooks_fastapi", "/meetings/42", {"state": "running", "subject": "示例", "inside": []}),
        (
            "webhooks_django",
            "/recordings",
            {"recordings": [{"meeting": "13339600532534291369", "files": ["123242525", "123242525"]}]},
        ),
    ],
)
def test_an_example_does_what_its_docstring_says(name: str, path: str, shown: Any) -> None:
    said = commands(name)
    port = free_port()
    with served(said["uvicorn"], port):
        for command in ("tm-async webhook check", "tm-async webhook send"):
            words = [re.sub(r":89\d\d/", f":{port}/", word) for word in said[command]]
            ours = [sys.executable, "-m", "tm_async", *words[1:]]
            done = subprocess.run(ours, capture_output=True, text=True, check=False, env={**os.environ, **KEYS})
            assert done.returncode == 0, done.stdout + done.stderr
        assert said["curl"][1].endswith(path)
        assert get(port, path) == shown
