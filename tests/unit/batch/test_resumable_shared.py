"""Several workers, programs and versions at one ledger: nothing is sent twice, left out, or mixed up."""

import asyncio
import json
from collections import Counter
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from tests.conftest import meeting
from tests.unit.batch.world import LEASE, SETTLE, Process, World, created, rows
from tests.unit.batch.world import world as world  # noqa: PLC0414 - a fixture
from tm_async import Created, CreateMeeting, Rejected, Unknown
from tm_async.api.users import AddAiAccount, RemoveAiAccount
from tm_async.batch.keyed import items_of
from tm_async.batch.ledger.protocol import State
from tm_async.batch.resumable import send_pending, send_recorded
from tm_async.batch.written import read_back, written
from tm_async.core.exchange import Request
from tm_async.core.outcome import Absent
from tm_async.errors import ConnectionFailed, LedgerConflict, LedgerError, LedgerUnavailable


async def planned(world: World, count: int) -> Any:
    """A plan in the ledger, each row of its own subject, and the bulk call."""
    create_many = Process(world).client().meetings.create_many
    await create_many.plan(rows(count, alike=1), world.ledger)
    return create_many


def at_once(work: Coroutine[Any, Any, Any]) -> Any:
    """What a coroutine gives that waits for nothing, as those of the ledger in memory."""
    with pytest.raises(StopIteration) as caught:
        work.send(None)
    return caught.value.value


def key_of(world: World, subject: str) -> str:
    return next(one.key for one in world.ledger._entries.values() if f'"{subject}"' in one.request)


def made_elsewhere(world: World, subject: str) -> None:
    """By a worker that is not heard of again."""
    row = json.loads(written(meeting(subject=subject)))["meetings.create"]
    start, end = (str(int(getattr(meeting(), name).timestamp())) for name in ("start_time", "end_time"))
    told = {"meeting_id": str(len(world.made) + 1), "seen": world.now, "type": 0}
    world.made.append({"subject": row["subject"], "start_time": start, "end_time": end} | told)


# --- what may have been sent ------------------------------------------------------------------------------------------


async def test_what_another_worker_may_have_sent_is_not_given_back(world: World) -> None:
    """This run had given it back; another one took it, sent it and died, and now it comes again."""
    create_many = await planned(world, 2)
    answer, taken = world.answer, []

    def meanwhile(request: Request) -> Any:
        if request.method == "POST" and b'"m0"' in request.body and not taken:
            raise ConnectionFailed("refused")
        if request.method == "POST" and not taken:
            taken.extend(at_once(world.ledger.claim("another", lease=1.0, keys=[key_of(world, "m0")])))
            made_elsewhere(world, "m0")
            world.now += SETTLE + 10
        return answer(request)

    world.answer = meanwhile  # type: ignore[method-assign]
    outcomes = [one async for one in create_many.pending(world.ledger, concurrency=1)]
    assert [type(one) for one in outcomes] == [Rejected, Created, Created]
    assert outcomes[-1].looked_up
    await create_many.pending(world.ledger)
    assert world.meetings() == Counter({"m0": 1, "m1": 1})


@pytest.mark.parametrize("call", ["meetings", "users"])
async def test_a_row_in_doubt_that_can_not_be_read_stays_in_doubt(world: World, call: str) -> None:
    """It is of a newer version, or of another operation: whoever can read it looks for what it made."""
    create_many = await planned(world, 1)
    (entry,) = await world.ledger.claim("dead", lease=1.0)
    made_elsewhere(world, "m0")
    world.now += LEASE
    text = entry.request
    if call == "meetings":
        object.__setattr__(world.ledger._entries[entry.key], "request", text.replace('{"userid"', '{"new":1,"userid"'))
    outcomes = await getattr(Process(world).client(), call).create_many.pending(world.ledger)
    assert {type(one) for one in outcomes} == {Unknown}
    said = "no request: ValidationError" if call == "meetings" else "of meetings.create, and not of users.create"
    with pytest.raises(LedgerError, match=f"item {entry.key}: what is recorded is .*{said}"):
        raise outcomes[0].error
    assert world.ledger._entries[entry.key].state is State.UNKNOWN
    object.__setattr__(world.ledger._entries[entry.key], "request", text)
    (found,) = await create_many.pending(world.ledger)
    assert isinstance(found, Created)
    assert len(world.made) == 1


