"""What the machine is, how busy it is, and how to stay on one core."""

import asyncio
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from attrs import frozen

_PACKAGES = (
    *("tm-async", "httpx", "httpcore", "anyio", "sniffio", "httptools", "msgspec", "attrs", "cattrs", "authlib"),
    *("aiohttp", "wemeet-openapi-sdk-python", "requests", "uvloop", "cryptography", "lark-oapi", "stripe"),
)


def cores() -> tuple[int | None, int | None]:
    """The core of the server and the core of the client; `None` where pinning is not possible."""
    if not hasattr(os, "sched_getaffinity"):
        return None, None
    usable = sorted(os.sched_getaffinity(0))
    return (usable[0], usable[1]) if len(usable) > 1 else (None, None)


def pin(core: int | None) -> None:
    """Keep this process on one core."""
    if core is not None:
        os.sched_setaffinity(0, {core})


def runner_of(loop: str) -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """`asyncio.run`, or uvloop's: "asyncio", "uvloop", or "best" for whatever is there."""
    if loop == "asyncio":
        return asyncio.run
    try:
        import uvloop
    except ImportError:
        if loop == "uvloop":
            raise
        return asyncio.run
    return uvloop.run


def cpu_seconds() -> float:
    """CPU of this whole process so far, all of its threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def cpu_of(pid: int) -> float | None:
    """CPU seconds of another process, all of its threads, where the system tells."""
    try:
        told = [one.read_text(encoding="ascii") for one in Path(f"/proc/{pid}/task").glob("*/schedstat")]
        return sum(int(one.split()[0]) for one in told) / 1e9 if told else None
    except (OSError, ValueError, IndexError):
        return None


def cpu_ms_of(*arguments: str) -> float:
    """Milliseconds of CPU of a whole process of Python's, which keeps and finds its byte code, whatever is set here."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, *arguments]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"failed: {arguments[1][:200]}")
    return (used.ru_utime + used.ru_stime) * 1e3


def speed() -> float:
    """Microseconds of CPU for a fixed piece of Python: tells how fast the machine is at this moment."""

    def once() -> float:
        started = time.process_time()
        total = 0
        for number in range(20_000):
            total += number & 7
        return time.process_time() - started

    return min(once() for _ in range(5)) * 1e6


def describe() -> dict[str, Any]:
    """The machine, the interpreter and the versions."""
    packages = {}
    for name in _PACKAGES:
        try:
            packages[name] = version(name)
        except PackageNotFoundError:
            packages[name] = "from source" if name == "tm-async" else "-"
    return {
        "system": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "load": [round(load, 2) for load in os.getloadavg()],
        "pinned": cores()[0] is not None,
        "packages": packages,
    }


@frozen
class Spread:
    """The median of several runs, and how far they lie apart."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        return cls(statistics.median(values), min(values), max(values))

    def show(self, digits: int = 0) -> str:
        """For example `120 (112-131)`."""
        return f"{self.median:,.{digits}f} ({self.low:,.{digits}f}-{self.high:,.{digits}f})"


@frozen
class Target:
    """One promise, and what was measured."""

    promise: str
    measured: Spread
    wanted: float
    at_most: bool = False
    """Whether less is better."""
    note: str = ""

    @property
    def met(self) -> bool:
        return self.measured.median <= self.wanted if self.at_most else self.measured.median >= self.wanted

    @property
    def row(self) -> tuple[str, ...]:
        wanted = f"{'at most' if self.at_most else 'at least'} {self.wanted:g}"
        return self.promise, wanted, self.measured.show(2), "met" if self.met else "**not met**", self.note


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table that can be read as it is."""
    cells = [tuple(head), *[tuple(row) for row in rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def progress(words: str) -> None:
    """Tell whoever waits, without touching the output."""
    print(words, file=sys.stderr, flush=True)
