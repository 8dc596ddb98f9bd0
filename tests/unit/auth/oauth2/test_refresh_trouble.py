"""Rarer ways to lose a grant, or to say the wrong thing: giving up, closing, rivals, clocks, other people's stores."""

import asyncio
import json
import logging
import traceback
from typing import Any

import pytest

from tests.unit.auth.oauth2.conftest import OPEN_ID, Clock, Server, envelope, make_app
from tests.unit.auth.oauth2.test_refresh import HOURS, Watched, logged_in, renewing, stored_token, token, watched
from tm_async import MemoryStore, OAuth2, OAuth2App, TencentMeeting
from tm_async.auth.oauth2 import token_cache
from tm_async.auth.oauth2.grant import Grant
from tm_async.core.exchange import RawAnswer
from tm_async.errors import (
    ApiError,
    ClientClosed,
    ConnectionFailed,
    ReauthorizationRequired,
    RefreshFailed,
    TencentMeetingError,
    TokenStoreError,
    TokenStoreUnavailable,
    UnreadableAnswer,
)

__all__ = ["logged_in", "watched"]

KEY = f"10066660661/{OPEN_ID}"


# --- giving up and closing --------------------------------------------------------------------------------------------


async def test_a_cancelled_login_is_stored_all_the_same(logged_in: OAuth2App, server: Server, watched: Watched) -> None:
    saving = asyncio.Event()
    watched.pause, watched.paused = asyncio.Event(), saving
    login = asyncio.create_task(logged_in.exchange(f"code-{OPEN_ID}"))
    await saving.wait()
    login.cancel()
    with pytest.raises(asyncio.CancelledError):
        await login
    watched.pause.set()
    await logged_in.aclose()
    assert await stored_token(watched) == server.pairs[OPEN_ID][0]


async def test_closing_breaks_off_what_has_not_begun(logged_in: OAuth2App, watched: Watched, clock: Clock) -> None:
    clock.now += 6 * HOURS
    async with watched.inner.lock(KEY):  # somebody else's renewal
        waiting = asyncio.create_task(token(logged_in))
        while "lock" not in watched.done:  # noqa: ASYNC110 - the loop itself is what is waited for
            await asyncio.sleep(0)
        await logged_in.aclose()
        with pytest.raises(ClientClosed, match="nothing was sent"):
            await waiting


async def test_closing_waits_for_what_has_begun(
    logged_in: OAuth2App, server: Server, watched: Watched, clock: Clock
) -> None:
    waiting, gate = await renewing(logged_in, server, clock)
    closing = asyncio.create_task(logged_in.aclose())
    await asyncio.sleep(0)
    gate.set()
    await closing
    assert await stored_token(watched) == await waiting == "canary-at-2"


async def test_an_app_is_a_context(app: OAuth2App) -> None:
    async with app as same:
        assert same is app


async def test_a_client_closes_its_connections_whatever_the_strategy_does(server: Server) -> None:
    class Failing(OAuth2):
        async def aclose(self) -> None:
            raise ConnectionFailed("no")

    tm = TencentMeeting(Failing(make_app(server, MemoryStore())), transport=server)
    with pytest.raises(ConnectionFailed):
        await tm.aclose()
    with pytest.raises(ClientClosed):
        await tm.request("GET", "/v1/meetings")


async def test_a_closed_client_renews_nothing(logged_in: OAuth2App, server: Server, clock: Clock) -> None:
    tm = TencentMeeting(OAuth2(logged_in, open_id=OPEN_ID), transport=server)
    await tm.aclose()
    clock.now += 6 * HOURS
    with pytest.raises(ClientClosed):
        await tm.request("GET", "/v1/meetings")
    assert server.renewals == 0