async def test_a_row_that_another_worker_may_have_is_not_rejected(world: World) -> None:
    """It is added here, a faster worker creates it, and then the ledger fails."""

    class Failing:
        def __getattr__(self, name: str) -> Any:
            return getattr(world.ledger, name)

        async def add(self, items: Any) -> int:
            added = await world.ledger.add(items)
            await Process(world).pending()
            return added

        async def get(self, keys: Any) -> Any:
            raise LedgerUnavailable("gone")

    ledger: Any = Failing()
    (outcome,) = await Process(world).client().meetings.create_many(rows(1), ledger=ledger)
    assert isinstance(outcome, Unknown)
    assert len(world.made) == 1


async def test_who_was_too_slow_tells_what_the_other_one_made(world: World) -> None:
    """Its lease ended while it waited; the other worker took the row over and created it."""
    sending = Process(world).client().sending()
    begin, lease = sending.lookalikes.begin, 20.0

    async def slow(likeness: Any) -> None:
        if not world.made:
            world.now += lease + SETTLE
            await Process(world).pending()
        await begin(likeness)

    sending.lookalikes.begin = slow  # type: ignore[method-assign]
    stream = send_recorded(sending, items_of(CreateMeeting, rows(1)), world.ledger, lease=lease, concurrency=1)
    assert created([one async for one in stream]) == ["1"]
    assert world.creations == 1


# --- nothing is left --------------------------------------------------------------------------------------------------


async def test_what_was_claimed_more_often_is_tried_as_well(world: World) -> None:
    """Runs on days without quota; then a new row, which can't be sent either, comes before the old ones."""
    create_many = await planned(world, 20)
    world.fates = ["unconnected"] * 10_000
    for _ in range(2):
        assert len(await create_many.pending(world.ledger)) == 20
    await create_many.plan([meeting(subject="new")], world.ledger)
    world.fates, answer = [], world.answer

    def refusing(request: Request) -> Any:
        if b'"new"' in request.body:
            raise ConnectionFailed("refused")
        return answer(request)

    world.answer = refusing  # type: ignore[method-assign]
    outcomes = await create_many.pending(world.ledger, concurrency=4)
    assert Counter(type(one) for one in outcomes) == {Created: 20, Rejected: 1}


async def test_what_another_worker_gives_back_is_tried(world: World) -> None:
    create_many = await planned(world, 3)
    (entry,) = await world.ledger.claim("another", lease=LEASE)
    looks, entries = 0, world.ledger.entries

    async def asked(*states: State, **options: Any) -> Any:
        nonlocal looks
        looks += states == (State.SENDING,)
        if looks == 3:  # it is being waited for
            await world.ledger.record(entry, State.PENDING)
        async for one in entries(*states, **options):
            yield one

    world.ledger.entries = asked  # type: ignore[method-assign]
    assert len(created(await create_many.pending(world.ledger))) == 3


async def test_what_is_given_back_between_two_looks_is_tried(world: World) -> None:
    """Another worker has it for a moment whenever this one asks for what is pending."""
    create_many = await planned(world, 2)
    entries = world.ledger.entries
    held = await world.ledger.claim("another", lease=LEASE)

    async def asked(*states: State, **options: Any) -> Any:
        if states == (State.SENDING,):
            for entry in held:
                await world.ledger.record(entry, State.PENDING)
        async for one in entries(*states, **options):
            yield one
        if State.SENDING in states:
            for entry in held:
                await world.ledger.record(entry, State.PENDING)

    world.ledger.entries = asked  # type: ignore[method-assign]
    assert len(created(await create_many.pending(world.ledger))) == 2


@pytest.mark.parametrize(("fate", "kind"), [("refused", Rejected), ("cut before", Unknown), ("made", Created)])
async def test_an_outcome_whose_writing_down_was_not_heard_of_is_told(world: World, fate: str, kind: type) -> None:
    create_many = await planned(world, 1)
    world.fates, record, heard = [fate], world.ledger.record, list[bool]()

    async def recorded(*given: Any, **options: Any) -> bool:
        done = await record(*given, **options)
        heard.append(done)
        if len(heard) == 1:
            raise LedgerUnavailable("its answer was lost")
        return done

    world.ledger.record = recorded  # type: ignore[method-assign]
    outcomes = await create_many.pending(world.ledger, unknown=False)
    assert [type(one) for one in outcomes] == [kind]
    assert heard == [True, False]


