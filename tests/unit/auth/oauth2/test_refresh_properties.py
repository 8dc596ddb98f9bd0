"""Whatever happens to processes, server and store: no living grant is lost, and no call gets a dead token for good."""

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.auth.oauth2.conftest import OPEN_ID, Clock, Server, envelope, make_app
from tests.unit.auth.oauth2.test_refresh import Watched
from tm_async import OAuth2App
from tm_async.auth.oauth2 import token_cache
from tm_async.errors import ConnectionFailed, ReauthorizationRequired, TencentMeetingError

PROCESSES = 3

EVENTS = st.one_of(
    st.tuples(st.just("time passes"), st.sampled_from([1, 6, 40, 3600, 6 * 3600, 7 * 86400])),
    st.tuples(st.just("calls"), st.lists(st.integers(0, PROCESSES - 1), min_size=1, max_size=6)),
    st.tuples(st.just("refused calls"), st.lists(st.integers(0, PROCESSES - 1), min_size=1, max_size=6)),
    st.tuples(st.just("server down"), st.integers(1, 3)),
    st.tuples(st.just("no route"), st.integers(1, 3)),
    st.tuples(st.just("store fails"), st.sampled_from(["load", "save", "lock"])),
    st.tuples(st.just("store is back"), st.none()),
    st.tuples(st.just("login"), st.integers(0, PROCESSES - 1)),
    st.tuples(st.just("restart"), st.integers(0, PROCESSES - 1)),
    st.tuples(st.just("cancelled call"), st.integers(0, PROCESSES - 1)),
)


class World:
    """One user, one store, one server, some processes."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.server = Server(self.clock)
        self.watched = Watched()
        self.apps = [make_app(self.server, self.watched) for _ in range(PROCESSES)]

    async def call(self, app: OAuth2App) -> str | None:
        """One call as the client makes it: a refused token is replaced once."""
        try:
            token = (await app.keeper.current(OPEN_ID)).access_token
            if token != self.server.pairs[OPEN_ID][0] and await app.keeper.replace(OPEN_ID, token):
                token = (await app.keeper.current(OPEN_ID)).access_token
        except TencentMeetingError:
            return None
        return token

    async def happen(self, event: str, what: Any) -> None:
        match event:
            case "time passes":
                self.clock.now += what
            case "server down":
                self.server.failures = [envelope(20)] * what
            case "no route":
                self.server.failures = [ConnectionFailed("no route")] * what
            case "store fails":
                self.watched.failing = {what}
            case "store is back":
                self.watched.failing = set()
            case _:
                await getattr(self, event.replace(" ", "_"))(what)

    async def calls(self, who: list[int]) -> None:
        await asyncio.gather(*(self.call(self.apps[number]) for number in who))

    async def refused_calls(self, who: list[int]) -> None:
        self.server.pairs[OPEN_ID] = ("killed by the gateway", self.server.pairs[OPEN_ID][1])
        await self.calls(who)

    async def restart(self, which: int) -> None:
        if not list(self.apps[which].keeper.memory.unsaved()):
            self.apps[which] = make_app(self.server, self.watched)

    async def cancelled_call(self, who: int) -> None:
        task = asyncio.create_task(self.call(self.apps[who]))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await self.apps[who].aclose()

    async def login(self, who: int) -> None:
        self.clock.now += 1  # of two logins within a second nobody could tell which came last
        try:
            await self.apps[who].exchange(f"code-{OPEN_ID}")
        except TencentMeetingError:
            pass  # the store; the tokens are kept, and saved by the next call or at the end

    async def settle(self) -> None:
        """All is well again; who has something to save gets the chance."""
        self.server.failures.clear()
        self.watched.failing = set()
        self.clock.now += token_cache.HOLD_OFF + token_cache.SETTLED
        for app in self.apps:
            await app.aclose()


async def _run(events: list[tuple[str, Any]]) -> None:
    world = World()
    await world.login(0)
    for event, what in events:
        await world.happen(event, what)
    await world.settle()
    for app in [*world.apps, make_app(world.server, world.watched)]:
        await world.call(app)  # may find in the store a token that was killed too; one repeat, then it is an error
        assert await world.call(app) == world.server.pairs[OPEN_ID][0]
    assert world.server.calls.count("access_token") == 1 + sum(event == "login" for event, _ in events)


@settings(max_examples=300)
@given(st.lists(EVENTS, max_size=14))
def test_a_living_grant_is_never_lost(events: list[tuple[str, Any]]) -> None:
    asyncio.run(_run(events))


@settings(max_examples=60)
@given(st.lists(EVENTS, max_size=8), st.integers(1, 20))
def test_expiry_leads_to_one_renewal_whatever_happened_before(events: list[tuple[str, Any]], callers: int) -> None:
    async def run() -> None:
        world = World()
        await world.login(0)
        for event, what in events:
            await world.happen(event, what)
        await world.settle()
        await world.call(world.apps[0])
        world.clock.now += 6 * 3600
        before = world.server.renewals
        tokens = await asyncio.gather(*(world.call(app) for app in world.apps for _ in range(callers)))
        assert set(tokens) == {world.server.pairs[OPEN_ID][0]}
        assert world.server.renewals == before + 1

    asyncio.run(run())


async def test_a_dead_grant_is_reported_by_every_process_and_revived_by_a_login() -> None:
    world = World()
    await world.login(0)
    world.clock.now += 6 * 3600
    world.server.pairs[OPEN_ID] = ("withdrawn", "withdrawn")
    for app in world.apps:
        try:
            await app.keeper.current(OPEN_ID)
        except ReauthorizationRequired as error:
            assert error.open_id == OPEN_ID
        else:
            raise AssertionError("a dead grant gave a token")
    await world.login(1)
    await world.settle()
    assert [await world.call(app) for app in world.apps] == [world.server.pairs[OPEN_ID][0]] * PROCESSES
