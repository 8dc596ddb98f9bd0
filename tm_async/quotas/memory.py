"""The limiter of one process: exact, shared by its clients, event loops and threads."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import cache
from heapq import heapify, heappop, heapreplace
from itertools import count
from math import inf

from tm_async._util.arguments import check_function, check_seconds
from tm_async._util.forks import Forked, whole_in_children
from tm_async.quotas.protocol import Charge
from tm_async.quotas.refusal import no_room
from tm_async.quotas.sliding import Lane, Log

__all__ = ["MemoryLimiter", "shared_limiter"]

_SWEEP = 256  # that many combinations of charges are kept without asking whether they still count


class MemoryLimiter(Forked):
    """Counts in memory: all that share this object count together, in any number of event loops and threads.

    Rates are kept exactly, over sliding spans. Each span is longer by `margin` seconds (default 1): what leaves a
    span apart can arrive a little less than a span apart. Whoever waits longest goes first; a call that waits for a
    narrow quota holds up no call that does not need that one. What the gateway refuses teaches it: see `refused`.
    `clock` gives seconds and never goes back.

    Memory: a number for every call that still counts. Keys whose calls no longer count are dropped now and then, as
    new ones come.
    """

    def __init__(self, *, margin: float = 1.0, clock: Callable[[], float] = time.monotonic) -> None:
        check_seconds("margin", margin, least=0, finite=True)
        check_function("clock", clock, "a function that gives seconds, such as time.monotonic")
        self._margin = margin
        self._clock = clock
        super().__init__()
        self._logs: dict[tuple[str, str], Log] = {}
        self._lanes: dict[tuple[Charge, ...], _Lane] = {}
        self._sweep_at = _SWEEP
        self._busy: dict[_Lane, None] = {}  # lanes in which somebody waits
        self._due = inf  # when the first of them has room
        self._numbers = count()
        self._alarms: dict[asyncio.AbstractEventLoop, _Alarm] = {}
        self._abandoned: deque[_Waiter] = deque()
        whole_in_children(self)

    def begin_anew(self) -> None:
        """A child counts for itself from now on; nobody of its parent's loops waits in it."""
        for lane in self._busy:
            lane.waiters.clear()
        self._busy.clear()
        self._alarms.clear()
        self._abandoned.clear()
        self._due = inf

    async def take(self, charges: Sequence[Charge], within: float | None, /) -> None:
        """Wait until one more call fits every charge, and count it in all of them at that moment.

        Raises `QuotaExceeded` at once if it would take longer than `within` seconds (`None`: wait any time), those
        who wait ahead included; and when that time is over, if others kept it from going who had waited longer for
        a narrower quota. A call that is refused or cancelled is not counted.
        """
        if not isinstance(charges, tuple):
            charges = tuple(charges)
        with self.lock:
            now = self._clock()
            lane = self._lanes.get(charges) or self._open(charges, now)
            self._catch_up(now)
            if lane.fits(now):  # nobody who waits has room now, so nobody is overtaken
                lane.count(now)
                return
            waiter = self._get_in_line(lane, now, inf if within is None else within)
        await self._wait(waiter)

    async def refused(self, charge: Charge, /, *, span: float, seconds: float) -> None:
        """The gateway refused a call that was counted: others use the quota, too. See `LearningLimiter`."""
        with self.lock:
            now = self._clock()
            self._catch_up(now)
            log = self._log(charge)
            for rate in charge.rates:
                log.window(rate)
            log.refused(now, span, seconds)

    def __repr__(self) -> str:
        with self.lock:
            waiting = sum(len(lane.waiters) for lane in self._busy)
            return f"<MemoryLimiter {len(self._logs)} counts, {waiting} waiting>"

    # --- what is kept ---------------------------------------------------------------------------------------------

    def _open(self, charges: tuple[Charge, ...], now: float) -> "_Lane":
        if len(self._lanes) >= self._sweep_at:
            self._sweep(now)
        lane = self._lanes[charges] = _Lane(charges, [self._log(charge) for charge in charges])
        return lane

    def _log(self, charge: Charge) -> Log:
        name = charge.scope, charge.key
        if name not in self._logs:
            self._logs[name] = Log(self._margin)
        return self._logs[name]

    def _sweep(self, now: float) -> None:
        """Drop what no longer counts. A lane stays only with all its logs: no key may have two of them."""
        needed = {log for lane in self._busy for log in lane.logs}
        self._logs = {name: log for name, log in self._logs.items() if log in needed or not log.idle(now)}
        kept = set(self._logs.values())
        self._lanes = {charges: lane for charges, lane in self._lanes.items() if kept.issuperset(lane.logs)}
        self._sweep_at = max(_SWEEP, 2 * len(self._lanes))

    # --- one who waits --------------------------------------------------------------------------------------------

    def _get_in_line(self, lane: "_Lane", now: float, within: float) -> "_Waiter":
        """Raises `QuotaExceeded` if it takes too long."""
        if within < inf:
            at, charge = lane.opens(now, self._busy)
            if at > now + within:
                raise no_room(charge, at - now, within)
        waiter = _Waiter(asyncio.get_running_loop(), lane, next(self._numbers), within)
        lane.waiters[waiter.number] = waiter
        self._busy[lane] = None
        self._due = min(self._due, lane.opens(now)[0])
        self._alarms.setdefault(waiter.loop, _Alarm(waiter.loop)).waiters += 1
        self._arm()
        return waiter

    async def _wait(self, waiter: "_Waiter") -> None:
        timer = None if waiter.within == inf else waiter.loop.call_later(waiter.within, self._expire, waiter)
        try:
            await waiter.future
        except GeneratorExit:
            # The task was thrown away with its loop, perhaps by a collection amid our own work: take no lock here.
            self._abandoned.append(waiter)
            raise
        except BaseException:
            with self.lock:
                self._leave(waiter)
                self._catch_up(self._clock())
            raise
        else:
            with self.lock:
                self._depart(waiter)
        finally:
            if timer is not None:
                timer.cancel()

    def _expire(self, waiter: "_Waiter") -> None:
        """The time is over. It was not known before: others came first whose turn it is by their longer wait."""
        with self.lock:
            lane, now = waiter.lane, self._clock()
            self._catch_up(now)
            if waiter.number in lane.waiters and not waiter.future.done():
                self._remove(waiter)
                at, charge = lane.opens(now, self._busy)
                waiter.future.set_exception(no_room(charge, at - now, waiter.within))

    def _leave(self, waiter: "_Waiter") -> None:
        """It gave up: nothing is counted for it, and nobody waits for it."""
        self._depart(waiter)
        self._remove(waiter)
        if waiter.granted is not None:
            waiter.lane.uncount(waiter.granted)
            self._due = -inf

    def _depart(self, waiter: "_Waiter") -> None:
        alarm = self._alarms.get(waiter.loop)
        if alarm is not None:  # else the loop is closed
            alarm.waiters -= 1
            if not alarm.waiters:
                del self._alarms[waiter.loop]
                if alarm.handle is not None:
                    alarm.handle.cancel()

    def _remove(self, waiter: "_Waiter") -> None:
        lane = waiter.lane
        if lane.waiters.pop(waiter.number, None) is not None and not lane.waiters:
            del self._busy[lane]

    # --- lines ----------------------------------------------------------------------------------------------------

    def _catch_up(self, now: float) -> None:
        """Alarms may be late, and who gave up may have left room."""
        if self._due <= now or self._abandoned:
            self._serve(now)

    def _serve(self, now: float) -> None:
        """Let go whom there is room for, in order of arrival: each time the first of all who have room."""
        while self._abandoned:
            self._leave(self._abandoned.popleft())
        firsts = [(next(iter(lane.waiters)), lane) for lane in self._busy]
        heapify(firsts)
        while firsts:
            number, lane = firsts[0]
            if lane.fits(now):
                self._grant(lane.waiters[number], now)
                if lane.waiters:
                    heapreplace(firsts, (next(iter(lane.waiters)), lane))
                    continue
            heappop(firsts)
        self._due = min((lane.opens(now)[0] for lane in self._busy), default=inf)
        self._arm()

    def _grant(self, waiter: "_Waiter", now: float) -> None:
        self._remove(waiter)
        if waiter.wake():
            waiter.lane.count(now)
            waiter.granted = now

    # --- alarms ---------------------------------------------------------------------------------------------------

    def _arm(self) -> None:
        """Every loop in which somebody waits wakes up when one has room: each of the others may end before."""
        for alarm in list(self._alarms.values()):
            if self._due < alarm.at:
                alarm.at = self._due
                if not _call(alarm.loop, self._set, alarm):
                    del self._alarms[alarm.loop]

    def _set(self, alarm: "_Alarm") -> None:
        if alarm.handle is not None:
            alarm.handle.cancel()
        if alarm.waiters and alarm.at < inf:
            alarm.handle = alarm.loop.call_later(max(0.0, alarm.at - self._clock()), self._ring, alarm)

    def _ring(self, alarm: "_Alarm") -> None:
        with self.lock:
            alarm.handle, alarm.at = None, inf
            self._catch_up(self._clock())
            self._arm()


