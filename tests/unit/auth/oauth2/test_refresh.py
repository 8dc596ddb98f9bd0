"""Keeping grants fresh: when, once, under the lock, saved before use, and nothing lost."""

import asyncio
import itertools
import json
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from attrs import define, field

from tests.unit.auth.oauth2.conftest import OPEN_ID, Clock, Server, envelope, make_app
from tm_async import MemoryStore, OAuth2App, TokenStore
from tm_async.auth.oauth2 import token_cache
from tm_async.auth.stores import Stored
from tm_async.errors import (
    ClockSkewed,
    ConnectionFailed,
    ExchangeFailed,
    ReauthorizationRequired,
    RefreshFailed,
    TencentMeetingError,
    TokenStoreError,
    TokenStoreUnavailable,
)

HOURS = 3600


@define(slots=False)
class Watched:
    """A store that says what is done to it, and fails or waits when told to."""

    inner: TokenStore = field(factory=MemoryStore)
    done: list[str] = field(factory=list)
    failing: set[str] = field(factory=set)
    pausing: str = "save"
    pause: asyncio.Event | None = None
    """What `pausing` names waits for it, and says so by `paused`."""
    paused: asyncio.Event | None = None

    async def _note(self, what: str) -> None:
        self.done.append(what)
        if what == self.pausing and self.pause is not None and self.paused is not None:
            self.paused.set()
            await self.pause.wait()
        if what in self.failing:
            raise TokenStoreUnavailable("the store is gone")

    async def load(self, key: str) -> Stored | None:
        await self._note("load")
        return await self.inner.load(key)

    async def save(self, key: str, data: str, *, version: str | None) -> str | None:
        await self._note("save")
        return await self.inner.save(key, data, version=version)

    @asynccontextmanager
    async def lock(self, key: str) -> AsyncGenerator[None, None]:
        await self._note("lock")
        async with self.inner.lock(key):
            yield
        self.done.append("unlock")

    async def delete(self, key: str) -> None:
        await self._note("delete")
        await self.inner.delete(key)

    async def fail_to_save(self) -> None:
        """From now on."""
        self.failing = {"save"}


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest.fixture
async def logged_in(server: Server, watched: Watched) -> OAuth2App:
    app = make_app(server, watched)
    await app.exchange(f"code-{OPEN_ID}")
    watched.done.clear()
    return app


async def token(app: OAuth2App) -> str:
    return (await app.keeper.current(OPEN_ID)).access_token


async def renewing(app: OAuth2App, server: Server, clock: Clock) -> tuple[asyncio.Task[str], asyncio.Event]:
    """A renewal that was sent, and which the server answers once the gate is set."""
    clock.now += 6 * HOURS
    server.gate = gate = asyncio.Event()
    renewal = asyncio.create_task(token(app))
    await server.started.wait()
    return renewal, gate


async def stored_token(watched: Watched) -> str:
    stored = await watched.inner.load(f"10066660661/{OPEN_ID}")
    assert stored is not None
    return str(json.loads(stored.data)["access_token"])


# --- when -------------------------------------------------------------------------------------------------------------


async def test_a_fresh_token_needs_neither_store_nor_server(
    logged_in: OAuth2App, server: Server, watched: Watched, clock: Clock
) -> None:
    clock.now += 6 * HOURS - token_cache.LEEWAY - token_cache.JITTER - 1
    assert await token(logged_in) == "canary-at-1"
    assert (server.renewals, watched.done) == (0, [])


async def test_it_is_renewed_a_minute_before_its_end(logged_in: OAuth2App, server: Server, clock: Clock) -> None:
    clock.now += 6 * HOURS - token_cache.LEEWAY
    assert await token(logged_in) == "canary-at-2"
    assert await token(logged_in) == "canary-at-2"
    assert server.renewals == 1


async def test_processes_do_not_renew_at_the_very_same_second(server: Server, watched: Watched, clock: Clock) -> None:
    moments = set()
    for _ in range(20):
        app = make_app(server, MemoryStore())
        await app.exchange(f"code-{OPEN_ID}")
        moments.add(app.keeper.memory.entry(OPEN_ID).renew_at - clock.now)
    assert len(moments) == 20
    assert all(
        6 * HOURS - token_cache.LEEWAY - token_cache.JITTER <= moment <= 6 * HOURS - token_cache.LEEWAY
        for moment in moments
    )


async def test_the_store_is_read_again_under_the_lock_and_written_before_use(
    logged_in: OAuth2App, watched: Watched, clock: Clock
) -> None:
    clock.now += 6 * HOURS
    given = await token(logged_in)
    assert watched.done == ["load", "lock", "load", "save", "save", "unlock"]  # a mark before it is sent, too
    assert await stored_token(watched) == given


