"""A large file fetched by `tm.recordings`' download, beside httpx streaming by hand: CPU and memory of the process.

`python -m benchmarks.downloads [--quick]`. A loopback server sends the bytes; each process writes them to the disk. Our
memory is told beside that of the same process that has fetched a small file.
"""

import argparse
import json
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import run as started
from tempfile import TemporaryDirectory

from attrs import frozen

from benchmarks.machine import Spread, Target, cores, pin, progress, table

_AT_THE_END = """
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""
_OURS = """
import asyncio, json, resource, sys
from types import SimpleNamespace
from tm_async.api.recordings import Download, FileAddresses, RecordingSource
from tm_async.transport import Timeout
async def main():
    _, origin, size, to = sys.argv
    async def send(_):
        return FileAddresses.from_wire({"download_address": f"{origin}/{size}"})
    client = SimpleNamespace(origin=origin, timeout=Timeout(), send=send)
    async with Download(client, RecordingSource(record_file_id="1", operator_id="me"), to, overwrite=True) as download:
        pass
    assert download.saved.size == int(size)
asyncio.run(main())
"""
_BY_HAND = """
import asyncio, json, resource, sys
import httpx
async def main():
    _, origin, size, to = sys.argv
    async with httpx.AsyncClient(trust_env=False) as http, http.stream("GET", f"{origin}/{size}") as answer:
        with open(to, "wb") as file:
            async for piece in answer.aiter_bytes():
                file.write(piece)
asyncio.run(main())
"""
SCRIPTS = {"tm_async": _OURS, "httpx by hand": _BY_HAND}
LARGE, SMALL = 2 * 1024**3, 1024**2
_BLOCK = bytes(1024 * 1024)


@frozen
class Sample:
    """One round of both."""

    cpu: dict[str, float]
    """Seconds."""
    above_idle: float
    """MiB of ours above the same process with a small file."""


@contextmanager
def serving() -> Iterator[str]:
    """A server that sends as many zeros as the path says; its origin."""

    def answer(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            size = int(connection.recv(65536).split()[1][1:])
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
            for begin in range(0, size, len(_BLOCK)):
                connection.sendall(_BLOCK[: size - begin])

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)


def _used(label: str, origin: str, size: int, to: Path) -> tuple[float, int]:
    command = [sys.executable, "-c", SCRIPTS[label] + _AT_THE_END, origin, str(size), str(to)]
    cpu, kib = json.loads(started(command, capture_output=True, text=True, check=True).stdout)
    to.unlink()
    return cpu, kib


def run(*, quick: bool = False) -> list[Sample]:
    """Both in turns."""
    pin(cores()[1])
    size, samples = (64 * 1024**2, list[Sample]()) if quick else (LARGE, list[Sample]())
    progress(f"a file of {size >> 20} MiB")
    with serving() as origin, TemporaryDirectory() as folder:
        to = Path(folder) / "x.mp4"
        for _ in range(1 if quick else 3):
            small = _used("tm_async", origin, SMALL, to)
            found = {label: _used(label, origin, size, to) for label in SCRIPTS}
            cpu = {label: seconds for label, (seconds, _) in found.items()}
            samples.append(Sample(cpu, (found["tm_async"][1] - small[1]) / 1024))
    return samples


def targets(samples: list[Sample]) -> list[Target]:
    """What was promised about large files."""
    ratio = Spread.of([one.cpu["tm_async"] / one.cpu["httpx by hand"] for one in samples])
    memory = Spread.of([one.above_idle for one in samples])
    return [
        Target("a 2 GiB file: CPU, times httpx by hand", ratio, 1.1, True),
        Target("a 2 GiB file: MiB above the idle client", memory, 16, True),
    ]


def report(samples: list[Sample]) -> str:
    """One table."""
    rows = [(label, Spread.of([one.cpu[label] for one in samples]).show(2)) for label in SCRIPTS]
    return table(("a large file", "CPU s: median (lowest-highest)"), rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    samples = run(quick=parser.parse_args().quick)
    print(report(samples))
    print(table(("target", "wanted", "measured", "", "note"), [target.row for target in targets(samples)]))


if __name__ == "__main__":
    main()
