"""Account-level lists and roles (U4, U25, U26, U50 to U53, U70, U71)."""

import pytest

from tests.emulator.calls import ask, code, told

HOUR = 3600


async def test_the_three_lists_of_meetings(caller, answer, clock) -> None:
    running, over, ahead = [await caller.created(subject=name) for name in ("running", "over", "ahead")]
    caller.emulator.meetings.start(running["meeting_id"])
    caller.emulator.meetings.start(over["meeting_id"])
    clock.now += HOUR
    caller.emulator.meetings.end(over["meeting_id"])

    async def listed(state: int, **more: object) -> list[dict]:
        return (await answer("corp.list_meetings", meeting_state=state, page=1, page_size=20, **more))[
            "meeting_info_list"
        ]

    (row,) = await listed(2)
    assert (row["meeting_id"], row["online_member_num"], row["meeting_state"]) == (running["meeting_id"], 1, 2)
    assert row["start_time"] == int(running["start_time"]), "seconds"
    (row,) = await listed(1)
    assert (row["meeting_id"], row["participants_num"], row["meeting_duration"]) == (over["meeting_id"], 1, HOUR * 1000)
    assert row["end_time"] == clock.now * 1000, "milliseconds"
    (row,) = await listed(3)
    assert row["subject"] == "ahead"
    assert await listed(3, meeting_code=ahead["meeting_code"]) == [row]
    assert await listed(3, meeting_code=over["meeting_code"]) == []
    assert await listed(2, userid="alice") == await listed(1, end_time=1) == []


async def test_a_series_and_its_occurrences(caller, answer, clock) -> None:
    info = await caller.created(meeting_type=1, recurring_rule={"recurring_type": 0, "until_type": 1, "until_count": 3})
    caller.emulator.meetings.start(info["meeting_id"])
    caller.emulator.meetings.end(info["meeting_id"])
    (over,) = (await answer("corp.list_meetings", meeting_state=1, page=1, page_size=5))["meeting_info_list"]
    (ahead,) = (await answer("corp.list_meetings", meeting_state=3, page=1, page_size=5))["meeting_info_list"]
    assert over["sub_meeting_id"]
    assert ahead["start_time"] > over["start_time"] // 1000


async def test_recordings(caller, answer, refusal, clock) -> None:
    info = await caller.created(subject="周会")
    made = caller.emulator.recordings.add("alice", subject="周会", meeting_id=info["meeting_id"], size=5)
    window = {"start_time": clock.now - 31 * 86400, "end_time": clock.now}
    (row,) = (await answer("corp.list_records", **window))["record_meetings"]
    assert (row["userid"], row["subject"], row["meeting_id"]) == ("alice", "周会", info["meeting_id"])
    assert [(file["record_file_id"], file["record_size"]) for file in row["record_files"]] == [(made.id, 5)]
    assert row["record_files"][0]["view_address"]
    fetched = await caller.http.get(row["record_files"][0]["download_address"])
    assert len(fetched.content) == 5
    assert (await answer("corp.list_records", **window, query_record_type=2))["record_meetings"] == []
    assert await refusal("corp.list_records", **{**window, "start_time": window["start_time"] - 1}) == 190004
    assert await refusal("corp.list_records", **window, page_size=21) == 190004


async def test_users_by_position_and_by_number(caller, answer, zoe) -> None:
    everybody = list(caller.emulator.state.users)
    found, pos = [], ""
    while pos is not None:
        page = await answer("corp.list_users", page_size=5, pos=pos)
        assert page["total_count"] == len(everybody), "the counters are answered all the same"
        found += [row["userid"] for row in page["users"]]
        pos = page.get("next_pos")
        assert page["has_remaining"] is (pos is not None)
    assert found == everybody
    page = await answer("corp.list_users", page_size=5, page=2)
    assert [row["userid"] for row in page["users"]] == everybody[5:10]
    assert "has_remaining" not in page


async def test_users_by_what_they_are(caller, answer, refusal, zoe) -> None:
    for filters in ({"status": 2}, {"user_name": "Zoe"}, {"userid": zoe}):
        (row,) = (await answer("corp.list_users", page_size=5, **filters))["users"]
        assert (row["userid"], row["status"]) == (zoe, 2)
    (row,) = (await answer("corp.list_users", page_size=5, role_code="ADMIN_ROLE"))["users"]
    assert row["userid"] == "admin"
    assert await refusal("corp.list_users", page_size=5, operator_id="alice") == 9042
    assert await refusal("corp.list_users", page_size=5, operator_id_type=4) == 190004


async def test_roles(caller, answer, refusal, zoe) -> None:
    caller.emulator.corp.add_role("AUDITOR", "审计")
    with pytest.raises(ValueError, match="role_code: .* exists already"):
        caller.emulator.corp.add_role("AUDITOR", "审计")
    with pytest.raises(ValueError, match="role_code: must not be empty"):
        caller.emulator.corp.add_role("", "审计")
    await answer("corp.add_role", role_code="AUDITOR", users=["alice", "bob"])
    await answer("corp.set_role", role_code="ADMIN_ROLE", users=["bob"])
    counted = {
        row["role_code"]: row["role_member_nu"]
        for row in (await answer("corp.list_roles", page=1, page_size=20))["user_role_list"]
    }
    assert (counted["AUDITOR"], counted["ADMIN_ROLE"]) == (1, 2)
    shown = await answer("users.get", userid="alice")
    assert (shown["role_code"], shown["role_name"]) == ("AUDITOR", "审计")
    assert await refusal("corp.delete_role", role_code="NORMAL_ROLE") == 190004
    await answer("corp.delete_role", role_code="AUDITOR")
    assert (await answer("users.get", userid="alice"))["role_code"] == "NORMAL_ROLE"


@pytest.mark.parametrize(
    ("values", "number"),
    [
        ({"users": ["zoe"]}, 60002),
        ({"users": ["carol"]}, 60001),
        ({"users": ["admin"]}, 60003),
        ({"users": ["nobody"]}, 20001),
        ({"role_code": "NONE"}, 190004),
        ({"operator_userid": "alice"}, 190442),
        ({"users": "alice"}, 190004),
    ],
)
async def test_roles_that_are_refused(caller, answer, refusal, zoe, values, number) -> None:
    await answer("users.set_enabled", userid="carol", enable=False)
    given = {"role_code": "NORMAL_ROLE", "users": ["alice"], **values}
    for operation in ("corp.add_role", "corp.set_role"):
        assert await refusal(operation, **given) == number


async def test_a_quota_of_their_own(clock, calling) -> None:
    from tm_async.emulator import Emulator

    async with Emulator(clock=clock, enforce_quotas=True) as emulator:
        caller = calling(emulator)
        asked = {"operator_id": "admin", "operator_id_type": 1, "page_size": 1}
        for _ in range(100):
            await told(caller, "corp.list_users", **asked)
        assert code(await ask(caller, "corp.list_users", **asked)) == (500, 190313)
        await told(caller, "users.get", userid="alice", operator_id="admin", operator_id_type=1)
        clock.now += 61
        await told(caller, "corp.list_users", **asked)
