"""Acknowledging events with the SQLite inbox over HTTP: `python -m benchmarks.acknowledgements [--quick]`.

uvicorn with the ASGI adapter on one core; on the other a client with 64 connections, each of which sends the next
delivery, encrypted and signed, when the one before is answered. What is answered is on the disk. Then the same with
slow handlers at work in the same process, and 10,000 events in the inbox that wait for them.

The rate is that of an idle machine; the CPU for each acknowledgement tells what a busy one would do if it were idle.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import nan
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from attrs import frozen

from benchmarks.machine import Spread, Target, cores, cpu_of, pin, progress, runner_of, table
from tm_async.webhooks.events.base import Event
from tm_async.webhooks.hooks import Webhooks
from tm_async.webhooks.keys import WebhookKey, WebhookKeys
from tm_async.webhooks.sending import delivery_request

IN_FLIGHT = 64
QUEUED = 10_000
WARMING = 500
"""Deliveries before the first that is measured."""
TOKEN, AES_KEY = "ExampleToken0123456789abc", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
_HEAD = "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {}\r\n{}\r\n\r\n"


@frozen
class Sample:
    """Acknowledgements a second, the server's microseconds of CPU for each, and how long one took, in milliseconds."""

    label: str
    rate: Spread
    cpu: Spread
    half: Spread
    p99: Spread
    longest: Spread


def keys() -> WebhookKeys:
    return WebhookKeys(WebhookKey(TOKEN, AES_KEY))


def request(key: WebhookKey, number: int, meetings: int = 500) -> bytes:
    """A delivery of some 830 bytes as bytes of HTTP."""
    info = {"meeting_id": f"75671732738892{number % meetings:05}", "subject": "周会" * 60, "meeting_type": 0}
    item = {"operate_time": 1_760_000_000_000 + number, "operator": {"userid": "tester"}, "meeting_info": info}
    envelope = {"event": "meeting.end", "trace_id": f"00000000-0000-4000-8000-{number:012}", "payload": [item]}
    made = delivery_request(key, json.dumps(envelope, ensure_ascii=False).encode())
    lines = "\r\n".join(f"{name}: {value}" for name, value in made.headers)
    return _HEAD.format(len(made.body), lines).encode() + made.body


class _Client(asyncio.Protocol):
    """Sends one after the other."""

    def __init__(self, requests: Iterator[bytes], took: list[float], ended: asyncio.Future[None]) -> None:
        self._requests, self._took, self._ended = requests, took, ended
        self._received = b""
        self._started = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._next()

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._received.endswith(b"successfully received callback"):
            self._took.append(time.perf_counter() - self._started)
            self._received = b""
            self._next()
        elif b" 200 " not in self._received[:15]:
            self._end(RuntimeError(self._received.decode()))

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(exc or ConnectionError("the server hung up"))

    def _next(self) -> None:
        following = next(self._requests, None)
        if following is None:
            self._end(None)
            return
        self._started = time.perf_counter()
        self._transport.write(following)

    def _end(self, error: Exception | None) -> None:
        if not self._ended.done():
            self._transport.close()
            self._ended.set_result(None) if error is None else self._ended.set_exception(error)


async def _load(port: int, requests: Sequence[bytes]) -> tuple[float, list[float]]:
    """Seconds for all, and for each."""
    loop = asyncio.get_running_loop()
    left, took = iter(requests), list[float]()
    started = time.perf_counter()
    ends: list[asyncio.Future[None]] = [loop.create_future() for _ in range(IN_FLIGHT)]
    for end in ends:
        await loop.create_connection(lambda end=end: _Client(left, took, end), "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.gather(*ends)
    return time.perf_counter() - started, took


@contextmanager
def serving(inbox: Path, *options: str) -> Iterator[tuple[int, int]]:
    """The port and the process id of a server with this inbox."""
    command = [sys.executable, "-m", "benchmarks.acknowledgements", "--serve", str(inbox), *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline()), process.pid
        process.kill()


async def _serve(inbox: str, *, slow: bool) -> None:
    import uvicorn

    hooks = Webhooks(keys(), inbox=inbox)

    @hooks.on(Event)
    async def handle(event: Event) -> None:
        await asyncio.sleep(0.05)

    server = uvicorn.Server(uvicorn.Config(hooks.asgi(), port=0, log_level="critical", lifespan="off"))
    serving_ = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)
    if slow:
        async with hooks.worker():
            await serving_
    await serving_


def _measure(label: str, rounds: int, count: int, *, queued: int = 0) -> Sample:
    key = keys().current
    figures: list[tuple[float, ...]] = []
    for _ in range(rounds):
        progress(label)
        pin(cores()[1])
        requests = [request(key, number) for number in range(count + max(queued, WARMING))]
        options = ["--slow"] * bool(queued)
        with TemporaryDirectory() as folder, serving(Path(folder) / "events.db", *options) as (port, server):
            run = runner_of("best")
            run(_load(port, requests[count:]))
            before = cpu_of(server)
            seconds, took = run(_load(port, requests[:count]))
            used = (cpu_of(server) or nan) - (before or nan)
        took.sort()
        per = (took[len(took) // 2], took[len(took) * 99 // 100], took[-1])
        figures.append((count / seconds, used / count * 1e6, *(one * 1000 for one in per)))
    return Sample(label, *(Spread.of(column) for column in zip(*figures, strict=True)))


def run(*, quick: bool = False) -> list[Sample]:
    """Both, with a server process for each round."""
    rounds, count = (1, 2000) if quick else (5, 20_000)
    queued = 500 if quick else QUEUED
    return [
        _measure("nothing else to do", rounds, count),
        _measure(f"{queued:,} queued for slow handlers", min(rounds, 3), count // 4, queued=queued),
    ]


def targets(samples: Sequence[Sample]) -> list[Target]:
    """What an acknowledgement promises."""
    idle, busy = samples
    return [
        Target("acknowledgements a second, 64 in flight, SQLite inbox", idle.rate, 4000),
        Target("99 % of them within, ms", idle.p99, 100, at_most=True),
        Target(f"with {busy.label}: 99 % within, ms", busy.p99, 1000, at_most=True),
        Target(f"with {busy.label}: the longest, ms", busy.longest, 3000, at_most=True),
    ]


def report(samples: Sequence[Sample]) -> str:
    """One table."""
    rows = [
        (one.label, one.rate.show(0), one.cpu.show(0), *(part.show(1) for part in (one.half, one.p99, one.longest)))
        for one in samples
    ]
    head = (
        "64 in flight: median (lowest-highest)",
        "a second",
        "CPU µs each",
        "half within, ms",
        "99 %, ms",
        "longest, ms",
    )
    return table(head, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--serve", metavar="INBOX", help=argparse.SUPPRESS)
    parser.add_argument("--slow", action="store_true", help=argparse.SUPPRESS)
    options: Any = parser.parse_args()
    if options.serve:
        pin(cores()[0])
        os.environ.pop("TENCENT_MEETING_WEBHOOK_STORE_KEY", None)
        runner_of("best")(_serve(options.serve, slow=options.slow))
        return
    samples = run(quick=options.quick)
    print(report(samples))
    print(table(("target", "wanted", "measured", "", "note"), [target.row for target in targets(samples)]))


if __name__ == "__main__":
    main()
