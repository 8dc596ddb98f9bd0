"""Who attended, who is inside, and which meetings are over."""

import base64
import hashlib
import json
from typing import Any

import httpx
import pytest

DAY = 86400
SERIES = {"meeting_type": 1, "recurring_rule": {"until_type": 1, "until_count": 3}}


def code(answer: httpx.Response) -> tuple[int, int]:
    return answer.status_code, answer.json()["error_info"]["error_code"]


def text(value: str) -> str:
    return base64.b64decode(value).decode()


async def asked(caller: Any, meeting_id: str, what: str = "participants", **query: object) -> httpx.Response:
    who = {"operator_id": "tester", "operator_id_type": 1, **query}
    words = "&".join(f"{name}={value}" for name, value in who.items() if value is not None)
    answer: httpx.Response = await caller.get(f"/v1/meetings/{meeting_id}/{what}?{words}")
    return answer


@pytest.fixture
def attended(caller, check_answer) -> Any:
    async def ask(meeting_id: str, **query: object) -> dict[str, Any]:
        answer = await asked(caller, meeting_id, **query)
        assert answer.status_code == 200, answer.text
        check_answer("meetings.list_participants", answer.json())
        page: dict[str, Any] = answer.json()
        return page

    return ask


@pytest.fixture
def inside(caller, check_answer) -> Any:
    async def ask(meeting_id: str, **query: object) -> dict[str, Any]:
        answer = await asked(caller, meeting_id, "real-time-participants", **{"page": 1, "page_size": 50, **query})
        assert answer.status_code == 200, answer.text
        check_answer("meetings.list_realtime_participants", answer.json())
        page: dict[str, Any] = answer.json()
        return page

    return ask


@pytest.fixture
def ended(caller, check_answer) -> Any:
    async def ask(userid: str = "tester", **query: object) -> dict[str, Any]:
        words = "&".join(f"{name}={value}" for name, value in {"page": 1, "page_size": 20, **query}.items())
        answer = await caller.get(f"/v1/history/meetings/{userid}?{words}")
        assert answer.status_code == 200, answer.text
        check_answer("meetings.list_ended", answer.json())
        page: dict[str, Any] = answer.json()
        return page

    return ask


def names(page: dict[str, Any]) -> list[str]:
    return [text(one["user_name"]) for one in page["participants"]]


# Who attended


async def test_nobody_before_the_start(caller, attended) -> None:
    info = await caller.created(subject="周会")
    page = await attended(info["meeting_id"])
    assert (page["participants"], page["total_count"], page["has_remaining"], page["next_pos"]) == ([], 0, False, 0)
    assert (page["meeting_id"], page["meeting_code"]) == (info["meeting_id"], info["meeting_code"])
    assert text(page["subject"]) == "周会"
    assert (page["schedule_start_time"], page["schedule_end_time"]) == (info["start_time"], info["end_time"])


async def test_every_stay_is_a_row(caller, attended) -> None:
    info = await caller.created(hosts=["alice"])
    meeting_id, emulator, now = info["meeting_id"], caller.emulator, caller.clock.now
    emulator.meetings.start(meeting_id)
    emulator.meetings.join(meeting_id, "alice", name="爱丽丝", instanceid=4, video=True)
    emulator.meetings.join(meeting_id, name="客人", instanceid=0, phone="13800000000", customer_data="abc")
    caller.clock.now += 60
    emulator.meetings.leave(meeting_id, "alice")
    caller.clock.now += 60
    emulator.meetings.join(meeting_id, "alice", audio=True, sharing=True)
    page = await attended(meeting_id)
    assert names(page) == ["tester", "爱丽丝", "客人", "alice"]
    creator, alice, guest, again = page["participants"]
    assert [one["user_role"] for one in page["participants"]] == [1, 2, 4, 2]
    assert (alice["userid"], alice["join_time"], alice["left_time"]) == ("alice", str(now), str(now + 60))
    assert (alice["instanceid"], alice["join_type"], alice["is_enterprise_user"]) == (4, 1, True)
    assert (alice["video_state"], alice["audio_state"], alice["screen_shared_state"]) == (True, False, False)
    assert (again["video_state"], again["audio_state"], again["screen_shared_state"]) == (False, True, True)
    assert alice["ms_open_id"] == again["ms_open_id"]
    assert "left_time" not in creator
    assert not {"userid", "open_id"} & set(guest)
    assert (guest["is_enterprise_user"], guest["join_type"], guest["customer_data"]) == (False, 0, "abc")
    assert guest["phone"] == hashlib.sha256(f"13800000000/{emulator.secret_id}".encode()).hexdigest()


