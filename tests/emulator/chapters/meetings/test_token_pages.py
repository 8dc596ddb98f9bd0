"""Lists in pages by tokens, as the official command line asks for them: with a user's token, `page_type` 1."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.emulator.calls import ask, ask_as, code, told, told_as
from tests.emulator.conftest import ThirdPartyApp

Pair = dict[str, Any]
MANY = 45
INVITED = [f"u{number:02}" for number in range(MANY)]


async def walked(third: ThirdPartyApp, pair: Pair, operation: str, meeting_id: str = "", /, **query: Any) -> Any:
    """All rows, and how many came with each page."""
    rows: list[Mapping[str, Any]] = []
    sizes: list[int] = []
    token = ""
    while True:
        page = await told_as(third, pair, operation, meeting_id, **query, page_type=1, page_token=token)
        (found,) = [value for value in page.values() if isinstance(value, list)]
        rows += found
        sizes.append(len(found))
        assert page["has_more"] is ("next_page_token" in page)
        assert not page.keys() & {"next_pos", "next_cursory", "remaining", "has_remaining", "current_page"}
        if not page["has_more"]:
            return rows, sizes
        token = page["next_page_token"]


@pytest.fixture
def pair_of(third: ThirdPartyApp) -> Any:
    third.emulator.seed_users(*INVITED)
    return third.allowed


async def test_the_list(third, pair_of) -> None:
    pair = await pair_of("tester")
    now = int(third.clock.now)
    made = [
        (await third.created(pair, start_time=str(now + 60 * (n // 3)), end_time=str(now + 9999)))["meeting_id"]
        for n in range(MANY)
    ]
    who = {"userid": pair["open_id"], "instanceid": 1}
    rows, sizes = await walked(third, pair, "meetings.list", **who, page_size=20)
    assert ([row["meeting_id"] for row in rows], sizes) == (made, [20, 20, 5])
    assert (await walked(third, pair, "meetings.list", **who))[1] == [20, 20, 5]
    assert (await walked(third, pair, "meetings.list", **who, page_size=15))[1] == [15, 15, 15]
    later, _ = await walked(third, pair, "meetings.list", **who, page_size=7, pos=now + 600)  # of the first page
    assert [row["meeting_id"] for row in later] == made[30:]
    for wrong in ({"page_size": 21}, {"page_size": 0}, {"page_token": "x1"}, {"page_token": "y"}, {"page_type": 2}):
        asked = {**who, "page_type": 1, **wrong}
        assert code(await ask_as(third, pair, "meetings.list", **asked)) == (400, 190004)


async def test_invitees(third, pair_of) -> None:
    pair = await pair_of("tester")
    ids = [third.emulator.oauth.open_id(name) for name in INVITED]
    info = await third.created(pair, invitees=[{"userid": name} for name in ids])
    who = {"userid": pair["open_id"], "instanceid": 1}
    rows, sizes = await walked(third, pair, "meetings.list_invitees", info["meeting_id"], **who, page_size=30)
    assert ([row["userid"] for row in rows], sizes) == (ids, [30, 15])
    asked = {**who, "page_type": 1, "page_size": 31}
    assert code(await ask_as(third, pair, "meetings.list_invitees", info["meeting_id"], **asked)) == (400, 190004)


async def test_attendance(third, pair_of) -> None:
    """The lists of who took part, of who waited, and of what is over."""
    pair, emulator = await pair_of("tester"), third.emulator
    meeting_id = (await third.created(pair, settings={"auto_in_waiting_room": True}))["meeting_id"]
    for name in INVITED:
        emulator.meetings.wait(meeting_id, name)
        emulator.meetings.join(meeting_id, name)
    who = {"operator_id": pair["open_id"], "operator_id_type": 2}
    rows, sizes = await walked(third, pair, "meetings.list_participants", meetingId=meeting_id, **who, page_size=20)
    assert ([row["userid"] for row in rows], sizes) == (list(map(emulator.oauth.open_id, INVITED)), [20, 20, 5])
    rows, sizes = await walked(third, pair, "meetings.list_waiting_room_records", meeting_id, **who, page_size=100)
    assert (len(rows), sizes) == (MANY, [MANY])
    emulator.meetings.end(meeting_id)
    for _ in range(31):
        over = (await third.created(pair))["meeting_id"]
        emulator.meetings.start(over)
        emulator.meetings.end(over)
    rows, sizes = await walked(third, pair, "meetings.list_ended", userid=pair["open_id"], page_size=30)
    assert (len(rows), sizes) == (32, [30, 2])
    page = await told_as(third, pair, "meetings.list_ended", userid=pair["open_id"], page_type=1)
    assert (page["total_count"], page["current_size"]) == (32, 30)
    for wrong in ({"page_size": 31}, {"page_token": "1"}):
        asked = {"userid": pair["open_id"], "page_type": 1, **wrong}
        assert code(await ask_as(third, pair, "meetings.list_ended", **asked)) == (400, 190004)


async def test_the_older_paging_has_its_own_bounds_and_parameters(caller) -> None:
    info = await caller.created()
    for old in ({}, {"page_type": 0}):
        page = await told(caller, "meetings.list_ended", userid="tester", page=1, page_size=20, **old)
        assert (page["total_page"], page["current_page"], "has_more" in page) == (0, 1, False)
        for wrong in ({"page": 1, "page_size": 30}, {"page_size": 20}):
            answer = await ask(caller, "meetings.list_ended", userid="tester", **wrong, **old)
            assert code(answer) == (400, 190004)
        for operation in ("meetings.list", "meetings.list_invitees"):
            who = {"userid": "tester", "instanceid": 1, **old}
            await told(caller, operation, info["meeting_id"], **who)
            for unheeded in ({"page_size": 5}, {"page_token": "x1"}):  # nothing acts upon them there
                answer = await ask(caller, operation, info["meeting_id"], **who, **unheeded)
                assert code(answer) == (400, 200004)
