"""Enrolment: settings of the registration page, registrations, import and approval.

The error codes are those of doc 1095/64010, 67899 and 71938: 101 enrolment is off, 107 not the creator, 112 no such
registration, 129 the meeting is over. Which of the seven operations answers which of them is the emulator's choice.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tm_async.emulator.chapters.meetings import enrolment_limits as limits
from tm_async.emulator.chapters.meetings.chapter import meetings
from tm_async.emulator.chapters.meetings.enrolment import Enrolled, Phone, Question, Registration
from tm_async.emulator.chapters.meetings.operations.reach import meeting_of
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.encoding import base64_text
from tm_async.emulator.kernel.refusals import Refused
from tm_async.emulator.kernel.times import CHINA

__all__ = [
    "approve_enrollments",
    "delete_enrollments",
    "get_enroll_config",
    "import_enrollments",
    "list_enrollments",
    "query_enroll_ids",
    "set_enroll_config",
]

SETTINGS = (
    "approve_type",
    "display_number_of_participants",
    "enroll_deadline",
    "enroll_description",
    "enroll_number",
    "enroll_push_type",
    "is_collect_question",
    "no_registration_needed_for_staff",
)
"""Kept as they are; questions and pictures are not."""
ACTIONS = {1: Enrolled.PENDING, 2: Enrolled.REJECTED, 3: Enrolled.APPROVED}
Members = Mapping[str, Any]


@meetings.does("get_enroll_config")
def get_enroll_config(asked: Asked, *, meeting_id: str) -> Members:
    """What was never set and has no documented default is left out."""
    meeting = _own(asked, meeting_id)
    config = asked.state.enrolments.config(meeting.id)
    value = {"meeting_id": meeting.id, **config.values}
    if "cover_image" in value:  # Base64 in answers (catalogue); pictures are not fetched
        value["cover_image"] = [base64_text(url) for url in value["cover_image"]]
    if config.asked:
        value["question_list"] = [_question(question) for question in config.asked]
    return value


@meetings.does("set_enroll_config", attributes=SETTINGS)
def set_enroll_config(
    asked: Asked,
    *,
    meeting_id: str,
    cover_image: Sequence[str] = (),
    question_list: Sequence[Members] | None = None,
    **values: Any,
) -> Members:
    """What is absent stays as it was."""
    meeting = _own(asked, meeting_id, changing=True)
    if problems := list(limits.config_problems(asked.given)):
        raise Refused(190004, "; ".join(problems[:10]))
    if cover_image:  # an empty text stands for the default picture, whose address no document has
        values["cover_image"] = [url for url in cover_image if url]
    enrolments = asked.state.enrolments
    collecting = values.get("is_collect_question", enrolments.config(meeting.id).values["is_collect_question"]) == 2
    questions = None if question_list is None or not collecting else [_read(each) for each in question_list]
    config = enrolments.configure(meeting.id, values, questions)
    return {"meeting_id": meeting.id, "question_count": len(config.asked)}


@meetings.does("list_enrollments", pages=True)
def list_enrollments(asked: Asked, *, meeting_id: str, status: int = 0) -> Members:
    """0 stands for all of them."""
    meeting = _own(asked, meeting_id)
    rows = [_row(asked, row) for row in asked.state.enrolments.of(meeting.id) if status in {0, row.status}]
    page = asked.page(rows)
    if not page["enroll_list"]:  # then the member is left out (vendor's Python SDK 1.0.10)
        del page["enroll_list"]
    return page


@meetings.does("approve_enrollments")
def approve_enrollments(asked: Asked, *, meeting_id: str, action: int, enroll_id_list: Sequence[int]) -> Members:
    """All of them, or none where one is unknown (not documented)."""
    meeting = _own(asked, meeting_id, changing=True)
    ids = _ids(asked, meeting, enroll_id_list)
    asked.state.enrolments.decide(meeting.id, ids, ACTIONS[action])
    return {"meeting_id": meeting.id, "handled_count": len(ids)}


@meetings.does("query_enroll_ids")
def query_enroll_ids(
    asked: Asked, *, meeting_id: str, ms_open_id_list: Sequence[str], sorting_rules: int = 1
) -> Members:
    """Who has not registered is left out."""
    meeting = _own(asked, meeting_id)
    # Of somebody with several registrations the imported ones go first, or else those of their own.
    rows = sorted(asked.state.enrolments.of(meeting.id), key=lambda row: row.imported == (sorting_rules == 2))
    ids: dict[str, list[int]] = {}
    for row in rows:
        ids.setdefault(row.ms_open_id, []).append(row.id)
    names = dict.fromkeys(ms_open_id_list)
    found = [{"enroll_id": each, "ms_open_id": name} for name in names for each in ids.get(name, ())]
    value: dict[str, Any] = {"meeting_id": meeting.id}
    return {**value, "enroll_id_list": found} if found else value  # else left out (vendor's Python SDK 1.0.10)


@meetings.does("import_enrollments")
def import_enrollments(asked: Asked, *, meeting_id: str, enroll_list: Sequence[Members]) -> Members:
    """Who is not registered in the enterprise is named; the others are imported, and at once approved."""
    meeting = _own(asked, meeting_id, changing=True)
    if problems := list(limits.import_problems(enroll_list, open_ids=asked.call.open_id is not None)):
        raise Refused(190004, "; ".join(problems[:10]))
    people = [(item, _person(asked, item)) for item in enroll_list]
    enrolments = asked.state.enrolments
    there = len({*enrolments.imported(meeting.id), *(who for _, who in people if who is not None)})
    if there > limits.IMPORTED:
        raise Refused(190004, f"{there} imported in all, at most {limits.IMPORTED}")
    brought: list[dict[str, Any]] = []
    for item, who in people:
        if who is not None:
            row = enrolments.bring(meeting.id, who, nick_name=item.get("nick_name"), now=asked.now)
            brought.append({**item, "enroll_id": row.id, "enroll_code": row.code})
    return {
        "total_count": len(brought),
        "enroll_list": brought,
        "user_non_registered": [item.get("open_id") or item["userid"] for item, who in people if who is None],
    }


@meetings.does("delete_enrollments")
def delete_enrollments(asked: Asked, *, meeting_id: str, enroll_id_list: Sequence[Members]) -> Members:
    """All of them, or none where one is unknown. That only the creator may is not documented."""
    meeting = _own(asked, meeting_id, changing=True)
    ids = _ids(asked, meeting, [item["enroll_id"] for item in enroll_id_list])
    asked.state.enrolments.remove(meeting.id, ids)
    return {"total_count": len(ids)}


def _own(asked: Asked, meeting_id: str, *, changing: bool = False) -> Meeting:
    """The meeting of an id, where the operator created it, it takes registrations and, for a change, is not over."""
    meeting = meeting_of(asked, meeting_id)
    if asked.operator != meeting.creator:
        raise Refused(107, f"{asked.call.people.name(asked.operator)!r} is not the creator of meeting {meeting.id}")
    if not meeting.switches.get("enable_enroll"):
        raise Refused(101, f"{meeting.id} was made without enable_enroll, or as a webinar without admission_type 1")
    if changing and meeting.cancelled:  # not documented here
        raise Refused(9007, f"meeting {meeting.id} was cancelled")
    if changing and not meeting.ahead(asked.now):
        raise Refused(129, f"meeting {meeting.id} is over")
    return meeting


def _ids(asked: Asked, meeting: Meeting, given: Sequence[int]) -> list[int]:
    if not given:  # not documented
        raise Refused(190004, "enroll_id_list is empty")
    ids = list(dict.fromkeys(given))
    if unknown := asked.state.enrolments.unknown(meeting.id, ids):
        raise Refused(112, f"meeting {meeting.id} has no registration {unknown[0]}")
    return ids


def _person(asked: Asked, item: Mapping[str, Any]) -> str | Phone | None:
    """Who is imported: open_id goes before userid, and that before the number. `None`: not registered."""
    name = item.get("open_id") or item.get("userid")
    return asked.call.people.userid(name) if name else Phone(item["area"], item["phone_number"])


def _read(given: Mapping[str, Any]) -> Question:
    """Type and title count for one's own questions only; preset ones are answered by a text."""
    special, required = given.get("special_type", 1), given["is_required"] == 2
    if special != 1:
        return Question(type=3, special=special, required=required)
    kind = given["question_type"]
    options = () if kind == 3 else tuple(option.get("content", "") for option in given.get("option_list", ()))
    return Question(type=kind, title=given["question_title"], required=required, options=options)


