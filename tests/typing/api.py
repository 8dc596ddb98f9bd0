"""Never executed: the type checkers prove here what the public API promises them."""

from collections.abc import AsyncIterator, Coroutine
from datetime import datetime
from typing import Any, assert_type

from tm_async import (
    Absent,
    Auth,
    Created,
    CreateMeeting,
    EncryptedStore,
    EnterpriseSecret,
    FileStore,
    FindMeeting,
    Found,
    GetMeeting,
    Grant,
    Meeting,
    MemoryStore,
    OAuth2,
    OAuth2App,
    Operation,
    Outcome,
    OutcomeUnknown,
    Quotas,
    ReauthorizationRequired,
    Recurrence,
    RedisStore,
    Rejected,
    RetryPolicy,
    TencentMeeting,
    Timeout,
    TokenStore,
    Undecided,
    Unknown,
    User,
    Weekday,
    open_ledger,
)
from tm_async.api.corp import MeetingPhase, SetRole
from tm_async.api.departments import Department
from tm_async.api.layouts import Arranged, GridType, SeatPage, VideoType
from tm_async.api.meetings import MeetingsPage, MeetingStatus, Participant, ParticipantsPage, Settings
from tm_async.api.pstn import CalledPhone, CallingArea
from tm_async.api.recordings import (
    Download,
    GetMinutes,
    Minutes,
    Notes,
    Paragraph,
    Recording,
    RecordingEvents,
    Saved,
    StsTokens,
    Transcript,
    UploadFileType,
    UploadJob,
)
from tm_async.api.rooms import BookedRooms, CallState, ListedRoom, RoomAnswers, RoomCall
from tm_async.api.shared import Person
from tm_async.api.users import DeleteUser, FilteredStatus, UserCreated, UserInfo, UsersCursorPage, UserStatus
from tm_async.batch.ledger import Entry, Ledger, State
from tm_async.core.exchange import Answer, Headers, Request
from tm_async.errors import ApiError, TencentMeetingError
from tm_async.quotas import Rate, RedisLimiter
from tm_async.testing import FakeTransport
from tm_async.transport import Transport
from tm_async.webhooks import WebhookKeys, Webhooks


async def calls(tm: TencentMeeting, when: datetime) -> None:
    created = await tm.meetings.create(
        userid="a",
        subject="x",
        start_time=when,
        end_time=when,
        invitees=["alice", User("bob")],
        hosts={"a"},
        recurring_rule=Recurrence.every_n_weeks(2, {Weekday.MONDAY}),
        settings=Settings(mute_enable_join=True),
    )
    assert_type(created, Meeting)
    assert_type(created.meeting_id, str)
    assert_type(created.start_time, datetime | None)
    assert_type(created.status, MeetingStatus | None)
    assert_type(created.user_non_registered, tuple[str, ...])
    pending: Coroutine[Any, Any, Meeting] = tm.meetings.get(meeting_id="1", userid="a")
    assert_type(await pending, Meeting)
    assert_type(await tm.meetings.find(meeting_code="1", userid="a"), Meeting)
    assert_type(await tm.send(GetMeeting(meeting_id="1", userid="a")), Meeting)
    assert_type(await tm.exchange(FindMeeting(meeting_code="1", userid="a")), Answer[Meeting])
    assert_type((await tm.exchange(GetMeeting(meeting_id="1"))).trace_id, str | None)
    assert_type(tm.with_options(deadline=None, timeout=Timeout(read=5)), TencentMeeting)
    answer = await tm.request("GET", "/v1/records", query={"page": 1})
    assert_type(answer.result, Any)
    assert_type(await tm.call("votes.list", {"page": 1}, userid="a"), Any)


async def lists(tm: TencentMeeting) -> None:
    async for meeting in tm.meetings.list(userid="a"):
        assert_type(meeting, Meeting)
    assert_type(await tm.meetings.list(userid="a"), MeetingsPage)
    assert_type(await tm.meetings.list(userid="a").collect(limit=5), list[Meeting])
    async for page in tm.meetings.list_participants(meeting_id="1", userid="a").pages():
        assert_type(page, ParticipantsPage)
    assert_type([one async for one in tm.meetings.list_invitees(meeting_id="1", userid="a")], list[Person])


