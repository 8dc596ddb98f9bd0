"""The strategy: its headers, whom it acts for, what it does with a refusal; and the app's own calls."""

import asyncio
import copy
import pickle
import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from tests.conftest import meeting
from tests.unit.auth.oauth2.conftest import NOW, OPEN_ID, SECRET, Clock, Server, envelope, make_app
from tm_async import (
    EncryptedStore,
    EnterpriseSecret,
    FileStore,
    GetMeeting,
    MemoryStore,
    OAuth2,
    OAuth2App,
    TencentMeeting,
)
from tm_async.auth import ClosableAuth, PerUserAuth
from tm_async.core.exchange import AuthMode, RawAnswer, Request
from tm_async.errors import (
    ApiError,
    AppConfigurationError,
    AuthenticationError,
    CodeRejected,
    ConfigurationError,
    ConnectionFailed,
    DeadlineExceeded,
    PermissionDenied,
    RefreshFailed,
    WrongAuthMode,
)

REQUEST = Request("GET", "/v1/meetings", "https://api.meeting.qq.com", operation="meetings.list")


@pytest.fixture
async def auth(app: OAuth2App) -> OAuth2:
    grant = await app.exchange(f"code-{OPEN_ID}")
    return OAuth2(app, open_id=grant.open_id)


async def test_the_documented_headers_and_no_others(auth: OAuth2) -> None:
    headers = dict(await auth.authorize(REQUEST, NOW))
    nonce = headers.pop("X-TC-Nonce")
    assert nonce.isdigit()
    assert int(nonce) > 0
    assert headers == {
        "AccessToken": "canary-at-1",
        "OpenId": OPEN_ID,
        "X-TC-Timestamp": str(int(NOW)),
        "X-TC-Registered": "1",
    }
    assert "canary" not in repr(headers)


async def test_every_attempt_has_a_nonce_of_its_own(auth: OAuth2) -> None:
    nonces = {dict(await auth.authorize(REQUEST, NOW))["X-TC-Nonce"] for _ in range(500)}
    assert len(nonces) == 500


async def test_as_user_shares_everything_but_the_identity(auth: OAuth2, server: Server) -> None:
    await auth.app.exchange("code-bob")
    bob = auth.as_user("bob")
    assert dict(await bob.authorize(REQUEST, NOW))["OpenId"] == "bob"
    assert bob.app is auth.app
    assert dict(await auth.authorize(REQUEST, NOW))["OpenId"] == OPEN_ID


async def test_a_store_of_its_own(app: OAuth2App, server: Server) -> None:
    mine = MemoryStore()
    auth = OAuth2(app, mine, open_id=OPEN_ID)
    await auth.app.exchange(f"code-{OPEN_ID}")
    assert dict(await auth.as_user(OPEN_ID).authorize(REQUEST, NOW))["AccessToken"] == "canary-at-1"
    assert await app.grant(OPEN_ID) is None
    assert OAuth2(app, app.store).app is app


async def test_strategies_on_one_store_share_one_renewal(app: OAuth2App, server: Server, clock: Clock) -> None:
    """As in a backend that builds a strategy for each request."""
    mine = MemoryStore()
    first = OAuth2(app, mine, open_id=OPEN_ID)
    assert OAuth2(app, mine).app is first.app
    await first.app.exchange(f"code-{OPEN_ID}")
    clock.now += 6 * 3600
    await asyncio.gather(*(OAuth2(app, mine, open_id=OPEN_ID).authorize(REQUEST, NOW) for _ in range(50)))
    assert server.renewals == 1
    assert OAuth2(app, MemoryStore()).app is not first.app


def test_a_client_goes_where_the_app_is_for(server: Server) -> None:
    app = OAuth2App(
        corp_id="1",
        sdk_id="2",
        secret="s",
        redirect_uri="https://e.com/",
        store=MemoryStore(),
        base_url="https://gateway.example/v1",
    )
    assert "https://gateway.example" in repr(TencentMeeting(OAuth2(app)))
    assert "https://gateway.example" in repr(TencentMeeting(OAuth2(app, MemoryStore())))
    assert "https://other.example" in repr(TencentMeeting(OAuth2(app), base_url="https://other.example"))


def test_from_env(tmp_path: Path) -> None:
    given = {f"TENCENT_MEETING_OAUTH_{name}": "1" for name in ("CORP_ID", "SDK_ID", "SECRET")}
    given["TENCENT_MEETING_OAUTH_REDIRECT_URI"] = "https://example.com/"
    assert OAuth2.from_env(given, store=MemoryStore()).open_id == ""
    auth = OAuth2.from_env(given | {"TENCENT_MEETING_OPEN_ID": "o1"}, store=MemoryStore())
    assert (auth.open_id, auth.app.sdk_id) == ("o1", "1")


