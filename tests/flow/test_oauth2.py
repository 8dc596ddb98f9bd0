"""OAuth2 against the emulator, over real sockets: from the authorise page to many users on one client."""

import asyncio
import tracemalloc
from pathlib import Path

import httpx
import pytest

import tm_async
from tests.conftest import START, meeting, trusting_nobody
from tests.flow.conftest import TransportFactory, answer, raw_server, read_request
from tests.flow.test_oauth2_secrets import the_app
from tests.redis_server import redis_server
from tm_async import Created, EnterpriseSecret, OAuth2, OAuth2App, OpenId, RedisStore, TencentMeeting, User
from tm_async.core.exchange import Headers, Request
from tm_async.emulator import Emulator, FaultRule
from tm_async.errors import (
    ApiError,
    AppConfigurationError,
    AuthenticationError,
    AuthorizationDenied,
    ClockError,
    CodeRejected,
    NotFound,
    PermissionDenied,
    ReauthorizationRequired,
    RefreshFailed,
    TokenStoreUnavailable,
    UnreadableAnswer,
)
from tm_async.transport.fast import FastTransport


def operations(emulator: Emulator) -> list[str | None]:
    return [entry.operation for entry in emulator.journal]


async def browse(url: str, **answers: str) -> str:
    """Go through the authorise page like a browser, without following its redirect back; the callback's URL."""
    async with httpx.AsyncClient(verify=trusting_nobody(), trust_env=False) as http:
        page = await http.get(url)
        assert page.status_code == 200, page.text
        query = dict(httpx.URL(url).params)
        sent = await http.post(url.partition("?")[0], data={**query, **answers})
    assert sent.status_code == 302, sent.text
    return str(sent.headers["Location"])


async def test_the_whole_way(tm_emulator: Emulator, make_transport: TransportFactory) -> None:
    transport = make_transport()
    app = the_app(tm_emulator, transport)
    url, state = app.authorize_url()
    callback = await browse(url, userid="alice", decision="allow")
    grant = await app.exchange(app.read_callback(callback, state=state))
    assert grant.open_id == tm_emulator.oauth.open_id("alice")
    async with TencentMeeting(
        OAuth2(app, open_id=grant.open_id), base_url=tm_emulator.base_url, transport=transport
    ) as tm:
        bob = tm_emulator.oauth.open_id("bob")
        created = await tm.send(meeting(userid=grant.open_id, invitees=[bob, User("nobody")]))
        found = await tm.meetings.get(meeting_id=created.meeting_id, operator_id=grant.open_id, operator_id_type=2)
        assert found.subject == created.subject
        assert created.user_non_registered == ("nobody",)
        profile = await tm.users.get(userid=grant.open_id, operator_id=OpenId(grant.open_id))
        assert profile.username == "alice", "where the sources disagree on the mode, the gateway decides"
        tm_emulator.clock_offset = 6 * 3600
        assert (await tm.meetings.find(meeting_code=created.meeting_code, userid=grant.open_id)).meeting_id
        assert (await app.user_info(grant.open_id)).open_id == grant.open_id
        await app.withdraw(grant.open_id)
        with pytest.raises(ReauthorizationRequired):
            await tm.meetings.get(meeting_id=created.meeting_id, userid=grant.open_id)
    assert operations(tm_emulator).count("oauth2.refresh_token") == 1


async def test_the_user_says_no(tm_emulator: Emulator) -> None:
    app = the_app(tm_emulator)
    url, state = app.authorize_url()
    callback = await browse(url, userid="alice", decision="deny")
    with pytest.raises(AuthorizationDenied, match="access_denied"):
        app.read_callback(callback, state=state)


async def test_a_code_works_once_and_for_five_minutes(tm_emulator: Emulator) -> None:
    app = the_app(tm_emulator)
    code = tm_emulator.oauth.code("alice")
    grant = await app.exchange(code)
    with pytest.raises(CodeRejected):
        await app.exchange(code)
    late = tm_emulator.oauth.code("alice")
    tm_emulator.clock_offset = 301
    with pytest.raises(CodeRejected):
        await app.exchange(late)
    assert await app.grant(grant.open_id) == grant, "what was there is still there"


async def test_a_new_login_replaces_the_old_tokens(tm_emulator: Emulator) -> None:
    app = the_app(tm_emulator)
    grant = await app.exchange(tm_emulator.oauth.code("alice"))
    async with TencentMeeting(OAuth2(app, open_id=grant.open_id), base_url=tm_emulator.base_url) as tm:
        await tm.send(meeting(userid=grant.open_id))
        await app.exchange(tm_emulator.oauth.code("alice"))
        await tm.send(meeting(userid=grant.open_id))
    assert "oauth2.refresh_token" not in operations(tm_emulator)


async def test_a_grant_that_was_not_used_for_a_month(tm_emulator: Emulator) -> None:
    app = the_app(tm_emulator)
    grant = await app.exchange(tm_emulator.oauth.code("alice"))
    tm_emulator.clock_offset = 31 * 86400
    async with TencentMeeting(OAuth2(app, open_id=grant.open_id), base_url=tm_emulator.base_url) as tm:
        with pytest.raises(ReauthorizationRequired) as caught:
            await tm.send(meeting(userid=grant.open_id))
    assert (caught.value.open_id, caught.value.operation) == (grant.open_id, "meetings.create")
    assert caught.value.state in caught.value.authorize_url


