"""Codes and tokens: how long they live, what ends them, and the codes of every refusal."""

import json
from typing import Any

import pytest

from tests.emulator.conftest import data, failed
from tm_async.emulator.oauth.grants import _Dead

HOUR, DAY = 3600, 86400


async def test_a_code_lives_five_minutes(third) -> None:
    code, late = third.emulator.oauth.code("alice"), third.emulator.oauth.code("bob")
    third.clock.now += 299.9
    data(await third.exchange(code))
    third.clock.now += 0.1
    for _ in range(2):
        assert "auth_code has expired" in failed(await third.exchange(late), 1002)


async def test_codes_that_nobody_fetched_are_forgotten(third) -> None:
    oauth = third.emulator.oauth
    late = oauth.code("alice")
    third.clock.now += 300
    oauth.code("alice")
    assert len(oauth._backend.registry.grants._codes) == 1
    assert "auth_code has expired" in failed(await third.exchange(late), 1002)


async def test_a_code_is_good_for_one_exchange(third) -> None:
    code = third.emulator.oauth.code("alice")
    failed(await third.exchange(code, secret="wrong"), 1003)  # does not use it up
    pair = data(await third.exchange(code))
    assert "auth_code was used before" in failed(await third.exchange(code), 1002)
    data(await third.info(pair))


async def test_a_code_belongs_to_its_app(third, becoming) -> None:
    other = becoming(third.emulator, third.emulator.oauth.add_app())
    code = third.emulator.oauth.code("alice")
    assert "another app" in failed(await other.exchange(code), 1002)
    failed(await other.exchange(code, secret=third.app.secret), 1003)
    pair = data(await third.exchange(code))
    theirs = await other.allowed("alice")
    assert theirs["open_id"] != pair["open_id"]
    assert theirs["open_corp_id"] != pair["open_corp_id"]
    data(await third.info(pair))  # an app's grant leaves those of other apps alone
    assert "another app" in failed(await other.refresh(pair), 1006)
    data(await third.refresh(pair))


async def test_an_access_token_lives_six_hours(third) -> None:
    pair = await third.allowed()
    third.emulator.clock_offset = 6 * HOUR - 1
    data(await third.info(pair))
    assert (await third.list(pair)).is_success
    third.emulator.clock_offset = 6 * HOUR
    assert "access_token expired 0 s ago" in failed(await third.info(pair), 1005)
    answer = await third.list(pair)
    assert (answer.status_code, answer.json()["error_info"]["new_error_code"]) == (400, 200190303)
    data(await third.refresh(pair))


async def test_a_refresh_token_lives_thirty_days_and_every_refresh_begins_them_anew(third) -> None:
    pair = await third.allowed()
    for renewals in (1, 2, 3):
        third.clock.now += 30 * DAY - 1
        pair = data(await third.refresh(pair))
        (grant,) = third.emulator.oauth.grants
        assert grant.renewals == renewals
        assert grant.refresh_expires == third.clock.now + 30 * DAY
        assert grant.access_expires == pair["expires"] == third.clock.now + 6 * HOUR
    third.clock.now += 30 * DAY
    assert "refresh_token expired 0 s ago" in failed(await third.refresh(pair), 1006)


@pytest.mark.parametrize("again", ["refresh", "exchange"])
async def test_a_new_pair_ends_the_old_one_at_once(third, again: str) -> None:
    old = await third.allowed()
    new = data(await third.refresh(old)) if again == "refresh" else await third.allowed()
    assert not {old["access_token"], old["refresh_token"]} & {new["access_token"], new["refresh_token"]}
    why = "was replaced by a refresh" if again == "refresh" else "was replaced by a new code exchange"
    assert why in failed(await third.refresh(old), 1006)
    assert why in failed(await third.info(old), 1005)
    answer = await third.list(old)
    assert answer.json()["error_info"]["error_code"] == 190303
    assert third.emulator.journal[-1].reason == f"AccessToken {why}"
    assert (await third.list(new)).is_success
    (grant,) = third.emulator.oauth.grants
    assert (grant.userid, grant.open_id, grant.renewals) == ("alice", new["open_id"], int(again == "refresh"))


async def test_users_do_not_disturb_each_other(third) -> None:
    alice, bob = await third.allowed("alice"), await third.allowed("bob")
    data(await third.refresh(alice))
    data(await third.info(bob))
    assert [grant.userid for grant in third.emulator.oauth.grants] == ["bob", "alice"]