async def test_both_new_tokens_are_kept(logged_in: OAuth2App, server: Server, clock: Clock) -> None:
    for number in range(2, 6):
        clock.now += 6 * HOURS
        assert await token(logged_in) == f"canary-at-{number}"
    assert server.renewals == 4


async def test_an_unknown_end_is_left_to_the_gateway(server: Server, watched: Watched, clock: Clock) -> None:
    app = make_app(server, watched)
    grant = await app.exchange(f"code-{OPEN_ID}")
    await watched.inner.delete(f"10066660661/{OPEN_ID}")
    text = json.loads(grant.to_text()) | {"expires": None}
    await watched.inner.save(f"10066660661/{OPEN_ID}", json.dumps(text), version=None)
    clock.now += 90 * HOURS
    assert await token(make_app(server, watched)) == "canary-at-1"
    assert server.renewals == 0


# --- once -------------------------------------------------------------------------------------------------------------


async def test_a_hundred_tasks_share_one_renewal(logged_in: OAuth2App, server: Server, clock: Clock) -> None:
    clock.now += 6 * HOURS
    tokens = await asyncio.gather(*(token(logged_in) for _ in range(100)))
    assert set(tokens) == {"canary-at-2"}
    assert server.renewals == 1


async def test_processes_that_share_a_store_share_one_renewal(
    logged_in: OAuth2App, server: Server, watched: Watched, clock: Clock
) -> None:
    clock.now += 6 * HOURS
    others = [make_app(server, watched) for _ in range(8)]
    tokens = await asyncio.gather(*(token(app) for app in others for _ in range(10)))
    assert set(tokens) == {"canary-at-2"}
    assert server.renewals == 1


async def test_a_failure_is_shared_and_not_repeated_by_each(logged_in: OAuth2App, server: Server, clock: Clock) -> None:
    clock.now += 6 * HOURS
    server.failures += [ConnectionFailed("no route")] * 100
    found = await asyncio.gather(*(token(logged_in) for _ in range(50)), return_exceptions=True)
    assert server.renewals == 1
    assert {type(error) for error in found} == {RefreshFailed}
    assert len({id(error) for error in found}) == 50, "each waiter has an error of its own"
    (first, *_) = found
    assert isinstance(first, RefreshFailed)
    assert isinstance(first.__cause__, ConnectionFailed)
    assert first.may_retry
    assert not first.outcome_unknown
    with pytest.raises(RefreshFailed):  # who comes a little later does not try at once either
        await token(logged_in)
    assert server.renewals == 1
    clock.now += token_cache.HOLD_OFF
    server.failures.clear()
    assert await token(logged_in) == "canary-at-2"


@pytest.mark.parametrize("trouble", [ExchangeFailed("cut"), envelope(20), envelope(0), envelope(999, status=500)])
async def test_a_transient_failure_deletes_nothing(
    trouble: Any, logged_in: OAuth2App, server: Server, watched: Watched, clock: Clock
) -> None:
    clock.now += 6 * HOURS
    server.failures.append(trouble)
    with pytest.raises(RefreshFailed) as caught:
        await token(logged_in)
    assert not caught.value.outcome_unknown, "the operation that needed the token was not carried out"
    assert "delete" not in watched.done
    clock.now += token_cache.HOLD_OFF
    assert await token(logged_in) == "canary-at-2"


