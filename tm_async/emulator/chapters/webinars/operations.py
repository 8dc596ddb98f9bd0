"""Webinars (doc 1095/61868 to 61994, 95023, 95024), as meetings: people join them, and enrol, by the same acts.

Chosen where the documentation is silent: only the creator may do anything; meetings are no webinars (9003); times and
passwords that cannot be are 190004. Pictures and videos are not fetched: all are found good, at once.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

from tm_async.emulator.chapters.meetings import news, wire
from tm_async.emulator.chapters.meetings.limits import seconds_problems
from tm_async.emulator.chapters.meetings.operations import enrolment
from tm_async.emulator.chapters.meetings.operations.changes import cancel as cancel_meeting
from tm_async.emulator.chapters.meetings.operations.reach import by_code, check_role, meeting_of
from tm_async.emulator.chapters.meetings.state import WEBINAR, Booking, Meeting, Person
from tm_async.emulator.chapters.rooms.calendar import check_moved
from tm_async.emulator.chapters.webinars.state import Webinar
from tm_async.emulator.kernel.acting import registered
from tm_async.emulator.kernel.answers import View
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.chapter import Chapter
from tm_async.emulator.kernel.encoding import base64_text
from tm_async.emulator.kernel.refusals import Refused

__all__ = [
    "cancel",
    "create",
    "create_customer_url",
    "get",
    "list_customer_urls",
    "list_guests",
    "list_preparation_log",
    "modify",
    "set_guests",
    "set_warm_up",
    "webinars",
]

webinars: Chapter[Meeting] = Chapter("webinars")

HALF_AN_HOUR = 1800
ENROLMENT, PASSWORD = 1, 2
INTERNAL = 1
"""`guest_type`."""
BOOKED = ("subject", "start_time", "end_time", "time_zone", "hosts", "password")
SETTINGS = (
    *("sponsor", "admission_type", "cover_url", "description", "enable_guest_invite_link", "activity_page"),
    *("sensitive_words", "preparation_mode", "media_setting", "enable_manual_check"),
)
Members = Mapping[str, Any]


def _of_webinars(act: Callable[..., Members]) -> Callable[..., Members]:
    """What a meeting's operation does, for webinars alone."""

    @wraps(act)
    def checked(asked: Asked, *, meeting_id: str, **given: Any) -> Members:
        if meeting_id not in asked.state.webinars:
            raise Refused(9003, f"{meeting_id[:40]!r} is no webinar")
        return act(asked, meeting_id=meeting_id, **given)

    return checked


for _name in (
    "list_enrollments",
    "approve_enrollments",
    "query_enroll_ids",
    "import_enrollments",
    "delete_enrollments",
):
    webinars.does(_name, pages=_name == "list_enrollments")(_of_webinars(getattr(enrolment, _name)))


@webinars.does("create", attributes=(*BOOKED, *SETTINGS), excused=("hosts",))
def create(asked: Asked, **body: Any) -> Members:
    """At most half an hour late (doc 1095/61868)."""
    settings = {name: body[name] for name in SETTINGS if name in body}
    start, end = _times(body)
    if end <= start or start < asked.now - HALF_AN_HOUR:
        raise Refused(190004, f"from {start} to {end}: the start is at most half an hour past, and before the end")
    booking = Booking(
        creator=asked.operator,
        app=asked.call.people.app,
        subject=body["subject"],
        type=0,
        meeting_type=WEBINAR,
        start=start,
        end=end,
        hosts=_hosts(asked, body) or (Person(asked.operator),),
        password=_password(settings["admission_type"], body.get("password")),
        settings=settings.get("media_setting", {}),
        switches={"enable_enroll": settings["admission_type"] == ENROLMENT},
        time_zone=body.get("time_zone"),
    )
    meeting = asked.state.create(booking, asked.now)
    asked.state.webinars[meeting.id] = Webinar(settings)
    news.created(asked.state, meeting, asked.operator, asked.now)
    _fetch_cover(asked, meeting, body)
    return _shown(asked, meeting)