async def test_a_banned_app(tm_emulator: Emulator) -> None:
    app = the_app(tm_emulator)
    tm_emulator.oauth.ban(tm_emulator.oauth.app)
    with pytest.raises(AppConfigurationError):
        await app.exchange(tm_emulator.oauth.code("alice"))


async def test_a_refused_token_in_the_middle_of_a_batch(tm_emulator: Emulator) -> None:
    """Another process renews the grant meanwhile: each create is still carried out exactly once."""
    app = the_app(tm_emulator)
    other = the_app(tm_emulator).with_store(app.store)
    grant = await app.exchange(tm_emulator.oauth.code("alice"))
    requests = [meeting(userid=grant.open_id, subject=f"#{number}") for number in range(40)]
    outcomes = []
    async with TencentMeeting(OAuth2(app, open_id=grant.open_id), base_url=tm_emulator.base_url) as tm:
        async for outcome in tm.meetings.create_many(requests, concurrency=8):
            outcomes.append(outcome)
            if outcome.index == 10:
                await other.refresh(grant.open_id)
    assert all(isinstance(outcome, Created) for outcome in outcomes)
    assert len(tm_emulator.state.meetings) == 40
    assert operations(tm_emulator).count("oauth2.refresh_token") == 1


async def test_only_meetings_of_the_same_app_are_seen(tm_emulator: Emulator) -> None:
    app = the_app(tm_emulator)
    grant = await app.exchange(tm_emulator.oauth.code("tester"))
    async with (
        TencentMeeting(EnterpriseSecret.from_env(tm_emulator.env), base_url=tm_emulator.base_url) as enterprise,
        TencentMeeting(OAuth2(app, open_id=grant.open_id), base_url=tm_emulator.base_url) as tm,
    ):
        theirs = await enterprise.send(meeting())
        with pytest.raises(PermissionDenied) as caught:
            await tm.meetings.get(meeting_id=theirs.meeting_id, userid=grant.open_id)
        assert caught.value.code == 9042
        with pytest.raises(NotFound):
            await tm.meetings.find(meeting_code=theirs.meeting_code, userid=grant.open_id)


async def test_many_calls_of_five_hundred_users_on_one_client(tm_emulator: Emulator) -> None:
    """At the moment when all tokens end: one renewal each, and no memory that grows with the calls."""
    users = [f"user{number}" for number in range(500)]
    tm_emulator.seed_users(*users)
    app = the_app(tm_emulator)
    open_ids = [(await app.exchange(tm_emulator.oauth.code(user))).open_id for user in users]
    tm_emulator.clock_offset = 6 * 3600
    query = {"instanceid": 1}

    async def round_of_calls(tm: TencentMeeting) -> None:
        for open_id in open_ids[:100]:
            view = tm.as_user(open_id)
            await asyncio.gather(
                *(view.request("GET", "/v1/meetings", query={"userid": open_id, **query}) for _ in range(2))
            )

    async with (
        FastTransport() as fast,
        TencentMeeting(OAuth2(app), base_url=tm_emulator.base_url, transport=fast, clock=app.clock, quotas=None) as tm,
    ):
        await asyncio.gather(
            *(tm.as_user(i).request("GET", "/v1/meetings", query={"userid": i, **query}) for i in open_ids)
        )
        assert operations(tm_emulator).count("oauth2.refresh_token") == 500
        await round_of_calls(tm)
        tracemalloc.start()
        await round_of_calls(tm)
        before = _held_by_the_client()
        await round_of_calls(tm)
        after = _held_by_the_client()
        tracemalloc.stop()
    assert [entry.reason for entry in tm_emulator.journal if entry.reason] == []
    assert before > 0
    assert after - before < 4_000
    assert operations(tm_emulator)[-600:] == ["meetings.list"] * 600, "no further renewal"


def _held_by_the_client() -> int:
    """Bytes that code of the client, not of the emulator, holds on to."""
    package = Path(tm_async.__file__).parent
    ours = tuple(str(package / part) for part in ("auth", "client", "core", "transport"))
    traces = tracemalloc.take_snapshot().traces
    return sum(trace.size for trace in traces if trace.traceback[0].filename.startswith(ours))


