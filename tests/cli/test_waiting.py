"""Waiting for quota: shown with its end, and given up within a second when an end is asked for."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import GOOD, Done
from tests.cli.test_batch import _until_closed, csv_file, lines
from tm_async.cli.waiting import Stopped, WatchedLimiter
from tm_async.emulator import Emulator
from tm_async.errors import QuotaExceeded
from tm_async.quotas import Charge, MemoryLimiter, Rate

Run = Callable[..., Done]
CHARGES = (Charge("per_app", "app", (Rate(1, 3600),)),)


async def test_a_wait_is_told_and_ends_when_an_end_is_asked_for() -> None:
    stopped: list[bool] = []
    limiter = WatchedLimiter(MemoryLimiter(margin=0), lambda: bool(stopped), clock=lambda: 1000.0)
    heard: list[float | None] = []
    told = asyncio.Event()
    limiter.listener = lambda until: (heard.append(until), told.set())
    await limiter.take(CHARGES, None)
    assert heard == []
    waiting = asyncio.ensure_future(limiter.take(CHARGES, None))
    await told.wait()
    assert heard[0] == pytest.approx(4600, abs=5)
    stopped.append(True)
    began = time.monotonic()
    with pytest.raises(Stopped):
        await waiting
    assert time.monotonic() - began < 60, "the quota has room again in an hour"
    assert heard[-1] is None


async def test_of_several_waits_the_next_end_is_told() -> None:
    limiter = WatchedLimiter(MemoryLimiter(margin=0), lambda: False, clock=lambda: 1000.0)
    heard: list[float | None] = []
    limiter.listener = heard.append
    waits: list[asyncio.Future[None]] = []
    for seconds in (3600, 60, 7200):
        charges = (Charge(f"{seconds}", "app", (Rate(1, seconds),)),)
        await limiter.take(charges, None)
        waits.append(asyncio.ensure_future(limiter.take(charges, None)))
        while len(heard) < len(waits):  # noqa: ASYNC110 - nothing else to wait on
            await asyncio.sleep(0)
    assert heard == pytest.approx([4600, 1060, 1060], abs=30)
    for wait in waits:
        wait.cancel()
    await asyncio.wait(waits)
    assert heard[-1] is None


async def test_a_wait_that_is_too_long_is_refused_as_by_the_limiter() -> None:
    limiter = WatchedLimiter(MemoryLimiter(margin=0), lambda: False)
    await limiter.take(CHARGES, None)
    with pytest.raises(QuotaExceeded, match="the call could wait 2.0 s") as caught:
        await limiter.take(CHARGES, 2.0)
    assert not isinstance(caught.value, Stopped)


async def test_a_wait_that_is_cancelled_is_over() -> None:
    inner = MemoryLimiter(margin=0)
    limiter = WatchedLimiter(inner, lambda: False)
    await limiter.take(CHARGES, None)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await limiter.take(CHARGES, None)
    assert "0 waiting" in repr(inner)


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
@pytest.mark.parametrize("ledger", [[], ["--no-ledger"]])
def test_ctrl_c_during_a_wait_ends_at_once(run: Run, emulator: Emulator, tmp_path: Path, ledger: list[str]) -> None:
    """9 meetings a minute for each creator: the others would come a minute later."""
    file = csv_file(tmp_path, *[GOOD] * 20)
    command = [sys.executable, "-m", "tm_async", "batch", "create", str(file), *ledger]
    environ = {**os.environ, "TENCENT_MEETING_QUOTAS": "legacy"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "bufsize": 0}  # `communicate` is to have the rest
    with subprocess.Popen(command, env=environ, **pipes) as process:  # type: ignore[call-overload]
        first = [process.stdout.readline() for _ in range(9)]
        said = process.stderr.readline().decode()
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        rest, err = process.communicate()
        took = time.monotonic() - began
    assert said.startswith("waiting for quota until ")
    assert took < 30
    assert process.returncode == 130
    assert len(lines(b"".join([*first, rest]).decode())) == len(emulator.state.meetings) == 9
    assert "9 created, 0 rejected, 0 unknown of 20 rows; 11 not begun" in err.decode()
    if not ledger:
        assert run("batch", "status", file).out == "9 created, 0 rejected, 0 unknown, 11 pending of 20 rows\n"


@pytest.mark.skipif(sys.platform == "win32", reason="needs pseudo terminals")
def test_the_bar_shows_until_when_it_waits(emulator: Emulator, tmp_path: Path) -> None:
    import pty

    file = csv_file(tmp_path, *[GOOD] * 12)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "tm_async", "batch", "create", str(file)]
    environ = {**os.environ, "TENCENT_MEETING_QUOTAS": "legacy", "COLUMNS": "140", "TERM": "xterm"}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environ) as process:
        os.close(theirs)
        shown = b""
        while b"waiting for quota until" not in shown:
            shown += os.read(ours, 65536)
        process.send_signal(signal.SIGINT)
        shown += _until_closed(ours)
        assert process.wait() == 130
    assert re.search(r"9/12.*waiting for quota until \d\d:\d\d:\d\d", shown.decode())
    assert len(emulator.state.meetings) == 9


async def test_what_the_gateway_refuses_is_passed_on() -> None:
    inner = MemoryLimiter(margin=0)
    await WatchedLimiter(inner, lambda: False).refused(CHARGES[0], span=3600, seconds=60)
    with pytest.raises(QuotaExceeded):
        await inner.take(CHARGES, 1)