class _Waiter:
    """One call that waits."""

    __slots__ = ("future", "granted", "lane", "loop", "number", "within")

    def __init__(self, loop: asyncio.AbstractEventLoop, lane: "_Lane", number: int, within: float) -> None:
        self.loop, self.lane, self.number, self.within = loop, lane, number, within
        self.future: asyncio.Future[None] = loop.create_future()
        self.granted: float | None = None

    def wake(self) -> bool:
        """Whether somebody is there to be woken. One that gives up before it wakes leaves like all who give up."""
        return not self.future.done() and _call(self.loop, self._wake)

    def _wake(self) -> None:
        if not self.future.done():
            self.future.set_result(None)


class _Alarm:
    """The timer of one event loop in which somebody waits."""

    __slots__ = ("at", "handle", "loop", "waiters")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.at = inf
        self.handle: asyncio.TimerHandle | None = None
        self.waiters = 0


_Lane = Lane[_Waiter]


def _call(loop: asyncio.AbstractEventLoop, call: Callable[..., None], *args: object) -> bool:
    """Call it in that loop: at once if it runs here. False: the loop is closed."""
    if asyncio._get_running_loop() is loop:  # noqa: SLF001 - the public one raises where none runs
        call(*args)
    else:
        try:
            loop.call_soon_threadsafe(call, *args)
        except RuntimeError:
            return False
    return True


@cache
def shared_limiter() -> MemoryLimiter:
    """The limiter of this process, which clients use by default: those of one app count together."""
    return MemoryLimiter()