async def test_from_env_takes_the_only_user_who_is_logged_in(tmp_path: Path) -> None:
    given = {f"TENCENT_MEETING_OAUTH_{name}": "1" for name in ("CORP_ID", "SDK_ID", "SECRET")}
    given["TENCENT_MEETING_OAUTH_REDIRECT_URI"] = "https://example.com/"
    given["TENCENT_MEETING_TOKEN_STORE"] = str(tmp_path / "grants")
    assert OAuth2.from_env(given).open_id == "", "nobody is"
    store = FileStore(tmp_path / "grants")
    await store.save("another-app/o0", "{}", version=None)
    await store.save("1/o1", "{}", version=None)
    assert OAuth2.from_env(given).open_id == "o1"
    assert OAuth2.from_env(given | {"TENCENT_MEETING_OPEN_ID": "o2"}).open_id == "o2"
    assert OAuth2.from_env(given, store=MemoryStore()).open_id == "", "these are not in the files"
    await store.save("1/o2", "{}", version=None)
    several = OAuth2.from_env(given)
    assert several.open_id == ""
    with pytest.raises(ConfigurationError, match="set TENCENT_MEETING_OPEN_ID"):
        await several.authorize(REQUEST, NOW)
    (tmp_path / "file").touch()
    unusable = given | {"TENCENT_MEETING_TOKEN_STORE": str(tmp_path / "file")}
    assert OAuth2.from_env(unusable).open_id == "", "which a call will say"


async def test_nobody_to_act_for(app: OAuth2App) -> None:
    with pytest.raises(ConfigurationError, match="as_user"):
        await OAuth2(app).authorize(REQUEST, NOW)


@pytest.mark.parametrize("bad", ["", "a b", "a\r\nX: y", "中", None])
def test_an_open_id_that_is_none(app: OAuth2App, bad: Any) -> None:
    with pytest.raises(ConfigurationError, match="open_id"):
        OAuth2(app).as_user(bad)


# --- through the client -----------------------------------------------------------------------------------------------


@pytest.fixture
def tm(auth: OAuth2, server: Server) -> TencentMeeting:
    return TencentMeeting(auth, transport=server, clock=server.clock)


async def test_a_refused_token_leads_to_one_refresh_and_one_repeat(
    tm: TencentMeeting, server: Server, clock: Clock
) -> None:
    server.pairs[OPEN_ID] = ("killed", server.pairs[OPEN_ID][1])
    await tm.request("GET", "/v1/meetings")
    assert server.calls == ["access_token", "meetings", "refresh_token", "meetings"]


async def test_a_second_refusal_is_the_error(tm: TencentMeeting, server: Server) -> None:
    refusal = RawAnswer(400, (), b'{"error_info": {"error_code": 190303}}')

    class Refusing:
        async def exchange(self, *args: Any) -> RawAnswer:
            server.calls.append("refused")
            return refusal

        async def aclose(self) -> None: ...

    stubborn = TencentMeeting(tm._options.auth, transport=Refusing())
    with pytest.raises(AuthenticationError) as caught:
        await stubborn.request("GET", "/v1/meetings")
    assert caught.value.code == 190303
    assert server.calls == ["access_token", "refused", "refresh_token", "refused"]
    with pytest.raises(AuthenticationError):
        await stubborn.request("GET", "/v1/meetings")
    assert server.renewals == 1, "a gateway that refuses everything is no reason to renew with every call"


async def test_other_refusals_renew_nothing(auth: OAuth2) -> None:
    headers = await auth.authorize(REQUEST, NOW)
    for code in (190300, 200003, 9042, 500125):
        assert not await auth.rejected(ApiError(code, status=400), headers)
    assert not await auth.rejected(ApiError(190303, status=400), ())


async def test_a_renewal_that_fails_is_no_unknown_outcome_of_the_operation(
    tm: TencentMeeting, server: Server, clock: Clock
) -> None:
    clock.now += 7 * 3600
    server.failures.append(ConnectionFailed("no route"))
    with pytest.raises(RefreshFailed) as caught:
        await tm.send(meeting())
    assert caught.value.operation == "meetings.create"
    assert not caught.value.outcome_unknown
    assert server.calls == ["access_token", "refresh_token"]


async def test_a_deadline_during_a_renewal_has_sent_nothing(tm: TencentMeeting, server: Server, clock: Clock) -> None:
    clock.now += 7 * 3600
    server.gate = asyncio.Event()
    with pytest.raises(DeadlineExceeded) as caught:
        await tm.with_options(deadline=0.01).send(meeting())
    assert not caught.value.outcome_unknown
    server.gate.set()
    await tm.aclose()
    await tm.__aenter__()
    await tm.request("GET", "/v1/meetings")
    assert server.calls == ["access_token", "refresh_token", "meetings"]