@webinars.does("get")
def get(asked: Asked, *, meeting_id: str = "", meeting_code: str = "") -> Members:
    """By its id, else by its code."""
    meeting, webinar = _own(asked, meeting_id, meeting_code)
    status = wire.status(meeting, asked.now)
    if status == "MEETING_STATE_INIT" and meeting.start <= asked.now:
        status = "MEETING_STATE_ABOUT_TO_START"
    text = webinar.settings.get("description")  # Base64 in the vendor's sample of 2021
    shown = _shown(asked, meeting) | {"description": None if text is None else base64_text(text)}
    return View(webinar.settings).having(**shown, status=status, password=meeting.password)


@webinars.does("modify", attributes=(*BOOKED, *SETTINGS))
def modify(asked: Asked, *, meeting_id: str, **body: Any) -> Members:
    """What is left out stays. Start and end go together, and the start is in the future (doc 1095/61964)."""
    meeting, webinar = _own(asked, meeting_id)
    if meeting.cancelled:
        raise Refused(9007, f"webinar {meeting.id} was cancelled")
    changes: dict[str, Any] = {name: body[name] for name in ("subject", "time_zone") if name in body}
    if ("start_time" in body) != ("end_time" in body):
        raise Refused(190004, "start_time and end_time go together")
    if "start_time" in body:
        start, end = _times(body)
        if not asked.now < start < end:
            raise Refused(190004, f"from {start} to {end}: the start is in the future, and before the end")
        check_moved(asked.state, meeting, start, end)
        changes |= {"start": start, "end": end}
    admission = body.get("admission_type", webinar.settings["admission_type"])
    changes["password"] = _password(admission, body.get("password", meeting.password))
    changes["switches"] = {**meeting.switches, "enable_enroll": admission == ENROLMENT}
    if "media_setting" in body:
        changes["settings"] = body["media_setting"]
    if "hosts" in body:
        changes["hosts"] = _hosts(asked, body)
    webinar.settings |= {name: body[name] for name in SETTINGS if name in body}
    changed = asked.state.change(meeting, asked.now, **changes)
    news.updated(asked.state, changed, asked.operator, asked.now)
    _fetch_cover(asked, changed, body)
    return {"meeting_id": meeting.id, "meeting_code": meeting.code}


@webinars.does("cancel")
def cancel(asked: Asked, *, meeting_id: str, reason_code: int = 0, reason_detail: str = "") -> None:
    """As a meeting is cancelled, but by the creator only (doc 1095/61973)."""
    _own(asked, meeting_id)
    cancel_meeting(asked, meeting_id=meeting_id, reason_code=reason_code, reason_detail=reason_detail)


@webinars.does("list_guests")
def list_guests(asked: Asked, *, meeting_id: str = "", meeting_code: str = "") -> Members:
    """By the webinar's id, else by its code."""
    guests, name = _own(asked, meeting_id, meeting_code)[1].guests, asked.call.people.name
    return {"guests": [{**guest, "userid": name(guest["userid"])} if "userid" in guest else guest for guest in guests]}


@webinars.does("set_guests")
def set_guests(asked: Asked, *, meeting_id: str, guests: Sequence[Members]) -> None:
    """The list takes the place of the old one (assumed from the method)."""
    _, webinar = _own(asked, meeting_id)
    webinar.guests = [_guest(asked, guest) for guest in guests]


def _guest(asked: Asked, guest: Members) -> Members:
    if guest["guest_type"] == INTERNAL:
        return {**guest, "userid": registered(asked.call, guest.get("userid", ""))}
    if not guest.get("phone_number"):
        raise Refused(190004, "phone_number is missing, of an external guest")
    return {name: value for name, value in guest.items() if name != "userid"}


