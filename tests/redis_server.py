"""A Redis server for tests, on a free loopback port, without persistence."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

__all__ = ["RedisServer", "redis_server", "redis_url"]

REQUIRED = "TM_ASYNC_REQUIRE_REDIS"


class RedisServer:
    """One process of `redis-server`; `options` go to its command line."""

    def __init__(self, binary: str, directory: Path, *options: str) -> None:
        self._made_of = (binary, directory, *options)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        command = [binary, "--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(directory)]
        command += ["--save", "", "--appendonly", "no", *options]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.started = any("eady to accept" in line for line in self._process.stdout or ())

    def another(self) -> "RedisServer":
        """Started after it, with the same directory and options, on another port. Yours to stop."""
        return RedisServer(*self._made_of)

    def stop(self) -> None:
        """Kill it, as a crash would."""
        self._process.kill()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()


@contextmanager
def redis_server(*options: str) -> Iterator[RedisServer]:
    """A server of one's own. Skips without the binary; fails instead where the environment requires it."""
    binary = shutil.which("redis-server")
    if binary is None:
        reason = "redis-server is not on PATH: install Redis (Debian: apt-get install redis-server)"
        (pytest.fail if os.environ.get(REQUIRED) == "1" else pytest.skip)(reason)
    with TemporaryDirectory() as directory:
        for _ in range(3):  # somebody else may take the port first
            server = RedisServer(binary, Path(directory), *options)
            if server.started:
                break
            server.stop()
        else:
            pytest.fail("redis-server does not start")
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The URL of a running server. It is shared: use a prefix of your own."""
    with redis_server() as server:
        yield server.url
