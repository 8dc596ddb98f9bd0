"""Modify, cancel, run and dismiss: what becomes of a meeting after its creation."""

import json
from random import Random
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tm_async.emulator import Person, State, User
from tm_async.emulator.chapters.index import HANDLERS
from tm_async.emulator.chapters.meetings.state import Booking
from tm_async.emulator.kernel.call import Call
from tm_async.emulator.kernel.identities import Identities
from tm_async.emulator.kernel.refusals import Refused
from tm_async.emulator.oauth.registry import Registry
from tm_async.spec.catalogue import entry

DAY = 86400
SERIES = {"meeting_type": 1, "recurring_rule": {"until_type": 1, "until_count": 3}}


def code(answer: httpx.Response) -> tuple[int, int]:
    return answer.status_code, answer.json()["error_info"]["error_code"]


async def change(caller: Any, meeting_id: str, **members: Any) -> httpx.Response:
    body = {"userid": "tester", "instanceid": 1, **members}
    kept = {name: value for name, value in body.items() if value is not None}
    answer: httpx.Response = await caller.send("PUT", f"/v1/meetings/{meeting_id}", json.dumps(kept).encode())
    return answer


async def changed(caller: Any, meeting_id: str, **members: Any) -> dict[str, Any]:
    """Modify, and read what the meeting is like afterwards."""
    answer = await change(caller, meeting_id, **members)
    assert answer.status_code == 200, answer.text
    detail: dict[str, Any] = await caller.detail(meeting_id)
    return detail


async def cancelled(caller: Any, meeting_id: str, **members: Any) -> httpx.Response:
    body = {"userid": "tester", "instanceid": 1, "reason_code": 1, **members}
    answer: httpx.Response = await caller.send("POST", f"/v1/meetings/{meeting_id}/cancel", json.dumps(body).encode())
    return answer


async def dismissed(caller: Any, meeting_id: str, **members: Any) -> httpx.Response:
    body = {"operator_id": "tester", "operator_id_type": 1, "instanceid": 1, "reason_code": 1, **members}
    answer: httpx.Response = await caller.send("POST", f"/v1/meetings/{meeting_id}/dismiss", json.dumps(body).encode())
    return answer


async def status(caller: Any, meeting_id: str) -> str:
    return str((await caller.detail(meeting_id))["status"]).removeprefix("MEETING_STATE_")


async def listed(caller: Any, userid: str = "tester") -> list[str]:
    return [row["meeting_id"] for row in (await caller.page(userid))["meeting_info_list"]]


# Modify


async def test_modify_answers_as_documented(caller, check_answer) -> None:
    info = await caller.created()
    answer = await change(
        caller,
        info["meeting_id"],
        subject="新",
        enable_live=True,
        live_config={"live_subject": "s"},
        enable_host_key=True,
        settings={"only_user_join_type": 2, "change_nickname": 2, "only_invitees_allowed": True},
        nonsense=1,
    )
    check_answer("meetings.modify", answer.json())
    assert answer.json()["meeting_number"] == 1
    (shown,) = answer.json()["meeting_info_list"]
    assert (shown["meeting_id"], shown["meeting_code"]) == (info["meeting_id"], info["meeting_code"])
    assert (shown["enable_live"], list(shown["live_config"])) == (True, ["live_addr"])
    assert shown["settings"] == {"only_user_join_type": 2, "change_nickname": 2, "only_invitees_allowed": True}
    assert len(shown["host_key"]) == 6
    assert caller.emulator.journal[-1].ignored == ("nonsense",)
    assert caller.emulator.journal[-1].committed


