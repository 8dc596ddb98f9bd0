"""The waiting room: who is in it, who was, and what they are told."""

import base64
from typing import Any

import pytest

from tests.emulator.calls import ask, ask_as, code, operated, told, told_as

ON = {"auto_in_waiting_room": True}


def text(encoded: str) -> str:
    return base64.b64decode(encoded).decode()


@pytest.fixture
async def info(caller) -> dict[str, Any]:
    created: dict[str, Any] = await caller.created(settings=ON, hosts=["tester", "alice"])
    return created


@pytest.fixture
def meeting(info) -> str:
    return str(info["meeting_id"])


async def test_who_waits_while_the_meeting_runs(caller, info, meeting) -> None:
    emulator = caller.emulator
    bob = emulator.meetings.wait(meeting, "bob", instanceid=4, customer_data="ZGF0YQ==")
    guest = emulator.meetings.wait(meeting, name="客人")
    page = await told(caller, "meetings.list_waiting_room", meeting, userid="tester")
    assert (page["total_count"], page["participants"]) == (0, [])  # it does not run yet
    emulator.meetings.start(meeting)
    page = await told(caller, "meetings.list_waiting_room", meeting, userid="tester")
    first, second = page["participants"]
    assert text(first.pop("user_name")) == "bob"
    assert first == {"userid": "bob", "ms_open_id": bob.ms_open_id, "instanceid": 4, "customer_data": "ZGF0YQ=="}
    assert text(second.pop("user_name")) == "客人"
    assert second == {"ms_open_id": guest.ms_open_id, "instanceid": 1}
    assert text(page["subject"]) == info["subject"]
    assert {
        name: page[name] for name in ("meeting_id", "meeting_code", "schedule_start_time", "schedule_end_time")
    } == {
        "meeting_id": meeting,
        "meeting_code": info["meeting_code"],
        "schedule_start_time": int(info["start_time"]),
        "schedule_end_time": int(info["end_time"]),
    }


async def test_who_comes_in_waits_no_longer(caller, meeting) -> None:
    emulator = caller.emulator
    emulator.meetings.start(meeting)
    bob, guest = emulator.meetings.wait(meeting, "bob"), emulator.meetings.wait(meeting, name="客人")
    caller.clock.now += 30
    assert emulator.meetings.join(meeting, "bob").ms_open_id == bob.ms_open_id
    assert emulator.meetings.join(meeting, name="客人").ms_open_id == guest.ms_open_id
    assert (await told(caller, "meetings.list_waiting_room", meeting, userid="tester"))["participants"] == []
    emulator.meetings.wait(meeting, "bob")
    emulator.meetings.stop_waiting(meeting, "bob")
    with pytest.raises(ValueError, match="userid: 'bob' is not in the waiting room"):
        emulator.meetings.stop_waiting(meeting, "bob")


async def test_records_of_all_who_came(caller, info, meeting) -> None:
    emulator, now = caller.emulator, caller.clock.now
    emulator.meetings.wait(meeting, "bob", instanceid=20)
    caller.clock.now += 1.5
    emulator.meetings.stop_waiting(meeting, "bob")
    emulator.meetings.wait(meeting, "carol")
    asked = {**operated("alice"), "page": 1, "page_size": 20}  # a host
    page = await told(caller, "meetings.list_waiting_room_records", meeting, **asked)
    first, second = page["participants"]
    assert (first["userid"], first["instanceid"]) == ("bob", "20")
    assert (first["join_time"], first["left_time"]) == (now * 1000, now * 1000 + 1500)
    assert (second["userid"], second["join_time"], "left_time" in second) == ("carol", now * 1000 + 1500, False)
    assert page["schedule_start_time"] == int(info["start_time"]) * 1000
    assert page["schedule_end_time"] == int(info["end_time"]) * 1000
    caller.clock.now += 30 * 86400  # also long after the meeting
    assert (await told(caller, "meetings.list_waiting_room_records", meeting, **asked))["total_count"] == 2


async def test_times_of_a_series_are_those_of_the_next_occurrence(caller) -> None:
    rule = {"until_type": 1, "until_count": 3}
    info = await caller.created(settings=ON, meeting_type=1, recurring_rule=rule)
    start = int(info["start_time"])
    asked = {**operated(), "page": 1, "page_size": 20}
    for now, expected in ((start, start), (start + 86400 - 1, start + 86400), (start + 9 * 86400, start + 2 * 86400)):
        caller.clock.now = now
        page = await told(caller, "meetings.list_waiting_room_records", info["meeting_id"], **asked)
        assert page["schedule_start_time"] == expected * 1000


