"""Replace the invitees and read them back, page by page."""

import json
from typing import Any

import httpx
import pytest


def code(answer: httpx.Response) -> tuple[int, int]:
    return answer.status_code, answer.json()["error_info"]["error_code"]


async def replaced(caller: Any, meeting_id: str, **members: Any) -> httpx.Response:
    body = {"userid": "tester", "instanceid": 1, **members}
    answer: httpx.Response = await caller.send("PUT", f"/v1/meetings/{meeting_id}/invitees", json.dumps(body).encode())
    return answer


async def invitees(caller: Any, check_answer: Any, meeting_id: str, pos: int | None = None) -> dict[str, Any]:
    more = "" if pos is None else f"&pos={pos}"
    answer = await caller.get(f"/v1/meetings/{meeting_id}/invitees?userid=tester&instanceid=1{more}")
    assert answer.status_code == 200, answer.text
    check_answer("meetings.list_invitees", answer.json())
    page: dict[str, Any] = answer.json()
    return page


def people(*userids: str) -> list[dict[str, str]]:
    return [{"userid": userid} for userid in userids]


async def test_replace_and_read_back(caller, check_answer) -> None:
    info = await caller.created(invitees=["alice", {"userid": "bob", "nick_name": "B"}])
    page = await invitees(caller, check_answer, info["meeting_id"])
    expected = [{"userid": "alice"}, {"userid": "bob", "nick_name": "B"}]
    assert page == {"has_remaining": False, "next_pos": 0, "invitees": expected}
    answer = await replaced(caller, info["meeting_id"], invitees=[*people("carol", "nobody"), "dave", "carol"])
    check_answer("meetings.set_invitees", answer.json())
    assert answer.json() == {"user_non_registered": ["nobody"]}
    page = await invitees(caller, check_answer, info["meeting_id"])
    assert page["invitees"] == people("carol", "dave")
    assert (await caller.detail(info["meeting_id"]))["participants"] == people("carol", "dave")
    assert (await caller.page("alice"))["meeting_number"] == 0
    assert (await caller.page("dave"))["meeting_number"] == 1


@pytest.mark.parametrize("members", [{}, {"invitees": []}])
async def test_absent_and_empty_clear(caller, check_answer, members: dict[str, Any]) -> None:
    info = await caller.created(invitees=["alice"])
    assert (await replaced(caller, info["meeting_id"], **members)).json() == {"user_non_registered": []}
    assert (await invitees(caller, check_answer, info["meeting_id"]))["invitees"] == []


async def test_two_thousand_in_pages_of_two_hundred(caller, check_answer) -> None:
    everybody = [f"user{number}" for number in range(2001)]
    caller.emulator.seed_users(*everybody)
    info = await caller.created()
    assert code(await replaced(caller, info["meeting_id"], invitees=people(*everybody))) == (400, 190004)
    assert (await replaced(caller, info["meeting_id"], invitees=people(*everybody[:2000]))).is_success
    found: list[str] = []
    pos = None
    for _ in range(10):
        page = await invitees(caller, check_answer, info["meeting_id"], pos)
        assert len(page["invitees"]) == 200
        found += [person["userid"] for person in page["invitees"]]
        pos = page["next_pos"]
    assert (page["has_remaining"], pos) == (False, 0)
    assert found == everybody[:2000]
    assert (await invitees(caller, check_answer, info["meeting_id"], 5000))["invitees"] == []
    assert len((await caller.detail(info["meeting_id"]))["participants"]) == 200


async def test_the_creator_only(caller) -> None:
    info = await caller.created(hosts=["tester", "alice"])
    for userid in ("alice", "admin"):
        assert code(await replaced(caller, info["meeting_id"], userid=userid)) == (403, 9042)
        answer = await caller.get(f"/v1/meetings/{info['meeting_id']}/invitees?userid={userid}&instanceid=1")
        assert code(answer) == (403, 9042)
    assert code(await replaced(caller, info["meeting_id"], userid="nobody")) == (500, 190001)


async def test_unknown_meeting(caller) -> None:
    answer = await replaced(caller, "1")
    assert code(answer) == (400, 190457)
    assert answer.json()["error_info"]["new_error_code"] == 1000190457
    assert code(await caller.get("/v1/meetings/1/invitees?userid=tester&instanceid=1")) == (400, 190457)


async def test_not_once_it_has_started_or_was_cancelled(caller) -> None:
    running, gone, over = [(await caller.created())["meeting_id"] for _ in range(3)]
    caller.emulator.meetings.start(running)
    assert code(await replaced(caller, running)) == (500, 500273)
    body = {"userid": "tester", "instanceid": 1, "reason_code": 1}
    await caller.send("POST", f"/v1/meetings/{gone}/cancel", json.dumps(body).encode())
    assert code(await replaced(caller, gone)) == (500, 500274)
    caller.clock.now += 86400
    assert code(await replaced(caller, over)) == (500, 500273)


@pytest.mark.parametrize("query", ["pos=x", "pos=-1", "instanceid=31"])
async def test_parameters(caller, query: str) -> None:
    info = await caller.created()
    target = f"/v1/meetings/{info['meeting_id']}/invitees?userid=tester&instanceid=1&{query}"
    assert code(await caller.get(target)) == (400, 190004)


async def test_apps_see_open_ids(caller, third, check_answer) -> None:
    pair = await third.allowed("tester")
    mine, theirs = await third.created(pair), await caller.created()
    alice = caller.emulator.oauth.open_id("alice")
    body = json.dumps({"userid": pair["open_id"], "instanceid": 1, "invitees": people(alice, "alice")}).encode()
    answer = await third.send(pair, "PUT", f"/v1/meetings/{mine['meeting_id']}/invitees", body)
    assert answer.json() == {"user_non_registered": ["alice"]}
    query = f"/invitees?userid={pair['open_id']}&instanceid=1"
    answer = await third.send(pair, "GET", f"/v1/meetings/{mine['meeting_id']}{query}")
    check_answer("meetings.list_invitees", answer.json())
    assert answer.json()["invitees"] == people(alice)
    assert (await invitees(caller, check_answer, mine["meeting_id"]))["invitees"] == people("alice")
    assert code(await third.send(pair, "GET", f"/v1/meetings/{theirs['meeting_id']}{query}")) == (403, 9042)
    answer = await third.send(pair, "GET", f"/v1/meetings/{mine['meeting_id']}/invitees?userid={alice}&instanceid=1")
    assert code(answer) == (403, 9042)
