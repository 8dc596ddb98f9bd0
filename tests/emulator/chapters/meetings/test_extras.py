"""Personal links, personal meeting numbers, devices, backgrounds, quality, chat, and the controls over HTTP."""

import json
import logging
from random import Random
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.emulator.calls import ask, ask_as, code, operated, told
from tests.emulator.chapters.meetings.test_meetings import JUNK
from tm_async.emulator import Emulator, State, User
from tm_async.emulator.chapters.index import HANDLERS
from tm_async.emulator.chapters.meetings.state import Booking, Person
from tm_async.emulator.kernel.call import Call
from tm_async.emulator.kernel.identities import Identities
from tm_async.emulator.kernel.refusals import Refused
from tm_async.emulator.oauth.registry import Registry
from tm_async.spec.catalogue import entry

DAY = 86400
WHO = {"operator_id": "tester", "operator_id_type": 1}
ADMIN = {**WHO, "operator_id": "admin"}


async def test_personal_links(caller) -> None:
    meeting = (await caller.created())["meeting_id"]
    make, show = "meetings.create_customer_url", "meetings.list_customer_urls"
    assert await told(caller, show, meeting, **WHO) == {"meeting_short_url_customer_data": []}
    made = [
        (await told(caller, make, **WHO, meeting_id=meeting, customer_data=data))["meeting_short_url_customer_data"]
        for data in ("one", "字" * 85 + "x", "one")
    ]
    assert made[0] == made[2] != made[1]
    assert made[0]["customer_data"] == "one"
    assert made[0]["meeting_short_url"].startswith("https://meeting.tencent.com/dm/")
    assert (await told(caller, show, meeting, **ADMIN))["meeting_short_url_customer_data"] == made[:2]
    answer = await ask(caller, make, **WHO, meeting_id=meeting, customer_data="字" * 85 + "xx")
    assert code(answer) == (400, 190004)
    assert code(await ask(caller, show, meeting, **{**WHO, "operator_id": "alice"})) == (403, 9042)
    assert code(await ask(caller, show, "1", **WHO)) == (500, 9003)
    assert code(await ask(caller, show, meeting, **{**WHO, "operator_id_type": 4})) == (400, 190455)
    nobody = await told(caller, make, meeting_id=meeting, customer_data="one")  # the enterprise itself
    assert nobody["meeting_short_url_customer_data"] == made[0]
    assert (await told(caller, show, meeting))["meeting_short_url_customer_data"] == made[:2]
    assert code(await ask(caller, show, "1")) == (500, 9003)
    assert code(await ask(caller, show, meeting, operator_id="tester")) == (400, 190004)  # of which type?
    personal = caller.emulator.meetings.add_personal("tester").id
    assert code(await ask(caller, make, **WHO, meeting_id=personal, customer_data="x")) == (400, 190004)
    assert code(await ask(caller, show, personal, **WHO)) == (400, 190004)


async def test_what_is_for_the_enterprise_only(third) -> None:
    pair = await third.allowed("tester")
    meeting = (await third.created(pair))["meeting_id"]
    who = {"operator_id": pair["open_id"], "operator_id_type": 2}
    for operation in ("list_customer_urls", "list_pmi", "export_chat"):
        assert code(await ask_as(third, pair, f"meetings.{operation}", meeting, **who, instanceid=1)) == (400, 200004)


