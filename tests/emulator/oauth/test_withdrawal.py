"""The end of a grant: by the app, by the user, over the control plane."""

from typing import Any

import pytest

from tests.emulator.conftest import failed
from tests.emulator.gateway.test_app import refused


def target(**query: str) -> str:
    return "/v1/auth-users/cancel-auth?" + "&".join(f"{name}={value}" for name, value in query.items())


async def dead(third: Any, pair: dict[str, Any]) -> None:
    refused(await third.list(pair), 400, 190303, 200190303)
    assert third.emulator.journal[-1].reason == "AccessToken was withdrawn"
    assert "refresh_token was withdrawn" in failed(await third.refresh(pair), 1006)
    assert "access_token was withdrawn" in failed(await third.info(pair), 1005)


async def test_by_the_app(third) -> None:
    pair, bob = await third.allowed("alice"), await third.allowed("bob")
    info = await third.created(pair)
    answer = await third.send(pair, "PUT", target(operator_id=pair["open_id"], operator_id_type="2"))
    assert (answer.status_code, answer.json()) == (200, {})
    entry = third.emulator.journal[-1]
    assert (entry.operation, entry.accepted, entry.committed) == ("users.cancel_authorization", True, True)
    await dead(third, pair)
    assert [grant.userid for grant in third.emulator.oauth.grants] == ["bob"]
    assert (await third.list(bob)).is_success
    again = await third.allowed("alice")  # nothing keeps the user from allowing the app in once more
    assert again["open_id"] == pair["open_id"]
    assert (await third.get(again, info["meeting_id"])).is_success


async def test_for_nobody_else(third) -> None:
    pair, bob = await third.allowed("alice"), await third.allowed("bob")
    for stranger in (bob["open_id"], "alice", "x"):
        answer = await third.send(pair, "PUT", target(operator_id=stranger, operator_id_type="2"))
        refused(answer, 500, 1004, 107001004)
    assert len(third.emulator.oauth.grants) == 2


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"operator_id": "{open_id}"},
        {"operator_id_type": "2"},
        {"operator_id": "{open_id}", "operator_id_type": "1"},
    ],
)
async def test_parameters(third, query: dict[str, str]) -> None:
    pair = await third.allowed()
    given = {name: value.format_map(pair) for name, value in query.items()}
    refused(await third.send(pair, "PUT", target(**given)), 400, 190004, 1000190004)
    assert third.emulator.oauth.grants


async def test_by_the_user(third, becoming) -> None:
    oauth = third.emulator.oauth
    other = becoming(third.emulator, oauth.add_app())
    pair, theirs, code = await third.allowed(), await other.allowed(), oauth.code("alice")
    oauth.withdraw("alice")
    await dead(third, pair)
    assert "auth_code was withdrawn" in failed(await third.exchange(code), 1002)
    assert (await other.list(theirs)).is_success
    oauth.withdraw("alice", other.app)
    await dead(other, theirs)
    oauth.withdraw("bob")  # has allowed nothing
    with pytest.raises(ValueError, match="'nobody' is not registered"):
        oauth.withdraw("nobody")


async def test_over_the_control_plane(third) -> None:
    root = f"{third.emulator.oauth_url}/_emulator/oauth"
    given = (await third.http.post(f"{root}/codes", json={"userid": "alice"})).json()
    assert given["open_id"] == third.emulator.oauth.open_id("alice")
    pair = (await third.exchange(given["auth_code"])).json()["data"]
    shown = (await third.http.get(root)).json()
    app = third.app
    assert shown["apps"] == [
        {
            "corp_id": app.corp_id,
            "sdk_id": app.sdk_id,
            "name": app.name,
            "scopes": list(app.scopes),
            "redirects": list(app.redirects),
        }
    ]
    (grant,) = shown["grants"]
    assert grant == {
        "sdk_id": app.sdk_id,
        "userid": "alice",
        "open_id": pair["open_id"],
        "access_expires": pair["expires"],
        "refresh_expires": int(third.clock.now) + 30 * 86400,
        "renewals": 0,
    }
    assert (await third.http.post(f"{root}/withdraw", json={"userid": "alice"})).json() == {}
    await dead(third, pair)
    for path in ("codes", "withdraw"):
        for body in ({}, {"userid": 5}, {"userid": "nobody"}):
            answer = await third.http.post(f"{root}/{path}", json=body)
            assert (answer.status_code, answer.json()["error"].startswith("userid: ")) == (400, True)
