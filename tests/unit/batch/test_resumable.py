"""A ledger under a bulk call: whatever happens to a run at whatever moment, the next one makes nothing twice."""

import asyncio
import json
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import meeting
from tests.unit.api.playing import Nobody
from tests.unit.batch.world import (
    FATES,
    LEASE,
    Process,
    World,
    at,
    at_home,
    crash,
    created,
    drained,
    ended,
    finish,
    rows,
    seen_for_each,
)
from tests.unit.batch.world import world as world  # noqa: PLC0414 - a fixture
from tm_async import Created, CreateMeeting, Quotas, Rejected, TencentMeeting, Unknown
from tm_async.batch import resumable
from tm_async.batch.keyed import items_of
from tm_async.batch.ledger.protocol import State
from tm_async.batch.resumable import send_pending, send_recorded
from tm_async.batch.written import read_back
from tm_async.core.outcome import Undecided
from tm_async.errors import (
    ConfigurationError,
    LedgerConflict,
    LedgerError,
    LedgerUnavailable,
    OutcomeUnknown,
    RecordedError,
)


async def test_a_run_writes_down_what_it_does(world: World) -> None:
    world.fates = ["made", "refused", "unconnected"] + ["unconnected"] * 2 + ["cut before", "made"]
    outcomes = await Process(world).run(rows(4, alike=1), as_completed=False)
    assert len(outcomes) == 4
    counts = await world.ledger.counts()
    assert sum(counts.values()) == 4
    assert counts[State.CREATED] == len(created(outcomes)) == len(world.made)
    entries = [entry async for entry in world.ledger.entries()]
    assert [read_back(entry.request, CreateMeeting).subject for entry in entries] == ["m0", "m1", "m2", "m3"]
    assert all("password" not in json.dumps(dict(entry.outcome)) for entry in entries)


async def test_a_second_run_of_a_finished_file_creates_nothing(world: World) -> None:
    requests = [*rows(6), meeting(subject="bad")]
    world.fates = ["made"] * 6 + ["refused"]
    first = await Process(world).run(requests)
    before = (world.creations, world.looks)
    again = await Process(world).run(requests)
    assert (world.creations, world.looks) == before
    assert created(again) == created(first)
    assert isinstance(again[-1], Rejected)
    assert isinstance(again[-1].error, RecordedError)
    assert (again[-1].error.name, again[-1].error.code) == ("InvalidRequest", 190004)


async def test_a_longer_file_creates_only_what_is_new(world: World) -> None:
    await Process(world).run(rows(3))
    outcomes = await Process(world).run(rows(5))
    assert len(set(created(outcomes))) == world.creations == 5


async def test_the_callers_own_keys(world: World) -> None:
    def key(request: CreateMeeting) -> str | None:
        return request.location

    requests = [
        meeting(subject="a", location="1"),
        meeting(subject="b", location="2"),
        meeting(subject="a", location="1"),
    ]
    outcomes = await Process(world).run(requests, key=key)
    assert len(created(outcomes)) == 3
    assert len(set(created(outcomes))) == world.creations == 2, "one key, one meeting"
    (clash,) = await Process(world).run([meeting(subject="other", location="1")], key=key)
    assert isinstance(clash, Rejected)
    assert isinstance(clash.error, LedgerConflict)
    assert world.creations == 2


async def test_keys_that_can_not_be(world: World) -> None:
    """Nothing is sent for them, and the others go on."""
    requests = [meeting(subject="a", location="x"), meeting(subject="b", location="y"), meeting(subject="c")]
    outcomes = await Process(world).run(requests, key=lambda one: "k" * 999 if one.location == "y" else one.subject)
    assert [type(outcome) for outcome in outcomes] == [Created, Rejected, Created]
    assert isinstance(outcomes[1].error, ConfigurationError)
    with pytest.raises(ConfigurationError, match="a key must be text, not int"):
        await Process(world).run(requests, key=lambda one: 5)


