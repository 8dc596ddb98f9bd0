"""What a relay hands to a broker, and what becomes of it when messages are doubled, lost, late or refused."""

import asyncio

import pytest

from tests.unit.webhooks.conftest import Clock
from tests.unit.webhooks.test_worker import until
from tests.unit.webhooks.world import World
from tm_async.errors import ConfigurationError
from tm_async.testing.lanes import delivery
from tm_async.webhooks.inbox.memory import MemoryInbox
from tm_async.webhooks.inbox.protocol import State
from tm_async.webhooks.relay import Relay
from tm_async.webhooks.worker import Worker, handle


class Broker:
    """A queue of keys."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.refuses = 0

    async def send(self, key: str) -> None:
        if self.refuses:
            self.refuses -= 1
            raise ConnectionError("no broker")
        self.taken.append(key)


@pytest.fixture
def world(clock: Clock) -> World:
    return World(clock)


@pytest.fixture
def inbox(clock: Clock) -> MemoryInbox:
    return MemoryInbox(clock=clock)


@pytest.fixture
def broker() -> Broker:
    return Broker()


@pytest.fixture
def relay(world: World, inbox: MemoryInbox, broker: Broker) -> Relay:
    return Relay(inbox, world.router, broker.send, sleep=world.sleep)


async def test_one_message_for_all_handlers_of_an_event(
    world: World, inbox: MemoryInbox, relay: Relay, broker: Broker
) -> None:
    world.handler("g")
    world.handler("h")
    await inbox.accept(delivery("a"))
    assert await relay.once() == 1
    assert await relay.once() == 0
    assert [task.state async for task in inbox.tasks()] == [State.SENT] * 2
    assert await Worker(inbox, world.router).drain() == 0, "it is the broker's"
    for key in broker.taken * 2:
        await handle(inbox, world.router, key)
    assert world.seen == {"g": ["a"], "h": ["a"]}


async def test_in_the_order_of_a_meeting(world: World, inbox: MemoryInbox, relay: Relay, broker: Broker) -> None:
    """The next one is sent when the one before is done."""
    world.handler("h")
    for trace, at in (("b", 20), ("a", 10)):
        await inbox.accept(delivery(trace, meeting="m", at=at))
    for expected in (["a"], ["a", "b"]):
        assert await relay.once() == 1
        assert await relay.once() == 0
        await handle(inbox, world.router, broker.taken[-1])
        assert world.seen["h"] == expected


async def test_a_message_that_is_lost_is_sent_again(
    world: World, inbox: MemoryInbox, relay: Relay, broker: Broker
) -> None:
    """Ten minutes later; it was no attempt. That it comes late after all does no harm."""
    world.handler("h")
    await inbox.accept(delivery("a"))
    await relay.once()
    world.clock.now += 599
    assert await relay.once() == 0
    world.clock.now += 1
    assert await relay.once() == 1
    assert [(task.state, task.attempts) async for task in inbox.tasks()] == [(State.SENT, 0)]
    for key in broker.taken:
        await handle(inbox, world.router, key)
    assert world.seen["h"] == ["a"]


async def test_a_failure_is_sent_again_when_it_is_due(
    world: World, inbox: MemoryInbox, relay: Relay, broker: Broker
) -> None:
    """A message that comes twice does not hasten it."""
    fails = iter([True, False])

    async def once(_: object) -> None:
        if next(fails):
            raise ValueError

    world.handler("h", then=once)
    await inbox.accept(delivery("a"))
    await relay.once()
    for _ in range(2):
        await handle(inbox, world.router, broker.taken[0])
    assert await relay.once() == 0
    world.clock.now += 1
    assert await relay.once() == 1
    await handle(inbox, world.router, broker.taken[1])
    assert world.seen["h"] == ["a", "a"]
    assert [(task.state, task.attempts) async for task in inbox.tasks()] == [(State.DONE, 2)]


async def test_a_broker_that_refuses(
    world: World, inbox: MemoryInbox, relay: Relay, broker: Broker, caplog: pytest.LogCaptureFixture
) -> None:
    """Is asked again: 1 s, 2 s, 4 s."""
    world.handler("h")
    await inbox.accept(delivery("a"))
    broker.refuses = 3
    assert await relay.once() == 1
    assert world.waits == [1, 2, 4]
    assert len(broker.taken) == 1
    assert "the broker did not take 1 events" in caplog.text
    assert "no broker" not in [record.getMessage() for record in caplog.records]


async def test_a_broker_that_refuses_for_long_is_asked_once_a_minute(
    world: World, inbox: MemoryInbox, relay: Relay, broker: Broker
) -> None:
    world.handler("h")
    await inbox.accept(delivery("a"))
    broker.refuses = 9
    await relay.once()
    assert world.waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


async def test_while_it_is_entered(world: World, inbox: MemoryInbox, broker: Broker) -> None:
    world.handler("h")
    for number in range(250):
        await inbox.accept(delivery(f"{number}"))

    async def sleep(_: float) -> None:
        await asyncio.sleep(0)

    async with Relay(inbox, world.router, broker.send, sleep=sleep):
        await until(lambda: len(broker.taken) == 250)
        await inbox.accept(delivery("last"))
        await until(lambda: len(broker.taken) == 251)
    assert len(set(broker.taken)) == 251


@pytest.mark.parametrize("options", [{"again": 0}, {"poll": -1}, {"lease": 0}])
def test_options_that_make_no_sense(
    world: World, inbox: MemoryInbox, broker: Broker, options: dict[str, float]
) -> None:
    with pytest.raises(ConfigurationError):
        Relay(inbox, world.router, broker.send, **options)  # type: ignore[arg-type]