async def test_the_creator_as_host(caller, attended) -> None:
    info = await caller.created()
    caller.emulator.meetings.start(info["meeting_id"])
    caller.emulator.meetings.join(info["meeting_id"], "bob")
    assert [one["user_role"] for one in (await attended(info["meeting_id"]))["participants"]] == [3, 0]


async def test_attendance_in_pages(caller, attended) -> None:
    info = await caller.created()
    for number in range(205):
        caller.emulator.meetings.join(info["meeting_id"], name=f"g{number}")
    found: list[str] = []
    page: dict[str, Any] = {"next_pos": 0}
    for expected in (100, 100, 5):
        page = await attended(info["meeting_id"], pos=page["next_pos"])
        assert (len(page["participants"]), page["total_count"]) == (expected, 205)
        found += names(page)
    assert found == [f"g{number}" for number in range(205)]
    assert (page["has_remaining"], page["next_pos"]) == (False, 0)
    page = await attended(info["meeting_id"], pos=10, size=3)
    assert (names(page), page["has_remaining"], page["next_pos"]) == (["g10", "g11", "g12"], True, 13)
    assert (await attended(info["meeting_id"], pos=900))["participants"] == []


async def test_the_window_of_attendance(caller, attended) -> None:
    first = caller.clock.now
    info = await caller.created(start_time=str(first), end_time=str(first + 200 * DAY))
    meeting_id = info["meeting_id"]
    for day in (0, 40, 80, 120):
        caller.clock.now = first + day * DAY
        caller.emulator.meetings.join(meeting_id, name=f"day {day}")
    assert names(await attended(meeting_id)) == ["day 40", "day 80", "day 120"]
    assert names(await attended(meeting_id, start_time=first, end_time=first + 31 * DAY)) == ["day 0"]
    assert names(await attended(meeting_id, start_time=first + 60 * DAY)) == ["day 80"]
    assert names(await attended(meeting_id, end_time=first + 40 * DAY)) == ["day 40"]
    for start, end in ((first, first + 31 * DAY + 1), (first, first - 1)):
        assert code(await asked(caller, meeting_id, start_time=start, end_time=end)) == (400, 190004)


async def test_attendance_of_a_series(caller, attended, inside) -> None:
    info = await caller.created(**SERIES)
    meeting_id = info["meeting_id"]
    ids = [item["sub_meeting_id"] for item in (await caller.detail(meeting_id))["sub_meetings"]]
    assert code(await asked(caller, meeting_id)) == (400, 190004)
    assert code(await asked(caller, meeting_id, "real-time-participants", page=1, page_size=5)) == (400, 190004)
    assert code(await asked(caller, meeting_id, sub_meeting_id="5")) == (400, 190004)
    caller.emulator.meetings.join(meeting_id, "alice")
    caller.emulator.meetings.leave(meeting_id, "alice")
    caller.emulator.meetings.join(meeting_id, "bob", sub_meeting_id=ids[1])
    assert names(await attended(meeting_id, sub_meeting_id=ids[0])) == ["alice"]
    page = await attended(meeting_id, sub_meeting_id=ids[1], start_time=1, end_time=2)  # no effect on a series
    assert (names(page), page["schedule_start_time"]) == (["bob"], ids[1])
    page = await inside(meeting_id, sub_meeting_id=ids[0])
    assert (page["participants"], page["status"]) == ([], "MEETING_STATE_INIT")
    page = await inside(meeting_id, sub_meeting_id=ids[1])
    assert (names(page), page["status"]) == (["bob"], "MEETING_STATE_STARTED")


async def test_who_may_ask(caller) -> None:
    info = await caller.created(hosts=["tester", "alice"])
    expected = {"participants": {"tester", "admin"}, "real-time-participants": {"tester", "alice", "admin"}}
    for what, allowed in expected.items():
        paging = {"size": 5} if what == "participants" else {"page": 1, "page_size": 5}
        for userid in ("tester", "alice", "bob", "admin"):
            answer = await asked(caller, info["meeting_id"], what, operator_id=userid, **paging)
            assert answer.is_success if userid in allowed else code(answer) == (403, 9042), (what, userid)
        assert code(await asked(caller, "1", what, **paging)) == (500, 9003)
    answer = await asked(caller, info["meeting_id"], operator_id=None, operator_id_type=None, userid="tester")
    assert answer.is_success  # the older form


