"""A process that is stopped in the middle of a renewal for longer than its lock lasts: nothing is lost."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from attrs import define, evolve

from tests.unit.auth.oauth2.conftest import OPEN_ID, Clock, Server, envelope, make_app
from tests.unit.auth.oauth2.test_refresh import HOURS, Watched, token
from tm_async import FileStore, MemoryStore, OAuth2App, RedisStore, TokenStore
from tm_async.auth.oauth2 import token_cache
from tm_async.errors import ReauthorizationRequired, RefreshFailed, Retry


@define(slots=False)
class Lapsing(Watched):
    """A process's view of a store whose locks have run out before anybody else asks for them."""

    @asynccontextmanager
    async def lock(self, key: str) -> AsyncGenerator[None, None]:
        await self._note("lock")
        yield

    async def stop(self) -> None:
        """With the next save."""
        self.pause, self.paused = asyncio.Event(), asyncio.Event()

    async def stopped(self) -> None:
        while self.paused is None:  # noqa: ASYNC110 - the loop itself is what is waited for
            await asyncio.sleep(0)
        await self.paused.wait()

    def go_on(self) -> None:
        assert self.pause is not None
        self.pause.set()


@pytest.fixture(params=["memory", "file", "redis"])
async def shared(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[TokenStore]:
    if request.param != "redis":
        yield MemoryStore() if request.param == "memory" else FileStore(tmp_path / "grants")
        return
    store = RedisStore.from_url(request.getfixturevalue("redis_url"), prefix=f"{tmp_path}:")
    yield store
    await store.aclose()


@pytest.fixture
def stopping(shared: TokenStore) -> Lapsing:
    return Lapsing(shared)


@pytest.fixture
async def first(server: Server, stopping: Lapsing, clock: Clock) -> OAuth2App:
    """The process that is stopped; its user's access token has just ended."""
    app = make_app(server, stopping)
    await app.exchange(f"code-{OPEN_ID}")
    clock.now += 6 * HOURS
    return app


@pytest.fixture
def second(server: Server, shared: TokenStore) -> OAuth2App:
    return make_app(server, Lapsing(shared))


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_cache, "PAUSES", (0.0,) * 5)


def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_cache, "PAUSES", (0.0,) * 10_000)


async def refusals(server: Server, count: int) -> None:
    while server.renewals < count:  # noqa: ASYNC110
        await asyncio.sleep(0)


async def test_who_is_refused_gets_what_the_stopped_one_saves(
    first: OAuth2App, second: OAuth2App, stopping: Lapsing, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient(monkeypatch)
    server.meanwhile = stopping.stop
    begun = asyncio.create_task(token(first))
    await stopping.stopped()  # the server has renewed it
    other = asyncio.create_task(token(second))
    await refusals(server, 2)
    stopping.go_on()
    assert await asyncio.gather(begun, other) == ["canary-at-2"] * 2
    assert server.renewals == 2


async def test_a_stopped_one_that_sends_too_late_gets_what_the_other_saves(
    first: OAuth2App, second: OAuth2App, shared: TokenStore, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had not sent yet when it was stopped, and the other one has not saved yet when it is refused."""
    patient(monkeypatch)
    saving = Lapsing(shared)
    other = make_app(server, saving)

    async def renewed_elsewhere() -> None:
        server.meanwhile = saving.stop
        second_one.append(asyncio.create_task(token(other)))
        await saving.stopped()

    second_one: list[asyncio.Task[str]] = []
    server.meanwhile = renewed_elsewhere
    late = asyncio.create_task(token(first))
    while server.pairs[OPEN_ID][0] != "canary-at-2":  # noqa: ASYNC110
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    saving.go_on()
    assert await asyncio.gather(late, *second_one) == ["canary-at-2"] * 2


async def test_one_that_stays_stopped_is_said_to_be_and_counts_as_lost_after_a_while(
    first: OAuth2App, second: OAuth2App, stopping: Lapsing, server: Server, clock: Clock
) -> None:
    server.meanwhile = stopping.stop
    begun = asyncio.create_task(token(first))
    await stopping.stopped()
    for _ in range(3):  # it is not prolonged by the others' tries
        with pytest.raises(RefreshFailed, match="may be stopped, or have died") as caught:
            await token(second)
        assert caught.value.retry is Retry.BACKOFF
        clock.now += token_cache.UNFINISHED / 3
    with pytest.raises(ReauthorizationRequired):
        await token(second)
    stopping.go_on()
    assert await begun == "canary-at-2"
    assert await token(second) == "canary-at-2", "it came at last"


@pytest.mark.parametrize("code", [1006, 1004])
async def test_a_refusal_without_anybody_else_is_the_end_at_once(
    code: int, first: OAuth2App, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(token_cache, "PAUSES", (3600.0,))
    server.failures = [envelope(code)]
    with pytest.raises(ReauthorizationRequired, match="can't be renewed any more"):
        await token(first)
    assert await begun_at(first) is None


async def begun_at(app: OAuth2App) -> float | None:
    grant = await app.grant(OPEN_ID)
    assert grant is not None
    return grant.renewing


async def test_only_a_renewal_under_way_is_marked(first: OAuth2App, server: Server, clock: Clock) -> None:
    marks: list[float | None] = []

    async def look() -> None:
        marks.append(await begun_at(first))

    server.meanwhile = look
    server.failures = [envelope(20)]
    with pytest.raises(RefreshFailed):
        await token(first)
    marks.append(await begun_at(first))
    clock.now += token_cache.HOLD_OFF
    await token(first)
    assert [*marks, await begun_at(first)] == [clock.now - token_cache.HOLD_OFF, None, None]


async def test_a_mark_of_a_clock_that_was_wrong_holds_nobody_up(
    first: OAuth2App, shared: TokenStore, server: Server, clock: Clock
) -> None:
    key = f"10066660661/{OPEN_ID}"
    stored, grant = await shared.load(key), await first.grant(OPEN_ID)
    assert stored is not None
    assert grant is not None
    await shared.save(key, evolve(grant, renewing=clock.now + 10 * HOURS).to_text(), version=stored.version)
    server.pairs.clear()
    with pytest.raises(ReauthorizationRequired):
        await token(first)


async def test_a_grant_that_is_withdrawn_meanwhile(
    first: OAuth2App,
    second: OAuth2App,
    shared: TokenStore,
    stopping: Lapsing,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    patient(monkeypatch)
    server.meanwhile = stopping.stop
    begun = asyncio.create_task(token(first))
    await stopping.stopped()
    other = asyncio.create_task(token(second))
    await refusals(server, 2)
    await shared.delete(f"10066660661/{OPEN_ID}")
    stopping.go_on()
    assert [type(one) for one in await asyncio.gather(begun, other, return_exceptions=True)] == [
        ReauthorizationRequired
    ] * 2