async def test_what_is_absent_stays(caller) -> None:
    info = await caller.created(
        password="123456",
        hosts=["tester", "alice"],
        invitees=["bob"],
        guests=[{"area": "86", "phone_number": "13800000000"}],
        settings={"mute_enable_join": False, "allow_unmute_self": False},
        enable_live=True,
        live_config={"live_subject": "s", "live_summary": "t"},
        enable_host_key=True,
        host_key="654321",
        location="here",
        time_zone="Europe/Berlin",
        enable_doc_upload_permission=False,
    )
    before = await caller.detail(info["meeting_id"])
    assert await changed(caller, info["meeting_id"]) == before
    assert await changed(caller, info["meeting_id"], subject="other") == {**before, "subject": "other"}
    after = await changed(caller, info["meeting_id"], settings={"allow_unmute_self": True})
    assert after["settings"] == {**before["settings"], "allow_unmute_self": True}
    after = await changed(caller, info["meeting_id"], live_config={"live_subject": "u"})
    assert after["live_config"] == {**before["live_config"], "live_subject": "u"}


async def test_what_is_given_is_changed(caller) -> None:
    info = await caller.created(password="123456", hosts=["tester"], invitees=["bob"])
    start = caller.clock.now + 2 * DAY
    after = await changed(
        caller,
        info["meeting_id"],
        start_time=str(start),
        end_time=str(start + 60),
        hosts=["tester", {"userid": "alice"}],
        invitees=["carol", "nobody"],
        guests=[{"area": "86", "phone_number": "13800000000", "guest_name": "g"}],
        location="there",
        time_zone="Asia/Tokyo",
        enable_enroll=True,
        enable_host_key=True,
    )
    assert (after["start_time"], after["end_time"]) == (str(start), str(start + 60))
    assert after["hosts"] == [{"userid": "tester"}, {"userid": "alice"}]
    assert after["participants"] == [{"userid": "carol"}]
    assert after["guests"] == [{"area": "86", "phone_number": "13800000000", "guest_name": "g"}]
    assert (after["location"], after["enable_enroll"], len(after["host_key"])) == ("there", True, 6)
    assert await listed(caller, "bob") == []
    assert await listed(caller, "carol") == await listed(caller, "alice") == [info["meeting_id"]]
    found = await caller.page(meeting_code=info["meeting_code"])
    assert found["meeting_info_list"][0]["location"] == "there"


async def test_empty_values_clear(caller) -> None:
    info = await caller.created(
        password="123456",
        hosts=["tester"],
        invitees=["bob"],
        guests=[{"area": "86", "phone_number": "13800000000"}],
        enable_live=True,
        enable_host_key=True,
    )
    after = await changed(
        caller,
        info["meeting_id"],
        password="",
        hosts=[],
        guests=[],
        invitees=[],
        enable_live=False,
        enable_host_key=False,
    )
    assert not {"password", "host_key", "guests", "live_config"} & set(after)
    assert (after["hosts"], after["participants"], after["enable_live"]) == ([], [], False)


async def test_an_empty_host_key_is_generated_anew(caller) -> None:
    info = await caller.created(enable_host_key=True, host_key="654321")
    after = await changed(caller, info["meeting_id"], host_key="")
    assert len(after["host_key"]) == 6
    assert after["host_key"] != "654321"
    assert (await changed(caller, info["meeting_id"], host_key="111111"))["host_key"] == "111111"


async def test_invitees_are_added_and_removed(caller) -> None:
    info = await caller.created(invitees=["alice", "bob"])
    expected = [(1, ["bob", "carol"], ["alice", "bob", "carol"]), (2, ["alice", "dave"], ["bob", "carol"])]
    for how, people, remaining in (*expected, (3, ["erin"], ["erin"])):
        after = await changed(caller, info["meeting_id"], invitees=people, invitees_operate_type=how)
        assert [person["userid"] for person in after["participants"]] == remaining