async def test_personal_meeting_numbers(caller) -> None:
    emulator, now = caller.emulator, caller.clock.now
    await caller.created()
    first = emulator.meetings.add_personal("tester", subject="Mine", start=now + 10 * DAY, end=now + 11 * DAY)
    second = emulator.meetings.add_personal("tester")
    theirs = emulator.meetings.add_personal("alice")
    assert first.code == second.code != theirs.code
    page = await told(caller, "meetings.list_pmi", **operated())
    assert page["meeting_info_list"] == [
        {
            "meeting_id": meeting.id,
            "meeting_code": meeting.code,
            "subject": subject,
            "start_time": meeting.start,
            "end_time": meeting.end,
        }
        for meeting, subject in ((second, "Personal meeting"), (first, "Mine"))
    ]
    assert (page["total_count"], page["total_page"], page["current_page"], page["current_size"]) == (2, 1, 1, 2)
    assert (await caller.detail(first.id))["meeting_type"] == 5
    for window, found in (
        ({"start_time": now + 1}, [first.id]),
        ({"end_time": now}, [second.id]),
        ({"start_time": now, "end_time": now + 90 * DAY}, [second.id, first.id]),
        ({"start_time": now + 11 * DAY, "end_time": now + 11 * DAY}, []),
    ):
        page = await told(caller, "meetings.list_pmi", **operated(**window))
        assert [row["meeting_id"] for row in page["meeting_info_list"]] == found
    for window in (
        {"start_time": now, "end_time": now + 90 * DAY + 1},
        {"start_time": now, "end_time": now - 1},
        {"page_size": 21},
        {"page": 0},
    ):
        assert code(await ask(caller, "meetings.list_pmi", **operated(**window))) == (400, 190004)
    assert code(await ask(caller, "meetings.list_pmi", **operated(kind=3))) == (400, 200004)
    for wrong in ({"userid": "nobody"}, {"userid": "tester", "start": 10, "end": 10}):
        with pytest.raises(ValueError):
            emulator.meetings.add_personal(**wrong)


async def test_devices_in_meetings(caller) -> None:
    emulator = caller.emulator
    one, two = [(await caller.created())["meeting_id"] for _ in range(2)]
    for meeting, device in ((one, 1), (one, 4), (two, 1), (two, 20), (two, 8)):
        emulator.meetings.join(meeting, "alice", instanceid=device)
    emulator.meetings.join(one, "bob", instanceid=3)
    who = {**WHO, "operator_id": "alice"}

    async def inside(*meetings: str, **more: Any) -> list[tuple[str, int]]:
        asked = {**who, "meeting_id": list(meetings), **more}
        found = (await told(caller, "meetings.query_device_meetings", **asked))["meeting_id_map"]
        return [(item["meeting_id"], item["instanceid"]) for item in found]

    assert await inside(one, two, one) == [(one, 1), (one, 4), (two, 1)]  # Rooms and mini programs are not covered
    assert await inside(one, two, instanceids=[4, 5]) == [(one, 4)]
    assert await inside(two, instanceids=[]) == [(two, 1)]
    emulator.meetings.leave(one, "alice")
    assert await inside(one) == []
    operation = "meetings.query_device_meetings"
    assert code(await ask(caller, operation, **who, meeting_id=[])) == (400, 190004)
    assert code(await ask(caller, operation, **who, meeting_id=one)) == (400, 190004)
    assert code(await ask(caller, operation, **who, meeting_id=[one], instanceids=[31])) == (400, 190004)
    assert code(await ask(caller, operation, **who, meeting_id=["1"])) == (500, 9003)


async def test_virtual_background(caller) -> None:
    emulator, operation = caller.emulator, "meetings.set_virtual_background"
    meeting = (await caller.created(hosts=["alice"]))["meeting_id"]
    job = (await told(caller, operation, meeting, **operated(type=0, image="https://example.com/a.png")))["job_id"]
    background = emulator.state.backgrounds.get(meeting)
    assert background is not None
    assert (background.image, background.users) == ("https://example.com/a.png", None)
    other = (await told(caller, operation, meeting, **operated(type=1, users=["alice", "bob"])))["job_id"]
    assert other != job
    background = emulator.state.backgrounds.get(meeting)
    assert background is not None
    assert (background.image, background.users) == (None, ("alice", "bob"))
    assert code(await ask(caller, operation, meeting, **operated(type=1))) == (400, 190004)
    assert code(await ask(caller, operation, meeting, **operated(type=2))) == (400, 190004)
    assert code(await ask(caller, operation, meeting, **operated(type=1, users=["nobody"]))) == (500, 190001)
    assert code(await ask(caller, operation, meeting, **operated("alice", type=0))) == (403, 9042)
    emulator.meetings.start(meeting)
    assert code(await ask(caller, operation, meeting, **operated(type=0))) == (500, 9102)
    emulator.meetings.end(meeting)
    assert code(await ask(caller, operation, meeting, **operated(type=0))) == (500, 13603)
    gone = (await caller.created())["meeting_id"]
    await ask(caller, "meetings.cancel", gone, userid="tester", instanceid=1, reason_code=1)
    assert code(await ask(caller, operation, gone, **operated(type=0))) == (500, 9007)