async def test_nothing_is_claimed_again_and_again(world: World) -> None:
    """What can't be sent now is tried once, also where there is much of it: each look reads the ledger once."""
    create_many = await planned(world, 300)
    world.fates = ["unconnected"] * 10_000
    read, claims, entries, claim = [0], [0], world.ledger.entries, world.ledger.claim

    async def counted(*states: State, **options: Any) -> Any:
        async for one in entries(*states, **options):
            read[0] += 1
            yield one

    async def claimed(*given: Any, **options: Any) -> Any:
        claims[0] += 1
        return await claim(*given, **options)

    world.ledger.entries, world.ledger.claim = counted, claimed  # type: ignore[method-assign]
    assert len(await create_many.pending(world.ledger, concurrency=4)) == 300
    assert read[0] <= 600
    assert claims[0] <= 320


# --- what is which ----------------------------------------------------------------------------------------------------


async def test_another_operation_of_the_same_members_is_another_request(world: World) -> None:
    """What was done with it is not done for this one."""
    given = {"to_operator_id": "alice", "operator_id": "admin"}
    (added,) = [one async for one in items_of(AddAiAccount, [given])]
    (removed,) = [one async for one in items_of(RemoveAiAccount, [given])]
    assert added.item is not None
    assert removed.item is not None
    assert added.item.key != removed.item.key
    await world.ledger.add([evolve(added.item, key="mine")])
    with pytest.raises(LedgerConflict):
        await world.ledger.add([evolve(removed.item, key="mine")])
    stream = send_pending(Process(world).client().sending(), RemoveAiAccount, world.ledger, unknown=False)
    (outcome,) = [one async for one in stream]
    with pytest.raises(LedgerError, match="is a request of users.add_ai_account, and not of users.remove_ai_account"):
        raise outcome.error  # type: ignore[union-attr]
    assert (await world.ledger.counts())[State.PENDING] == 1


def test_what_a_class_says_by_itself_is_not_written_down() -> None:
    """So that a member with a default, added by a later version, makes no other request of it."""
    text = written(meeting(type=0, settings=None))
    assert sorted(json.loads(text)["meetings.create"]) == ["end_time", "start_time", "subject", "userid"]
    assert read_back(text, CreateMeeting) == meeting()


@pytest.mark.parametrize("text", ["", "5", "[]", "{}", '{"meetings.create": 5}', '{"a": 1, "b": 2}', "[" * 100_000])
def test_what_is_no_request(text: str) -> None:
    with pytest.raises(LedgerError, match="what is recorded is no request: "):
        read_back(text, CreateMeeting)


# --- afterwards -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gone", [False, True])
async def test_a_look_after_the_batch_knows_the_others_and_leaves_the_ledger_closed(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gone: bool
) -> None:
    """It was opened by its path, and the program has gone elsewhere since."""
    monkeypatch.chdir(tmp_path)
    world.fates = ["made", "cut before"]
    requests = [meeting(subject="m0")] * 2
    one, other = await Process(world).client().meetings.create_many(requests, ledger="batch.db", concurrency=1)
    assert isinstance(one, Created)
    assert isinstance(other, Unknown)
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    error: Any = other.error
    if gone:
        (tmp_path / "batch.db").rename(tmp_path / "gone.db")
        with pytest.raises(LedgerError, match="there is no ledger at .*batch.db"):
            await error.reconcile()
    else:
        assert await error.reconcile() == Absent(), "what is there is the other one's"
    assert len([one for one in tmp_path.rglob("*") if one.is_file()]) == 1, "it is closed, and no other was made"
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_batch_that_is_cut_off_tells_what_it_knew(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """The first one is slow, so that none was told."""
    process, stuck = Process(world), asyncio.Event()
    exchange = process.exchange

    async def slow(request: Request, headers: Any, timeout: Any) -> Any:
        if b'"m0"' in request.body:
            await stuck.wait()
        return await exchange(request, headers, timeout)

    process.exchange = slow  # type: ignore[method-assign]

    async def awaited() -> Any:
        bad: Any = {"userid": "tester"}
        return await process.client().meetings.create_many([*rows(3, alike=1), bad], concurrency=4)

    task = asyncio.create_task(awaited())
    for _ in range(100):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError) as caught:
        await task
    assert caught.value.__notes__ == ["cut off with 3 outcomes, 2 of them created: 1, 2. Iterate, or use a ledger."]
    told = sorted(one.message for one in caplog.records if one.name == "tm_async.batch")
    assert told == [f"request {number} was left before it was told: created {number}" for number in (1, 2)]