@pytest.mark.parametrize(
    "members",
    [
        {"instanceid": None},
        {"subject": ""},
        {"subject": "x" * 257},
        {"password": "12"},
        {"host_key": "12"},
        {"location": "x" * 37},
        {"time_zone": "Nowhere"},
        {"start_time": 1780003600},
        {"start_time": "1780003600000"},
        {"start_time": "1780009999"},
        {"end_time": "1780000000"},
        {"invitees": [str(n) for n in range(301)]},
        {"guests": [{"area": "+86", "phone_number": "13800000000"}]},
        {"hosts": ["alice"]},
        {"meeting_type": 1},
        {"meeting_type": 1, "recurring_rule": {"until_type": 1, "until_count": 201}},
        {"meeting_type": 1, "recurring_rule": {"sub_meeting_id": "1"}},
        {"live_config": {"enable_live_password": True}},
    ],
)
async def test_modify_refuses(caller, members: dict[str, Any]) -> None:
    info = await caller.created()
    before = await caller.detail(info["meeting_id"])
    assert code(await change(caller, info["meeting_id"], **members)) == (400, 190004)
    assert await caller.detail(info["meeting_id"]) == before


async def test_who_may_modify_and_cancel(caller) -> None:
    info = await caller.created(hosts=["tester", "alice"])
    assert code(await change(caller, info["meeting_id"], userid="alice")) == (403, 9042)
    assert code(await cancelled(caller, info["meeting_id"], userid="alice")) == (403, 9042)
    assert code(await change(caller, info["meeting_id"], userid="nobody")) == (500, 190001)
    assert code(await change(caller, info["meeting_id"], hosts=["tester", "nobody"])) == (500, 190001)
    assert code(await change(caller, "1")) == code(await cancelled(caller, "1")) == (500, 9003)
    assert (await change(caller, info["meeting_id"], userid="admin", subject="s")).is_success
    assert (await cancelled(caller, info["meeting_id"], userid="admin")).is_success


async def test_a_quick_meeting_cannot_be_modified(caller) -> None:
    info = await caller.created(type=1)
    assert code(await change(caller, info["meeting_id"], subject="s")) == (500, 9102)


async def test_what_is_over_cannot_be_modified(caller) -> None:
    gone, over = await caller.created(), await caller.created()
    await cancelled(caller, gone["meeting_id"])
    assert code(await change(caller, gone["meeting_id"])) == (500, 9007)
    caller.clock.now += DAY
    assert code(await change(caller, over["meeting_id"])) == (500, 13603)


# Modify a series


async def a_series(caller: Any, **members: Any) -> tuple[str, list[str]]:
    info = await caller.created(**{**SERIES, **members})
    detail = await caller.detail(info["meeting_id"])
    return info["meeting_id"], [item["sub_meeting_id"] for item in detail["sub_meetings"]]


async def test_a_series_without_its_type_becomes_an_ordinary_meeting(caller) -> None:
    meeting_id, ids = await a_series(caller)
    after = await changed(caller, meeting_id, subject="other")
    assert (after["meeting_type"], after["subject"]) == (0, "other")
    assert not {"recurring_rule", "sub_meetings"} & set(after)
    assert after["start_time"] == ids[0]
    assert await listed(caller) == [meeting_id]


async def test_a_series_with_its_rule_stays_as_it_is(caller) -> None:
    meeting_id, ids = await a_series(caller)
    await cancelled(caller, meeting_id, sub_meeting_id=ids[1])
    before = await caller.detail(meeting_id)
    assert await changed(caller, meeting_id, **SERIES, subject="other") == {**before, "subject": "other"}


async def test_a_series_is_planned_anew(caller) -> None:
    meeting_id, ids = await a_series(caller)
    caller.clock.now = int(ids[0]) + 3600  # the first one is over
    start = int(ids[1]) + 1800
    rule = {"recurring_type": 2, "until_type": 1, "until_count": 2}
    after = await changed(
        caller,
        meeting_id,
        meeting_type=1,
        recurring_rule=rule,
        start_time=str(start),
        end_time=str(start + 60),
    )
    starts = [item["start_time"] for item in after["sub_meetings"]]
    assert starts == [ids[0], str(start), str(start + 7 * DAY)]
    assert (after["remain_sub_meetings"], after["recurring_rule"]["recurring_type"]) == (2, 2)