async def test_a_deadline_during_the_renewal_after_a_refusal_has_done_nothing(
    tm: TencentMeeting, server: Server
) -> None:
    server.pairs[OPEN_ID] = ("killed", server.pairs[OPEN_ID][1])
    server.gate = asyncio.Event()
    with pytest.raises(DeadlineExceeded) as caught:
        await tm.with_options(deadline=0.01).send(meeting())
    assert not caught.value.outcome_unknown
    server.gate.set()
    await tm.aclose()


async def test_one_client_for_many_users(server: Server, app: OAuth2App) -> None:
    users = [f"user{number}" for number in range(20)]
    for user in users:
        await app.exchange(f"code-{user}")
    async with TencentMeeting(OAuth2(app), transport=server) as tm:
        views = [tm.as_user(user) for user in users]
        await asyncio.gather(*(view.request("GET", "/v1/meetings") for view in views for _ in range(5)))
        assert server.calls.count("meetings") == 100
        await views[0].aclose()  # a view closes nothing
        await views[1].request("GET", "/v1/meetings")


async def test_an_enterprise_has_no_users_to_act_as() -> None:
    tm = TencentMeeting(EnterpriseSecret(app_id="1", secret_id="a", secret_key="k"))
    with pytest.raises(ConfigurationError, match="EnterpriseSecret acts for a whole enterprise"):
        tm.as_user("o1")
    await tm.aclose()


def test_the_optional_parts_of_the_protocol(app: OAuth2App) -> None:
    enterprise = EnterpriseSecret(app_id="1", secret_id="a", secret_key="k")
    assert isinstance(OAuth2(app), PerUserAuth)
    assert isinstance(OAuth2(app), ClosableAuth)
    assert not isinstance(enterprise, PerUserAuth)
    assert not isinstance(enterprise, ClosableAuth)


# --- operations for one mode only -------------------------------------------------------------------------------------


async def test_an_enterprise_operation_is_not_sent_with_a_token(tm: TencentMeeting, server: Server) -> None:
    with pytest.raises(WrongAuthMode, match=r"POST /v1/users/open-id-to-userid: .*AK/SK.* only; nothing was sent"):
        await tm.request("POST", "/v1/users/open-id-to-userid", json={"open_id": []})
    assert server.calls == ["access_token"]
    await tm.request("POST", "/v1/users/open-id-to-userid", json={"open_id": []}, any_mode=True)
    assert server.calls == ["access_token", "open-id-to-userid"]


async def test_an_oauth2_operation_is_not_sent_with_a_key(server: Server) -> None:
    async with TencentMeeting(
        EnterpriseSecret(app_id="1", secret_id="a", secret_key="k"), transport=server
    ) as enterprise:
        with pytest.raises(WrongAuthMode, match="OAuth2 only"):
            await enterprise.request("PUT", "/v1/auth-users/cancel-auth", query={"operator_id": "o"})
    assert server.calls == []


async def test_what_no_page_names_may_be_tried(tm: TencentMeeting, server: Server) -> None:
    await tm.request("GET", "/v1/something/new")
    await tm.request("GET", "/v1/user/info/phonenumber")
    assert server.calls == ["access_token", "new", "phonenumber"]


async def test_an_operation_class_says_its_modes(auth: OAuth2) -> None:
    request = TencentMeeting(auth).prepare(GetMeeting(meeting_id="1", userid=OPEN_ID))
    assert request.modes == set(AuthMode)


# --- the app's own calls ----------------------------------------------------------------------------------------------


async def test_a_code_that_was_used_or_has_expired(app: OAuth2App) -> None:
    class Refusing(Server):
        def _issue(self, open_id: str) -> RawAnswer:
            return envelope(1002)

    other = make_app(Refusing(Clock()), MemoryStore())
    with pytest.raises(CodeRejected, match="begin anew") as caught:
        await other.exchange("canary-code")
    assert isinstance(caught.value.__cause__, AuthenticationError)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("bad", ["", "a b", "a\nb"])
async def test_a_code_that_is_none_is_not_sent(app: OAuth2App, server: Server, bad: str) -> None:
    with pytest.raises(CodeRejected):
        await app.exchange(bad)
    assert server.calls == []


async def test_a_wrong_secret_is_no_matter_for_the_user(server: Server) -> None:
    class Refusing(Server):
        def _issue(self, open_id: str) -> RawAnswer:
            return envelope(1003)

    with pytest.raises(AppConfigurationError, match="secret is wrong"):
        await make_app(Refusing(Clock()), MemoryStore()).exchange("c")


async def test_user_info(auth: OAuth2, server: Server) -> None:
    info = await auth.app.user_info(OPEN_ID)
    assert (info.open_id, info.scopes) == (OPEN_ID, ())
    assert info.expires_at is not None
    assert info.expires_at.timestamp() == NOW + 60