@pytest.mark.parametrize(
    ("what", "query", "number"),
    [
        ("participants", {"size": 101}, 190004),
        ("participants", {"size": 0}, 190004),
        ("participants", {"pos": "x"}, 190004),
        ("participants", {"operator_id": None}, 190004),
        ("participants", {"operator_id_type": 9}, 190004),
        ("real-time-participants", {}, 190004),
        ("real-time-participants", {"page": 1}, 190004),
        ("real-time-participants", {"page": 0, "page_size": 1}, 190004),
        ("real-time-participants", {"page": 2001, "page_size": 1}, 190004),
        ("real-time-participants", {"page": 1, "page_size": 51}, 190004),
        ("real-time-participants", {"page": 1, "page_size": 5, "operator_id": None}, 190004),
    ],
)
async def test_parameters(caller, what: str, query: dict[str, object], number: int) -> None:
    info = await caller.created()
    assert code(await asked(caller, info["meeting_id"], what, **query)) == (400, number)


# Who is inside


async def test_who_is_inside(caller, inside) -> None:
    info = await caller.created(subject="周会")
    meeting_id = info["meeting_id"]
    page = await inside(meeting_id)
    assert (page["participants"], page["status"], page["total_count"]) == ([], "MEETING_STATE_INIT", 0)
    for number in range(5):
        caller.emulator.meetings.join(meeting_id, name=f"g{number}")
    caller.emulator.meetings.join(meeting_id, "alice")
    caller.emulator.meetings.leave(meeting_id, "alice")
    page = await inside(meeting_id, page=2, page_size=2)
    assert (names(page), page["status"], text(page["subject"])) == (["g2", "g3"], "MEETING_STATE_STARTED", "周会")
    counters = ("total_count", "total_page", "current_page", "current_size")
    assert [page[name] for name in counters] == [5, 3, 2, 2]
    assert (await inside(meeting_id, page=2000))["participants"] == []
    caller.emulator.meetings.end(meeting_id)
    page = await inside(meeting_id)
    assert (page["participants"], page["status"]) == ([], "MEETING_STATE_NULL")


# Which meetings are over


async def test_meetings_that_took_place(caller, ended) -> None:
    assert (await ended())["meeting_info_list"] == []
    info = await caller.created(subject="周会")
    started = caller.clock.now
    caller.emulator.meetings.start(info["meeting_id"])
    caller.emulator.meetings.join(info["meeting_id"], "alice")
    caller.clock.now += 600
    assert (await ended())["total_count"] == 0
    caller.emulator.meetings.end(info["meeting_id"])
    page = await ended()
    assert page == await ended("alice")
    assert page == {
        "total_count": 1,
        "total_page": 1,
        "current_page": 1,
        "current_size": 1,
        "meeting_info_list": [
            {
                "meeting_id": info["meeting_id"],
                "meeting_code": info["meeting_code"],
                "subject": "周会",
                "meeting_type": 0,
                "start_time": started,
                "end_time": started + 600,
            }
        ],
    }
    assert (await ended("bob"))["total_count"] == 0
    caller.emulator.meetings.join(info["meeting_id"], "bob")
    assert (await ended())["total_count"] == 0, "it runs again"


async def test_meetings_that_are_over_by_the_clock(caller, ended) -> None:
    info = await caller.created(invitees=["alice"])
    gone = await caller.created()
    body = {"userid": "tester", "instanceid": 1, "reason_code": 1}
    await caller.send("POST", f"/v1/meetings/{gone['meeting_id']}/cancel", json.dumps(body).encode())
    caller.clock.now = int(info["end_time"])
    (row,) = (await ended())["meeting_info_list"]
    assert (row["start_time"], row["end_time"]) == (int(info["start_time"]), int(info["end_time"]))
    assert (await ended("alice"))["total_count"] == 0, "she was invited and did not come"


async def test_occurrences_that_are_over(caller, ended) -> None:
    info = await caller.created(**SERIES)
    meeting_id = info["meeting_id"]
    ids = [item["sub_meeting_id"] for item in (await caller.detail(meeting_id))["sub_meetings"]]
    caller.emulator.meetings.join(meeting_id, "alice")
    caller.emulator.meetings.end(meeting_id)
    caller.clock.now = int(ids[1]) + DAY - 1
    body = {"userid": "tester", "instanceid": 1, "reason_code": 1}
    await caller.send("POST", f"/v1/meetings/{meeting_id}/cancel", json.dumps(body).encode())
    caller.clock.now = int(ids[2]) + DAY
    rows = (await ended())["meeting_info_list"]
    assert [(row["sub_meeting_id"], row["meeting_type"]) for row in rows] == [(ids[1], 1), (ids[0], 1)]
    assert [row["sub_meeting_id"] for row in (await ended("alice"))["meeting_info_list"]] == [ids[0]]