async def test_nothing_is_planned_into_the_past(caller) -> None:
    meeting_id, ids = await a_series(caller)
    caller.clock.now = int(ids[1])  # the first one is over, the second is due
    sooner = {"start_time": str(int(ids[0]) - 600), "end_time": str(int(ids[0]) + 3000)}
    after = await changed(caller, meeting_id, **SERIES, **sooner)
    starts = [item["start_time"] for item in after["sub_meetings"]]
    assert starts == [ids[0], str(int(ids[1]) - 600), str(int(ids[2]) - 600)]


async def test_an_ordinary_meeting_becomes_a_series(caller) -> None:
    info = await caller.created()
    after = await changed(caller, info["meeting_id"], **SERIES)
    assert (after["meeting_type"], len(after["sub_meetings"])) == (1, 3)
    for _ in range(49):
        await caller.created(**SERIES)
    another = await caller.created()
    assert code(await change(caller, another["meeting_id"], **SERIES)) == (400, 190004)
    assert (await change(caller, info["meeting_id"], **SERIES, subject="still one of fifty")).is_success


async def test_the_time_of_one_occurrence(caller) -> None:
    meeting_id, ids = await a_series(caller)
    start = int(ids[2]) + DAY
    after = await changed(
        caller,
        meeting_id,
        meeting_type=1,
        recurring_rule={"sub_meeting_id": ids[1]},
        start_time=str(start),
        end_time=str(start + 60),
        subject="ignored",
    )
    assert after["subject"] == "周会 weekly"
    moved = {"sub_meeting_id": ids[1], "status": 0, "start_time": str(start), "end_time": str(start + 60)}
    assert [item["sub_meeting_id"] for item in after["sub_meetings"]] == [ids[0], ids[2], ids[1]]
    assert after["sub_meetings"][2] == moved
    caller.clock.now = int(ids[2]) + 3600
    detail = await caller.detail(meeting_id)
    assert (detail["current_sub_meeting_id"], detail["remain_sub_meetings"]) == (ids[1], 1)
    rows = (await caller.page())["meeting_info_list"]
    assert [row["start_time"] for row in rows] == [str(start)]


async def test_occurrences_that_cannot_be_moved(caller) -> None:
    meeting_id, ids = await a_series(caller)

    async def moved(sub_meeting_id: str, **rule: Any) -> tuple[int, int]:
        rule = {"sub_meeting_id": sub_meeting_id, **rule}
        return code(await change(caller, meeting_id, meeting_type=1, recurring_rule=rule))

    assert await moved("5") == (400, 190004)
    assert await moved(ids[1], until_count=2) == (400, 190004)
    await cancelled(caller, meeting_id, sub_meeting_id=ids[1])
    assert await moved(ids[1]) == (500, 9007)
    caller.clock.now = int(ids[0]) + 3600
    assert await moved(ids[0]) == (500, 13603)


async def test_a_running_meeting_keeps_its_kind(caller) -> None:
    meeting_id, _ = await a_series(caller)
    caller.emulator.meetings.start(meeting_id)
    assert code(await change(caller, meeting_id)) == (500, 9102)
    assert (await change(caller, meeting_id, **SERIES, subject="s")).is_success
    assert await status(caller, meeting_id) == "STARTED"


# Cancel


async def test_cancel(caller) -> None:
    info = await caller.created(invitees=["alice"])
    answer = await cancelled(caller, info["meeting_id"], reason_detail="why")
    assert (answer.status_code, answer.content) == (200, b"{}")
    assert await status(caller, info["meeting_id"]) == "CANCELLED"
    assert await listed(caller) == await listed(caller, "alice") == []
    found = await caller.page(meeting_code=info["meeting_code"])
    assert found["meeting_info_list"][0]["status"] == "MEETING_STATE_CANCELLED"
    answer = await cancelled(caller, info["meeting_id"])
    assert code(answer) == (500, 9007)
    assert answer.json()["error_info"]["new_error_code"] == 1000009007