# --- the end of a run at any moment -----------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("how", ["crash", "cancel"])
def test_whenever_a_run_ends_the_next_one_goes_on(how: str, after: bool) -> None:
    """At every single input and output: of ledger, gateway and list."""
    requests = rows(5, alike=1)
    fates = ["cut after", "made", "unconnected", "cut before", "cut, and made late"]
    count = 0

    async def disturbed() -> bool:
        world = at_home(World(list(fates)), patch)
        task: asyncio.Task[Any] | None = None

        def cancel(_: Process) -> None:
            if task is not None:
                task.cancel()

        process = Process(world, at(count, crash if how == "crash" else cancel, after=after))
        task = asyncio.ensure_future(process.run(requests))
        finished = await ended(process, task)
        await asyncio.sleep(0)
        for outcome in finished or []:
            assert not isinstance(outcome, Rejected)
        outcomes = await finish(world, requests)
        seen_for_each(world, requests)
        told = created(outcomes)
        assert len(told) == len(set(told)) == len(requests), [str(outcome) for outcome in outcomes]
        assert sorted(told) == sorted(row["meeting_id"] for row in world.made)
        before = world.creations
        await Process(world).run(requests)
        assert world.creations == before
        return finished is None

    with pytest.MonkeyPatch.context() as patch:
        struck = True
        while struck or count < 20:
            count += 1
            struck = asyncio.run(disturbed())
    assert count > 25, "it was struck everywhere"


@settings(max_examples=100)
@given(
    st.lists(st.sampled_from(FATES), max_size=10), st.integers(1, 80), st.booleans(), st.integers(1, 5), st.booleans()
)
def test_any_fates_and_a_crash(fates: list[str], count: int, after: bool, alike: int, by_pending: bool) -> None:
    """At most one meeting for each, whatever the caller is told; and what is told is true."""
    requests = rows(5, alike)

    async def play(world: World) -> None:
        process = Process(world, at(count, crash, after=after))
        first = await ended(process, process.run(requests))
        _honest(world, first or [], requests)
        for disturbed in (True, True, False):
            world.now += LEASE + 1
            if not disturbed:
                world.fates.clear()
            if by_pending:
                await asyncio.wait_for(Process(world).pending(), 10)
            outcomes = await asyncio.wait_for(Process(world).run(requests), 10)
            _honest(world, outcomes, requests)
        if alike == 1:  # two that are alike and both unclear may stay so: what is there could be either's
            assert not any(isinstance(outcome, Unknown) for outcome in outcomes)

    with pytest.MonkeyPatch.context() as patch:
        asyncio.run(play(at_home(World(list(fates)), patch)))


def _honest(world: World, outcomes: list[Any], requests: list[CreateMeeting]) -> None:
    seen_for_each(world, requests)
    told = created(outcomes)
    assert len(told) == len(set(told)), "one meeting was given to two"
    assert set(told) <= {row["meeting_id"] for row in world.made}
    if outcomes:
        possible = Counter[str](one.request.subject for one in outcomes if not isinstance(one, Rejected))
        assert not world.meetings() - possible, "a meeting is there whose request was called rejected"


async def test_two_runs_of_one_file_at_once(world: World) -> None:
    world.fates = ["cut after", "cut before", "made", "cut, and made late"]
    requests = rows(6, alike=1)
    both = await asyncio.gather(Process(world).run(requests), Process(world).run(requests))
    for outcomes in both:
        _honest(world, outcomes, requests)
    outcomes = await finish(world, requests)
    assert len(set(created(outcomes))) == len(world.made) == 6


async def test_what_stays_unknown_can_be_looked_up_later(world: World) -> None:
    """By the error that says so: here two of one name are there, until one is gone."""
    world.fates = ["cut after"]
    requests = rows(1)
    times = {name: str(int(getattr(requests[0], name).timestamp())) for name in ("start_time", "end_time")}
    world.made.append({"subject": "m0", "meeting_id": "somebody's", "seen": 0.0, **times})
    for _ in range(2):
        (unknown,) = await Process(world).run(requests)
        assert isinstance(unknown, Unknown)
        assert isinstance(unknown.error, OutcomeUnknown)
        assert await unknown.error.reconcile() == Undecided("2 matches for one call")
    del world.made[0]
    assert (await unknown.error.reconcile()).result.meeting_id == "2"
    assert world.creations == 1


# --- a ledger in trouble ----------------------------------------------------------------------------------------------