@webinars.does("create_customer_url")
def create_customer_url(
    asked: Asked, *, meeting_id: str, is_webinar_guest: int, is_join_meeting: int, customer_data: str
) -> Members:
    """The same data, role and target give the same link."""
    meeting, webinar = _own(asked, meeting_id)
    link = {
        "customer_data": customer_data,
        "is_webinar_guest": is_webinar_guest,
        "is_join_meeting": is_join_meeting,
        "webinar_short_url": asked.state.links.make(
            f"webinar {meeting.id}", f"{is_webinar_guest} {is_join_meeting} {customer_data}"
        ),
    }
    if link not in webinar.links:
        webinar.links.append(link)
    return {"webinar_short_url_customer_data": link}


@webinars.lists("list_customer_urls")
def list_customer_urls(asked: Asked, *, meeting_id: str) -> Sequence[Members]:
    """In the order in which they were made."""
    return _own(asked, meeting_id)[1].links


@webinars.does("set_warm_up")
def set_warm_up(
    asked: Asked,
    *,
    meeting_id: str,
    warm_up_picture: str = "",
    warm_up_video: str = "",
    allow_participants_invite_others: bool = True,
) -> None:
    """The picture goes before the video."""
    meeting, webinar = _own(asked, meeting_id)
    shown = {"warm_up_picture": warm_up_picture, "warm_up_video": "" if warm_up_picture else warm_up_video}
    webinar.warm_up = {**shown, "allow_participants_invite_others": allow_participants_invite_others}
    if any(shown.values()):
        news.warm_up_uploaded(asked.state, meeting, shown, asked.now)


@webinars.does("list_preparation_log", pages=True)
def list_preparation_log(
    asked: Asked,
    *,
    meetingId: str,  # noqa: N803 - the document's name
    sub_meeting_id: str = "",
    start_time: int = 0,
    end_time: int = 0,
) -> None:
    """For the creator and the super administrator (doc 1095/94207). Nobody has read the answer: it is empty."""
    if asked.operator != asked.state.users.super_admin:
        _own(asked, meetingId)


def _own(asked: Asked, meeting_id: str, code: str = "") -> tuple[Meeting, Webinar]:
    """A webinar, where its creator asks."""
    meeting = meeting_of(asked, meeting_id) if meeting_id or not code else by_code(asked, code)
    webinar = asked.state.webinars.get(meeting.id)
    if webinar is None:
        raise Refused(9003, f"meeting {meeting.id} is no webinar")
    check_role(asked, meeting, admin=False)
    return meeting, webinar


def _times(body: Members) -> tuple[int, int]:
    if problem := next(seconds_problems(body), None):
        raise Refused(190004, problem)
    return int(body["start_time"]), int(body["end_time"])


def _hosts(asked: Asked, body: Members) -> tuple[Person, ...]:
    return tuple(Person(registered(asked.call, host["userid"])) for host in body.get("hosts", ()))


def _password(admission: int, password: str | None) -> str | None:
    """It is needed for its kind of admission, and nothing for the others (doc 1095/61868)."""
    if admission == PASSWORD and not password:
        raise Refused(190004, "password is missing, admission_type is 2")
    return password if admission == PASSWORD else None


def _fetch_cover(asked: Asked, meeting: Meeting, body: Members) -> None:
    if "cover_url" in body:
        news.media_uploaded(asked.state, meeting, [body["cover_url"]], asked.now, trace=asked.call.trace)


def _shown(asked: Asked, meeting: Meeting) -> dict[str, Any]:
    settings = asked.state.webinars[meeting.id].settings
    shown: dict[str, Any] = {
        "subject": meeting.subject,
        "meeting_id": meeting.id,
        "meeting_code": meeting.code,
        "start_time": meeting.start,
        "end_time": meeting.end,
        "admission_type": settings["admission_type"],
        "audience_join_link": meeting.join_url,
        "guest_join_link": f"{meeting.join_url}?guest",
    }
    if settings.get("enable_manual_check"):
        shown |= {"manual_check_link": f"{meeting.join_url}?check", "manual_check_password": meeting.code[:6]}
    return shown
