"""What an inbox has to do about leases and the order of events: a part of `InboxContract`."""

import json
from collections.abc import Iterable

import pytest

from tm_async.testing.clauses import Clauses, PassTime
from tm_async.webhooks.delivery import Delivery
from tm_async.webhooks.inbox.protocol import Inbox, State, Task

__all__ = ["NOON", "LaneContract", "claim", "deliveries", "delivery", "keys", "take"]

HANDLERS = ("first", "second")
NOON = 1_700_000_000
"""Of the day on which the events of these tests happen: seconds of UNIX time."""


def delivery(
    trace: str, *, event: str = "meeting.end", meeting: str = "", at: int | None = None, received: float = 1e9
) -> Delivery:
    """A delivery with one event, which is about `meeting` and happened `at` seconds after `NOON`."""
    item: dict[str, object] = {} if at is None else {"operate_time": (NOON + at) * 1000}
    if meeting:
        item["meeting_info"] = {"meeting_id": meeting}
    body = {"event": event, "trace_id": trace, "payload": [item]}
    return Delivery.parse(json.dumps(body).encode(), received, "current")


def deliveries(count: int) -> list[Delivery]:
    """So many of them, each of a meeting of its own."""
    return [delivery(f"trace {number}", meeting=f"m{number}", at=0) for number in range(count)]


async def claim(
    inbox: Inbox,
    worker: str = "w",
    *,
    handlers: Iterable[str] = ("h",),
    room: int = 100,
    lease: float = 60,
    keys: list[str] | None = None,
) -> list[Task]:
    """What there is for these handlers, all of which take every event."""
    names = list(handlers)
    return await inbox.claim(worker, lease=lease, free=dict.fromkeys(names, room), handlers=lambda _: names, keys=keys)


async def take(inbox: Inbox, worker: str = "w", *, keys: list[str] | None = None) -> Task:
    """The only one that there is."""
    (task,) = await claim(inbox, worker, keys=keys)
    return task


def keys(tasks: Iterable[Task]) -> list[str]:
    """The traces of what they came from, sorted."""
    return sorted(str(json.loads(task.body or b"{}").get("trace_id")) for task in tasks)