async def test_ended_meetings_in_pages(caller, ended) -> None:
    first = caller.clock.now
    for number in range(25):
        await caller.created(subject=str(number), start_time=str(first + number), end_time=str(first + 100))
    caller.clock.now += 100
    pages = [await ended(page=number) for number in (1, 2, 3)]
    counters = ("total_count", "total_page", "current_page", "current_size")
    assert [[page[name] for name in counters] for page in pages] == [[25, 2, 1, 20], [25, 2, 2, 5], [25, 2, 3, 0]]
    rows = [row["subject"] for page in pages for row in page["meeting_info_list"]]
    assert rows == [str(number) for number in reversed(range(25))]


async def test_the_window_of_ended_meetings(caller, ended) -> None:
    first = caller.clock.now
    codes = []
    for day in (0, 50, 100):
        start = first + day * DAY
        info = await caller.created(subject=f"day {day}", start_time=str(start), end_time=str(start + 60))
        codes.append(info["meeting_code"])
    caller.clock.now = first + 120 * DAY

    async def found(**query: object) -> list[str]:
        return [row["subject"] for row in (await ended(**query))["meeting_info_list"]]

    assert await found() == ["day 100"]
    assert await found(start_time=first, end_time=first + 90 * DAY) == ["day 50", "day 0"]
    assert await found(start_time=first + 20 * DAY) == ["day 50"]
    assert await found(end_time=first + 30 * DAY) == ["day 0"]
    assert await found(start_time=first, end_time=first + 90 * DAY, meeting_code=codes[1]) == ["day 50"]
    for start, end in ((first, first + 90 * DAY + 1), (first, first - 1)):
        target = f"/v1/history/meetings/tester?page=1&page_size=20&start_time={start}&end_time={end}"
        assert code(await caller.get(target)) == (400, 190004)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("tester?page=1", (400, 190004)),
        ("tester?page_size=20", (400, 190004)),
        ("tester?page=0&page_size=20", (400, 190004)),
        ("tester?page=1&page_size=21", (400, 190004)),
        ("tester?page=1&page_size=20&operator_id=alice&operator_id_type=1", (400, 190004)),
        ("nobody?page=1&page_size=20", (500, 190001)),
    ],
)
async def test_parameters_of_ended_meetings(caller, target: str, expected: tuple[int, int]) -> None:
    assert code(await caller.get(f"/v1/history/meetings/{target}")) == expected


async def test_the_operator_may_repeat_the_user(caller) -> None:
    target = "/v1/history/meetings/tester?page=1&page_size=20&operator_id=tester&operator_id_type=1"
    assert (await caller.get(target)).is_success


# With the tokens of users


async def test_apps_see_open_ids(caller, third, check_answer) -> None:
    pair = await third.allowed("tester")
    mine, theirs = await third.created(pair), await caller.created()
    emulator, who = caller.emulator, f"operator_id={pair['open_id']}&operator_id_type=2"
    for meeting_id in (mine["meeting_id"], theirs["meeting_id"]):
        emulator.meetings.start(meeting_id)
        emulator.meetings.join(meeting_id, "alice", phone="13800000000")
        emulator.meetings.join(meeting_id, name="g")
    for operation, what in [
        ("meetings.list_participants", "participants?"),
        ("meetings.list_realtime_participants", "real-time-participants?page=1&page_size=20&"),
    ]:
        query = what + who
        answer = await third.send(pair, "GET", f"/v1/meetings/{mine['meeting_id']}/{query}")
        check_answer(operation, answer.json())
        creator, alice, guest = answer.json()["participants"]
        assert creator["userid"] == creator["open_id"] == pair["open_id"]
        assert alice["userid"] == emulator.oauth.open_id("alice")
        assert "userid" not in guest
        assert "phone" not in alice
        assert code(await third.send(pair, "GET", f"/v1/meetings/{theirs['meeting_id']}/{query}")) == (403, 9042)
    emulator.meetings.end(mine["meeting_id"])
    emulator.meetings.end(theirs["meeting_id"])
    answer = await third.send(pair, "GET", f"/v1/history/meetings/{pair['open_id']}?page=1&page_size=20")
    check_answer("meetings.list_ended", answer.json())
    assert [row["meeting_id"] for row in answer.json()["meeting_info_list"]] == [mine["meeting_id"]]
    other = emulator.oauth.open_id("alice")
    assert code(await third.send(pair, "GET", f"/v1/history/meetings/{other}?page=1&page_size=20")) == (403, 9042)