async def changes(tm: TencentMeeting, shown: Meeting, when: datetime) -> None:
    assert_type(await tm.meetings.modify(meeting_id="1", userid="a", subject="x", hosts=[]), Meeting)
    if shown.recurring_rule is not None and shown.settings is not None:
        rule = Recurrence.of(shown.recurring_rule)
        await tm.meetings.modify_series(
            meeting_id="1", userid="a", recurring_rule=rule, settings=Settings.of(shown.settings)
        )
    await tm.meetings.modify_occurrence(meeting_id="1", userid="a", sub_meeting_id="2", start_time=when, end_time=when)
    await tm.meetings.cancel_series(meeting_id="1", userid="a", reason_code=1, cancelled_is_done=True)
    await tm.meetings.replace_invitees(meeting_id="1", userid="a", invitees=["a", User("b"), Person(userid="c")])
    request = CreateMeeting(userid="a", subject="x", start_time=when, end_time=when)
    result = await tm.meetings.create_with_invitees(request, ["a", User("b")])
    assert_type(result.error, TencentMeetingError | None)


async def bulk(tm: TencentMeeting, requests: list[CreateMeeting], rows: AsyncIterator[dict[str, Any]]) -> None:
    async for outcome in tm.meetings.create_many(requests, concurrency=8):
        assert_type(outcome, Outcome[Meeting])
        match outcome:
            case Created(result=meeting):
                assert_type(meeting, Meeting)
            case Rejected(error=error) | Unknown(error=error):
                assert_type(error, TencentMeetingError)
    async for _ in tm.meetings.create_many(rows, as_completed=True):
        pass


class Mine:
    """A strategy and a transport of the user's own need no base class."""

    async def authorize(self, request: Request, now: float) -> Headers:
        return ()

    async def rejected(self, error: ApiError, headers: Headers) -> bool:
        return error.may_retry


def wiring() -> None:
    auth: Auth = Mine()
    transport: Transport = FakeTransport()
    TencentMeeting(auth, transport=transport)
    TencentMeeting(EnterpriseSecret.from_env(), base_url="https://api.meeting.qq.com/v1", deadline=5)


async def at_most_once(tm: TencentMeeting, create: CreateMeeting) -> Meeting | None:
    """As the README has it, in strict code."""
    try:
        return await tm.send(create)
    except OutcomeUnknown as error:
        match await tm.meetings.reconcile(error):
            case Found(result=meeting):
                return meeting
            case Absent():
                return await tm.send(create)
            case undecided:
                assert_type(undecided, Undecided)
                return None


async def never_twice(tm: TencentMeeting, create: CreateMeeting, when: datetime) -> None:
    none, two = Quotas(per_app=None), Quotas(per_app=[Rate(300, 60), Rate(200_000, 86_400)], creations=Rate(9, 60))
    TencentMeeting(Mine(), retry=RetryPolicy(attempts=2), quotas=none, limiter=RedisLimiter.from_url("redis://host"))
    assert_type(tm.with_options(retry=None, quotas=two, deadline=None), TencentMeeting)
    assert_type(tm.clock_offset, float)
    assert_type(await tm.meetings.reconcile(create, since=when), Found[Meeting] | Absent | Undecided)
    try:
        await tm.send(create)
    except OutcomeUnknown as error:
        assert_type(error.since, float)
        assert_type(await tm.meetings.reconcile(error), Found[Meeting] | Absent | Undecided)
    ledger: Ledger = open_ledger("batch.db")
    assert_type(await tm.meetings.create_many.plan([create], ledger), int)
    async for outcome in tm.meetings.create_many.pending(ledger, concurrency=4, stop=lambda: False):
        assert_type(outcome, Outcome[Meeting])
    async for outcome in tm.meetings.create_many([create], ledger=ledger, key=str):
        assert_type(outcome, Created[Meeting] | Rejected | Unknown)
    async for entry in ledger.entries(State.PENDING, group="g"):
        assert_type(entry, Entry)