async def test_what_can_not_be_saved_in_the_end_is_said(
    logged_in: OAuth2App, server: Server, watched: Watched, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    clock.now += 6 * HOURS
    server.meanwhile = watched.fail_to_save
    with pytest.raises(TokenStoreUnavailable) as caught:
        await token(logged_in)
    assert caught.value.open_id == OPEN_ID
    assert "memory of this process only" in str(caught.value)
    await logged_in.aclose()
    errors = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert errors[-1] == f"the tokens of {OPEN_ID} could not be saved: the user has to authorise the app again"


@pytest.mark.parametrize("code", [10, 1004, 1006])
async def test_a_renewal_that_will_never_succeed_asks_for_a_login(
    code: int, logged_in: OAuth2App, server: Server, clock: Clock
) -> None:
    """With what a renewal sends, a wrong parameter is one of the grant's."""
    clock.now += 6 * HOURS
    server.failures = [envelope(code, status=400)] * 2
    with pytest.raises(ReauthorizationRequired, match="can't be renewed any more") as caught:
        await token(logged_in)
    assert caught.value.authorize_url


# --- rivals -----------------------------------------------------------------------------------------------------------


async def test_an_unsaved_login_outlives_an_older_renewal(
    logged_in: OAuth2App, server: Server, watched: Watched, clock: Clock
) -> None:
    waiting, gate = await renewing(logged_in, server, clock)
    clock.now += 5
    watched.failing = {"save"}
    with pytest.raises(TokenStoreUnavailable):
        await logged_in.exchange(f"code-{OPEN_ID}")
    alive = server.pairs[OPEN_ID]
    server.pairs[OPEN_ID] = (alive[0], "canary-rt-1")  # a server that is late to notice
    watched.failing.clear()
    clock.now -= 5
    gate.set()
    assert await waiting == alive[0] == await stored_token(watched)


async def test_a_renewal_outlives_an_unsaved_login_that_was_before_it(
    logged_in: OAuth2App, server: Server, watched: Watched, clock: Clock
) -> None:
    """The server issued it later, so it is the one that lives."""
    waiting, gate = await renewing(logged_in, server, clock)
    watched.failing = {"save"}
    with pytest.raises(TokenStoreUnavailable):
        await logged_in.exchange(f"code-{OPEN_ID}")
    server.pairs[OPEN_ID] = (server.pairs[OPEN_ID][0], "canary-rt-1")  # a server that is late to notice
    watched.failing.clear()
    clock.now += 5
    gate.set()
    assert await waiting == server.pairs[OPEN_ID][0] == "canary-at-3"
    assert await stored_token(watched) == "canary-at-3"


async def test_a_login_that_could_not_be_saved_mends_a_damaged_entry_later(server: Server, watched: Watched) -> None:
    app = make_app(server, watched)
    watched.failing = {"load"}
    with pytest.raises(TokenStoreUnavailable):
        await app.exchange(f"code-{OPEN_ID}")
    watched.failing.clear()
    await watched.inner.save(KEY, "{damaged", version=None)
    await app.aclose()
    assert await stored_token(watched) == "canary-at-1"


async def test_a_logout_that_waits_does_not_delete_a_newer_login(
    logged_in: OAuth2App, server: Server, watched: Watched
) -> None:
    other = make_app(server, watched)
    async with watched.inner.lock(KEY):
        leaving = asyncio.create_task(logged_in.forget(OPEN_ID))
        while "lock" not in watched.done:  # noqa: ASYNC110
            await asyncio.sleep(0)
        await other.exchange(f"code-{OPEN_ID}")
    await leaving
    assert await token(other) == await token(logged_in) == await stored_token(watched)


async def test_a_logout_deletes_what_was_renewed_meanwhile(
    logged_in: OAuth2App, server: Server, watched: Watched
) -> None:
    leaving = asyncio.create_task(logged_in.forget(OPEN_ID))
    async with watched.inner.lock(KEY):
        while watched.done.count("load") < 1:  # noqa: ASYNC110
            await asyncio.sleep(0)
        grant = await logged_in.grant(OPEN_ID)
        stored = await watched.inner.load(KEY)
        assert grant is not None
        assert stored is not None
        newer = grant.renewed_by(await logged_in._endpoints.renew(grant))
        await watched.inner.save(KEY, newer.to_text(), version=stored.version)
    await leaving
    assert await watched.inner.load(KEY) is None


async def test_a_read_under_way_does_not_bring_back_what_was_forgotten(
    logged_in: OAuth2App, server: Server, watched: Watched
) -> None:
    app = make_app(server, watched)
    watched.pause, watched.paused = asyncio.Event(), asyncio.Event()
    watched.pausing = "load"
    reading = asyncio.create_task(token(app))
    await watched.paused.wait()
    pause, watched.pause = watched.pause, None
    await app.forget(OPEN_ID)
    pause.set()
    await asyncio.gather(reading, return_exceptions=True)
    with pytest.raises(ReauthorizationRequired):
        await token(app)


# --- what is said, and for how long -----------------------------------------------------------------------------------


async def test_after_a_login_elsewhere_nobody_is_asked_to_log_in_again(
    logged_in: OAuth2App, server: Server, watched: Watched, clock: Clock
) -> None:
    clock.now += 6 * HOURS
    server.pairs.clear()
    with pytest.raises(ReauthorizationRequired):
        await token(logged_in)
    with pytest.raises(ReauthorizationRequired):
        await token(logged_in)
    assert server.renewals == 1, "it is not tried with every call"
    await make_app(server, watched).exchange(f"code-{OPEN_ID}")
    assert await token(logged_in) == "canary-at-2", "at once, not after the hold-off"


async def test_each_caller_gets_a_state_of_his_own(app: OAuth2App) -> None:
    found = await asyncio.gather(*(token(app) for _ in range(5)), return_exceptions=True)
    states = {error.state for error in found if isinstance(error, ReauthorizationRequired)}
    assert len(states) == 5
    assert all(error.state in error.authorize_url for error in found if isinstance(error, ReauthorizationRequired))


async def test_a_clock_that_is_set_back_does_not_prolong_a_failure(
    logged_in: OAuth2App, server: Server, clock: Clock
) -> None:
    clock.now += 86_400
    server.failures.append(ConnectionFailed("certificate has expired"))
    with pytest.raises(RefreshFailed):
        await token(logged_in)
    clock.now -= 86_400 - 6 * HOURS
    assert await token(logged_in) == "canary-at-2"
    assert await logged_in.keeper.replace(OPEN_ID, "canary-at-2")
    clock.now -= HOURS
    assert await logged_in.keeper.replace(OPEN_ID, "canary-at-3")


async def test_a_token_that_lasts_is_used_after_a_renewal_that_was_asked_for_failed(
    logged_in: OAuth2App, server: Server, clock: Clock
) -> None:
    clock.now += 6 * HOURS - 50
    server.failures.append(envelope(20))
    with pytest.raises(RefreshFailed):
        await logged_in.refresh(OPEN_ID)
    assert await token(logged_in) == "canary-at-1"
    assert server.renewals == 1


async def test_also_by_who_joins_it(logged_in: OAuth2App, server: Server, clock: Clock) -> None:
    clock.now += 6 * HOURS - 50
    server.failures.append(envelope(20))
    asked, content = await asyncio.gather(logged_in.refresh(OPEN_ID), token(logged_in), return_exceptions=True)
    assert isinstance(asked, RefreshFailed)
    assert content == "canary-at-1"


async def test_a_server_that_prolongs_a_token_is_asked_once(
    logged_in: OAuth2App, server: Server, watched: Watched, clock: Clock
) -> None:
    other = make_app(server, watched)
    assert await token(other) == "canary-at-1"
    server._numbers = iter([1] * 9)
    clock.now += 6 * HOURS
    assert await token(logged_in) == await token(other) == "canary-at-1"
    assert server.renewals == 1


async def test_one_grant_that_can_not_be_saved_does_not_stop_the_forgetting(
    server: Server, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(token_cache, "REMEMBERED", 10)
    app = make_app(server, watched)
    watched.failing = {"save"}
    with pytest.raises(TokenStoreUnavailable):
        await app.exchange("code-first")
    watched.failing.clear()
    for number in range(50):
        await app.exchange(f"code-user{number}")
    assert len(app.keeper.memory) == 10
    assert [open_id for open_id, _, _ in app.keeper.memory.unsaved()] == ["first"]


# --- what is shown ----------------------------------------------------------------------------------------------------


def everything_about(error: BaseException) -> str:
    """The error, what led to it, and the variables of every frame but those of this file."""
    seen: list[BaseException] = []
    todo: list[BaseException | None] = [error]
    shown = ""
    while todo:
        link = todo.pop()
        if link is None or link in seen:
            continue
        seen.append(link)
        todo += [link.__cause__, link.__context__]
        shown += f"{link!r}{link.__dict__}"
        for frame, _ in traceback.walk_tb(link.__traceback__):
            if frame.f_code.co_filename != __file__:
                shown += repr(frame.f_locals)
    return shown


@pytest.mark.parametrize("change", [{"format": 2}, {"open_id": "o2"}, {"access_token": ""}, None])
async def test_a_damaged_entry_is_not_shown(
    logged_in: OAuth2App, server: Server, watched: Watched, change: dict[str, Any] | None
) -> None:
    stored = await watched.inner.load(KEY)
    assert stored is not None
    text = json.dumps(json.loads(stored.data) | change) if change is not None else stored.data[:-5]
    await watched.inner.save(KEY, str(text), version=stored.version)
    del text, stored
    for ask in (logged_in.grant, logged_in.refresh, make_app(server, watched).refresh):
        with pytest.raises(TokenStoreError) as caught:
            await ask(OPEN_ID)
        assert "canary-at" not in everything_about(caught.value)
        assert "canary-rt" not in everything_about(caught.value)
    with pytest.raises(TokenStoreError) as caught:
        Grant.from_text('{"format": 1, "access_token": "canary-at', open_id=OPEN_ID)
    assert "canary" not in everything_about(caught.value)


async def test_an_access_token_that_the_other_side_repeats_is_not_shown(logged_in: OAuth2App, server: Server) -> None:
    echoes = [
        RawAnswer(403, (), b'{"error_info": {"error_code": 9042, "message": "token canary-at-1 may not"}}'),
        RawAnswer(502, (), b"<html>AccessToken: canary-at-1</html>"),
    ]

    class Echo:
        async def exchange(self, *args: Any) -> RawAnswer:
            return echoes.pop(0)

        async def aclose(self) -> None: ...

    async with TencentMeeting(OAuth2(logged_in, open_id=OPEN_ID), transport=Echo(), retry=None) as tm:
        for kind in (ApiError, UnreadableAnswer):
            with pytest.raises(kind) as caught:
                await tm.request("GET", "/v1/meetings")
            error: Any = caught.value
            assert "canary" not in str(error) + repr(error.body) + repr(error.__dict__)
            assert "***" in repr(error.body)


async def test_a_store_of_somebodys_own_that_raises_what_it_likes(
    logged_in: OAuth2App, watched: Watched, server: Server, clock: Clock
) -> None:
    async def load(key: str) -> Any:
        secret = "canary-in-a-frame"
        raise OSError(f"disk {len(secret)}")

    clock.now += 6 * HOURS - 30
    watched.load = load  # type: ignore[method-assign]
    assert await token(logged_in) == "canary-at-1", "a token that lasts will do"
    clock.now += 60
    with pytest.raises(TokenStoreUnavailable, match="OSError") as caught:
        await token(logged_in)
    assert "canary-in" not in everything_about(caught.value)
    assert isinstance(caught.value, TencentMeetingError)
