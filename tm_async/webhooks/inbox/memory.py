"""An inbox in this process's memory."""

import time
from bisect import insort
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from heapq import heappop, heappush
from typing import NoReturn, Self

from attrs import define, evolve

from tm_async.webhooks.delivery import Delivery
from tm_async.webhooks.inbox.arguments import check_ages, check_claim, check_lease, check_record, handlers_of
from tm_async.webhooks.inbox.arrival import row_of
from tm_async.webhooks.inbox.protocol import Counts, HandlersOf, State, Task
from tm_async.webhooks.inbox.sealed import Bodies

__all__ = ["MemoryInbox"]

_FINISHED = {State.DONE, State.DEAD}


@define(eq=False)
class _Lane:
    """The tasks of one handler and one subject."""

    waiting: list[tuple[int, int]]
    """Those that are `NEW`: (happened, number), sorted."""
    busy: int = 0
    """The task that is `LEASED` or `SENT`; 0: none."""
    latest: int = -1
    """When the last one happened that is `DONE`."""


class MemoryInbox:
    """Forgets everything when the process ends, also what was acknowledged: the platform does not send that again.

    For tests, and for events whose loss does no harm. `clock` gives UNIX seconds.
    """

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._plain = Bodies("MemoryInbox", ())
        self._deliveries: dict[str, set[int]] = {}
        """The numbers of the tasks of each delivery."""
        self._bodies: dict[str, bytes] = {}
        self._tasks: dict[int, Task] = {}
        self._of_events: dict[str, set[int]] = {}
        self._last = 0
        self._unspread: dict[int, None] = {}
        self._lanes: dict[tuple[str, str], _Lane] = {}
        self._due: dict[str, list[tuple[float, int]]] = {}
        """For each handler a heap of what may be claimed; what was claimed otherwise is still in it."""
        self._leased: set[int] = set()
        self._leases: dict[str, float] = {}

    async def accept(self, delivery: Delivery, /) -> None:
        """Keep a delivery; nothing, if one with its content key is there."""
        if delivery.key in self._deliveries:
            return
        row = row_of(delivery, self._plain)
        self._bodies[row.key] = row.body
        self._deliveries[row.key] = set()
        for one in row.events:
            task = Task(
                number=0,
                key=one.key,
                delivery=row.key,
                place=one.place,
                event=row.event,
                subject=one.subject,
                happened=one.happened,
                received=row.received,
                key_name=row.key_name,
            )
            self._unspread[self._added(task)] = None

    async def claim(
        self,
        worker: str,
        /,
        *,
        lease: float,
        free: Mapping[str, int],
        handlers: HandlersOf,
        keys: Sequence[str] | None = None,
    ) -> list[Task]:
        """Take tasks to be handled: for each handler in `free` at most that many, those first that were due first."""
        free, wanted = check_claim(worker, lease, free, keys)
        now = self._clock()
        self._spread(now, handlers, wanted)
        taken = [number for handler, room in free.items() for number in self._open(now, handler, room, wanted)]
        if taken:
            self._extend(worker, now + lease)
        return [self._lease(number, worker) for number in taken]

    async def renew(self, worker: str, /, *, lease: float) -> None:
        """Keep what this worker holds for `lease` more seconds."""
        check_lease(worker, lease)
        self._extend(worker, self._clock() + lease)

    async def record(
        self, task: Task, state: State, /, *, after: float = 0.0, error: str = "", counts: bool = True
    ) -> bool:
        """Say what became of a claimed task; false if the claim is not the last one, or was recorded already."""
        check_record(state, after, error)
        found = self._tasks.get(task.number)
        if found is None or found.state is not State.LEASED or found.claims != task.claims:
            return False
        attempts = found.attempts - (not counts)
        self._leased.discard(found.number)
        self._tasks[found.number] = evolve(
            found, state=state, due=self._clock() + after, error=error, attempts=attempts
        )
        if state is State.SENT:
            self._front(found.number)
            return True
        lane = self._lane(found)
        lane.busy = 0
        if state is State.DONE:
            lane.latest = max(lane.latest, found.happened)
        if state is State.NEW:
            self._wait(found.number)
        self._promote(lane)
        return True

    async def tasks(self, *states: State) -> AsyncGenerator[Task, None]:
        """Every task in one of these states (default: every task), by arrival."""
        for number in list(self._tasks):
            task = self._tasks.get(number)
            if task is not None and (not states or task.state in states):
                yield self._with_body(task)

    async def revive(self, numbers: Sequence[int], /) -> int:
        """Have tasks that are `DONE` or `DEAD` handled again, as if for the first time; how many that were."""
        found = [self._tasks[number] for number in dict.fromkeys(numbers) if number in self._tasks]
        finished = [task for task in found if task.state in _FINISHED and task.delivery in self._bodies]
        for task in finished:
            self._tasks[task.number] = evolve(task, state=State.NEW, attempts=0, due=self._clock(), error="")
            if task.handler:
                self._enter(task.number)
            else:
                self._unspread[task.number] = None
        return len(finished)

    async def counts(self) -> Counts:
        """How many tasks are in each state, by handler."""
        found: dict[str, dict[State, int]] = {}
        for task in self._tasks.values():
            states = found.setdefault(task.handler, {})
            states[task.state] = states.get(task.state, 0) + 1
        return found

    async def tidy(self, *, bodies: float, keys: float) -> int:
        """Forget all that is old; how many deliveries were changed."""
        check_ages(bodies, keys)
        now, changed = self._clock(), 0
        for key, numbers in list(self._deliveries.items()):
            tasks = [self._tasks[number] for number in numbers]
            received, states = tasks[0].received, {task.state for task in tasks}
            if received < now - keys and states <= _FINISHED:
                for number in self._deliveries.pop(key):
                    self._of_events.pop(self._tasks.pop(number).key, None)
                self._bodies.pop(key, None)
                changed += 1
            elif received < now - bodies and states == {State.DONE} and self._bodies.pop(key, None) is not None:
                changed += 1
        oldest = (now - keys) * 1000
        idle = [name for name, lane in self._lanes.items() if not lane.waiting and not lane.busy]
        for name in idle:
            if self._lanes[name].latest < oldest:
                del self._lanes[name]
        return changed

    async def aclose(self) -> None:
        """Nothing is open. What is in it stays."""

    def _added(self, task: Task) -> int:
        self._last += 1
        self._tasks[self._last] = evolve(task, number=self._last)
        self._deliveries[task.delivery].add(self._last)
        self._of_events.setdefault(task.key, set()).add(self._last)
        return self._last

    def _numbers(self, keys: Iterable[str]) -> set[int]:
        return {number for key in keys for number in self._of_events.get(key, ())}

    def _spread(self, now: float, handlers: HandlersOf, keys: Iterable[str] | None) -> None:
        for number in list(self._unspread) if keys is None else self._numbers(keys) & self._unspread.keys():
            task = self._tasks[number]
            names = handlers_of(handlers, task.event)
            del self._unspread[number]
            if not names:
                self._tasks[number] = evolve(task, state=State.DONE)
                continue
            self._tasks[number] = evolve(task, handler=names[0], due=now)
            added = [number, *(self._added(evolve(task, handler=name, due=now)) for name in names[1:])]
            for one in added:
                self._enter(one)

    def _lane(self, task: Task) -> _Lane:
        """Of its own for a task without a subject."""
        if not task.subject:
            return _Lane([])
        return self._lanes.setdefault((task.handler, task.subject), _Lane([]))

    def _enter(self, number: int) -> None:
        self._wait(number)
        lane = self._lane(self._tasks[number])
        if not lane.busy:
            self._promote(lane)

    def _wait(self, number: int) -> None:
        """A task that is `NEW` finds its place in its lane."""
        task = self._tasks[number]
        if task.subject:
            insort(self._lane(task).waiting, (task.happened, number))
        else:
            self._front(number)

    def _promote(self, lane: _Lane) -> None:
        if lane.waiting:
            self._front(lane.waiting[0][1])

    def _front(self, number: int) -> None:
        task = self._tasks[number]
        heappush(self._due.setdefault(task.handler, []), (task.due, number))

    def _is_open(self, number: int, now: float, *, sent: bool = False) -> bool:
        """Whether it may be claimed. `sent`: what a broker has, too, before it is due."""
        task = self._tasks.get(number)
        if task is None:
            return False
        if task.state is State.LEASED:
            return self._leases[str(task.worker)] <= now
        if task.state is State.SENT:
            return sent or task.due <= now
        if task.state is not State.NEW or not task.handler or task.due > now:
            return False
        if not task.subject:
            return True
        lane = self._lane(task)
        return not lane.busy and lane.waiting[0][1] == number

    def _open(self, now: float, handler: str, room: int, keys: Sequence[str] | None) -> list[int]:
        if keys is not None:
            mine = [one for one in self._numbers(keys) if self._tasks[one].handler == handler]
            return sorted(one for one in mine if self._is_open(one, now, sent=True))[:room]
        ended = [one for one in sorted(self._leased) if self._tasks[one].handler == handler and self._is_open(one, now)]
        taken, heap = ended[:room], self._due.get(handler, [])
        while heap and heap[0][0] <= now and len(taken) < room:
            _, number = heappop(heap)
            if number not in taken and self._is_open(number, now):
                taken.append(number)
        return taken

    def _lease(self, number: int, worker: str) -> Task:
        before = self._tasks[number]
        lane = self._lane(before)
        if before.state is State.NEW and before.subject:
            lane.waiting.remove((before.happened, number))
        lane.busy = number
        self._leased.add(number)
        task = evolve(before, state=State.LEASED, worker=worker, claims=before.claims + 1, attempts=before.attempts + 1)
        self._tasks[number] = task
        return evolve(self._with_body(task), late=lane.latest > task.happened)

    def _with_body(self, task: Task) -> Task:
        return evolve(task, body=self._bodies.get(task.delivery))

    def _extend(self, worker: str, end: float) -> None:
        self._leases[worker] = max(end, self._leases.get(worker, end))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"MemoryInbox(<{len(self._deliveries)} deliveries>)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("MemoryInbox holds what was delivered and can't be pickled")