async def test_the_open_id_must_be_that_of_the_token(third) -> None:
    alice, bob = await third.allowed("alice"), await third.allowed("bob")
    for wrong in (bob["open_id"], "alice", "x"):
        failed(await third.refresh(alice, open_id=wrong), 1004)
        failed(await third.info(alice, open_id=wrong), 1004)
    data(await third.refresh(alice))


async def test_unknown_values(third) -> None:
    pair = await third.allowed()
    assert "auth_code is not known" in failed(await third.exchange("x"), 1002)
    assert "refresh_token is not known" in failed(await third.refresh(pair, refresh_token=pair["access_token"]), 1006)
    assert "access_token is not known" in failed(await third.info(pair, access_token=pair["refresh_token"]), 1005)
    failed(await third.exchange("x", secret="\ud800"), 1003)
    failed(await third.refresh(pair, refresh_token="\ud800"), 1006)
    for answer in (await third.exchange("x", sdk_id="1"), await third.refresh(pair, sdk_id="1")):
        failed(answer, 10)


async def test_a_banned_app(third, becoming) -> None:
    pair, code = await third.allowed(), third.emulator.oauth.code("bob")
    other = becoming(third.emulator, third.emulator.oauth.add_app())
    third.emulator.oauth.ban(third.app)
    for answer in (await third.exchange(code), await third.refresh(pair), await third.info(pair)):
        failed(answer, 1001)
    answer = await third.list(pair)
    assert answer.json()["error_info"]["error_code"] == 190303
    assert third.emulator.journal[-1].reason == f"app {third.app.sdk_id} is banned"
    await other.allowed()
    third.emulator.reset()
    await third.allowed()


BODIES: list[tuple[str, bytes]] = [
    ("the body is not JSON", b""),
    ("the body is not JSON", b"{"),
    ("the body is not JSON", b"\xff"),
    ("the body is not JSON", b"[" * 100_000),
    ("the body is not JSON", b"sdk_id=1&secret=2&auth_code=3"),
    ("the body is a JSON list, not an object", b"[]"),
    ("the body is a JSON NoneType, not an object", b"null"),
]


@pytest.mark.parametrize("endpoint", ["access_token", "refresh_token", "user_info"])
@pytest.mark.parametrize(("words", "body"), BODIES)
async def test_bodies(third, endpoint: str, words: str, body: bytes) -> None:
    url = f"{third.emulator.oauth_url}/wemeet-webapi/v2/oauth2/oauth/{endpoint}"
    answer = await third.http.post(url, content=body, headers={"Content-Type": "application/json; charset=utf-8"})
    assert words in failed(answer, 10)


@pytest.mark.parametrize(
    ("endpoint", "members"),
    [
        ("access_token", ("sdk_id", "secret", "auth_code")),
        ("refresh_token", ("sdk_id", "refresh_token", "open_id")),
        ("user_info", ("access_token", "open_id")),
    ],
)
async def test_members(third, endpoint: str, members: tuple[str, ...]) -> None:
    good: dict[str, Any] = dict.fromkeys(members, "x")
    for name in members:
        assert f"{name} is missing" in failed(await third.post(endpoint, **{**good, name: None}), 10)
        for wrong in ("", 5, ["x"], True):
            assert f"{name} must be a string" in failed(await third.post(endpoint, **{**good, name: wrong}), 10)


@pytest.mark.parametrize("media", ["application/x-www-form-urlencoded", "text/plain", ""])
async def test_content_type(third, media: str) -> None:
    code = third.emulator.oauth.code("alice")
    body = json.dumps({"sdk_id": third.app.sdk_id, "secret": third.app.secret, "auth_code": code})
    url = f"{third.emulator.oauth_url}/wemeet-webapi/v2/oauth2/oauth/access_token"
    answer = await third.http.post(url, content=body, headers={"Content-Type": media})
    assert "it must be 'application/json'" in failed(answer, 10)
    data(await third.exchange(code))


async def test_members_that_no_document_names_are_ignored_and_noted(third) -> None:
    data(await third.exchange(third.emulator.oauth.code("alice"), grant_type="authorization_code"))
    assert third.emulator.journal[-1].ignored == ("grant_type",)


def test_the_memory_of_dead_tokens_is_bounded() -> None:
    dead = _Dead(limit=2)
    for token in "abc":
        dead.bury(token, "has expired")
    assert [dead.reason(token) for token in "abc"] == ["is not known", "has expired", "has expired"]
