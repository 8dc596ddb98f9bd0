"""Phones that are called into a meeting (R9, R10, R20, R21, R44 to R50)."""

import json
from typing import Any

import pytest

from tests.emulator.calls import ask, code, told
from tm_async.webhooks import PhoneStatusUpdated, events_of
from tm_async.webhooks.events.participants import PhoneStatus

WHO = {"operator_id": "tester", "operator_id_type": 1}
ALICE, BOB = {"area": 86, "phone": "13800000001"}, {"area": 852, "phone": "21234567"}


@pytest.fixture
async def meeting(caller: Any) -> str:
    return str((await caller.created(hosts=["alice"]))["meeting_id"])


@pytest.fixture
def statuses(caller: Any) -> list[str]:
    """Of the phone calls, as events tell them."""
    told: list[str] = []
    caller.emulator.state.news.listen(lambda _, item: told.append(item["status"]) if "status" in item else None)
    return told


async def call(caller: Any, meeting: str, *numbers: dict[str, Any], **more: Any) -> Any:
    return await told(caller, "pstn.callout", meeting, **WHO, phone_numbers=list(numbers), **more)


async def test_a_phone_is_answered_and_hangs_up(caller, meeting, statuses) -> None:
    made = await call(caller, meeting, ALICE | {"nick_name": "Alice"}, BOB)
    assert made["phone_numbers"] == [ALICE | {"status": ""}, BOB | {"status": ""}]
    who = caller.emulator.pstn.answer(meeting, ALICE["phone"])
    assert (who.name, who.instanceid, who.join_type) == ("Alice", 0, 0)
    page = await told(caller, "pstn.list_callouts", meeting, **WHO, page=1, page_size=20)
    assert page["phone_numbers"][0] == ALICE | {"status": "", "ms_open_id": who.ms_open_id, "nick_name": "Alice"}
    ids = await told(caller, "pstn.query_ms_open_ids", meetingId=meeting, **WHO, phone_numbers=[ALICE, BOB])
    assert ids["ms_open_id_list"] == [ALICE | {"ms_open_id": who.ms_open_id}]
    caller.emulator.pstn.decline(meeting, BOB["phone"], area=852)
    caller.emulator.pstn.hang_up(meeting, ALICE["phone"])
    assert statuses == ["START_INVITE"] * 2 + ["START_ACCEPT", "LEAVE_WITHOUT_ACCEPT", "LEAVE_WITH_ACCEPTED"]


async def test_who_is_in_when_the_meeting_ends_has_hung_up(caller, meeting, statuses) -> None:
    caller.emulator.meetings.start(meeting)
    await call(caller, meeting, ALICE)
    caller.emulator.pstn.answer(meeting, ALICE["phone"])
    caller.emulator.meetings.end(meeting)
    assert statuses[-1] == "LEAVE_WITH_ACCEPTED"
    assert code(await ask(caller, "pstn.callout", meeting, **WHO, phone_numbers=[ALICE])) == (500, 9006)


async def test_a_call_is_cancelled_while_it_rings(caller, meeting, statuses) -> None:
    await call(caller, meeting, ALICE, BOB)
    caller.emulator.pstn.answer(meeting, ALICE["phone"])
    gone = await told(caller, "pstn.cancel_callout", meeting, **WHO, phone_numbers=[ALICE, BOB])
    assert gone == {"success_list": [BOB], "failed_list": [ALICE | {"error_msg": "it does not ring"}]}
    assert statuses[-1] == "CANCLE_INVITE"


async def test_an_empty_extension_is_none(caller, meeting) -> None:
    await call(caller, meeting, ALICE | {"extension_number": ""})
    gone = await told(caller, "pstn.cancel_callout", meeting, **WHO, phone_numbers=[ALICE])
    assert gone["success_list"] == [ALICE]


async def test_what_is_no_number(caller, meeting, statuses) -> None:
    wrong = [{"area": 86, "phone": text} for text in ("138 0000 0001", "+8613800000001", "１３８", "", "0755-1")]
    made = await call(caller, meeting, *wrong, ALICE)
    assert [each["phone"] for each in made["invalid_phone_numbers"]] == [each["phone"] for each in wrong]
    assert made["phone_numbers"] == [ALICE | {"status": ""}]
    assert code(await ask(caller, "pstn.callout", meeting, **WHO, phone_numbers=wrong)) == (500, 14203)
    assert statuses == ["START_INVITE"]


