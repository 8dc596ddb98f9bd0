"""An event loop in which time passes at once, and a plain model of what a limiter must do."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

from attrs import define, field

from tm_async.quotas import Charge, MemoryLimiter, Rate

T = TypeVar("T")


class _Skipping(selectors.DefaultSelector):  # type: ignore[valid-type, misc]
    now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        found = super().select(0)
        if not found:
            assert timeout is not None, "everybody waits for ever"
            self.now += max(timeout, 0)
        return found


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._skipping = _Skipping()
        super().__init__(self._skipping)

    def time(self) -> float:
        return self._skipping.now


def now() -> float:
    """The time of the running loop: a clock for a limiter."""
    return asyncio.get_running_loop().time()


def run(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main())


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def limiter(margin: float = 0.0) -> MemoryLimiter:
    return MemoryLimiter(margin=margin, clock=now)


def charge(scope: str, *rates: Rate, key: str = "app") -> Charge:
    return Charge(scope, key, rates)


@define
class Model:
    """Looks at every call that waits, in order of arrival, whenever something can have changed."""

    past: dict[tuple[str, str], list[float]] = field(factory=dict)
    waiting: dict[int, tuple[Charge, ...]] = field(factory=dict)
    times: dict[int, float] = field(factory=dict)

    def room_at(self, charges: Sequence[Charge], time: float) -> float:
        latest = time
        for one in charges:
            past = self.past.get((one.scope, one.key), ())
            for rate in one.rates:
                if len(past) >= rate.calls:
                    latest = max(latest, past[-rate.calls] + rate.seconds)
        return latest

    def advance(self, time: float, until: float) -> None:
        """Let everybody go who can, up to and including `until`."""
        while self.waiting:
            rooms = {number: self.room_at(charges, time) for number, charges in self.waiting.items()}
            time = min(rooms.values())
            if time > until:
                break
            number = next(number for number, room in rooms.items() if room == time)
            for one in self.waiting.pop(number):
                self.past.setdefault((one.scope, one.key), []).append(time)
            self.times[number] = time

    def copy(self) -> "Model":
        return Model({name: list(past) for name, past in self.past.items()}, dict(self.waiting), dict(self.times))