async def test_user_info_of_a_token_that_has_just_ended(auth: OAuth2, server: Server) -> None:
    server.pairs[OPEN_ID] = ("killed", server.pairs[OPEN_ID][1])
    await auth.app.user_info(OPEN_ID)
    assert server.calls == ["access_token", "user_info", "refresh_token", "user_info"]


async def test_withdrawing_deletes_here_after_the_gateway_agreed(auth: OAuth2, server: Server) -> None:
    assert await auth.app.withdraw(OPEN_ID)
    assert server.calls == ["access_token", "cancel-auth?operator_id=o-alice&operator_id_type=2"]
    assert await auth.app.grant(OPEN_ID) is None


async def test_withdrawing_what_has_ended_already_only_deletes(auth: OAuth2, server: Server) -> None:
    server.pairs.clear()
    assert not await auth.app.withdraw(OPEN_ID)
    assert await auth.app.grant(OPEN_ID) is None
    assert not await auth.app.withdraw(OPEN_ID)  # and nothing at all is fine, too


async def test_withdrawing_deletes_nothing_when_the_gateway_refuses(auth: OAuth2, server: Server) -> None:
    class Refusing:
        async def exchange(self, *args: Any) -> RawAnswer:
            return RawAnswer(500, (), b'{"error_info": {"error_code": 40, "message": "no"}}')

        async def aclose(self) -> None: ...

    app = OAuth2App(
        corp_id="1",
        sdk_id="10066660661",
        secret="s",
        redirect_uri="https://example.com/",
        store=auth.app.store,
        transport=Refusing(),
        clock=auth.app.clock,
    )
    with pytest.raises(PermissionDenied, match="withdraw the grant"):
        await app.withdraw(OPEN_ID)
    assert await app.grant(OPEN_ID) is not None


def test_neither_app_nor_strategy_gives_its_secret_away(app: OAuth2App) -> None:
    for thing in (app, OAuth2(app, open_id="o1")):
        assert SECRET not in repr(thing)
        for steal in (pickle.dumps, copy.deepcopy):
            with pytest.raises(TypeError, match="holds a secret"):
                steal(thing)


def test_the_clock_is_the_machines_by_default() -> None:
    app = OAuth2App(corp_id="1", sdk_id="2", secret="s", redirect_uri="https://e.com/", store=MemoryStore())
    assert app.clock is time.time


@pytest.mark.parametrize("call", ["send", "user_info", "withdraw"])
async def test_an_error_that_is_being_handled_is_the_callers(auth: OAuth2, call: str) -> None:
    """A call made meanwhile takes its secrets out of its own error only."""
    app = make_app(Unreachable(auth.app.clock), auth.app.store)
    tm = TencentMeeting(OAuth2(app, open_id=OPEN_ID), transport=Unreachable(auth.app.clock), quotas=None, retry=None)
    calls: dict[str, Callable[[], Awaitable[object]]] = {
        "send": lambda: tm.send(meeting(userid=OPEN_ID)),
        "user_info": lambda: app.user_info(OPEN_ID),
        "withdraw": lambda: app.withdraw(OPEN_ID),
    }
    try:
        raise LookupError("canary-at-1")
    except LookupError as mine:
        with pytest.raises(ConnectionFailed, match=r"\*\*\* is not taken"):
            await calls[call]()
        assert mine.args == ("canary-at-1",)


class Unreachable(Server):
    async def exchange(self, *args: Any) -> RawAnswer:
        raise ConnectionFailed("canary-at-1 is not taken")


# --- what the constructors refuse -------------------------------------------------------------------------------------

NO_STORE = "store must be a token store such as FileStore(directory); not "


@pytest.mark.parametrize("none", ["grants", Path("grants"), None, MemoryStore])
def test_a_store_that_is_none_costs_no_login_code(app: OAuth2App, server: Server, none: Any) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(NO_STORE)):
        make_app(server, none)
    with pytest.raises(ConfigurationError, match=re.escape(NO_STORE)):
        app.with_store(none)
    with pytest.raises(ConfigurationError, match=re.escape(NO_STORE)):
        EncryptedStore(none, EncryptedStore.new_key())


def test_an_app_that_is_none(app: OAuth2App) -> None:
    for none in (None, "app", OAuth2App):
        with pytest.raises(ConfigurationError, match="app must be an OAuth2App; not "):
            OAuth2(none)  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match=re.escape(NO_STORE)):
        OAuth2(app, "grants")  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="nonce must be a function that gives a text; not 5"):
        OAuth2(app, nonce=5)  # type: ignore[arg-type]


def test_other_parts_of_an_app_that_are_none(app: OAuth2App) -> None:
    wrong: dict[str, Any] = {"clock": 5, "transport": "x"}
    for name, value in wrong.items():
        with pytest.raises(ConfigurationError, match=f"{name} must be a "):
            evolve(app, **{name: value})
