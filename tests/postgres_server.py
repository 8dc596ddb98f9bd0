"""A PostgreSQL server for tests, in a temporary directory, on a free loopback port; no write waits for the disk."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

__all__ = ["PostgresServer", "postgres_server", "postgres_url"]

REQUIRED = "TM_ASYNC_REQUIRE_POSTGRES"
USER, PASSWORD = "tester", "canary-pg-password"


class PostgresServer:
    """One cluster in `directory`, which must belong to who runs it: PostgreSQL refuses to run as root."""

    def __init__(self, binaries: Path, directory: Path, as_user: Sequence[str]) -> None:
        self._binaries, self._data, self._as_user = binaries, directory / "data", as_user
        password = directory / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)
        options = ["-A", "scram-sha-256", "-U", USER, f"--pwfile={password}", "-E", "UTF8", "--locale=C", "--no-sync"]
        self._run("initdb", "-D", str(self._data), *options)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.url = f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        options = f"-c listen_addresses=127.0.0.1 -p {self.port} -c unix_socket_directories='' -c fsync=off"
        log = str(self._data / "log")
        self._run("pg_ctl", "-D", str(self._data), "-w", "-t", "30", "-l", log, "-o", options, "start")

    def stop(self) -> None:
        """At once, as a crash would."""
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as_user, str(self._binaries / program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=self._data.parent)
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr or done.stdout}")


def _binaries() -> Path | None:
    found = shutil.which("pg_ctl")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "initdb").exists()), None)


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """A running server of one's own. Skips without the programs; fails instead where the environment requires it."""
    binaries = _binaries()
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if binaries is None or (root and shutil.which("runuser") is None):
        reason = "PostgreSQL's server is not on this machine (Debian: apt-get install postgresql)"
        (pytest.fail if os.environ.get(REQUIRED) == "1" else pytest.skip)(reason)
    as_user = ["runuser", "-u", "postgres", "--"] if root else []
    with TemporaryDirectory() as name:
        directory = Path(name)
        if root:
            shutil.chown(directory, "postgres")
        server = PostgresServer(binaries, directory, as_user)
        server.start()
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a running server. It is shared: use a name of your own."""
    with postgres_server() as server:
        yield server.url
