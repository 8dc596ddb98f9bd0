"""The control plane over HTTP."""

import json
from typing import Any

import httpx
import pytest

from tm_async.emulator import Emulator


@pytest.fixture
def control(caller):
    root = caller.emulator.base_url.removesuffix("v1") + "_emulator"

    async def send(method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        content = None if body is None else json.dumps(body)
        return await caller.http.request(method, root + path, content=content, headers=headers)

    return send


async def test_index_names_every_control(control) -> None:
    index = (await control("GET", "/")).json()
    for line in index:
        method, path = line.split()
        answer = await control(method, path.removeprefix("/_emulator"))
        assert answer.status_code in {200, 400}, line
    answer = await control("GET", "/nothing")
    assert (answer.status_code, answer.json()) == (
        404,
        {"error": "unknown: GET /_emulator/ lists the controls"},
    )


async def test_users_state_and_reset(control, caller) -> None:
    answer = await control("POST", "/users", {"users": ["zoe", {"userid": "yan", "admin": True}]})
    assert ("yan", True) in {(user["userid"], user["admin"]) for user in answer.json()["users"]}
    info = await caller.created(userid="zoe", password="987654", invitees=["yan"], enable_host_key=True)
    state = (await control("GET", "/state")).json()
    (meeting,) = state["meetings"]
    assert (meeting["id"], meeting["creator"], meeting["invitees"]) == (info["meeting_id"], "zoe", ["yan"])
    assert ("zoe", False) in {(user["userid"], user["admin"]) for user in state["users"]}
    text = json.dumps(state)
    assert "987654" not in text
    assert info["host_key"] not in meeting.values()

    assert (await control("POST", "/reset")).json() == {}
    state = (await control("GET", "/state")).json()
    assert state["meetings"] == []
    assert "zoe" not in {user["userid"] for user in state["users"]}
    assert (await caller.created(enable_host_key=True))["meeting_id"] == info["meeting_id"]  # the same once more


async def test_journal(control, caller) -> None:
    await caller.create()
    await caller.send("GET", "/v1/meetings", changed={"X-TC-Signature": "x"})
    answer = await control("GET", "/journal")
    created, refused = answer.json()["entries"]
    assert (created["operation"], created["accepted"], created["committed"]) == (
        "meetings.create",
        True,
        True,
    )
    assert (refused["code"], refused["accepted"]) == (200003, False)
    assert refused["reason"].startswith("signature differs")
    assert caller.emulator.secret_key not in answer.text


async def test_clock(control, caller) -> None:
    headers = caller.headers("GET", "/v1/meetings?userid=tester&instanceid=1")
    answer = await control("PUT", "/clock", {"offset": -400.5})
    assert answer.json() == {"offset": -400.5, "time": caller.clock.now - 400.5}
    answer = await caller.send("GET", "/v1/meetings?userid=tester&instanceid=1", changed=headers)
    assert answer.json()["error_info"]["error_code"] == 190300
    assert (await control("GET", "/clock")).json()["offset"] == caller.emulator.clock_offset == -400.5


async def test_faults(control, caller) -> None:
    rule = {"operation": "meetings.create", "nth": 1, "error_code": 9093, "headers": {"X-A": "b"}}
    assert (await control("POST", "/faults", rule)).json()["faults"] == [{**rule, "seen": 0, "fired": 0}]
    assert (await caller.create()).json()["error_info"]["error_code"] == 9093
    assert (await control("GET", "/faults")).json()["faults"] == [{**rule, "seen": 1, "fired": 1}]
    assert (await control("DELETE", "/faults")).json() == {}
    assert (await control("GET", "/faults")).json() == {"faults": []}


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", "/users", None, "body"),
        ("POST", "/users", {}, "users"),
        ("POST", "/users", {"users": [5]}, "users[0]"),
        ("POST", "/users", {"users": [{"userid": ""}]}, "users[0].userid"),
        ("POST", "/users", {"users": [{"userid": "a", "admin": 1}]}, "users[0].admin"),
        ("POST", "/users", {"users": [{"name": "a"}]}, "name"),
        ("PUT", "/clock", [], "body"),
        ("PUT", "/clock", {"offset": "1"}, "offset"),
        ("PUT", "/clock", {"offset": True}, "offset"),
        ("PUT", "/clock", {"offset": float("nan")}, "offset"),
        ("PUT", "/clock", {"offset": 1e18}, "offset"),
        ("PUT", "/clock", {"offset": 10**400}, "offset"),
        ("PUT", "/clock", {"offset": -(10**400)}, "offset"),
        ("POST", "/meetings/add-personal", {"userid": "tester", "start": 10**400}, "start"),
        ("POST", "/meetings/add-personal", {"userid": "tester", "end": 10**400}, "end"),
        ("POST", "/faults", {"delay": 10**400}, "delay"),
        ("POST", "/faults", {"status": "x"}, "status"),
        ("POST", "/faults", {"colour": "x"}, "colour"),
    ],
)
async def test_bad_input(control, method: str, path: str, body: Any, field: str) -> None:
    answer = await control(method, path, body)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(field + ": ")


async def test_broken_json(caller) -> None:
    url = caller.emulator.base_url.removesuffix("v1") + "_emulator/users"
    for content in (b"{", b"\xff\xfe"):
        assert (await caller.http.post(url, content=content)).status_code == 400


async def test_web_pages_are_kept_out(control, clock, calling) -> None:
    for headers in ({"Origin": "http://127.0.0.1"}, {"Host": "evil.example"}, {"Host": "evil.example:80"}):
        answer = await control("POST", "/reset", **headers)
        assert answer.status_code == 403
        assert "error" in answer.json()
    for host in ("localhost:1", "127.0.0.1", "[::1]:5"):
        assert (await control("GET", "/", Host=host)).status_code == 200
    async with Emulator(clock=clock, allow_remote=True) as remote:
        url = remote.base_url.removesuffix("v1") + "_emulator/"
        http = calling(remote).http
        assert (await http.get(url, headers={"Host": "emulator.test"})).status_code == 200
        assert (await http.get(url, headers={"Origin": "http://x"})).status_code == 403
