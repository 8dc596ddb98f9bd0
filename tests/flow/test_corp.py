"""The whole account and its phones through our client, against the emulator, over a real socket."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import meeting
from tm_async import Created, Rejected, TencentMeeting
from tm_async.api.corp import AddRole, MeetingPhase, SetRole
from tm_async.api.corp_resources import ForWhom
from tm_async.api.pstn import CalledPhone, CallingArea, JobStatus, Phone
from tm_async.batch.ledger import open_ledger
from tm_async.emulator import Emulator, User
from tm_async.errors import NotFound, WrongState

ADMIN = {"operator_id": "admin"}


async def test_lists_of_the_account(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    made = await tm.send(meeting())
    (row,) = await tm.corp.list_meetings(**ADMIN, meeting_state=MeetingPhase.UPCOMING).collect()
    assert (row.meeting_id, row.start_time) == (made.meeting_id, made.start_time)
    tm_emulator.seed_users(*(User(f"u{number}") for number in range(30)))
    users = await tm.corp.list_users(**ADMIN, page_size=7).collect()
    assert [one.userid for one in users] == list(tm_emulator.state.users)
    by_number = await tm.corp.list_users(**ADMIN, page_size=7, page=1).collect()
    assert by_number == users


async def test_recordings_of_a_quarter(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    made = [tm_emulator.recordings.add("alice", subject=str(number)) for number in range(4)]
    end = datetime.fromtimestamp(int(made[0].began), UTC)
    start = end - timedelta(days=93)
    for days, file in zip((0, 31, 62, 93), made, strict=True):  # where the pieces touch
        file.began = start.timestamp() + days * 86400
    rows = await tm.corp.list_records(**ADMIN, start_time=start, end_time=end).collect()
    assert [row.subject for row in rows] == ["0", "1", "2", "3"]
    assert sum(entry.operation == "corp.list_records" for entry in tm_emulator.journal) == 3


async def test_roles_many_at_a_time(tm: TencentMeeting, tm_emulator: Emulator, tmp_path: Path) -> None:
    tm_emulator.corp.add_role("AUDITOR", "审计")
    wanted = [SetRole(operator_userid="admin", role_code="AUDITOR", users=[one]) for one in ("alice", "admin", "bob")]
    ledger = str(tmp_path / "roles.ledger")
    outcomes = await tm.corp.set_role_many(wanted, ledger=ledger)
    assert [type(one) for one in outcomes] == [Created, Rejected, Created]
    assert isinstance(outcomes[1], Rejected)
    assert isinstance(outcomes[1].error, WrongState)
    sent = len(tm_emulator.journal)
    again = await tm.corp.set_role_many(wanted[:1], ledger=ledger)
    assert (type(again[0]), len(tm_emulator.journal)) == (Created, sent), "what is finished is not sent again"
    assert [one.userid async for one in tm.corp.list_users(**ADMIN, role_code="AUDITOR")] == ["alice", "bob"]
    async with open_ledger(ledger) as opened:
        assert len([entry async for entry in opened.entries()]) == 3
    (given,) = await tm.corp.add_role_many([AddRole(operator_userid="admin", role_code="AUDITOR", users=["carol"])])
    assert isinstance(given, Created)
    roles = {role.role_code: role.role_member_nu async for role in tm.corp.list_roles(**ADMIN)}
    assert roles["AUDITOR"] == 3
    await tm.corp.delete_role(operator_userid="admin", role_code="AUDITOR")


async def test_who_may_start_meetings(tm: TencentMeeting) -> None:
    admin = {"operator_userid": "admin"}
    await tm.corp_resources.set_bookers(**admin, type=ForWhom.LISTED, users=[f"{name}" for name in ("alice", "bob")])
    rows = await tm.corp_resources.list_bookers(**admin, page_size=1).collect()
    assert [row.userid for row in rows] == ["alice", "bob"]
    await tm.corp_resources.remove_bookers(**admin, userid_list=["alice"])
    assert (await tm.corp_resources.list_bookers(**admin)).total_count == 1


async def test_a_phone_in_a_meeting(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    made = await tm.send(meeting())
    who = {"meeting_id": made.meeting_id, "operator_id": "tester"}
    alice = CalledPhone(area=CallingArea.MAINLAND_CHINA, phone="13800000001", nick_name="Alice")
    calls = await tm.pstn.callout(**who, phone_numbers=[alice])
    assert [one.phone for one in calls.phone_numbers] == ["13800000001"]
    tm_emulator.pstn.answer(made.meeting_id, "13800000001")
    (row,) = await tm.pstn.list_callouts(**who).collect()
    number = Phone(area=CallingArea.MAINLAND_CHINA, phone="13800000001")
    (known,) = (await tm.pstn.query_ms_open_ids(**who, phone_numbers=[number])).ms_open_id_list
    assert (row.ms_open_id, row.nick_name) == (known.ms_open_id, "Alice")
    assert (await tm.pstn.cancel_callout(**who, phone_numbers=[number])).failed_list[0].error_msg
    job = await tm.pstn.export_call_details(**ADMIN)
    tm_emulator.clock_offset += 5
    assert (await tm.pstn.get_call_detail_job(**ADMIN, job_id=job.job_id)).status is JobStatus.FINISHED
    with pytest.raises(NotFound):
        await tm.pstn.get_call_detail_job(**ADMIN, job_id="none")