@pytest.mark.asyncio
class LaneContract(Clauses):
    """Subclass `InboxContract`, which has these tests and all others."""

    @pytest.fixture
    def other(self, inbox: Inbox) -> Inbox:
        """A second handle on the same storage; the inbox itself unless you override it."""
        return inbox

    async def test_one_at_a_time_in_a_lane(self, inbox: Inbox, other: Inbox) -> None:
        """By the time when it happened, then by arrival, however they came."""
        for trace, at in (("c", 30), ("a", 10), ("d", 30), ("b", 20)):
            await inbox.accept(delivery(trace, meeting="m", at=at))
        for trace in "abcd":
            task = await take(other)
            assert keys([task]) == [trace]
            assert await claim(inbox, "v") == []
            assert await inbox.record(task, State.DONE)
        assert await claim(inbox) == []

    async def test_lanes_do_not_wait_for_each_other(self, inbox: Inbox) -> None:
        """Another meeting's, another handler's, and what is about no meeting."""
        for trace, meeting in (("a", "m"), ("b", "m"), ("c", "n"), ("x", ""), ("y", "")):
            await inbox.accept(delivery(trace, meeting=meeting, at=10))
        first = await claim(inbox, handlers=HANDLERS)
        assert keys(task for task in first if task.handler == "first") == ["a", "c", "x", "y"]
        (done,) = (task for task in first if task.handler == "second" and keys([task]) == ["a"])
        assert await inbox.record(done, State.DONE)
        (more,) = await claim(inbox, handlers=HANDLERS)
        assert (keys([more]), more.handler) == (["b"], "second")

    async def test_an_earlier_one_that_comes_later(self, inbox: Inbox, other: Inbox) -> None:
        """Goes first, unless one of its lane is being handled."""
        await inbox.accept(delivery("b", meeting="m", at=20))
        assert await claim(inbox, room=0) == []
        await inbox.accept(delivery("a", meeting="m", at=10))
        task = await take(other)
        assert keys([task]) == ["a"]
        await inbox.accept(delivery("0", meeting="m", at=5))
        assert await claim(inbox) == []
        assert await inbox.record(task, State.DONE)
        task = await take(inbox)
        assert (keys([task]), task.late) == (["0"], True)

    async def test_what_is_late(self, inbox: Inbox) -> None:
        """A later one of the same handler and subject was handled; not: given up, or another subject's."""
        for trace, meeting, at in (("a", "m", 30), ("x", "n", 10), ("b", "", 30)):
            await inbox.accept(delivery(trace, meeting=meeting, at=at))
        tasks = {keys([task])[0]: task for task in await claim(inbox)}
        assert not any(task.late for task in tasks.values())
        await inbox.record(tasks["a"], State.DONE)
        await inbox.record(tasks["x"], State.DEAD)
        await inbox.record(tasks["b"], State.DONE)
        for trace, meeting, at in (("c", "m", 29), ("y", "n", 9), ("d", "", 29), ("e", "o", 29)):
            await inbox.accept(delivery(trace, meeting=meeting, at=at))
        found = {keys([task])[0]: task for task in await claim(inbox)}
        assert {trace: task.late for trace, task in found.items()} == {"c": True, "y": False, "d": False, "e": False}
        await inbox.record(found["c"], State.DONE)
        await inbox.accept(delivery("f", meeting="m", at=31))
        assert (await take(inbox)).late is False

    async def test_who_waits_for_its_next_attempt(self, inbox: Inbox, other: Inbox, pass_time: PassTime) -> None:
        """Is not claimed before, and holds up its lane; then it is first again, unless an earlier one has come."""
        await inbox.accept(delivery("b", meeting="m", at=20))
        task = await take(inbox)
        await inbox.accept(delivery("c", meeting="m", at=30))
        assert await inbox.record(task, State.NEW, after=60, error="ValueError")
        await pass_time(55)
        assert await claim(other, keys=[task.key]) == await claim(other) == []
        await pass_time(6)
        again = await take(other)
        assert (again.key, again.attempts, again.claims, again.error) == (task.key, 2, 2, "ValueError")
        await inbox.accept(delivery("a", meeting="m", at=10))
        assert await inbox.record(again, State.NEW, after=60, error="ValueError")
        assert keys([await take(other)]) == ["a"]

    async def test_a_lease_that_ended(self, inbox: Inbox, other: Inbox, pass_time: PassTime) -> None:
        """Another worker gets the task, its lane still waits, and who had it can't record any more."""
        for trace, at in (("a", 10), ("b", 20)):
            await inbox.accept(delivery(trace, meeting="m", at=at))
        first = await take(inbox)
        await pass_time(59)
        assert await claim(other, "v") == []
        await pass_time(2)
        second = await take(other, "v")
        assert (second.key, second.worker, second.claims, second.attempts) == (first.key, "v", 2, 2)
        for state in (State.NEW, State.SENT, State.DONE, State.DEAD):
            assert await inbox.record(first, state) is False
        assert await other.record(second, State.DONE)
        assert keys([await take(inbox)]) == ["b"]

    async def test_a_takeover_by_key(self, inbox: Inbox, pass_time: PassTime) -> None:
        """The same, for those that were asked for."""
        for one in deliveries(2):
            await inbox.accept(one)
        first, second = await claim(inbox)
        await pass_time(61)
        assert [task.number for task in await claim(inbox, "v", keys=[second.key])] == [second.number]
        assert [task.number for task in await claim(inbox, "v")] == [first.number]

    async def test_a_late_record_is_good(self, inbox: Inbox, pass_time: PassTime) -> None:
        """If nobody took the claim over."""
        await inbox.accept(delivery("a"))
        task = await take(inbox)
        await pass_time(1000)
        assert await inbox.record(task, State.DONE)

    async def test_a_renewed_lease(self, inbox: Inbox, other: Inbox, pass_time: PassTime) -> None:
        """Keeps all that this worker holds, and nothing of another's. A lease never becomes shorter."""
        for one in deliveries(3):
            await inbox.accept(one)
        assert len(await claim(inbox, room=2)) == 2
        assert len(await claim(inbox, "u", room=1)) == 1
        for _ in range(3):
            await pass_time(50)
            await other.renew("w", lease=60)
        (lost,) = await claim(other, "v")
        assert lost.claims == 2
        await inbox.renew("w", lease=600)
        await inbox.renew("w", lease=10)
        await pass_time(500)
        assert [task.number for task in await claim(inbox, "x")] == [lost.number]

    async def test_what_was_lost_stays_lost(self, inbox: Inbox, other: Inbox, pass_time: PassTime) -> None:
        """A renewal that comes late takes nothing back."""
        await inbox.accept(delivery("a"))
        first = await take(inbox)
        await pass_time(61)
        second = await take(other, "v")
        await inbox.renew("w", lease=600)
        assert await inbox.record(first, State.DONE) is False
        await pass_time(61)
        assert (await take(inbox, "w")).claims == second.claims + 1

    async def test_what_a_broker_took(self, inbox: Inbox, other: Inbox, pass_time: PassTime) -> None:
        """Is claimed by key, or when nothing has become of it in time; until then its lane waits."""
        for trace, at in (("a", 10), ("b", 20)):
            await inbox.accept(delivery(trace, meeting="m", at=at))
        task = await take(inbox, "relay")
        assert await inbox.record(task, State.SENT, after=60, counts=False)
        await inbox.accept(delivery("0", meeting="m", at=5))
        assert await claim(other, "v") == []
        again = await take(other, "v", keys=[task.key])
        assert (again.number, again.attempts, again.claims) == (task.number, 1, 2)
        assert await claim(inbox, keys=[task.key]) == []
        assert await inbox.record(again, State.SENT, after=60, counts=False)
        await pass_time(61)
        lost = await take(inbox, "relay")
        assert (lost.number, lost.attempts) == (task.number, 1)
        assert await inbox.record(lost, State.DONE)
        assert keys([await take(inbox)]) == ["0"]

    async def test_reviving(self, inbox: Inbox, other: Inbox) -> None:
        """What is finished is handled again, in its place in the lane; what is not stays as it is."""
        for trace, at in (("a", 10), ("b", 20), ("c", 30)):
            await inbox.accept(delivery(trace, meeting="m", at=at))
        first = await take(inbox)
        await inbox.record(first, State.DEAD, error="ValueError")
        second = await take(inbox)
        await inbox.record(second, State.DONE)
        third = await take(inbox)
        assert await other.revive([first.number, second.number, third.number, 10**9]) == 2
        assert await claim(inbox) == []
        await inbox.record(third, State.DONE)
        for expected in (first, second):
            task = await take(other)
            assert (task.number, task.attempts, task.error, task.late) == (expected.number, 1, "", True)
            assert await inbox.record(expected, State.DONE) is False
            assert await inbox.record(task, State.DONE)
        assert await claim(inbox) == []