async def users(tm: TencentMeeting) -> None:
    made = await tm.users.create(operator_id="a", userid="b", username="B", phone="1", department_list=["d"])
    assert_type(made, UserCreated)
    shown = await tm.users.get(operator_id="a", userid="b")
    assert_type(shown, UserInfo)
    assert_type(shown.status, UserStatus | None)
    assert_type(await tm.users.set_enabled(operator_id="a", userid="b", enable=False), None)
    assert_type(await tm.users.find(operator_id="a", phone="1"), tuple[UserInfo, ...])
    async for user in tm.users.list(operator_id="a", page_size=20):
        assert_type(user, UserInfo)
    assert_type(await tm.users.list_advanced(operator_id="a", status=FilteredStatus.NORMAL), UsersCursorPage)
    async for outcome in tm.users.create_many([{"operator_id": "a", "userid": "b"}]):
        assert_type(outcome, Outcome[UserCreated])
    async for done in tm.users.delete_many([DeleteUser(operator_id="a", userid="b")]):
        assert_type(done, Created[None] | Rejected | Unknown)


async def recordings(tm: TencentMeeting, when: datetime, hooks: Webhooks) -> None:
    async for row in tm.recordings.list(operator_id="a", start_time=when, end_time=when):
        assert_type(row, Recording)
    async for paragraph in tm.recordings.get_transcript(operator_id="a", record_file_id="1"):
        assert_type(paragraph, Paragraph)
    asked = GetMinutes(operator_id="a", record_file_id="1")
    assert_type(await tm.recordings.wait_ready(asked, events=RecordingEvents(hooks)), Minutes)
    assert_type(await tm.recordings.wait_done(operator_id="a", meeting_id="1"), tuple[Recording, ...])
    assert_type(await tm.recordings.read_transcript(operator_id="a", record_file_id="1"), Transcript)
    assert_type(await tm.recordings.save("1", to="x.mp4", operator_id="a", kind="audio"), Saved)
    assert_type(tm.recordings.download("1", to="x.mp4", operator_id="a"), Download)
    assert_type(await tm.recordings.read_notes(operator_id="a", record_file_id="1"), Notes)
    audio = UploadFileType.AUDIO
    job = await tm.recordings.upload_whole(operator_id="a", file_name="a.mp3", file_type=audio, file_content=b"")
    assert_type(job, UploadJob)
    assert_type(await StsTokens(tm, hooks, operator_id="a").get(), str)
    async for url in tm.asr.export_details(operator_id="a", meeting_id="1"):
        assert_type(url, str)


async def departments(tm: TencentMeeting) -> None:
    top = await tm.departments.create(userid="a", department_name="Engineering")
    assert_type(top, Department)
    async for below in tm.departments.list(userid="a", department_id="0"):
        assert_type(below.department_id, str)
    async for member in tm.departments.list_users(userid="a", department_id="1"):
        assert_type(member.userid, str)


async def rooms(tm: TencentMeeting, when: datetime) -> None:
    async for free in tm.rooms.find_free(when, when, operator_id="a", capacity=8):
        assert_type(free, ListedRoom)
    async for meeting in tm.rooms.list_meetings(operator_id="a", target_rooms_id="1"):
        assert_type(meeting.start_time, datetime | None)
    assert_type(await tm.rooms.add_room(meeting_id="1", operator_id="a", meeting_room_id="2"), BookedRooms | None)
    assert_type(await tm.rooms.call(meeting_id="1", operator_id="a", meeting_room_id="2"), RoomCall)
    status = await tm.rooms.wait_answer(
        meeting_id="1", operator_id="a", meeting_room_id="2", answers=RoomAnswers(Webhooks(WebhookKeys.from_env()))
    )
    assert_type(status.status, CallState | None)


async def the_account(tm: TencentMeeting, when: datetime) -> None:
    async for row in tm.corp.list_records(operator_id="a", start_time=when, end_time=when):
        assert_type(row.file_ids, tuple[str, ...])
    async for meeting in tm.corp.list_meetings(operator_id="a", meeting_state=MeetingPhase.ENDED):
        assert_type(meeting.start_time, datetime | None)
    async for outcome in tm.corp.set_role_many([SetRole(operator_userid="a", role_code="R", users=["b"])]):
        assert_type(outcome, Outcome[None])
    async for booker in tm.corp_resources.list_bookers(operator_userid="a"):
        assert_type(booker.department_id, str)
    await tm.pstn.export_call_details(operator_id="a", start_date=when.date(), end_date="2026-01-02")
    called = CalledPhone(area=CallingArea.HONG_KONG, phone="1")
    calls = await tm.pstn.callout(operator_id="a", meeting_id="1", phone_numbers=[called])
    assert_type(calls.phone_numbers[0].phone, str)