async def test_cancel_what_is_running_or_over(caller) -> None:
    info = await caller.created()
    caller.emulator.meetings.start(info["meeting_id"])
    assert code(await cancelled(caller, info["meeting_id"])) == (500, 13602)
    caller.emulator.meetings.end(info["meeting_id"])
    answer = await cancelled(caller, info["meeting_id"])
    assert code(answer) == (500, 13603)
    assert answer.json()["error_info"]["new_error_code"] == 101013603


@pytest.mark.parametrize("member", ["userid", "instanceid", "reason_code"])
async def test_cancel_needs(caller, member: str) -> None:
    info = await caller.created()
    assert code(await cancelled(caller, info["meeting_id"], **{member: None})) == (400, 190004)


@pytest.mark.parametrize("meeting_type", [0, 1])
async def test_cancel_one_occurrence(caller, meeting_type: int) -> None:
    meeting_id, ids = await a_series(caller)
    answer = await cancelled(caller, meeting_id, sub_meeting_id=ids[0], meeting_type=meeting_type)
    assert answer.content == b"{}"
    detail = await caller.detail(meeting_id)
    assert [item["status"] for item in detail["sub_meetings"]] == [1, 0, 0]
    assert (detail["remain_sub_meetings"], detail["current_sub_meeting_id"]) == (2, ids[1])
    (row,) = (await caller.page(is_show_all_sub_meetings=1))["meeting_info_list"]
    assert [item["sub_meeting_id"] for item in row["sub_meetings"]] == ids[1:]
    assert code(await cancelled(caller, meeting_id, sub_meeting_id=ids[0])) == (500, 9007)
    assert code(await cancelled(caller, meeting_id, sub_meeting_id="5")) == (400, 190004)
    caller.emulator.meetings.start(meeting_id)
    assert code(await cancelled(caller, meeting_id, sub_meeting_id=ids[1])) == (500, 13602)
    assert code(await cancelled(caller, meeting_id)) == (500, 13602)
    caller.emulator.meetings.end(meeting_id)
    assert code(await cancelled(caller, meeting_id, sub_meeting_id=ids[1])) == (500, 13603)


async def test_a_series_of_which_nothing_is_left_is_cancelled(caller) -> None:
    meeting_id, ids = await a_series(caller)
    for sub_meeting_id in ids:
        assert await status(caller, meeting_id) == "INIT"
        assert (await cancelled(caller, meeting_id, sub_meeting_id=sub_meeting_id)).is_success
    assert await status(caller, meeting_id) == "CANCELLED"
    assert code(await cancelled(caller, meeting_id)) == (500, 9007)


@pytest.mark.parametrize("meeting_type", [0, 1])
async def test_cancel_a_series(caller, meeting_type: int) -> None:
    meeting_id, ids = await a_series(caller)
    caller.clock.now = int(ids[0]) + 3600
    assert (await cancelled(caller, meeting_id, meeting_type=meeting_type)).content == b"{}"
    detail = await caller.detail(meeting_id)
    assert (detail["status"], detail["remain_sub_meetings"]) == ("MEETING_STATE_CANCELLED", 0)
    assert [item["status"] for item in detail["sub_meetings"]] == [0, 1, 1]
    assert code(await cancelled(caller, meeting_id, sub_meeting_id=ids[1])) == (500, 9007)
    assert await listed(caller) == []


async def test_an_ordinary_meeting_has_no_occurrences(caller) -> None:
    info = await caller.created()
    assert code(await cancelled(caller, info["meeting_id"], sub_meeting_id="5")) == (400, 190004)


async def test_cancelled_series_do_not_count(caller) -> None:
    made = [(await caller.created(**SERIES))["meeting_id"] for _ in range(50)]
    assert code(await caller.create(**SERIES)) == (400, 190004)
    await cancelled(caller, made[7])
    assert (await caller.create(**SERIES)).is_success


# The running state


