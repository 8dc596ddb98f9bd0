"""A gateway in memory with a clock of its own, and a process that can die at any input or output."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from attrs import define, field

from tests.conftest import START, meeting
from tests.unit.api.playing import Nobody
from tm_async import Created, CreateMeeting, TencentMeeting
from tm_async._util import clocks
from tm_async.batch import resumable
from tm_async.batch.ledger.memory import MemoryLedger
from tm_async.client import reconcile
from tm_async.core.exchange import RawAnswer, Request
from tm_async.core.retry import RetryPolicy
from tm_async.errors import ConnectionFailed, ExchangeFailed

LEASE, SETTLE = 1000.0, 30.0
BEGIN = (START - timedelta(days=7)).timestamp()


class Crash(BaseException):
    """The process is gone: nothing of it does anything any more."""


@define(slots=False)
class World:
    """What is outside of the process: the gateway, the ledger, the time."""

    fates: list[str] = field(factory=list[str])
    """What becomes of the next creations; all others succeed."""
    now: float = BEGIN
    """The gateway's time."""
    wall: float = 0.0
    """By which the machine's clock is ahead of it."""
    database: float = 0.0
    """By which the ledger's is."""
    made: list[dict[str, Any]] = field(factory=list[dict[str, Any]])
    creations: int = 0
    """Requests to create that arrived, whatever became of them."""
    looks: int = 0

    def __attrs_post_init__(self) -> None:
        self.ledger = MemoryLedger(clock=lambda: self.now + self.database)

    def time(self) -> float:
        return self.now

    def machine(self) -> float:
        return self.now + self.wall

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)

    def answer(self, request: Request) -> RawAnswer:
        """One request of a process: a creation, or a look at the list."""
        if request.method == "GET":
            self.looks += 1
            shown = [row for row in self.made if row["seen"] <= self.now]
            return _json({"meeting_info_list": shown, "remaining": 0})
        fate = self.fates.pop(0) if self.fates else "made"
        if fate == "unconnected":
            raise ConnectionFailed("refused")
        self.creations += 1
        if fate == "refused":
            return _json({"error_info": {"error_code": 190004}}, 400)
        if fate == "cut before":
            raise ExchangeFailed("cut")
        asked = json.loads(request.body)
        row = {name: asked[name] for name in ("subject", "type", "start_time", "end_time")}
        late = 20.0 if fate == "cut, and made late" else 0.0
        self.made.append(row | {"meeting_id": str(len(self.made) + 1), "seen": self.now + late})
        if fate.startswith("cut"):
            raise ExchangeFailed("cut")
        return _json({"meeting_info_list": self.made[-1:]})

    def meetings(self) -> Counter[str]:
        """How many there are of each subject."""
        return Counter(row["subject"] for row in self.made)


def _json(value: Any, status: int = 200) -> RawAnswer:
    return RawAnswer(status, (), json.dumps(value).encode())


FATES = ["made", "unconnected", "refused", "cut before", "cut after", "cut, and made late"]


@define(slots=False)
class Process:
    """Something that runs with the world: every input and output goes through `through`."""

    world: World
    strike: "Strike | None" = None
    """Called before and after (true) each one, with its number from 1; it may raise."""
    count: int = 0
    dead: bool = False

    async def through(self, work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        number = self.count = self.count + 1
        self._struck(number, done=False)
        await asyncio.sleep(0)
        if self.dead:
            raise Crash
        try:
            result = await work()
        except Exception:
            self._struck(number, done=True)
            raise
        self._struck(number, done=True)
        return result

    def _struck(self, number: int, *, done: bool) -> None:
        if self.dead:
            raise Crash
        if self.strike is not None:
            self.strike(self, number, done)

    # the transport

    async def exchange(self, request: Request, headers: Any, timeout: Any) -> RawAnswer:
        async def work() -> RawAnswer:
            return self.world.answer(request)

        answer: RawAnswer = await self.through(work)
        return answer

    async def aclose(self) -> None:
        pass

    def client(self) -> TencentMeeting:
        policy = RetryPolicy(first=0, longest=0)
        clock = self.world.machine
        return TencentMeeting(Nobody(), transport=self, clock=clock, settle=SETTLE, quotas=None, retry=policy)

    async def run(self, rows: list[Any], **options: Any) -> list[Any]:
        """One run over a file of requests."""
        ledger: Any = Wire(self)
        outcomes = self.client().meetings.create_many(rows, ledger=ledger, concurrency=3, **options)
        return [outcome async for outcome in outcomes]

    async def pending(self, **options: Any) -> list[Any]:
        """One worker at the ledger."""
        ledger: Any = Wire(self)
        outcomes = self.client().meetings.create_many.pending(ledger, concurrency=3, **options)
        return [outcome async for outcome in outcomes]


class Wire:
    """The world's ledger as one process has it."""

    def __init__(self, process: Process) -> None:
        self._process = process

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._process.world.ledger, name)

        async def call(*args: Any, **options: Any) -> Any:
            return await self._process.through(lambda: method(*args, **options))

        return call

    async def entries(self, *states: Any, group: str | None = None) -> AsyncIterator[Any]:
        async def work() -> list[Any]:
            return [entry async for entry in self._process.world.ledger.entries(*states, group=group)]

        for entry in await self._process.through(work):
            yield entry


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """One whose sleepers pass its time, and whose leases are long."""
    return at_home(World(), monkeypatch)


def at_home(world: World, patch: pytest.MonkeyPatch) -> World:
    for module in (reconcile, import_module("tm_async.batch.send_many"), resumable):
        patch.setattr(module, "sleep", world.sleep)
    patch.setattr(resumable, "LEASE", LEASE)
    patch.setattr(clocks, "elapsed", world.time)
    return world


def rows(count: int = 5, alike: int = 2) -> list[CreateMeeting]:
    """Requests, of which the first ones are alike."""
    return [meeting(subject=f"m{max(0, number - alike + 1)}") for number in range(count)]


def created(outcomes: list[Any]) -> list[str]:
    """The ids that the caller was told."""
    return [outcome.result.meeting_id for outcome in outcomes if isinstance(outcome, Created)]


async def drained(outcomes: AsyncGenerator[Any, None]) -> list[Any]:
    return [outcome async for outcome in outcomes]


Strike = Callable[[Process, int, bool], None]


def at(count: int, do: Callable[[Process], None], *, after: bool) -> Strike:
    """Strike at the n-th input or output: before it, or once it has happened and nobody has heard of it yet."""

    def strike(process: Process, number: int, done: bool) -> None:
        if number == count and done == after:
            do(process)

    return strike


def crash(process: Process) -> None:
    process.dead = True
    raise Crash


async def ended(process: Process, what: Any) -> list[Any] | None:
    """What a run gave, or `None` if it did not come to its end."""
    try:
        outcomes: list[Any] = await asyncio.wait_for(what, 10)
    except (Crash, asyncio.CancelledError):
        process.dead = True
        return None
    return outcomes


async def finish(world: World, requests: list[CreateMeeting], runs: int = 4) -> list[Any]:
    """Later runs of the same file, undisturbed, until nothing is open."""
    outcomes: list[Any] = []
    for _ in range(runs):
        world.now += LEASE + 1
        outcomes = await asyncio.wait_for(Process(world).run(requests), 10)
        if all(isinstance(outcome, Created) for outcome in outcomes):
            break
    return outcomes


def seen_for_each(world: World, requests: list[CreateMeeting]) -> None:
    wanted = Counter(request.subject for request in requests)
    assert not world.meetings() - wanted, "one was made twice"