async def running_meetings(tm: TencentMeeting) -> None:
    from tm_async.api.control import MeetingSession, OpenSignIn, Reached, SignInResult, SignInStarted, Target
    from tm_async.api.layouts import LayoutsInfo
    from tm_async.api.live import LiveReplays
    from tm_async.api.shared import Device, MsOpenId
    from tm_async.api.unread import Unread
    from tm_async.api.votes import OpenPoll, Poll, PollResult, Question

    async with tm.control.session("5", userid="a") as room:
        assert_type(room, MeetingSession)
        people = await room.people()
        assert_type(await room.mute("a", MsOpenId("m"), people[0]), Reached)
        assert_type(await room.mute_all(but=["a"]), Reached)
        assert_type(await room.running_sign_in(), OpenSignIn | None)
        sign_in = await room.sign_in(minutes=None)
        assert_type(await sign_in.wait(within=9), SignInResult)
        assert_type(await room.ask(Poll("q", single=["a", "b"])), OpenPoll)
    poll = await tm.votes.ask("5", Poll("q", questions=[Question("r", multiple=("a", "b"))]), userid="a")
    assert_type(await poll.finish(), PollResult)
    who = Target(to_operator_id="m", instanceid=Device.PC)
    assert_type(await tm.control.mute(meeting_id="5", operator_id="a", user=who, mute=True), None)
    assert_type(await tm.control.start_sign_in(meeting_id="5", operator_id="a"), SignInStarted)
    assert_type(await tm.live.list_replays(meeting_id="5", userid="a"), LiveReplays)
    assert_type(await tm.layouts.list(meeting_id="5", operator_id="a"), LayoutsInfo)
    assert_type(await tm.audit.list_admin_log(operator_id="a"), Unread)


async def webinars(tm: TencentMeeting, when: datetime) -> None:
    from tm_async.api.webinars import Webinar, WebinarCreated

    created = await tm.webinars.create(userid="a", subject="x", start_time=when, end_time=when, hosts=["b"])
    assert_type(created, WebinarCreated)
    assert_type(await tm.webinars.get(userid="a", meeting_id="5"), Webinar)
    async for row in tm.webinars.list_enrollments(meeting_id="5", operator_id="a"):
        assert_type(row.userid, str | None)


async def oauth2(tm: TencentMeeting, when: datetime) -> None:
    store: TokenStore = EncryptedStore(FileStore("grants"), EncryptedStore.new_key())
    app = OAuth2App.from_env(store=store)
    url, state = app.authorize_url()
    assert_type(url, str)
    grant = await app.exchange(app.read_callback("auth_code=c&state=s", state=state))
    assert_type(grant, Grant)
    assert_type(grant.expires_at, datetime | None)
    auth: Auth = OAuth2(app, RedisStore.from_url("redis://127.0.0.1"), open_id=grant.open_id)
    async with TencentMeeting(auth) as client:
        assert_type(client.as_user("o2"), TencentMeeting)
        try:
            await client.as_user("o2").meetings.create(userid="o2", subject="x", start_time=when, end_time=when)
        except ReauthorizationRequired as error:
            assert_type(error.open_id, str)
            assert_type(error.authorize_url, str)
    OAuth2(app.with_store(MemoryStore()))
    await app.withdraw(grant.open_id)


def takes_any() -> list[Operation[Meeting]]:
    return [GetMeeting(meeting_id="1"), FindMeeting(meeting_code="1")]


async def layouts(tm: TencentMeeting, person: Participant) -> None:
    seats, cells = ["a", "b"], {"1": "a", "3": "b"}
    plan = [SeatPage(seats), SeatPage(cells, template="3"), SeatPage(["a", GridType.SHARED_SCREEN, person, None])]
    plan.append(SeatPage([VideoType.SPEAKER, ["a", person]]))
    assert_type(await tm.layouts.arrange("1", plan, userid="a"), Arranged)
    assert_type(await tm.layouts.restore_default("1", userid="a", devices=True), None)