class Trouble:
    """Fails some calls of the ledger, before or after they have happened."""

    def __init__(
        self, world: World, error: Exception, *calls: int, name: str | None = None, after: bool = False
    ) -> None:
        self._world, self._error, self._calls, self._name, self._after = world, error, calls, name, after
        self.count = 0

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._world.ledger, name)

        async def call(*args: Any, **options: Any) -> Any:
            failing = self._fails(name)
            if failing and not self._after:
                raise self._error
            result = await method(*args, **options)
            if failing:
                raise self._error
            return result

        return call

    async def entries(self, *states: Any, group: str | None = None) -> Any:
        if self._fails("entries"):
            raise self._error
        async for entry in self._world.ledger.entries(*states, group=group):
            yield entry

    def _fails(self, name: str) -> bool:
        if self._name not in (None, name):
            return False
        self.count += 1
        return not self._calls or self.count in self._calls

    async def run(self, requests: list[Any], **options: Any) -> list[Any]:
        client = Process(self._world).client()
        ledger: Any = self
        return [one async for one in client.meetings.create_many(requests, ledger=ledger, concurrency=2, **options)]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("error", [LedgerUnavailable("locked"), LedgerError("damaged")], ids=["locked", "damaged"])
def test_a_ledger_that_fails_at_any_call(error: LedgerError, after: bool) -> None:
    requests = rows(4, alike=1)

    async def play(count: int) -> int:
        world = at_home(World(["cut after", "cut before"]), patch)
        trouble = Trouble(world, error, count, after=after)
        if count == 1 and not isinstance(error, LedgerUnavailable):  # a ledger that never worked is no matter of rows
            with pytest.raises(LedgerError, match="damaged"):
                await asyncio.wait_for(trouble.run(requests), 10)
            trouble.count = 1
        else:
            outcomes = await asyncio.wait_for(trouble.run(requests), 10)
            assert len(outcomes) == 4
            _honest(world, outcomes, requests)
        _honest(world, await finish(world, requests), requests)
        assert len(world.made) == 4
        return trouble.count

    with pytest.MonkeyPatch.context() as patch:
        count = 1
        while count <= asyncio.run(play(count)):
            count += 1
    assert count > 12


@settings(max_examples=50)
@given(st.lists(st.sampled_from(FATES), max_size=8), st.sets(st.integers(1, 60)), st.integers(1, 5), st.booleans())
def test_any_fates_and_a_shaky_ledger(fates: list[str], calls: set[int], alike: int, after: bool) -> None:
    requests = rows(5, alike)

    async def play(world: World) -> None:
        for disturbed in (True, True, False):
            trouble = Trouble(world, LedgerUnavailable("locked"), *(calls if disturbed else {0}), after=after)
            outcomes = await asyncio.wait_for(trouble.run(requests), 10)
            seen_for_each(world, requests)
            told = created(outcomes)
            assert len(told) == len(set(told))
            world.now += LEASE + 1
        _honest(world, outcomes, requests)

    with pytest.MonkeyPatch.context() as patch:
        asyncio.run(play(at_home(World(list(fates)), patch)))


@pytest.mark.parametrize("error", [LedgerUnavailable("locked"), LedgerError("damaged")], ids=["locked", "damaged"])
async def test_what_can_not_be_written_down_is_told_all_the_same(world: World, error: LedgerError) -> None:
    """And the next run finds it."""
    outcomes = await Trouble(world, error, name="record").run(rows(3))
    assert len(created(outcomes)) == 3
    world.now += LEASE + 1
    again = await Process(world).run(rows(3))
    assert world.creations == 3
    unknown = [one for one in again if isinstance(one, Unknown)]
    assert len(created(again)) + len(unknown) == 3


async def test_a_ledger_that_can_not_be_reached_at_all(world: World) -> None:
    outcomes = await Trouble(world, LedgerUnavailable("gone")).run(rows(3))
    assert [type(outcome.error) for outcome in outcomes] == [LedgerUnavailable] * 3
    assert world.creations == 0


async def test_one_key_twice_whose_outcome_can_not_be_written_down(world: World) -> None:
    """The second one does not wait for ever for what this very run holds."""
    trouble = Trouble(world, LedgerUnavailable("locked"), name="record")
    requests = [meeting(), meeting()]
    first, second = await asyncio.wait_for(trouble.run(requests, key=lambda _: "same"), 5)
    assert isinstance(first, Created)
    assert isinstance(second, Unknown)
    assert isinstance(second.error, OutcomeUnknown)
    assert world.creations == 1


