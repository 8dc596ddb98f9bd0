"""The web backend in this process, with real sockets to the emulator."""

import asyncio
import logging
from typing import Any

import pytest

from tests.examples.conftest import ORIGIN, SECRETS, SESSION_SECRET, USERS, Web, load, meeting, unpacked
from tm_async.emulator import FaultRule

HTML = {"accept": "text/html,*/*"}
LOG_IN = (401, {"error": "log in first", "login": "/login"})


async def everybody(web: Web) -> Any:
    browsers = [web.browser() for _ in USERS]
    await asyncio.gather(*(browser.log_in(userid) for browser, userid in zip(browsers, USERS, strict=True)))
    return browsers


@pytest.fixture(autouse=True)
def _nothing_leaks(web: Web, caplog: pytest.LogCaptureFixture) -> Any:
    """After every test: no code, token or secret in an answer, a cookie, or the log."""
    caplog.set_level(logging.DEBUG)
    yield
    for answer in (answer for browser in web.browsers for answer in browser.seen):
        assert not SECRETS.search(answer.text), answer.url
        assert not SECRETS.search(str(answer.headers)), answer.url
        if cookie := answer.cookies.get("session"):
            assert not SECRETS.search(str(unpacked(cookie)))
            assert set(unpacked(cookie)) <= {"state", "open_id"}
    # The browsers of this test log where they go, codes included; the backend never calls itself.
    logged = [caplog.handler.format(record) + repr(record.__dict__) for record in caplog.get_records("call")]
    assert logged
    assert [line for line in logged if SECRETS.search(line) and f"{ORIGIN}/callback?" not in line] == []


async def test_many_users_on_one_client(web: Web) -> None:
    browsers = await everybody(web)
    created = await asyncio.gather(*(browser.create() for browser in browsers))
    assert len({one["id"] for one in created}) == len(USERS)
    read = await asyncio.gather(*(b.get(f"/meetings/{one['id']}") for b, one in zip(browsers, created, strict=True)))
    assert [(answer.status_code, answer.json()) for answer in read] == [(200, one) for one in created]
    for browser, userid, one in zip(browsers, USERS, created, strict=True):
        assert browser.session == {"open_id": web.emulator.oauth.open_id(userid)}
        assert (await browser.get("/")).json()["open_id"] == browser.session["open_id"]
        assert web.emulator.state.meetings[one["id"]].creator == userid


async def test_what_is_somebody_elses_stays_theirs(web: Web) -> None:
    alice, bob = web.browser(), web.browser()
    await alice.log_in(USERS[0])
    await bob.log_in(USERS[1])
    theirs = await alice.create()
    answer = await bob.get(f"/meetings/{theirs['id']}")
    assert answer.status_code == 403
    assert "9042" in answer.json()["error"]
    assert (await bob.get("/meetings/1234567890")).status_code == 404


async def test_a_callback_counts_once(web: Web) -> None:
    browser = web.browser()
    address = await browser.log_in(USERS[0])
    again = await browser.get(address)
    assert (again.status_code, "used already" in again.json()["error"]) == (400, True)
    assert (await browser.get("/")).json()["open_id"] == web.emulator.oauth.open_id(USERS[0])  # still logged in
    assert (await web.browser().get(address)).status_code == 400  # in somebody else's browser


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (lambda address: address.replace("state=", "state=x"), "not the one"),
        (lambda address: address.partition("&state=")[0], "no state"),
        (lambda address: address + "&state=x", "more than once"),
        (lambda address: f"{ORIGIN}/callback", "no state"),
        (lambda address: f"{ORIGIN}/callback?" + address.rpartition("&")[2], "no auth_code"),
    ],
)
async def test_bad_callbacks(web: Web, changed: Any, words: str) -> None:
    browser = web.browser()
    address = await browser.decide("allow", USERS[0])
    answer = await browser.get(changed(address), **HTML)
    assert (answer.status_code, words in answer.json()["error"]) == (400, True), answer.text
    assert browser.session == {}
    assert (await browser.get(address)).status_code == 400  # the state went with the first attempt
    assert not web.emulator.oauth.grants