# --- bad answers, bad stores, bad clocks ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>maintenance</html>", b'{"code": 0, "message": "SUCCESS", "nonce": "n"}', b'{"code": 0, "data": []}'],
)
async def test_an_answer_that_is_none(body: bytes, tm_emulator: Emulator, make_transport: TransportFactory) -> None:
    app = the_app(tm_emulator, make_transport())
    rule = {"garbage": body} if body else {"garbage": b" "}
    tm_emulator.add_fault(FaultRule(operation="oauth2.access_token", times=1, **rule))
    with pytest.raises(UnreadableAnswer):
        await app.exchange(tm_emulator.oauth.code("alice"))
    grant = await app.exchange(tm_emulator.oauth.code("alice"))
    tm_emulator.clock_offset = 6 * 3600
    tm_emulator.add_fault(FaultRule(operation="oauth2.refresh_token", times=1, status=503))
    async with TencentMeeting(OAuth2(app, open_id=grant.open_id), base_url=tm_emulator.base_url) as tm:
        with pytest.raises(RefreshFailed) as caught:
            await tm.send(meeting(userid=grant.open_id))
        assert not caught.value.outcome_unknown
        assert isinstance(caught.value.__cause__, UnreadableAnswer)
        tm_emulator.clock_offset += 5
        await tm.send(meeting(userid=grant.open_id))


async def test_a_redirecting_token_endpoint_is_not_followed(
    tm_emulator: Emulator, make_transport: TransportFactory
) -> None:
    asked: list[bytes] = []

    async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line, _, body = await read_request(reader)
        asked.append(line + body)
        writer.write(
            answer(b"", "302 Found", f"Location: {tm_emulator.oauth_url}/wemeet-webapi/v2/oauth2/oauth/access_token")
        )
        await writer.drain()

    async with raw_server(redirect) as url:
        app = OAuth2App(
            corp_id="1",
            sdk_id="2",
            secret="s",
            redirect_uri="https://example.com/",
            store=the_app(tm_emulator).store,
            oauth_url=url.removesuffix("/v1"),
            transport=make_transport(),
        )
        with pytest.raises(UnreadableAnswer):
            await app.exchange("c")
    assert len(asked) == 1
    assert not operations(tm_emulator)


async def test_redis_is_gone(tm_emulator: Emulator) -> None:
    """Within the deadline, a clear error, and nothing is renewed; a token that lasts needs no Redis."""
    with redis_server() as server:
        store = RedisStore.from_url(server.url)
        app = the_app(tm_emulator).with_store(store)
        grant = await app.exchange(tm_emulator.oauth.code("alice"))
        async with TencentMeeting(OAuth2(app, open_id=grant.open_id), base_url=tm_emulator.base_url, deadline=20) as tm:
            await tm.send(meeting(userid=grant.open_id))
            server.stop()
            await tm.send(meeting(userid=grant.open_id))
            tm_emulator.clock_offset = 6 * 3600
            with pytest.raises(TokenStoreUnavailable, match="127.0.0.1") as caught:
                await tm.send(meeting(userid=grant.open_id))
            assert not caught.value.outcome_unknown
            assert caught.value.may_retry
        await store.aclose()
    assert "oauth2.refresh_token" not in operations(tm_emulator)


async def test_a_clock_a_day_behind(tm_emulator: Emulator) -> None:
    app = the_app(tm_emulator)
    grant = await app.exchange(tm_emulator.oauth.code("alice"))
    slow = OAuth2App(
        corp_id=app.corp_id,
        sdk_id=app.sdk_id,
        secret="s",
        redirect_uri=app.redirect_uri,
        store=app.store,
        oauth_url=tm_emulator.oauth_url,
        clock=lambda: app.clock() - 86400,
    )
    auth = OAuth2(slow, open_id=grant.open_id)
    url = tm_emulator.base_url
    async with TencentMeeting(auth, base_url=url, clock=slow.clock, correct_clock=False) as tm:
        with pytest.raises(ClockError):
            await tm.send(meeting(userid=grant.open_id))
    async with TencentMeeting(auth, base_url=url, clock=slow.clock, quotas=None) as tm:
        await asyncio.gather(*(tm.send(meeting(userid=grant.open_id)) for _ in range(200)))
        assert tm.clock_offset == pytest.approx(86400, abs=2)
    assert len(tm_emulator.state.meetings) == 200


async def test_a_token_of_somebody_else(tm_emulator: Emulator) -> None:
    """A payload that names another user than the token's is the gateway's to refuse."""
    app = the_app(tm_emulator)
    alice = await app.exchange(tm_emulator.oauth.code("alice"))
    bob = await app.exchange(tm_emulator.oauth.code("bob"))
    async with TencentMeeting(OAuth2(app), base_url=tm_emulator.base_url) as tm:
        with pytest.raises(PermissionDenied):
            await tm.as_user(alice.open_id).send(meeting(userid=bob.open_id, start_time=START))
    mixed = _Mixed(OAuth2(app, open_id=alice.open_id), bob.open_id)
    async with TencentMeeting(mixed, base_url=tm_emulator.base_url) as tm:
        with pytest.raises(AuthenticationError):
            await tm.send(meeting(userid=bob.open_id))


class _Mixed:
    """A strategy that sends one user's token under another's name."""

    def __init__(self, auth: OAuth2, name: str) -> None:
        self.auth, self.name = auth, name

    async def authorize(self, request: Request, now: float) -> Headers:
        headers = await self.auth.authorize(request, now)
        return tuple((key, self.name if key == "OpenId" else value) for key, value in headers)

    async def rejected(self, error: ApiError, headers: Headers) -> bool:
        return False