async def test_a_meeting_runs_while_somebody_is_inside(caller) -> None:
    info = await caller.created(hosts=["tester", "alice"])
    meeting_id, emulator = info["meeting_id"], caller.emulator
    caller.clock.now = int(info["start_time"])
    assert await status(caller, meeting_id) == "INIT"
    emulator.meetings.join(meeting_id, "bob")
    assert await status(caller, meeting_id) == "STARTED"
    emulator.meetings.join(meeting_id, "alice")
    detail = await caller.detail(meeting_id)
    assert detail["current_hosts"] == [{"userid": "alice"}]
    emulator.meetings.leave(meeting_id, "bob")
    emulator.meetings.leave(meeting_id, "alice")
    assert await status(caller, meeting_id) == "INIT"
    assert "current_hosts" not in await caller.detail(meeting_id)
    emulator.meetings.join(meeting_id, "bob")
    caller.clock.now = int(info["end_time"]) + 600
    assert await status(caller, meeting_id) == "STARTED"
    assert await listed(caller) == [meeting_id]
    emulator.meetings.leave(meeting_id, "bob")
    assert await status(caller, meeting_id) == "NULL"
    assert await listed(caller) == []


async def test_a_host_ends_a_meeting_early(caller) -> None:
    info = await caller.created()
    meeting_id = info["meeting_id"]
    caller.emulator.meetings.start(meeting_id)
    caller.emulator.meetings.end(meeting_id)
    assert await status(caller, meeting_id) == "NULL"
    assert await listed(caller) == []
    caller.emulator.meetings.join(meeting_id, "tester")  # the code was kept
    assert await status(caller, meeting_id) == "STARTED"
    assert await listed(caller) == [meeting_id]
    caller.emulator.meetings.leave(meeting_id, "tester")
    assert await status(caller, meeting_id) == "INIT"


async def test_occurrences_run_one_by_one(caller) -> None:
    meeting_id, ids = await a_series(caller)
    caller.emulator.meetings.join(meeting_id, "alice", sub_meeting_id=ids[1])
    detail = await caller.detail(meeting_id)
    assert (detail["status"], detail["current_sub_meeting_id"]) == ("MEETING_STATE_STARTED", ids[1])
    caller.emulator.meetings.join(meeting_id, "bob")  # the one that runs
    caller.emulator.meetings.end(meeting_id)
    detail = await caller.detail(meeting_id)
    assert (detail["status"], detail["current_sub_meeting_id"]) == ("MEETING_STATE_INIT", ids[0])
    assert detail["remain_sub_meetings"] == 2
    caller.clock.now = int(ids[2]) + DAY
    with pytest.raises(ValueError, match="sub_meeting_id: every occurrence is over"):
        caller.emulator.meetings.start(meeting_id)
    caller.emulator.meetings.start(meeting_id, sub_meeting_id=ids[2])
    (row,) = (await caller.page(pos=1))["meeting_info_list"]
    assert (row["start_time"], row["status"]) == (ids[2], "MEETING_STATE_STARTED")


# Dismiss


async def test_dismiss(caller) -> None:
    info = await caller.created(hosts=["tester", "alice"])
    meeting_id = info["meeting_id"]
    assert code(await dismissed(caller, meeting_id)) == (500, 9002)
    caller.emulator.meetings.join(meeting_id, "bob")
    assert code(await dismissed(caller, meeting_id, operator_id="bob")) == (403, 9042)
    assert code(await dismissed(caller, meeting_id, force_dismiss_meeting=0)) == (500, 9002)
    answer = await dismissed(caller, meeting_id, operator_id="alice", reason_detail="late")
    assert (answer.status_code, answer.content) == (200, b"{}")
    assert await status(caller, meeting_id) == "NULL"
    assert code(await dismissed(caller, meeting_id)) == (500, 13603)
    assert (await caller.page(meeting_code=info["meeting_code"]))["meeting_number"] == 1


async def test_dismiss_what_is_not_there(caller) -> None:
    info = await caller.created()
    assert code(await dismissed(caller, "1")) == (500, 9003)
    await cancelled(caller, info["meeting_id"])
    assert code(await dismissed(caller, info["meeting_id"])) == (500, 9007)