async def test_a_result_that_is_not_written_down_yet_is_not_given_to_its_twin(world: World) -> None:
    """One was created while the ledger was slow; the list shows it and the other's: who asks gets its own."""
    world.fates = ["made", "cut after"]
    gate = asyncio.Event()
    record = world.ledger.record

    async def slow(entry: Any, state: Any, **options: Any) -> bool:
        if state is State.CREATED and not options["outcome"]["looked_up"]:
            await gate.wait()
        return await record(entry, state, **options)

    world.ledger.record = slow  # type: ignore[method-assign]
    run = asyncio.ensure_future(Process(world).run(rows(2)))
    for _ in range(200):
        await asyncio.sleep(0)
    assert world.looks
    gate.set()
    told = created(await asyncio.wait_for(run, 5))
    assert sorted(told) == ["1", "2"]


# --- leases -----------------------------------------------------------------------------------------------------------


async def test_what_was_taken_over_is_not_sent(world: World) -> None:
    """The guard is asked last of all: here the quota was waited for in vain while the lease ended."""
    process = Process(world)
    sending = process.client().sending()
    requests = rows(1)
    outcomes = [
        outcome
        async for outcome in send_recorded(
            sending, items_of(CreateMeeting, requests), world.ledger, lease=1e-9, concurrency=1, as_completed=False
        )
    ]
    assert isinstance(outcomes[0], Rejected)
    assert isinstance(outcomes[0].error, LedgerUnavailable)
    assert world.creations == 0


async def test_a_lease_that_ended_once_does_not_come_back(world: World) -> None:
    """An outage of the ledger, longer than the lease; then another claim succeeds. The first item may be another's."""
    world.fates = ["made"]
    lease = 20.0
    sending = Process(world).client().sending()
    waiting, go = asyncio.Event(), asyncio.Event()
    begin = sending.lookalikes.begin

    async def slow(likeness: Any) -> None:
        if not waiting.is_set():
            waiting.set()
            await go.wait()
        await begin(likeness)

    sending.lookalikes.begin = slow  # type: ignore[method-assign]

    async def source() -> Any:
        first, second = [keyed async for keyed in items_of(CreateMeeting, rows(2, alike=1))]
        yield first
        await waiting.wait()
        await world.sleep(lease * 1.5)
        yield second
        go.set()

    ledger: Any = Trouble(world, LedgerUnavailable("gone"), name="renew")
    stream = send_recorded(sending, source(), ledger, lease=lease, concurrency=2, as_completed=True)
    outcomes = {outcome.index: outcome async for outcome in stream}
    assert isinstance(outcomes[0], Rejected), "it was not sent"
    assert isinstance(outcomes[0].error, LedgerUnavailable)
    assert isinstance(outcomes[1], Created)


async def test_what_this_very_run_made_is_found_when_it_comes_again(world: World) -> None:
    """Its outcome could not be written down until the lease ended; then it is claimed once more, by its maker."""
    ledger: Any = Trouble(world, LedgerUnavailable("gone"), *range(1, 7), name="record")
    client = Process(world).client()
    await client.meetings.create_many.plan(rows(1), world.ledger)
    stream = send_pending(client.sending(), CreateMeeting, ledger, lease=5.0, concurrency=1, unknown=True)
    told = [created([outcome]) for outcome in [one async for one in stream]]
    assert told == [["1"], ["1"]]
    assert world.creations == 1


# --- workers ----------------------------------------------------------------------------------------------------------


async def test_workers_share_a_plan(world: World) -> None:
    ledger: Any = world.ledger
    client = Process(world).client()
    requests = rows(9, alike=1)
    assert await client.meetings.create_many.plan(requests, ledger) == 9
    assert await client.meetings.create_many.plan(requests, ledger) == 0
    world.fates = ["cut after", "made", "cut before"]
    parts = await asyncio.gather(*[Process(world).pending() for _ in range(3)])
    for _ in range(2):
        world.now += LEASE + 1
        parts.append(await Process(world).pending())
    assert (await ledger.counts())[State.CREATED] + (await ledger.counts())[State.PENDING] == 9
    seen_for_each(world, requests)
    told = [meeting_id for part in parts for meeting_id in created(part)]
    assert sorted(set(told)) == sorted(row["meeting_id"] for row in world.made)