def measured(number: int, bitrate: str = "100") -> dict[str, Any]:
    details = [{"instanceid": 1, "video": {"upstream_bitrate": bitrate}, "network": {"network_delay": str(number)}}]
    return {"ms_open_id": f"m{number}", "nick_name": f"n{number}", "qos_details": details}


async def test_quality(caller) -> None:
    meeting = (await caller.created())["meeting_id"]
    people = [{"userid": "alice", "quality": 2, "instanceid": "1", "problems": ["loss"]}, {"userid": "bob"}]
    caller.emulator.seed_answer("meetings.get_quality", {"quality": 2, "participants": people})
    asked = {**ADMIN, "page": 1, "page_size": 1, "start_time": caller.clock.now - 7 * DAY}
    page = await told(caller, "meetings.get_quality", meeting, **asked)
    assert (page["quality"], page["participants"], page["total_count"], page["total_page"]) == (2, people[:1], 2, 2)
    page = await told(caller, "meetings.get_quality", meeting, **{**asked, "page": 2})
    assert page["participants"] == people[1:]
    for changed, expected in (
        ({"operator_id": "tester"}, (403, 9042)),
        ({"operator_id_type": 4}, (400, 190455)),
        ({"page": 2001}, (400, 190004)),
        ({"page_size": 51}, (400, 190004)),
        ({"start_time": None}, (400, 190004)),
        ({"start_time": caller.clock.now - 7 * DAY - 1}, (400, 190004)),
        ({"start_time": caller.clock.now + 1}, (400, 190004)),
        ({"sub_meeting_id": "1"}, (400, 190004)),
    ):
        assert code(await ask(caller, "meetings.get_quality", meeting, **{**asked, **changed})) == expected


async def test_quality_of_an_occurrence(caller) -> None:
    info = await caller.created(meeting_type=1, recurring_rule={"until_type": 1, "until_count": 2})
    meeting, occurrence = info["meeting_id"], info["start_time"]
    where = {"meeting_id": meeting, "sub_meeting_id": occurrence}
    caller.emulator.seed_answer("meetings.get_quality", {"quality": 1}, where=where)
    asked = {**ADMIN, "page": 1, "page_size": 50, "start_time": caller.clock.now}
    assert code(await ask(caller, "meetings.get_quality", meeting, **asked)) == (400, 190004)
    page = await told(caller, "meetings.get_quality", meeting, **asked, sub_meeting_id=occurrence)
    assert (page["quality"], page["participants"]) == (1, [])
    later = str(int(occurrence) + DAY)
    assert code(await ask(caller, "meetings.get_quality", meeting, **asked, sub_meeting_id=later)) == (400, 200004)


async def test_live_quality(caller) -> None:
    emulator, operation = caller.emulator, "meetings.get_qos"
    meeting = (await caller.created(hosts=["bob"]))["meeting_id"]
    people = [measured(number, str(number * 10)) for number in range(25)] + [measured(99, "none")]
    emulator.seed_answer(operation, {"participants": people})
    assert code(await ask(caller, operation, meeting, **ADMIN)) == (400, 190004)  # nobody is inside
    emulator.meetings.start(meeting)
    page = await told(caller, operation, meeting, **ADMIN)
    assert (page["current_size"], page["total_count"]) == (20, 26)
    for filters, found in (
        ({"to_operator_id": "m7", "to_operator_id_type": 4}, ["m7"]),
        ({"min_value": 230}, ["m23", "m24"]),
        ({"max_value": "10.5"}, ["m0", "m1"]),
        ({"min_value": 10, "max_value": 20}, ["m1", "m2"]),
        ({"key": "network_network_delay", "min_value": 24, "max_value": 98}, ["m24"]),
        ({"key": "share_screen_upstream_bitrate", "min_value": 0}, []),
        ({"key": "nonsense", "min_value": 0}, []),
        ({"key": "network_network_delay"}, [item["ms_open_id"] for item in people]),
    ):
        page = await told(caller, operation, meeting, **ADMIN, page_size=100, **filters)
        assert [item["ms_open_id"] for item in page["participants"]] == found
    for changed in ({"page_size": 19}, {"page_size": 101}, {"min_value": "much"}):
        assert code(await ask(caller, operation, meeting, **ADMIN, **changed)) == (400, 190004)
    emulator.seed_users("zed")
    for who, expected in (("tester", 200), ("bob", 200), ("zed", 403)):  # creator, host, nobody special
        answer = await ask(caller, operation, meeting, **operated(who))
        assert answer.status_code == expected
    assert code(answer) == (403, 9042)