@pytest.mark.parametrize(("kind", "retrieve"), [(0, 1), (1, 0)])
async def test_the_code_goes_back(caller, kind: int, retrieve: int) -> None:
    info = await caller.created(type=kind)
    caller.emulator.meetings.start(info["meeting_id"])
    assert (await dismissed(caller, info["meeting_id"], retrieve_code=retrieve)).is_success
    assert await status(caller, info["meeting_id"]) == "RECYCLED"
    answer = await caller.get(f"/v1/meetings?userid=tester&instanceid=1&meeting_code={info['meeting_code']}")
    assert code(answer) == (500, 9003)
    with pytest.raises(ValueError, match="given back"):
        caller.emulator.meetings.join(info["meeting_id"], "alice")


# With the tokens of users


async def test_apps_change_what_they_made(caller, third) -> None:
    pair = await third.allowed("tester")
    mine, theirs = await third.created(pair), await caller.created()
    who = {"userid": pair["open_id"], "instanceid": 1, "reason_code": 1}

    async def sent(method: str, target: str, **members: Any) -> httpx.Response:
        answer: httpx.Response = await third.send(pair, method, target, json.dumps({**who, **members}).encode())
        return answer

    target = f"/v1/meetings/{mine['meeting_id']}"
    host = {"userid": pair["open_id"]}
    assert (await sent("PUT", target, subject="s", hosts=[host])).is_success
    assert caller.emulator.state.meetings[mine["meeting_id"]].hosts[0].userid == "tester"
    assert code(await sent("PUT", target, userid="somebody else")) == (403, 9042)
    assert code(await sent("PUT", f"/v1/meetings/{theirs['meeting_id']}")) == (403, 9042)
    assert code(await sent("POST", f"/v1/meetings/{theirs['meeting_id']}/cancel")) == (403, 9042)
    caller.emulator.meetings.start(mine["meeting_id"])
    operator = {"operator_id": pair["open_id"], "operator_id_type": 2}
    assert code(await sent("POST", target + "/dismiss", operator_id="tester", operator_id_type=1)) == (400, 190004)
    assert (await sent("POST", target + "/dismiss", **operator)).is_success
    again = await third.created(pair)
    assert (await sent("POST", f"/v1/meetings/{again['meeting_id']}/cancel")).is_success
    assert (await change(caller, mine["meeting_id"])).status_code == 500  # over, but within reach of the enterprise


# The controls


async def test_controls_in_the_process(caller) -> None:
    emulator = caller.emulator
    meeting_id = (await caller.created())["meeting_id"]
    alice = emulator.meetings.join(meeting_id, "alice", audio=True)
    guest = emulator.meetings.join(meeting_id, name="客人", instanceid=0, phone="13800000000")
    assert (alice.userid, alice.joined, alice.audio, alice.join_type) == ("alice", caller.clock.now, True, 1)
    assert (guest.userid, guest.name, guest.join_type, len(guest.phone or "")) == (None, "客人", 0, 64)
    assert guest.ms_open_id != alice.ms_open_id
    assert emulator.meetings.join(meeting_id, "alice", instanceid=3).ms_open_id == alice.ms_open_id
    with pytest.raises(ValueError, match="^userid: 'alice' is inside already"):
        emulator.meetings.join(meeting_id, "alice")
    with pytest.raises(ValueError, match="^userid: 'nobody' is not registered"):
        emulator.meetings.join(meeting_id, "nobody")
    with pytest.raises(ValueError, match="^sub_meeting_id: '5' is no occurrence"):
        emulator.meetings.join(meeting_id, "bob", sub_meeting_id="5")
    with pytest.raises(ValueError, match="^userid: either this"):
        emulator.meetings.leave(meeting_id)
    with pytest.raises(ValueError, match="^userid: 'bob' is not inside"):
        emulator.meetings.leave(meeting_id, "bob")
    with pytest.raises(ValueError, match="^ms_open_id: 'x' is not inside"):
        emulator.meetings.leave(meeting_id, ms_open_id="x")
    assert len(emulator.meetings.leave(meeting_id, "alice")) == 2
    assert emulator.meetings.leave(meeting_id, ms_open_id=guest.ms_open_id) == [guest]
    with pytest.raises(ValueError, match="^meeting_id: nobody is inside"):
        emulator.meetings.leave(meeting_id, "alice")
    with pytest.raises(ValueError, match="^meeting_id: nobody is inside"):
        emulator.meetings.end(meeting_id)
    with pytest.raises(ValueError, match="^meeting_id: '1' is not known"):
        emulator.meetings.start("1")
    await cancelled(caller, meeting_id)
    with pytest.raises(ValueError, match="^meeting_id: the meeting was cancelled"):
        emulator.meetings.start(meeting_id)


