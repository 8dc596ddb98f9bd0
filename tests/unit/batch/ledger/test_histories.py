"""On any history of calls, the SQLite ledger does what the one in memory does."""

import asyncio
from collections.abc import Coroutine
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.unit.batch.ledger.conftest import Clock
from tm_async.batch.ledger import Entry, Item, Ledger, MemoryLedger, SqliteLedger, State
from tm_async.errors import LedgerConflict

KEYS = st.sampled_from("abcdef")
WORKERS = st.sampled_from(["v", "w"])
LEASES = st.sampled_from([1.0, 10.0, 100.0])
GROUPS = st.sampled_from(["", "x", "y"])
ITEMS = st.builds(
    lambda key, other, group: Item(key=key, request=f"{key}{other or ''}", group=group),
    KEYS,
    st.sampled_from([0, 0, 0, 1]),
    GROUPS,
)


class Histories(RuleBasedStateMachine):
    """Both ledgers get every call, the SQLite one through one of two handles."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.directory = TemporaryDirectory()
        path = Path(self.directory.name) / "ledger"
        self.model = MemoryLedger(clock=self.clock)
        self.handles = [SqliteLedger(path, clock=self.clock) for _ in range(2)]
        self.turn = count()
        self.claimed: list[Entry] = []
        self.runner = asyncio.Runner()

    def both(self, call: Any) -> Any:
        wanted = self.runner.run(caught(call(self.model)))
        found = self.runner.run(caught(call(self.handles[next(self.turn) % 2])))
        assert found == wanted
        return found

    @rule(some=st.lists(ITEMS, max_size=4))
    def add(self, some: list[Item]) -> None:
        self.both(lambda ledger: ledger.add(some))

    @rule(worker=WORKERS, lease=LEASES, limit=st.integers(0, 3), keys=st.none() | st.lists(KEYS, max_size=3))
    def claim(self, worker: str, lease: float, limit: int, keys: list[str] | None) -> None:
        self.claimed += self.both(lambda ledger: ledger.claim(worker, lease=lease, limit=limit, keys=keys))

    @rule(worker=WORKERS, lease=LEASES)
    def renew(self, worker: str, lease: float) -> None:
        self.both(lambda ledger: ledger.renew(worker, lease=lease))

    @rule(
        data=st.data(),
        state=st.sampled_from([state for state in State if state is not State.SENDING]),
        until=st.none() | st.sampled_from([1.5, 1e9]),
    )
    def record(self, data: st.DataObject, state: State, until: float | None) -> None:
        if self.claimed:
            entry = data.draw(st.sampled_from(self.claimed))
            said = {"n": next(self.turn)}
            self.both(lambda ledger: ledger.record(entry, state, outcome=said, until=until))

    @rule(seconds=st.sampled_from([0.5, 5.0, 50.0, 500.0, -5.0]))
    def time_passes(self, seconds: float) -> None:
        self.clock.now += seconds

    @rule(states=st.lists(st.sampled_from(list(State)), max_size=2), group=st.none() | GROUPS)
    def read(self, states: list[State], group: str | None) -> None:
        self.both(lambda ledger: every(ledger, states, group))

    @rule(handle=st.integers(0, 1))
    def close(self, handle: int) -> None:
        self.runner.run(self.handles[handle].aclose())

    @invariant()
    def all_is_the_same(self) -> None:
        self.both(lambda ledger: ledger.counts())
        self.both(lambda ledger: every(ledger, []))

    def teardown(self) -> None:
        for handle in self.handles:
            self.runner.run(handle.aclose())
        self.runner.close()
        self.directory.cleanup()


async def every(ledger: Ledger, states: list[State], group: str | None = None) -> list[Entry]:
    return [entry async for entry in ledger.entries(*states, group=group)]


async def caught(call: Coroutine[Any, Any, Any]) -> Any:
    try:
        return await call
    except LedgerConflict as error:
        return str(error)


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
