"""From the authorisation page to calls of the API, as the documents tell it."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.emulator.conftest import NOW, PAGE, data
from tm_async.emulator import Emulator


def sent_back(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 302, answer.text
    return parse_qs(urlsplit(answer.headers["location"]).query)


async def test_the_whole_way(third) -> None:
    form = {**third.query(), "userid": "alice", "decision": "allow"}
    back = sent_back(await third.answer(form))
    assert back["state"] == ["abcXYZ019"]
    pair = data(await third.exchange(*back["auth_code"]))
    assert list(pair) == [
        "access_token",
        "refresh_token",
        "expires",
        "open_id",
        "scopes",
        "scopes_v2",
        "open_corp_id",
    ]
    assert pair["access_token"].startswith("EMULATOR-AT-")
    assert pair["refresh_token"].startswith("EMULATOR-RT-")
    assert pair["expires"] == NOW + 6 * 3600
    assert pair["open_id"] == third.emulator.oauth.open_id("alice")
    assert pair["scopes"] == list(third.app.scopes)
    assert pair["scopes_v2"] == ["personal-user-view", "personal-recording-view", "personal-recording-edit"]
    assert data(await third.info(pair)) == {name: pair[name] for name in ("expires", "open_id", "scopes")}

    info = await third.created(pair)
    assert third.emulator.state.meetings[info["meeting_id"]].creator == "alice"

    third.clock.now += 3600
    renewed = data(await third.refresh(pair))
    assert list(renewed) == list(pair)[:-1]  # open_corp_id comes with the exchange only
    assert renewed["expires"] == NOW + 7 * 3600
    assert (renewed["open_id"], renewed["scopes"]) == (pair["open_id"], pair["scopes"])
    assert (await third.get(renewed, info["meeting_id"])).is_success


async def test_answers_carry_the_emulators_time(third) -> None:
    third.emulator.clock_offset = 86400
    answer = await third.exchange("no code")
    assert answer.headers["date"] == "Fri, 29 May 2026 20:26:40 GMT"
    assert answer.headers["content-type"] == "application/json"
    assert data(await third.exchange(third.emulator.oauth.code("bob")))["expires"] == NOW + 86400 + 6 * 3600


async def test_the_documented_redirect(third, becoming) -> None:
    app = third.emulator.oauth.add_app("Example", redirects=["https://qq.com"])
    third = becoming(third.emulator, app)
    form = {**third.query(redirect_uri="https://qq.com/callback?a=1&b=2", state="123456789"), "userid": "bob"}
    location = (await third.answer({**form, "decision": "allow"})).headers["location"]
    start, _, rest = location.partition("&auth_code=")
    assert start == "https://qq.com/callback?a=1&b=2"
    code, _, state = rest.partition("&")
    assert state == "state=123456789"
    assert data(await third.exchange(code))["open_id"] == third.emulator.oauth.open_id("bob", app)


async def test_denial(third) -> None:
    back = sent_back(await third.answer({**third.query(), "userid": "alice", "decision": "deny"}))
    assert back == {"error": ["access_denied"], "state": ["abcXYZ019"]}
    assert not third.emulator.oauth.grants


@pytest.mark.parametrize(("approve", "userid"), [(True, "tester"), ("grace", "grace")])
async def test_auto_approve(clock, becoming, approve: bool | str, userid: str) -> None:
    async with Emulator(clock=clock, auto_approve=approve) as emulator:
        third = becoming(emulator)
        back = sent_back(await third.page())
        assert data(await third.exchange(*back["auth_code"]))["open_id"] == emulator.oauth.open_id(userid)
        assert (await third.page(state="-")).status_code == 400


def test_options() -> None:
    with pytest.raises(ValueError, match="auto_approve: 'nobody' is not registered"):
        Emulator(auto_approve="nobody")
    for status in (99, 600):
        with pytest.raises(ValueError, match="oauth_error_status"):
            Emulator(oauth_error_status=status)


async def test_status_of_failures(clock, becoming) -> None:
    async with Emulator(clock=clock, oauth_error_status=400) as emulator:
        third = becoming(emulator)
        answer = await third.exchange("no code")
        assert (answer.status_code, answer.json()["code"]) == (400, 1002)
        await third.allowed()


async def test_a_seed_repeats_itself(third, becoming, clock) -> None:
    first = await third.allowed()
    emulator = third.emulator
    emulator.oauth.add_app("Another")
    emulator.reset()
    assert emulator.oauth.apps == (third.app,)
    assert emulator.oauth.grants == ()
    assert await third.allowed() == first
    async with Emulator(clock=clock) as same, Emulator(clock=clock, seed=1) as other:
        assert same.oauth.app == third.app != other.oauth.app
        assert await becoming(same).allowed() == first
        assert (await becoming(other).allowed())["access_token"] != first["access_token"]


def test_apps_and_open_ids() -> None:
    oauth = Emulator().oauth
    other = oauth.add_app("Other", scopes=["VIEW_USER_INFO"], redirects=["https://a.example/cb?x=1"])
    assert (other.name, other.scopes, other.redirects) == (
        "Other",
        ("VIEW_USER_INFO",),
        ("https://a.example/cb?x=1",),
    )
    assert oauth.apps == (oauth.app, other)
    assert len({oauth.app.corp_id, oauth.app.sdk_id, oauth.app.secret, other.corp_id, other.sdk_id, other.secret}) == 6
    names = {oauth.open_id(userid, app) for userid in ("alice", "bob") for app in oauth.apps}
    assert len(names) == 4
    assert all(name.isalnum() for name in names)  # some clients split or refuse other ids
    assert oauth.open_id("alice") == oauth.open_id("alice", oauth.app)
    with pytest.raises(ValueError, match="'nobody' is not registered"):
        oauth.open_id("nobody")


async def test_users_registered_later_have_open_ids(third) -> None:
    pair = await third.allowed()
    third.emulator.seed_users("zoe")
    info = await third.created(pair, invitees=[{"userid": third.emulator.oauth.open_id("zoe")}])
    assert info["user_non_registered"] == []
    assert (await third.allowed("zoe"))["open_id"] == third.emulator.oauth.open_id("zoe")


async def test_other_methods_and_addresses_are_unknown(third) -> None:
    oauth = "/wemeet-webapi/v2/oauth2/oauth/"
    for method, path in (
        ("PUT", PAGE),
        ("GET", oauth + "access_token"),
        ("POST", oauth + "x"),
        ("GET", "/favicon.ico"),
    ):
        answer = await third.http.request(method, third.emulator.oauth_url + path + "?a=b")
        assert answer.json()["error_info"]["error_code"] == 200004
        assert third.emulator.journal[-1].target == path