async def test_live_quality_thirty_times_a_minute(clock, calling) -> None:
    async with Emulator(clock=clock, enforce_quotas=True) as emulator:
        caller = calling(emulator)
        meeting = (await caller.created())["meeting_id"]
        emulator.meetings.start(meeting)
        emulator.seed_answer("meetings.get_qos", {})
        for _ in range(30):
            await told(caller, "meetings.get_qos", meeting, **ADMIN)
        assert code(await ask(caller, "meetings.get_qos", meeting, **ADMIN)) == (500, 500046)
        clock.now += 60
        await told(caller, "meetings.get_qos", meeting, **ADMIN)


async def test_chat(caller) -> None:
    meeting = (await caller.created())["meeting_id"]
    file = {"start_time": "1", "end_time": "2", "download_url": "https://example.com/chat.zip"}
    caller.emulator.seed_answer("meetings.export_chat", {"download_file": [file]})
    assert await told(caller, "meetings.export_chat", meeting, **ADMIN) == {"download_file": [file]}
    assert code(await ask(caller, "meetings.export_chat", meeting, **WHO)) == (403, 9042)
    assert code(await ask(caller, "meetings.export_chat", meeting, **ADMIN, sub_meeting_id="1")) == (400, 190004)


async def test_what_cannot_be_known_is_said_loudly(caller, caplog) -> None:
    meeting = (await caller.created())["meeting_id"]
    caller.emulator.meetings.start(meeting)
    quality = {"page": 1, "page_size": 50, "start_time": caller.clock.now}
    for operation, more in (("get_quality", quality), ("get_qos", {}), ("export_chat", {})):
        answer = await ask(caller, f"meetings.{operation}", meeting, **ADMIN, **more)
        assert code(answer) == (400, 200004)
        assert "not emulated without an answer from Emulator.seed_answer" in answer.json()["error_info"]["message"]
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * 3


async def test_the_controls(caller) -> None:
    root = caller.emulator.base_url.removesuffix("v1") + "_emulator"
    meeting = (await caller.created(enable_enroll=True, settings={"auto_in_waiting_room": True}))["meeting_id"]

    async def control(path: str, **body: Any) -> httpx.Response:
        return await caller.http.post(f"{root}/meetings/{path}", content=json.dumps(body))

    alice = {"meeting_id": meeting, "userid": "alice"}
    enrolled = (await control("enrol", **alice, nick_name="A", answers=[])).json()
    (row,) = caller.emulator.state.enrolments.of(meeting)
    assert enrolled == {
        "id": row.id,
        "userid": "alice",
        "nick_name": "A",
        "time": caller.clock.now,
        "ms_open_id": row.ms_open_id,
        "status": "approved",
    }
    waiting = (await control("wait", **alice, instanceid=4, name=None)).json()
    assert (waiting["userid"], waiting["instanceid"], waiting["left"]) == ("alice", 4, None)
    assert (await control("stop-waiting", **alice)).json() == {}
    assert caller.emulator.state.waiting.inside(meeting) == []
    personal = (await control("add-personal", userid="bob", subject="s")).json()
    assert caller.emulator.state.meetings[personal["id"]].code == personal["code"]

    for path, body, problem in (
        ("enrol", {}, "meeting_id: is missing"),
        ("enrol", {**alice, "answers": [1]}, "answers[0]: must be of type str or list"),
        ("enrol", {**alice, "answers": [["x", 1]]}, "answers[0][1]: must be of type str"),
        ("enrol", alice, "userid: 'alice' has registered for this meeting before"),
        ("wait", {**alice, "instanceid": "1"}, "instanceid: must be of type int"),
        ("wait", {**alice, "colour": "x"}, "colour: unknown, the members are meeting_id, userid, "),
        ("stop-waiting", alice, "userid: 'alice' is not in the waiting room"),
    ):
        refused = await control(path, **body)
        assert (refused.status_code, refused.json()["error"][: len(problem)]) == (400, problem)
    refused = await caller.http.post(f"{root}/meetings/wait", content="[]")
    assert refused.json() == {"error": "body: a JSON object is expected"}