async def test_another_browsers_login_is_not_taken_over(web: Web) -> None:
    """Login CSRF: whoever is sent a stranger's callback does not become that stranger."""
    stranger, victim = web.browser(), web.browser()
    address = await stranger.decide("allow", USERS[0])
    await victim.get("/login")
    assert (await victim.get(address)).status_code == 400
    assert "open_id" not in victim.session


async def test_a_user_who_says_no(web: Web) -> None:
    browser = web.browser()
    answer = await browser.get(await browser.decide("deny", USERS[0]))
    assert (answer.status_code, "access_denied" in answer.json()["error"]) == (403, True)
    assert browser.session == {}


async def test_a_forged_code(web: Web) -> None:
    browser = web.browser()
    await browser.get("/login")
    answer = await browser.get(f"/callback?auth_code=forged&state={browser.session['state']}", **HTML)
    assert answer.status_code == 400  # not sent on: that could go round for ever
    assert browser.session == {}


async def test_after_six_hours(web: Web) -> None:
    browsers = await everybody(web)
    created = [await browser.create() for browser in browsers]
    web.emulator.clock_offset += 6 * 3600
    for _ in range(2):
        calls = [b.get(f"/meetings/{one['id']}") for b, one in zip(browsers, created, strict=True) for _ in range(3)]
        answers = await asyncio.gather(*calls, *(browser.post("/meetings", json=meeting()) for browser in browsers))
        assert {answer.status_code for answer in answers} == {200}
    assert [grant.renewals for grant in web.emulator.oauth.grants] == [1] * len(USERS)


async def test_a_withdrawn_grant(web: Web) -> None:
    browser, other = web.browser(), web.browser()
    await browser.log_in(USERS[0])
    await other.log_in(USERS[1])
    created = await browser.create()
    web.emulator.oauth.withdraw(USERS[0])
    for answer in (await browser.get(f"/meetings/{created['id']}"), await browser.post("/meetings", json=meeting())):
        assert (answer.status_code, answer.json()) == LOG_IN
    page = await browser.get(f"/meetings/{created['id']}", **HTML)
    assert (page.status_code, page.headers["location"]) == (303, "/login")
    assert await other.create()
    await browser.log_in(USERS[0])
    assert (await browser.get(f"/meetings/{created['id']}")).status_code == 200


async def test_logging_out_withdraws(web: Web) -> None:
    browser = web.browser()
    await browser.log_in(USERS[0])
    open_id = browser.session["open_id"]
    assert (await browser.get("/logout")).status_code == 405
    assert (await browser.post("/logout")).status_code == 303
    assert (browser.session, web.emulator.oauth.grants, await web.oauth.grant(open_id)) == ({}, (), None)
    assert (await browser.get("/")).json()["open_id"] is None
    for answer in (await browser.post("/meetings", json=meeting()), await browser.post("/logout")):
        assert (answer.status_code, answer.json()) == LOG_IN


async def test_logging_out_of_what_is_over(web: Web) -> None:
    browser = web.browser()
    await browser.log_in(USERS[0])
    open_id = browser.session["open_id"]
    web.emulator.oauth.withdraw(USERS[0])
    assert (await browser.post("/logout")).status_code == 303
    assert (browser.session, await web.oauth.grant(open_id)) == ({}, None)


async def test_logging_out_of_what_an_administrator_opened(web: Web) -> None:
    browser = web.browser()
    await browser.log_in(USERS[0])
    open_id = browser.session["open_id"]
    web.emulator.add_fault(FaultRule(operation="users.cancel_authorization", status=500, error_code=40, times=1))
    assert (await browser.post("/logout")).status_code == 303
    assert (browser.session, await web.oauth.grant(open_id)) == ({}, None)


