"""What every inbox has to do, as tests: subclass `InboxContract` and run pytest (needs pytest-asyncio).

```python
import pytest
from tm_async.testing import InboxContract

class TestMyInbox(InboxContract):
    @pytest.fixture
    def inbox(self, tmp_path, clock):
        return MyInbox(tmp_path / "events.db", clock=clock)

    @pytest.fixture
    def other(self, inbox, tmp_path, clock):     # optional: a second handle on the same storage
        return MyInbox(tmp_path / "events.db", clock=clock)

    @pytest.fixture
    def pass_time(self, clock):                  # optional: lets leases and waits come nearer to their end
        async def pass_time(seconds):
            clock.now += seconds
        return pass_time

    @pytest.fixture
    def broken(self):                            # optional: a handle on storage that can't be used
        return MyInbox("/nowhere/events.db")
```

An inbox with the clock of its database lets time pass by moving all times in it back.
"""

import asyncio
import json
import logging
from collections import Counter
from contextlib import suppress
from itertools import chain
from typing import Any

import pytest

from tm_async.errors import ConfigurationError, InboxError, InboxUnavailable
from tm_async.testing.clauses import with_variables
from tm_async.testing.lanes import NOON, LaneContract, claim, deliveries, delivery, keys, take
from tm_async.webhooks.delivery import Delivery
from tm_async.webhooks.inbox.protocol import Inbox, State, Task

__all__ = ["InboxContract"]

_SECRET = "canary-Hk3-user-name"  # noqa: S105
_NAMES = {
    "Chinese and emoji": "会议.📅",
    "quotes": "\"'`\\ \\n %s {0} </script> --",
    "NUL": "a\0b",
    "half a pair": "a\ud800",
    "long": "长" * 400,
}


