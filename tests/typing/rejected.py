"""Never executed: every marked line is wrong, and both type checkers have to say so.

An ignore that is not needed is an error, so a line that a checker began to accept fails the check.
"""

from datetime import datetime

from tm_async import CreateMeeting, GetMeeting, Recurrence, TencentMeeting
from tm_async.api.layouts import SeatPage


async def wrong(tm: TencentMeeting, when: datetime) -> None:
    await tm.meetings.create(userid="a", subject="x", start_time=when)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await tm.meetings.get(meeting_id=5, userid="a")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await tm.meetings.get(meeting_id="5", user="a")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await tm.meetings.get("5")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await tm.send(CreateMeeting)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    GetMeeting(meeting_id="5").meeting_id = "6"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    Recurrence.every_n_weeks(2, ["Monday"])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    TencentMeeting("secret")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    tm.meetings.create_many([when])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]


async def forgotten(tm: TencentMeeting, who: str) -> None:
    await tm.meetings.cancel_occurrence(meeting_id="5", userid=who, reason_code=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await tm.meetings.modify_series(meeting_id="5", userid=who, subject="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await tm.meetings.replace_invitees(meeting_id="5", userid=who)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    tm.meetings.list_participants(meeting_id="5", userid=who, sub_meeting_id="1")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    tm.meetings.list_occurrence_participants(meeting_id="5", userid=who)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def of_users(tm: TencentMeeting) -> None:
    await tm.users.create(operator_id="a", userid="b")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await tm.users.set_enabled(operator_id="a", userid="b", enable="no")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await tm.users.modify(operator_id="a", userid="b", title="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await tm.corp.list_users()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await tm.corp.set_role(operator_userid="a", role_code=5, users=[])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await tm.users.find(phone="1")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    tm.users.list(operator_id="a", page_size="20")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    tm.users.delete_many(["b"])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    await tm.departments.create(userid="a", name="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def of_running_meetings(tm: TencentMeeting) -> None:
    await tm.control.mute(meeting_id="5", operator_id="a", user="b", mute=True)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await tm.control.kickout(meeting_id="5", operator_id="a", users=[])  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    tm.control.session("5")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await tm.layouts.apply(meeting_id="5", operator_id="a")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await tm.webinars.cancel(userid="a", meeting_id="5")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def of_recordings(tm: TencentMeeting) -> None:
    await tm.recordings.save("1", to="x.mp4")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await tm.recordings.save("1", to="x", operator_id="a", kind="film")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await tm.recordings.save("1", to="x", operator_id="a", over=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def of_layouts(tm: TencentMeeting) -> None:
    await tm.layouts.arrange("1", [["a"]], userid="a")  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    await tm.layouts.arrange("1", [SeatPage([1.5])], userid="a")  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