BODIES = {
    "guests.replace": {"guests": [{"area": "86", "phone_number": "1"}]},
    "meetings.set_enroll_config": {"is_collect_question": 2, "question_list": [{"is_required": 1, "special_type": 2}]},
    "meetings.approve_enrollments": {"action": 3, "enroll_id_list": [1]},
    "meetings.query_enroll_ids": {"ms_open_id_list": ["x"]},
    "meetings.import_enrollments": {"enroll_list": [{"userid": "tester"}]},
    "meetings.delete_enrollments": {"enroll_id_list": [{"enroll_id": 1}]},
    "meetings.set_waiting_room_welcome": {"enable_welcome": True, "welcome_text": "x"},
    "meetings.create_customer_url": {"customer_data": "x"},
    "meetings.query_device_meetings": {},
    "meetings.set_virtual_background": {"type": 0},
}


A_MEMBER = st.integers(0, 99)
"""Stands for a name: each operation has its own."""
NESTED = st.dictionaries(A_MEMBER, JUNK, max_size=4).map(lambda drawn: ("nested", drawn))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(st.dictionaries(A_MEMBER, JUNK | NESTED | st.lists(NESTED, max_size=3)))
def test_no_body_breaks_a_handler(check_answer, drawn: dict[int, Any]) -> None:
    for operation, good in BODIES.items():
        note(operation)
        documented = entry(operation).body
        nested = sorted(_names(documented) | {"x"})
        junk = {documented[key % len(documented)]["name"]: _named(one, nested) for key, one in drawn.items()}
        _handled(check_answer, operation, good, junk)


def _named(drawn: Any, names: list[str]) -> Any:
    if isinstance(drawn, tuple):
        return {names[key % len(names)]: one for key, one in drawn[1].items()}
    return [_named(one, names) for one in drawn] if isinstance(drawn, list) else drawn


def _handled(check_answer, operation: str, good: dict[str, Any], junk: dict[str, Any]) -> None:
    state = State([User("tester")], Random(0))
    booking = Booking(
        creator="tester",
        subject="s",
        type=0,
        meeting_type=0,
        start=1_780_003_600,
        end=1_780_007_200,
        hosts=(Person("tester"),),
        settings={"auto_in_waiting_room": True},
        switches={"enable_enroll": True},
    )
    meeting_id = state.create(booking, 1_780_000_000).id
    good = {"userid": "tester", **operated(), **good}
    good["meeting_id"] = [meeting_id] if operation == "meetings.query_device_meetings" else meeting_id
    call = Call(
        operation=operation,
        params={"meeting_id": meeting_id},
        query={},
        body=json.dumps({**good, **junk}).encode(),
        now=1_780_000_000,
        state=state,
        quotas=None,
        people=Identities(state.users, "objects"),
        registry=Registry(0, state.users, "objects", state.news),
    )
    try:
        answer = HANDLERS[operation](call)
    except Refused as refusal:
        assert refusal.number in {112, 9003, 190001, 190004, 200004}
    else:
        check_answer(operation, answer.value)


def _names(fields: list[dict[str, Any]]) -> set[str]:
    nested = (item.get("fields") or item.get("items", {}).get("fields") or [] for item in fields)
    return {item["name"] for item in fields}.union(*map(_names, nested))