@pytest.mark.asyncio
class InboxContract(LaneContract):
    """Tests of an `Inbox`. Give a fixture `inbox`, empty for each test; the modes strict and auto both work.

    The optional fixtures: `other`, a second handle on the storage of `inbox`, if processes can share it; `pass_time`,
    a coroutine function that lets seconds pass; `broken`, a handle on storage that fails. What they are for is skipped
    or, for `other`, done with one handle if they are missing.
    """

    async def test_an_empty_inbox(self, inbox: Inbox) -> None:
        """Has nothing, and says so."""
        assert await claim(inbox) == await claim(inbox, keys=["nothing"]) == await claim(inbox, keys=[]) == []
        assert [task async for task in inbox.tasks()] == []
        assert await inbox.counts() == {}
        assert await inbox.revive([]) == await inbox.revive([1]) == 0
        assert await inbox.tidy(bodies=1, keys=1) == 0
        await inbox.renew("w", lease=60)
        nothing = Task(number=1, key="k", delivery="d", event="e", claims=1)
        assert await inbox.record(nothing, State.DONE) is False

    async def test_what_is_accepted_is_there(self, inbox: Inbox, other: Inbox) -> None:
        """Through both handles, in order, with all that came, before any worker has seen it."""
        given = [delivery("b", meeting="m", at=10, received=5.5), delivery("a", event="room.alert", received=7.25)]
        for one in given:
            await inbox.accept(one)
        found = [task async for task in other.tasks()]
        assert [task.body for task in found] == [one.body for one in given]
        assert [task.delivery for task in found] == [one.key for one in given]
        assert [(task.event, task.subject, task.happened) for task in found] == [
            ("meeting.end", "m", (NOON + 10) * 1000),
            ("room.alert", "", 7250),
        ]
        assert [(task.received, task.key_name) for task in found] == [(5.5, "current"), (7.25, "current")]
        for task in found:
            assert (task.handler, task.state, task.claims, task.attempts) == ("", State.NEW, 0, 0)
            assert (task.worker, task.error, task.late, task.place) == (None, "", False, 0)
        assert await other.counts() == {"": {State.NEW: 2}}

    async def test_what_comes_again_is_stored_once(self, inbox: Inbox, other: Inbox) -> None:
        """At once and later, also when it is done, with other spaces and in another order."""
        first = delivery("a", meeting="m", at=10)
        spaced = Delivery.parse(
            json.dumps(dict(reversed([*first.envelope.items()])), indent=2).encode(), 2e9, "previous"
        )
        async with asyncio.timeout(self.limit):
            await asyncio.gather(*(one.accept(again) for again in (first, spaced) for one in (inbox, other) * 8))
        assert len([task async for task in inbox.tasks()]) == 1
        assert await inbox.record(await take(inbox), State.DONE)
        await other.accept(first)
        assert await claim(inbox) == []

    async def test_a_trace_that_is_used_again(self, inbox: Inbox) -> None:
        """Does not lose the other event."""
        for at in (10, 20):
            await inbox.accept(delivery("a", at=at))
        await inbox.accept(delivery("a", event="meeting.started", at=10))
        assert len(await claim(inbox)) == 3

    async def test_a_delivery_of_several_events(self, inbox: Inbox, other: Inbox) -> None:
        """Each is on its own, equal ones, too."""
        about = [{"meeting_info": {"meeting_id": meeting}, "operate_time": 10**12} for meeting in ("m", "n", "n")]
        body = json.dumps({"event": "meeting.end", "trace_id": "a", "payload": about}).encode()
        await inbox.accept(Delivery.parse(body, 1e9))
        first = await claim(other)
        assert [(task.place, task.subject, task.body) for task in first] == [(0, "m", body), (1, "n", body)]
        assert len({task.delivery for task in first}) == 1
        for task in first:
            assert await inbox.record(task, State.DONE)
        last = await take(inbox)
        assert (last.place, last.key) == (2, first[1].key)

    async def test_each_handler_gets_its_task(self, inbox: Inbox, other: Inbox) -> None:
        """Those that the worker names for the event; what nobody handles is done."""
        for trace, event in (("a", "x.one"), ("b", "x.two"), ("c", "x.none")):
            await inbox.accept(delivery(trace, event=event))
        of = {"x.one": ["g", "h"], "x.two": ["h"], "x.none": list[str]()}
        room = {"g": 9, "h": 9, "unknown": 9}
        found = await inbox.claim("w", lease=60, free=room, handlers=lambda event: of[event])
        assert sorted((task.handler, task.event) for task in found) == [("g", "x.one"), ("h", "x.one"), ("h", "x.two")]
        for task in found:
            assert (task.state, task.worker, task.claims, task.attempts) == (State.LEASED, "w", 1, 1)
            assert task.body is not None
        stored = {task.number: task async for task in other.tasks(State.LEASED)}
        assert stored == {task.number: task for task in found}
        assert await other.counts() == {"g": {State.LEASED: 1}, "h": {State.LEASED: 2}, "": {State.DONE: 1}}

    async def test_each_handler_has_a_state_of_its_own(self, inbox: Inbox, other: Inbox) -> None:
        """One that fails repeats no other."""
        await inbox.accept(delivery("a"))
        tasks = {task.handler: task for task in await claim(inbox, handlers=("g", "h"))}
        assert await inbox.record(tasks["g"], State.DONE)
        assert await inbox.record(tasks["h"], State.NEW, error="ValueError")
        (again,) = await claim(other, handlers=("g", "h"))
        assert (again.handler, again.attempts, again.error) == ("h", 2, "ValueError")

    async def test_not_more_than_there_is_room(self, inbox: Inbox) -> None:
        """For each handler, what was due first; a handler that the worker has not waits."""
        for one in deliveries(4):
            await inbox.accept(one)
        names = ["g", "h", "i"]
        found = await inbox.claim("w", lease=60, free={"g": 1, "h": 3, "i": 0}, handlers=lambda _: names)
        assert Counter(task.handler for task in found) == {"g": 1, "h": 3}
        assert keys(found) == ["trace 0", "trace 0", "trace 1", "trace 2"]
        assert keys(await claim(inbox, handlers=["i"])) == [f"trace {number}" for number in range(4)]

    async def test_nobody_gets_what_another_has(self, inbox: Inbox, other: Inbox) -> None:
        """Neither by key, nor its holder a second time."""
        await inbox.accept(delivery("a"))
        task = await take(inbox)
        for handle, worker in ((inbox, "w"), (inbox, "v"), (other, "w"), (other, "v")):
            assert await claim(handle, worker) == await claim(handle, worker, keys=[task.key]) == []

    async def test_each_task_is_claimed_once(self, inbox: Inbox, other: Inbox) -> None:
        """By sixteen at once, through two handles; in lanes one after the other."""
        for number in range(60):
            await inbox.accept(delivery(f"{number:02}", meeting=f"m{number % 20}", at=number))
        order: dict[tuple[str, str], list[str]] = {}
        left = 120

        async def work(number: int) -> list[tuple[str, str]]:
            nonlocal left
            taken: list[tuple[str, str]] = []
            handle = (inbox, other)[number % 2]
            while left:
                for task in await claim(handle, f"worker {number % 4}", handlers=("g", "h"), room=number % 3 + 1):
                    trace = keys([task])[0]
                    taken.append((task.handler, trace))
                    order.setdefault((task.handler, task.subject), []).append(trace)
                    assert await handle.record(task, State.DONE)
                    left -= 1
            return taken

        async with asyncio.timeout(self.limit):
            taken = await asyncio.gather(*(work(number) for number in range(16)))
        expected = [(handler, f"{number:02}") for handler in ("g", "h") for number in range(60)]
        assert sorted(chain.from_iterable(taken)) == expected
        assert all(traces == sorted(traces) for traces in order.values())
        assert await other.counts() == {"g": {State.DONE: 60}, "h": {State.DONE: 60}}

    async def test_events_come_while_others_are_handled(self, inbox: Inbox, other: Inbox) -> None:
        """In few lanes: nothing gets stuck, and there is never more than one of a lane under way."""
        numbers = iter(range(200))
        at_work: set[tuple[str, str]] = set()
        done = 0

        async def accept(handle: Inbox) -> None:
            for number in numbers:
                await handle.accept(delivery(f"{number}", meeting=f"m{number % 3}", at=-number))

        async def work(handle: Inbox, worker: str) -> None:
            nonlocal done
            while done < 400:
                await asyncio.sleep(0)
                for task in await claim(handle, worker, handlers=("g", "h"), room=2):
                    lane = task.handler, task.subject
                    assert lane not in at_work
                    at_work.add(lane)
                    await asyncio.sleep(0)
                    at_work.remove(lane)
                    assert await handle.record(task, State.DONE)
                    done += 1

        async with asyncio.timeout(self.limit * 2), asyncio.TaskGroup() as group:
            for number in range(4):
                handle = (inbox, other)[number % 2]
                group.create_task(accept(handle))
                group.create_task(work(handle, f"worker {number}"))
        assert await inbox.counts() == {"g": {State.DONE: 200}, "h": {State.DONE: 200}}

    @pytest.mark.parametrize("state", [State.NEW, State.SENT, State.DONE, State.DEAD])
    async def test_a_claim_is_recorded_once(self, state: State, inbox: Inbox, other: Inbox) -> None:
        """The second time changes nothing, whoever says it."""
        await inbox.accept(delivery("a"))
        task = await take(inbox)
        assert await other.record(task, state, after=60, error="ValueError", counts=state is not State.SENT)
        before = [one async for one in inbox.tasks()]
        assert [(one.state, one.error, one.attempts) for one in before] == [(state, "ValueError", state != "sent")]
        for again in (State.NEW, State.SENT, State.DONE, State.DEAD):
            assert await other.record(task, again) is False
        assert [one async for one in inbox.tasks()] == before
        assert [one async for one in inbox.tasks(state)] == before
        assert [one async for one in inbox.tasks(State.LEASED)] == []

    async def test_one_of_many_records_wins(self, inbox: Inbox, other: Inbox) -> None:
        """Twenty at once."""
        await inbox.accept(delivery("a"))
        task = await take(inbox)
        async with asyncio.timeout(self.limit):
            results = await asyncio.gather(*(one.record(task, State.DONE) for one in [inbox, other] * 10))
        assert sorted(results) == [False] * 19 + [True]

    async def test_claiming_by_key(self, inbox: Inbox, other: Inbox) -> None:
        """These events only, with all their handlers, also when no worker had seen them."""
        for one in deliveries(3):
            await inbox.accept(one)
        wanted = [task.key async for task in inbox.tasks()][1]
        found = await claim(other, handlers=("g", "h"), keys=[wanted, "missing", wanted])
        assert [(task.handler, task.key) for task in found] == [("g", wanted), ("h", wanted)]
        assert (await inbox.counts())[""] == {State.NEW: 2}

    async def test_many_tasks(self, inbox: Inbox, other: Inbox) -> None:
        """More than anybody reads, spreads or tidies in one piece."""
        many = deliveries(1300)
        async with asyncio.timeout(self.limit * 2):
            for start in range(0, 1300, 100):
                await asyncio.gather(*(inbox.accept(one) for one in many[start : start + 100]))
            assert {task.delivery async for task in other.tasks()} == {one.key for one in many}
            taken: list[Task] = []
            while found := await claim(other, room=1000):
                taken += found
            assert len({task.number for task in taken}) == 1300
            assert len([task async for task in inbox.tasks(State.LEASED)]) == 1300

    async def test_what_is_old_is_forgotten(self, inbox: Inbox, other: Inbox) -> None:
        """The body of what is done first, then everything; never what is still to be handled."""
        received = 1.2e9  # seconds of UNIX time, many years ago
        for trace in ("done", "dead", "open"):
            await inbox.accept(delivery(trace, received=received))
        tasks = {keys([task])[0]: task for task in await claim(inbox)}
        await inbox.record(tasks["done"], State.DONE)
        await inbox.record(tasks["dead"], State.DEAD)
        assert await other.tidy(bodies=1e9, keys=1e9) == 0
        assert await _tidied(other, bodies=1, keys=9e8) == 1
        bodies = {task.number: task.body async for task in inbox.tasks()}
        assert [bodies[tasks[name].number] is None for name in ("done", "dead", "open")] == [True, False, False]
        assert await inbox.revive([tasks["done"].number]) == 0
        await inbox.accept(delivery("done", received=received))
        assert len(bodies) == len([task async for task in inbox.tasks()])
        assert await _tidied(other, bodies=1, keys=1) == 2
        assert keys([task async for task in inbox.tasks()]) == ["open"]
        assert await inbox.record(tasks["open"], State.DONE)
        assert await _tidied(other, bodies=1, keys=1) == 1
        assert await inbox.counts() == {}
        await inbox.accept(delivery("done", received=received))
        assert keys([await take(inbox)]) == ["done"]

    async def test_what_waits_keeps_nothing_behind_it(self, inbox: Inbox, other: Inbox) -> None:
        """Old events that nobody handles any more, and dead letters: what is done behind them is forgotten."""
        received = 1.2e9
        for number in range(120):
            await inbox.accept(delivery(f"{number}", received=received + number))
        for number, task in enumerate(await claim(inbox, handlers=["gone"], room=120)):
            assert await inbox.record(task, State.DEAD if number % 2 else State.NEW)
        for number in range(10):
            await inbox.accept(delivery(f"done {number}", received=received + 200 + number))
        for task in await claim(inbox):
            assert await inbox.record(task, State.DONE)
        assert await _tidied(other, bodies=1, keys=9e8) == 10
        assert [task.body async for task in inbox.tasks(State.DONE)] == [None] * 10
        assert await _tidied(other, bodies=1, keys=1) == 70
        assert await inbox.counts() == {"gone": {State.NEW: 60}}

    @pytest.mark.parametrize("event", list(_NAMES.values()), ids=list(_NAMES))
    async def test_unusual_names(self, event: str, inbox: Inbox, other: Inbox) -> None:
        """Of events and subjects: they are stored, in lanes of their own, and the body has them exactly."""
        given = [delivery(f"{n}", event=event, meeting=about, at=10) for n, about in enumerate((event, f"{event}-"))]
        for one in given:
            await inbox.accept(one)
        found = await claim(other)
        assert [task.body for task in found] == [one.body for one in given]
        assert len({task.subject for task in found}) == 2
        assert all([await inbox.record(task, State.DONE) for task in found])

    async def test_large_bodies(self, inbox: Inbox) -> None:
        """As large as they are let in, several at once, with bytes behind the JSON that are no text."""
        bodies = [b'{"event":"e","trace_id":"%d","x":"%s"}\xff\x00' % (n, b"x" * 2**20) for n in range(4)]
        async with asyncio.timeout(self.limit):
            await asyncio.gather(*(inbox.accept(Delivery.parse(body, 1e9)) for body in bodies))
            found = await claim(inbox)
        assert sorted(task.body or b"" for task in found) == sorted(bodies)

    async def test_arguments_that_are_refused(self, inbox: Inbox) -> None:
        """Nothing is changed by them."""
        await inbox.accept(delivery("a"))
        task = await take(inbox)
        before = [one async for one in inbox.tasks()]
        for lease in (0, -1, float("nan"), float("inf")):
            with pytest.raises(ConfigurationError):
                await claim(inbox, lease=lease)
            with pytest.raises(ConfigurationError):
                await inbox.renew("w", lease=lease)
        for worker in ("", "a\0b", "x" * 501):
            with pytest.raises(ConfigurationError):
                await claim(inbox, worker)
        for refused in ({"h": -1}, {"": 1}, {"a\0": 1}):
            with pytest.raises(ConfigurationError):
                await inbox.claim("w", lease=60, free=refused, handlers=lambda _: [])
        with pytest.raises(ConfigurationError):
            await claim(inbox, keys=["a\0b"])
        with pytest.raises(ConfigurationError):
            await inbox.record(task, State.LEASED)
        for after in (-1, float("nan"), float("inf")):
            with pytest.raises(ConfigurationError):
                await inbox.record(task, State.NEW, after=after)
        with pytest.raises(ConfigurationError):
            await inbox.record(task, State.NEW, error="x" * 501)
        with pytest.raises(ConfigurationError):
            await inbox.tidy(bodies=2, keys=1)
        assert [one async for one in inbox.tasks()] == before

    async def test_handlers_that_raise_spoil_nothing(self, inbox: Inbox, other: Inbox) -> None:
        """What was to be spread is there for the next one."""

        def handlers(_: str) -> list[str]:
            raise ConfigurationError("no such handlers")

        await inbox.accept(delivery("a"))
        with pytest.raises(ConfigurationError):
            await inbox.claim("w", lease=60, free={"h": 1}, handlers=handlers)
        assert keys([await take(other)]) == ["a"]

    @pytest.mark.parametrize("turns", range(6))
    async def test_a_cancelled_caller_breaks_nothing(self, turns: int, inbox: Inbox, other: Inbox) -> None:
        """What it asked for is done or not, never half; the others go on."""
        for one in deliveries(2):
            await inbox.accept(one)
        (task,) = await claim(inbox, room=1)
        asked: list[asyncio.Future[Any]] = [
            asyncio.ensure_future(inbox.record(task, State.DONE)),
            asyncio.ensure_future(inbox.accept(delivery("new"))),
            asyncio.ensure_future(claim(inbox, "v")),
        ]
        for _ in range(turns):
            await asyncio.sleep(0)
        for future in asked:
            future.cancel()
        async with asyncio.timeout(self.limit):
            await asyncio.gather(*asked, return_exceptions=True)
            await other.accept(delivery("new"))
            assert len([one async for one in other.tasks()]) == 3

    async def test_closing(self, inbox: Inbox, other: Inbox) -> None:
        """Twice is fine, and what is in the inbox stays, claims included."""
        for one in deliveries(2):
            await inbox.accept(one)
        (task,) = await claim(inbox, room=1)
        if inbox is not other:
            await inbox.aclose()
            await inbox.aclose()
        assert keys(await claim(other, "v")) == ["trace 1"]
        assert await other.record(task, State.DONE)

    async def test_an_event_is_shown_nowhere(
        self, inbox: Inbox, other: Inbox, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Neither by `repr` nor in a log of any level."""
        with caplog.at_level(logging.DEBUG):
            await inbox.accept(_secret())
            task = await take(other)
            await other.record(task, State.DONE)
            found = [one async for one in inbox.tasks()]
        assert found[0].body == _secret().body
        shown = [repr(task), repr(found), repr(inbox), str(other)]
        logged = [f"{record.getMessage()}{record.__dict__}" for record in caplog.records]
        assert not [text for text in shown + logged if _SECRET in text]

    async def test_what_fails_is_an_error_of_inboxes(self, broken: Inbox) -> None:
        """Not a driver's own; `InboxUnavailable` from `accept`, whatever it is. Nothing of the event is in it."""
        task = Task(number=1, key="k", delivery="d", event="e", claims=1)
        async with asyncio.timeout(self.limit):
            with pytest.raises(InboxUnavailable) as caught:
                await broken.accept(_secret())
            for asked in (
                claim(broken),
                broken.renew("w", lease=60),
                broken.record(task, State.DONE),
                broken.revive([1]),
                broken.counts(),
                broken.tidy(bodies=1, keys=1),
            ):
                with pytest.raises(InboxError):
                    await asked
            with pytest.raises(InboxError):
                _ = [one async for one in broken.tasks()]
            with suppress(InboxError):
                await broken.aclose()
        assert _SECRET not in with_variables(caught.value)


def _secret() -> Delivery:
    body = {"event": "e", "payload": [{"operator": {"user_name": _SECRET}}]}
    return Delivery.parse(json.dumps(body).encode(), 1e9)


async def _tidied(inbox: Inbox, *, bodies: float, keys: float) -> int:
    """Go on until nothing is left to do."""
    total = 0
    while changed := await inbox.tidy(bodies=bodies, keys=keys):
        total += changed
    return total