@pytest.mark.parametrize(
    ("values", "number"),
    [
        ({"meeting_id": "5"}, (400, 190457)),
        ({"operator_id": "bob"}, (403, 9042)),
        ({"operator_id": "admin"}, (403, 9042)),
        ({"operator_id": "alice"}, None),
        ({"operator_id_type": 5}, (400, 190004)),
        ({"phone_numbers": [ALICE] * 31}, (400, 190004)),
        ({"phone_numbers": [ALICE | {"area": "+86"}]}, (400, 190004)),
        ({"phone_numbers": [ALICE | {"area": 49}]}, (400, 190004)),
        ({"phone_numbers": [{"area": 86}]}, (400, 190004)),
    ],
)
async def test_who_may_call_whom(caller, meeting, values, number) -> None:
    given = {"meeting_id": meeting, **WHO, "phone_numbers": [ALICE], **values}
    answer = await ask(caller, "pstn.callout", **given)
    assert (code(answer) if number else answer.status_code) == (number or 200)


async def test_nobody_else_cancels(caller, meeting) -> None:
    assert code(await ask(caller, "pstn.cancel_callout", meeting, **{**WHO, "operator_id_type": 2})) == (400, 190004)
    given = {**WHO, "operator_id": "bob", "phone_numbers": [ALICE]}
    assert code(await ask(caller, "pstn.cancel_callout", meeting, **given)) == (400, 500122)


async def test_details_are_collected(caller, clock) -> None:
    admin = {**WHO, "operator_id": "admin"}
    days = {"start_date": "2026-05-01", "end_date": "2026-05-28"}
    job = (await told(caller, "pstn.export_call_details", **admin, **days))["job_id"]
    assert (await told(caller, "pstn.get_call_detail_job", job_id=job, **admin))["status"] == 0
    clock.now += 5
    assert (await told(caller, "pstn.get_call_detail_job", job_id=job, **admin))["job_url"].endswith(job)
    assert code(await ask(caller, "pstn.get_call_detail_job", job_id="5", **admin)) == (500, 10013)
    for bad in (
        {**days, "end_date": "2026-05-29"},
        {**days, "start_date": "2026-05-29"},
        {**days, "start_date": "soon"},
        {"start_date": "2026-05-01"},
    ):
        assert code(await ask(caller, "pstn.export_call_details", **admin, **bad)) == (400, 190004)
    assert code(await ask(caller, "pstn.export_call_details", **WHO)) == (403, 9042)


async def test_what_a_test_can_get_wrong(caller, meeting) -> None:
    phones = caller.emulator.pstn
    for act in (phones.answer, phones.decline):
        with pytest.raises(ValueError, match="phone: '1' does not ring"):
            act(meeting, "1")
    with pytest.raises(ValueError, match="phone: '1' is not in the meeting"):
        phones.hang_up(meeting, "1")
    with pytest.raises(ValueError, match="meeting_id: '5' is not known"):
        phones.answer("5", "1")


async def test_the_same_over_http_is_pushed(caller, meeting, pushed) -> None:
    """Acts of the control plane, and what subscribers get: an event that our classes read."""
    await call(caller, meeting, ALICE)
    root = caller.emulator.base_url.removesuffix("v1") + "_emulator/pstn"
    body = {"meeting_id": meeting, "phone": ALICE["phone"]}
    stay = (await caller.http.post(f"{root}/answer", json=body)).json()
    assert (stay["name"], stay["instanceid"]) == (ALICE["phone"], 0)
    assert (await caller.http.post(f"{root}/hang-up", json=body)).json()["state"] == "LEAVE_WITH_ACCEPTED"
    assert "does not ring" in (await caller.http.post(f"{root}/decline", json=body)).text
    events = [event for one in await pushed() for event in events_of(json.dumps(one).encode(), 0.0)]
    states = [event.status for event in events if isinstance(event, PhoneStatusUpdated)]
    assert states == [PhoneStatus.START_INVITE, PhoneStatus.START_ACCEPT, PhoneStatus.LEAVE_WITH_ACCEPTED]