async def test_what_can_not_be_sent_now_ends_a_worker(world: World) -> None:
    """No connection, a wrong key: it is not tried for ever."""
    ledger: Any = world.ledger
    await Process(world).client().meetings.create_many.plan(rows(4), ledger)
    world.fates = ["unconnected"] * 1000
    outcomes = await asyncio.wait_for(Process(world).pending(), 5)
    assert all(isinstance(outcome, Rejected) for outcome in outcomes)
    assert 4 <= len(outcomes) <= 8
    assert (await ledger.counts())[State.PENDING] == 4
    world.fates.clear()
    assert len(created(await asyncio.wait_for(Process(world).pending(), 5))) == 4


async def test_stopping_early_loses_nothing(world: World) -> None:
    requests = rows(8)
    ledger: Any = world.ledger
    stream = Process(world).client().meetings.create_many(requests, ledger=ledger, concurrency=3)
    async for _ in stream:
        break
    await stream.aclose()
    with suppress(StopAsyncIteration):
        await anext(stream)
    outcomes = await finish(world, requests)
    assert len(set(created(outcomes))) == len(world.made) == 8


class NoRoom:
    """A limiter in which nobody ever has room."""

    def __init__(self) -> None:
        self.somebody_waits = asyncio.Event()

    async def take(self, charges: Any, within: float | None, /) -> None:
        self.somebody_waits.set()
        await asyncio.get_running_loop().create_future()


@pytest.mark.parametrize("how", ["stop", "cancel"])
async def test_what_waits_for_quota_is_given_back(world: World, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A quota of the hour may be used up: an orderly end does not wait for it, and leaves nothing in doubt."""
    monkeypatch.setattr(resumable, "_POLL", 0.01)
    ledger: Any = world.ledger
    limiter = NoRoom()
    tm = TencentMeeting(Nobody(), transport=Process(world), clock=world.time, limiter=limiter, quotas=Quotas())
    create = tm.meetings.create_many
    await create.plan(rows(8), ledger)
    stopped: list[bool] = []
    task = asyncio.create_task(drained(create.pending(ledger, concurrency=3, stop=lambda: bool(stopped))))
    await limiter.somebody_waits.wait()
    if how == "stop":
        stopped.append(True)
        assert all(isinstance(outcome, Rejected) for outcome in await asyncio.wait_for(task, 5))
    else:
        task.cancel()
        await asyncio.wait({task}, timeout=5)
        assert task.cancelled()
    assert (await ledger.counts())[State.PENDING] == 8
    assert world.creations == 0
    assert len(created(await Process(world).pending())) == 8
    assert world.looks == 0


async def test_what_was_certainly_not_sent_can_not_be_what_is_found(world: World) -> None:
    """Of two that are alike the first one's outcome is unclear; the second one is claimed while it is looked for."""
    looking = asyncio.Event()

    class Slow(Process):
        async def exchange(self, request: Any, headers: Any, timeout: Any) -> Any:
            if request.method == "GET":
                looking.set()
                while (await world.ledger.counts())[State.SENDING] < 2:  # noqa: ASYNC110 - nothing else to wait on
                    await asyncio.sleep(0)
            return await super().exchange(request, headers, timeout)

    async def source() -> Any:
        first, second = rows(2)
        yield first
        await looking.wait()
        yield second

    world.fates = ["cut after"]
    ledger: Any = world.ledger
    create = Slow(world).client().meetings.create_many
    outcomes = await drained(create(source(), ledger=ledger, concurrency=2))
    assert created(outcomes) == ["1", "2"]
    assert len(world.made) == 2


async def test_a_ledger_by_its_path(world: World, tmp_path: Path) -> None:
    """It is opened for the call, and closed at its end."""
    create = Process(world).client().meetings.create_many
    assert await create.plan(rows(3), tmp_path / "batch.db") == 3
    outcomes = await drained(create.pending(str(tmp_path / "batch.db")))
    again = await drained(create(rows(4), ledger=tmp_path / "batch.db"))
    assert len(created(outcomes)) == 3
    assert len(created(again)) == len(world.made) == 4
    assert _names(tmp_path) == ["batch.db"]


def _names(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]