async def test_pages(caller, meeting) -> None:
    emulator = caller.emulator
    emulator.meetings.start(meeting)
    for number in range(45):
        emulator.meetings.wait(meeting, name=f"guest {number}")
    page = await told(caller, "meetings.list_waiting_room", meeting, userid="tester")
    assert (page["current_size"], page["total_count"], page["total_page"]) == (10, 45, 5)
    page = await told(caller, "meetings.list_waiting_room", meeting, userid="tester", page=5, page_size=11)
    assert (page["current_page"], text(page["participants"][0]["user_name"])) == (5, "guest 44")
    asked = {**operated(), "page": 3, "page_size": 20}
    page = await told(caller, "meetings.list_waiting_room_records", meeting, **asked)
    assert (page["current_page"], page["current_size"], page["total_page"]) == (3, 5, 3)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"page_size": 51}, (400, 190004)),
        ({"page_size": 0}, (400, 190004)),
        ({"page": 0}, (400, 190004)),
        ({"page": 2001}, (400, 190004)),
        ({"page": None}, (400, 190004)),
        ({"page_size": None}, (400, 190004)),
        ({"page": "x"}, (400, 190004)),
        ({"operator_id_type": 4}, (400, 190004)),
        ({"operator_id": "bob"}, (403, 9042)),
        ({"operator_id": "admin"}, (403, 9042)),
    ],
)
async def test_records_refuse(caller, meeting, changed: dict[str, Any], expected: tuple[int, int]) -> None:
    asked = {**operated(), "page": 1, "page_size": 20, **changed}
    assert code(await ask(caller, "meetings.list_waiting_room_records", meeting, **asked)) == expected
    if set(changed) <= {"page", "page_size"} and None not in changed.values() and changed.get("page") != 2001:
        answer = await ask(caller, "meetings.list_waiting_room", meeting, userid="tester", **changed)
        assert code(answer) == expected


async def test_who_waits_is_told_to_the_creator_only(caller, meeting) -> None:
    for userid in ("alice", "admin"):
        assert code(await ask(caller, "meetings.list_waiting_room", meeting, userid=userid)) == (403, 9042)
    assert code(await ask(caller, "meetings.list_waiting_room", "1", userid="tester")) == (500, 9003)
    assert code(await ask(caller, "meetings.list_waiting_room", meeting)) == (400, 190004)


async def test_who_cannot_wait(caller, meeting) -> None:
    wait = caller.emulator.meetings.wait
    plain = (await caller.created())["meeting_id"]
    wait(meeting, "bob")
    wait(meeting, "bob", instanceid=4)
    for meeting_id, userid, problem in (
        ("1", "bob", "meeting_id: '1' is not known"),
        (plain, "bob", "meeting_id: the meeting was made without settings.auto_in_waiting_room"),
        (meeting, "nobody", "userid: 'nobody' is not registered"),
        (meeting, "bob", "userid: 'bob' is in the waiting room already"),
    ):
        with pytest.raises(ValueError, match=problem):
            wait(meeting_id, userid)
    caller.clock.now += 7200
    with pytest.raises(ValueError, match="meeting_id: the meeting is over"):
        wait(meeting, "carol")


async def test_welcome(caller, meeting) -> None:
    who = {"operator_id": "tester", "operator_id_type": 1}
    get, put = "meetings.get_waiting_room_welcome", "meetings.set_waiting_room_welcome"
    assert await told(caller, get, meeting, **who) == {"enable_welcome": False, "welcome_text": ""}
    welcome = {"enable_welcome": True, "welcome_text": "%NICKNAME% " + "好" * 989}
    for operator in ("tester", "alice", "admin"):
        asked = {**who, "operator_id": operator, "meeting_id": meeting}
        assert await told(caller, put, **asked, **welcome) == welcome
        assert await told(caller, get, meeting, **{**who, "operator_id": operator}) == welcome
    longer = {**welcome, "welcome_text": welcome["welcome_text"] + "x"}
    assert code(await ask(caller, put, **who, meeting_id=meeting, **longer)) == (400, 190004)
    assert code(await ask(caller, put, **who, meeting_id=meeting, enable_welcome=True)) == (400, 190004)
    bob = {**who, "operator_id": "bob"}
    assert code(await ask(caller, put, **bob, meeting_id=meeting, **welcome)) == (403, 9042)
    assert code(await ask(caller, get, meeting, **bob)) == (403, 9042)
    assert code(await ask(caller, get, meeting, **{**who, "operator_id_type": 5})) == (400, 200004)
    plain = (await caller.created())["meeting_id"]
    assert code(await ask(caller, put, **who, meeting_id=plain, **welcome)) == (400, 190004)
    assert code(await ask(caller, put, **who, meeting_id="1", **welcome)) == (500, 9003)


async def test_with_tokens(third, caller) -> None:
    pair = await third.allowed("tester")
    bob = third.emulator.oauth.open_id("bob")
    mine = (await third.created(pair, settings=ON))["meeting_id"]
    other = (await caller.created(settings=ON))["meeting_id"]
    for meeting_id in (mine, other):
        third.emulator.meetings.start(meeting_id)
        third.emulator.meetings.wait(meeting_id, "bob")
    page = await told_as(third, pair, "meetings.list_waiting_room", mine, userid=pair["open_id"])
    assert [(row["userid"], row["open_id"]) for row in page["participants"]] == [(bob, bob)]
    answer = await ask_as(third, pair, "meetings.list_waiting_room", other, userid=pair["open_id"])
    assert code(answer) == (403, 9042)
    who = {"operator_id": pair["open_id"], "operator_id_type": 2}
    asked = {**who, "page": 1, "page_size": 20}
    page = await told_as(third, pair, "meetings.list_waiting_room_records", mine, **asked)
    assert [row["open_id"] for row in page["participants"]] == [bob]
    assert code(await ask_as(third, pair, "meetings.get_waiting_room_welcome", other, **who)) == (403, 9042)