@pytest.mark.parametrize(
    ("changed", "field", "limit"),
    [
        ({"subject": ""}, "subject", 512),
        ({"subject": "x" * 300}, "subject", 512),
        ({"subject": None}, "subject", None),
        ({"start_time": "2027-12-01T10:00:00"}, "start_time", None),
        ({"start_time": "tomorrow"}, "start_time", "an aware datetime"),
        ({"end_time": 5}, "end_time", "an aware datetime"),
        ({"end_time": "2020-01-01T00:00:00Z"}, "end_time", None),
    ],
)
async def test_a_bad_body(web: Web, changed: dict[str, Any], field: str, limit: object) -> None:
    browser = web.browser()
    await browser.log_in(USERS[0])
    answer = await browser.post("/meetings", json=meeting(**changed))
    assert answer.status_code == 422
    (broken,) = answer.json()["violations"]
    assert (broken["field"], broken["limit"], bool(broken["message"])) == (field, limit, True)
    assert not answer.json()["may_have_happened"]


@pytest.mark.parametrize("body", [b"", b"{", b"5", b'"text"', b"[1]", b"\xff"])
async def test_no_json_object(web: Web, body: bytes) -> None:
    browser = web.browser()
    await browser.log_in(USERS[0])
    answer = await browser.post("/meetings", content=body)
    assert (answer.status_code, answer.text) == (400, "the body must be a JSON object")


@pytest.mark.parametrize(
    ("fault", "status", "maybe"),
    [
        ({"error_code": 190311}, 503, False),
        ({"error_code": 9008}, 503, False),
        ({"error_code": 9093}, 422, False),
        ({"drop": "before"}, 503, True),
        ({"drop": "after"}, 503, True),
    ],
)
async def test_trouble_on_the_way(web: Web, fault: dict[str, Any], status: int, maybe: bool) -> None:
    browser = web.browser()
    await browser.log_in(USERS[0])
    web.emulator.add_fault(FaultRule(operation="meetings.create", times=1, **fault))
    answer = await browser.post("/meetings", json=meeting())
    assert (answer.status_code, answer.json()["may_have_happened"]) == (status, maybe), answer.text
    assert "retry-after" not in answer.headers
    if fault != {"error_code": 9008}:  # too many a minute: what comes next waits for the next one
        assert (await browser.post("/meetings", json=meeting())).status_code == 200


async def test_the_authorisation_server_is_down(web: Web) -> None:
    browser = web.browser()
    address = await browser.decide("allow", USERS[0])
    web.emulator.add_fault(FaultRule(operation="oauth2.access_token", drop="before", times=1))
    assert (await browser.get(address)).status_code == 503
    await browser.log_in(USERS[0])
    web.emulator.clock_offset += 6 * 3600
    web.emulator.add_fault(FaultRule(operation="oauth2.refresh_token", drop="before", times=1))
    answer = await browser.post("/meetings", json=meeting())
    assert (answer.status_code, answer.json()["may_have_happened"]) == (503, False), answer.text


async def test_what_is_ours_to_mend_is_a_500(web: Web) -> None:
    from tm_async.errors import AppConfigurationError

    browser = web.browser()
    address = await browser.decide("allow", USERS[0])
    web.emulator.oauth.ban()
    with pytest.raises(AppConfigurationError):  # a server makes a 500 of it
        await browser.get(address)


async def test_the_cookie(web: Web) -> None:
    browser = web.browser()
    cookie = (await browser.get("/login")).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie  # plain http to this machine
    browser.backend.cookies.set("session", "e30=.forged.forged")
    assert (await browser.get("/")).json()["open_id"] is None


async def test_over_https_the_cookie_is_for_https_only(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in web.emulator.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TENCENT_MEETING_OAUTH_REDIRECT_URI", "https://app.example/callback")
    monkeypatch.setenv("SESSION_SECRET", SESSION_SECRET)
    browser = web.browser(load("web_backend").create())
    assert "secure" in (await browser.get("/login")).headers["set-cookie"].lower()
    monkeypatch.setenv("SESSION_SECRET", "")
    with pytest.raises(ValueError, match="too short"):
        load("web_backend").create()
