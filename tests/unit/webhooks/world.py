"""A router whose handlers note what they get, deliveries for it, and a clock that goes when somebody waits."""

from collections import Counter
from collections.abc import Awaitable, Callable

from attrs import define, field

from tests.unit.webhooks.conftest import Clock
from tm_async.webhooks.events.base import Event
from tm_async.webhooks.router import Router

__all__ = ["World"]

Then = Callable[[Event], Awaitable[None]]


async def _nothing(_: Event) -> None:
    pass


@define
class World:
    """What handlers have been called with."""

    clock: Clock
    router: Router = field(factory=Router)
    seen: dict[str, list[str]] = field(factory=dict[str, list[str]])
    """For each handler the traces that it began with, in order."""
    done: Counter[tuple[str, str]] = field(factory=Counter[tuple[str, str]])
    """Handler and trace of those that it ended well."""
    waits: list[float] = field(factory=list[float])

    def handler(self, name: str, what: str = "*", then: Then = _nothing) -> None:
        """A handler that does `then`."""
        traces = self.seen.setdefault(name, [])

        async def handle(event: Event) -> None:
            traces.append(event.delivery.trace_id)
            await then(event)
            self.done[name, event.delivery.trace_id] += 1

        self.router.add(handle, what, name=name)

    async def sleep(self, seconds: float) -> None:
        """Time passes, for whoever asks for it."""
        self.waits.append(seconds)
        self.clock.now += seconds