def _question(question: Question) -> dict[str, Any]:
    shown = _shown(question)
    if question.options:
        shown["option_list"] = [{"content": option} for option in question.options]
    return shown


def _shown(question: Question) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "is_required": 2 if question.required else 1,
        "question_type": question.type,
        "special_type": question.special,
    }
    return shown if question.title is None else {**shown, "question_title": question.title}


def _row(asked: Asked, row: Registration) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "enroll_id": row.id,
        "enroll_time": f"{datetime.fromtimestamp(row.time, CHINA):%Y-%m-%d %H:%M:%S}",  # the form is not documented
        "enroll_source_type": 2 if row.imported else 1,
        "status": int(row.status),
        "ms_open_id": row.ms_open_id,
        "enroll_code": row.code,
        "answer_list": [
            {"question_num": number, **_shown(answered.question), "answer_content": list(answered.content)}
            for number, answered in enumerate(row.answers, 1)
        ],
        **_named(asked, row.userid),
    }
    return shown if row.nick_name is None else {**shown, "nick_name": row.nick_name}


def _named(asked: Asked, userid: str | None) -> dict[str, str]:
    """The userid to the enterprise; the open id to an app that this user has let in (vendor's Python SDK 1.0.10)."""
    if userid is None:
        return {}
    if asked.call.people.app is None:
        return {"userid": userid}
    allowed = any(
        (grant.sdk_id, grant.userid) == (asked.call.people.app, userid) for grant in asked.call.registry.grants
    )
    return {"open_id": asked.call.people.name(userid)} if allowed else {}