async def test_a_token_that_still_lasts_is_used_when_it_can_not_be_renewed(
    logged_in: OAuth2App, server: Server, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    clock.now += 6 * HOURS - 30
    server.failures += [envelope(20)] * 9
    assert await token(logged_in) == "canary-at-1"
    assert await token(logged_in) == "canary-at-1"
    assert server.renewals == 1
    assert "lasts 30 s more" in caplog.text
    clock.now += 30
    with pytest.raises(RefreshFailed):
        await token(logged_in)


async def test_a_renewal_that_was_asked_for_fails_aloud(
    logged_in: OAuth2App, server: Server, watched: Watched, clock: Clock
) -> None:
    """Also when it joins one that somebody else began, who is content with the old token."""
    clock.now += 6 * HOURS - 30
    server.failures += [envelope(20)] * 9
    content, asked = await asyncio.gather(token(logged_in), logged_in.refresh(OPEN_ID), return_exceptions=True)
    assert content == "canary-at-1"
    assert isinstance(asked, RefreshFailed)
    server.failures.clear()
    assert (await logged_in.refresh(OPEN_ID)).access_token == "canary-at-2"


async def test_a_server_that_gives_the_same_tokens_again_is_taken_at_its_word(
    logged_in: OAuth2App, server: Server, clock: Clock
) -> None:
    """The documented sample shows an unchanged refresh token; nothing must go round for ever."""
    server._numbers = itertools.repeat(1)
    assert (await logged_in.refresh(OPEN_ID)).access_token == "canary-at-1"
    assert not await logged_in.keeper.replace(OPEN_ID, "canary-at-1")
    clock.now += 6 * HOURS
    assert await token(logged_in) == "canary-at-1"
    assert await token(logged_in) == "canary-at-1"
    assert server.renewals == 3


async def test_tokens_that_are_short_lived_are_not_renewed_with_every_call(
    logged_in: OAuth2App, server: Server, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(token_cache, "LEEWAY", 7 * HOURS)
    clock.now += 6 * HOURS - 30
    for _ in range(20):
        await token(logged_in)
    assert server.renewals == 1


async def test_also_in_a_process_that_has_just_begun(
    logged_in: OAuth2App, server: Server, watched: Watched, clock: Clock
) -> None:
    clock.now += 6 * HOURS - 30
    server.failures.append(envelope(20))
    assert await token(make_app(server, watched)) == "canary-at-1"


# --- cancelled --------------------------------------------------------------------------------------------------------


async def test_a_caller_that_gives_up_loses_no_tokens(
    logged_in: OAuth2App, server: Server, watched: Watched, clock: Clock
) -> None:
    caller, gate = await renewing(logged_in, server, clock)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    gate.set()
    await logged_in.aclose()  # as the client does: it waits
    assert await stored_token(watched) == "canary-at-2"
    assert await token(logged_in) == "canary-at-2"
    assert server.renewals == 1


def test_one_app_under_several_event_loops(server: Server, clock: Clock) -> None:
    app = make_app(server, MemoryStore())
    asyncio.run(_login(app))
    for number in range(2, 5):
        clock.now += 6 * HOURS
        assert asyncio.run(token(app)) == f"canary-at-{number}"


async def _login(app: OAuth2App) -> None:
    await app.exchange(f"code-{OPEN_ID}")


# --- the end of a grant -----------------------------------------------------------------------------------------------


async def test_a_dead_refresh_token_asks_for_a_new_authorisation_and_deletes_nothing(
    logged_in: OAuth2App, server: Server, watched: Watched, clock: Clock
) -> None:
    clock.now += 6 * HOURS
    server.pairs.clear()
    with pytest.raises(ReauthorizationRequired) as caught:
        await token(logged_in)
    assert caught.value.open_id == OPEN_ID
    assert caught.value.state in caught.value.authorize_url
    assert isinstance(caught.value.__cause__, TencentMeetingError)
    assert "delete" not in watched.done
    assert await stored_token(watched) == "canary-at-1"


async def test_before_giving_up_the_store_is_read_once_more(
    logged_in: OAuth2App, server: Server, watched: Watched, clock: Clock
) -> None:
    """A process whose lock had run out renewed meanwhile: its tokens are good."""
    clock.now += 6 * HOURS

    async def other_process() -> None:
        grant = await logged_in.grant(OPEN_ID)
        assert grant is not None
        newer = grant.renewed_by(await logged_in._endpoints.renew(grant))
        key = f"10066660661/{OPEN_ID}"
        assert await watched.inner.save(key, newer.to_text(), version=await _version(watched))

    server.meanwhile = other_process
    assert await token(logged_in) == "canary-at-2"
    assert server.calls.count("refresh_token") == 2


async def _version(watched: Watched) -> str:
    stored = await watched.inner.load(f"10066660661/{OPEN_ID}")
    assert stored is not None
    return stored.version


async def test_no_grant_at_all(app: OAuth2App) -> None:
    with pytest.raises(ReauthorizationRequired, match="no grant") as caught:
        await token(app)
    assert caught.value.open_id == OPEN_ID


async def test_a_new_login_in_another_process_is_found(
    logged_in: OAuth2App, server: Server, watched: Watched, clock: Clock
) -> None:
    clock.now += 6 * HOURS
    server.pairs.clear()
    with pytest.raises(ReauthorizationRequired):
        await token(logged_in)
    await make_app(server, watched).exchange(f"code-{OPEN_ID}")
    clock.now += token_cache.HOLD_OFF
    assert await token(logged_in) == "canary-at-2"


async def test_a_renewal_does_not_bring_back_a_grant_that_was_withdrawn_meanwhile(
    logged_in: OAuth2App, server: Server, watched: Watched, clock: Clock
) -> None:
    waiting, gate = await renewing(logged_in, server, clock)
    await watched.inner.delete(f"10066660661/{OPEN_ID}")
    gate.set()
    with pytest.raises(ReauthorizationRequired, match="withdrawn"):
        await waiting
    assert await watched.inner.load(f"10066660661/{OPEN_ID}") is None


async def test_an_older_pair_never_overwrites_a_newer_one(
    logged_in: OAuth2App, server: Server, watched: Watched, clock: Clock
) -> None:
    """The user logs in again while a renewal is under way: the login's tokens stay."""
    waiting, gate = await renewing(logged_in, server, clock)
    clock.now += 5
    newer = await make_app(server, watched).exchange(f"code-{OPEN_ID}")
    server.pairs[OPEN_ID] = ("", "canary-rt-1")  # a server that is late to notice
    clock.now -= 5
    gate.set()
    assert await waiting == newer.access_token
    assert await stored_token(watched) == newer.access_token


# --- a refused token --------------------------------------------------------------------------------------------------


async def test_a_refused_token_is_renewed_once(logged_in: OAuth2App, server: Server, clock: Clock) -> None:
    clock.now += HOURS
    found = await asyncio.gather(*(logged_in.keeper.replace(OPEN_ID, "canary-at-1") for _ in range(50)))
    assert all(found)
    assert (server.renewals, await token(logged_in)) == (1, "canary-at-2")


async def test_only_the_current_token_can_be_invalidated(logged_in: OAuth2App, server: Server, clock: Clock) -> None:
    clock.now += 6 * HOURS
    assert await token(logged_in) == "canary-at-2"
    clock.now += HOURS
    assert await logged_in.keeper.replace(OPEN_ID, "canary-at-1")  # a late refusal of the old one
    assert (server.renewals, await token(logged_in)) == (1, "canary-at-2")


async def test_a_token_that_another_process_renewed_is_taken_from_the_store(
    logged_in: OAuth2App, server: Server, watched: Watched, clock: Clock
) -> None:
    other = make_app(server, watched)
    await other.refresh(OPEN_ID)
    assert await logged_in.keeper.replace(OPEN_ID, "canary-at-1")  # even right after the login
    assert (server.renewals, await token(logged_in)) == (1, "canary-at-2")


async def test_a_token_that_replaced_a_refused_one_and_is_refused_too_is_left_at_that(
    logged_in: OAuth2App, server: Server, clock: Clock
) -> None:
    assert await logged_in.keeper.replace(OPEN_ID, "canary-at-1")
    assert not await logged_in.keeper.replace(OPEN_ID, "canary-at-2")
    assert server.renewals == 1
    clock.now += token_cache.SETTLED
    assert await logged_in.keeper.replace(OPEN_ID, "canary-at-2")
    assert server.renewals == 2


async def test_a_refused_token_is_not_used_when_it_can_not_be_renewed(
    logged_in: OAuth2App, server: Server, clock: Clock
) -> None:
    clock.now += HOURS
    server.failures += [envelope(20)] * 9
    for _ in range(3):
        with pytest.raises(RefreshFailed):
            await logged_in.keeper.replace(OPEN_ID, "canary-at-1")
    with pytest.raises(RefreshFailed):
        await token(logged_in)
    assert server.renewals == 1


# --- trouble with store and clock -------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["load", "lock", "save"])
async def test_nothing_is_renewed_without_the_store_and_its_lock(
    what: str, logged_in: OAuth2App, server: Server, watched: Watched, clock: Clock
) -> None:
    clock.now += 6 * HOURS
    watched.failing = {what}
    with pytest.raises(TokenStoreUnavailable):
        await token(logged_in)
    assert server.renewals == 0
    watched.failing.clear()
    clock.now += token_cache.HOLD_OFF
    assert await token(logged_in) == "canary-at-2"


async def test_a_token_that_lasts_needs_no_store(
    logged_in: OAuth2App, server: Server, watched: Watched, clock: Clock
) -> None:
    watched.failing = {"load", "lock", "save"}
    assert await token(logged_in) == "canary-at-1"
    clock.now += 6 * HOURS - 30
    assert await token(logged_in) == "canary-at-1"
    assert server.renewals == 0


async def test_new_tokens_that_can_not_be_saved_are_kept_unused_until_they_can(
    logged_in: OAuth2App, server: Server, watched: Watched, clock: Clock
) -> None:
    clock.now += 6 * HOURS
    server.meanwhile = watched.fail_to_save
    with pytest.raises(TokenStoreUnavailable):
        await token(logged_in)
    clock.now += token_cache.HOLD_OFF
    with pytest.raises(TokenStoreUnavailable):
        await token(logged_in)
    assert await logged_in.grant(OPEN_ID) is not None  # looking does not lose it
    watched.failing.clear()
    clock.now += token_cache.HOLD_OFF
    assert await token(logged_in) == "canary-at-2" == await stored_token(watched)
    assert server.renewals == 1


async def test_closing_tries_once_more_to_save(
    logged_in: OAuth2App, server: Server, watched: Watched, clock: Clock
) -> None:
    clock.now += 6 * HOURS
    server.meanwhile = watched.fail_to_save
    with pytest.raises(TokenStoreUnavailable):
        await token(logged_in)
    watched.failing.clear()
    await logged_in.aclose()
    assert await stored_token(watched) == "canary-at-2"


async def test_a_login_that_can_not_be_saved_is_kept(server: Server, watched: Watched) -> None:
    app = make_app(server, watched)
    watched.failing = {"save"}
    with pytest.raises(TokenStoreUnavailable):
        await app.exchange(f"code-{OPEN_ID}")
    watched.failing.clear()
    await app.aclose()
    assert await stored_token(watched) == "canary-at-1"


async def test_a_login_mends_a_damaged_entry(server: Server, watched: Watched) -> None:
    await watched.inner.save(f"10066660661/{OPEN_ID}", "{damaged", version=None)
    app = make_app(server, watched)
    with pytest.raises(TokenStoreError, match="authorise again"):
        await token(app)
    await app.exchange(f"code-{OPEN_ID}")
    assert await token(app) == "canary-at-1"


@pytest.mark.parametrize("off", [86_400, 86_400 * 400])
async def test_a_clock_that_is_a_day_ahead_is_named(
    off: int, logged_in: OAuth2App, server: Server, watched: Watched, clock: Clock
) -> None:
    class Ahead(Clock):
        def __call__(self) -> float:
            return clock.now + off

    app = OAuth2App(
        corp_id="1", sdk_id="10066660661", secret="s", redirect_uri="https://example.com/",
        store=watched, transport=server, clock=Ahead(),
    )  # fmt: skip
    for _ in range(5):
        with pytest.raises(ClockSkewed, match=f"about {off} s ahead") as caught:
            await token(app)
    assert caught.value.seconds == off
    assert server.renewals == 1, "it does not renew with every call"
    assert await token(make_app(server, watched)) == "canary-at-2", "nothing was lost"


async def test_memory_is_bounded(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_cache, "REMEMBERED", 50)
    app = make_app(server, MemoryStore())
    for number in range(200):
        await app.exchange(f"code-user{number}")
        assert (await app.keeper.current(f"user{number}")).open_id == f"user{number}"
    assert len(app.keeper.memory) == 50
    assert not any(app.keeper._flights.values())
    assert (await app.keeper.current("user0")).access_token == "canary-at-1"  # from the store


def test_a_loop_that_was_closed_in_the_middle_of_a_renewal_is_forgotten(server: Server, clock: Clock) -> None:
    app = make_app(server, MemoryStore())

    async def begin() -> None:
        await app.exchange(f"code-{OPEN_ID}")
        clock.now += 6 * 3600
        server.gate = asyncio.Event()
        task = asyncio.create_task(app.keeper.current(OPEN_ID))
        await server.started.wait()
        assert not task.done()

    loop = asyncio.new_event_loop()
    loop.run_until_complete(begin())
    loop.close()
    server.gate = None
    assert asyncio.run(app.keeper.current(OPEN_ID)).access_token == "canary-at-2"
    assert loop not in app.keeper._flights


async def test_forget_and_drop(logged_in: OAuth2App, watched: Watched) -> None:
    await logged_in.forget(OPEN_ID)
    assert await logged_in.grant(OPEN_ID) is None
    with pytest.raises(ReauthorizationRequired):
        await token(logged_in)
    await logged_in.forget(OPEN_ID)


async def test_nothing_of_a_token_is_logged(
    logged_in: OAuth2App, server: Server, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        clock.now += 6 * HOURS
        await token(logged_in)
        clock.now += 6 * HOURS
        server.pairs.clear()
        with pytest.raises(ReauthorizationRequired):
            await token(logged_in)
    assert OPEN_ID in caplog.text
    assert "canary" not in "".join(f"{record.getMessage()}{record.__dict__}" for record in caplog.records)