async def test_controls_over_http(caller) -> None:
    meeting_id = (await caller.created())["meeting_id"]
    root = caller.emulator.base_url.removesuffix("v1") + "_emulator/"

    async def control(what: str, **body: Any) -> httpx.Response:
        answer: httpx.Response = await caller.http.post(root + f"meetings/{what}", json=body)
        return answer

    started = (await control("start", meeting_id=meeting_id)).json()
    assert (started["userid"], started["joined"], started["left"]) == ("tester", caller.clock.now, None)
    guest = (await control("join", meeting_id=meeting_id, name="g", phone="1", video=True)).json()
    assert "phone" in guest
    state = (await caller.http.get(root + "state")).json()
    (shown,) = state["meetings"]
    assert [one["name"] for one in shown["inside"]] == ["tester", "g"]
    gone = await control("leave", meeting_id=meeting_id, ms_open_id=guest["ms_open_id"])
    assert [one["name"] for one in gone.json()["result"]] == ["g"]
    assert (await control("end", meeting_id=meeting_id, return_code=True)).json() == {}
    for what, body, field in [
        ("join", {}, "meeting_id"),
        ("join", {"meeting_id": meeting_id, "audio": 1}, "audio"),
        ("join", {"meeting_id": meeting_id, "colour": 1}, "colour"),
        ("start", {"meeting_id": 5}, "meeting_id"),
        ("leave", {"meeting_id": meeting_id, "userid": "tester"}, "meeting_id"),
        ("end", {"meeting_id": "1"}, "meeting_id"),
    ]:
        answer = await control(what, **body)
        assert (answer.status_code, answer.json()["error"].split(":")[0]) == (400, field)


# Whatever is sent


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
_FIELDS = entry("meetings.modify").body
_RULE = next(item["fields"] for item in _FIELDS if item["name"] == "recurring_rule")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.dictionaries(st.sampled_from([item["name"] for item in _FIELDS]), JUNK),
    st.dictionaries(st.sampled_from([item["name"] for item in _RULE]), st.integers(-2, 40) | JUNK),
)
def test_no_body_breaks_the_handler(a_call, check_answer, junk: dict[str, Any], rule: dict[str, Any]) -> None:
    good = {"userid": "tester", "instanceid": 1, "meeting_type": 1, "recurring_rule": rule}
    for body in (good, {**good, **junk}):
        try:
            answer = HANDLERS["meetings.modify"](a_call("meetings.modify", body))
        except Refused as refusal:
            assert refusal.number in {190001, 190004}
        else:
            check_answer("meetings.modify", answer.value)


@pytest.fixture
def a_call() -> Any:
    """A call about a new meeting of its own."""

    def make(operation: str, body: Any) -> Call:
        state = State([User("tester")], Random(0))
        booking = Booking(
            creator="tester",
            subject="s",
            type=0,
            meeting_type=0,
            start=1_780_003_600,
            end=1_780_007_200,
            hosts=(Person("tester"),),
        )
        meeting = state.create(booking, 1_780_000_000)
        return Call(
            operation=operation,
            params={"meeting_id": meeting.id},
            query={},
            body=json.dumps(body).encode(),
            now=1_780_000_000,
            state=state,
            quotas=None,
            people=Identities(state.users, "objects"),
            registry=Registry(0, state.users, "objects", state.news),
        )

    return make
