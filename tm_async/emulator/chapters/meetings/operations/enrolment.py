"""Enrolment: settings of the registration page, registrations, import and approval.

The error codes are those of doc 1095/64010, 67899 and 71938: 101 enrolment is off, 107 not the creator, 112 no such
registration, 129 the meeting is over. Which of the seven operations answers which of them is the emulator's choice.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from tm_async.emulator.chapters.meetings import enrolment_limits as limits
from tm_async.emulator.chapters.meetings.enrolment import Enrolled, Phone, Question, Registration
from tm_async.emulator.chapters.meetings.operations.callers import checked
from tm_async.emulator.chapters.meetings.operations.operators import asked, known, operator
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.kernel.call import Answer, Call
from tm_async.emulator.kernel.encoding import base64_text
from tm_async.emulator.kernel.pages import numbered
from tm_async.emulator.kernel.refusals import Refused
from tm_async.emulator.kernel.times import CHINA

__all__ = [
    "HANDLERS",
    "approve_enrollments",
    "delete_enrollments",
    "get_enroll_config",
    "import_enrollments",
    "list_enrollments",
    "query_enroll_ids",
    "set_enroll_config",
]

NOT_SETTINGS = ("operator_id", "operator_id_type", "instanceid", "question_list", "cover_image")
ACTIONS = {1: Enrolled.PENDING, 2: Enrolled.REJECTED, 3: Enrolled.APPROVED}


def get_enroll_config(call: Call) -> Answer:
    """`GET /v1/meetings/{meeting_id}/enroll/config`."""
    meeting = _own(call, asked(call))
    config = call.state.enrolments.config(meeting.id)
    value = {"meeting_id": meeting.id, **config.values}
    if "cover_image" in value:  # Base64 in answers (catalogue); pictures are not fetched
        value["cover_image"] = [base64_text(url) for url in value["cover_image"]]
    if config.asked:
        value["question_list"] = [_question(question) for question in config.asked]
    return Answer(value=value)


def set_enroll_config(call: Call) -> Answer:
    """`PUT /v1/meetings/{meeting_id}/enroll/config`. What is absent stays as it was."""
    cleaned = checked(call)
    body = cleaned.value
    meeting = _own(call, body, changing=True)
    if problems := list(limits.config_problems(body)):
        raise Refused(190004, "; ".join(problems[:10]))
    values = {name: value for name, value in body.items() if name not in NOT_SETTINGS}
    if body.get("cover_image"):  # an empty text stands for the default picture, whose address no document has
        values["cover_image"] = [url for url in body["cover_image"] if url]
    enrolments, questions = call.state.enrolments, body.get("question_list")
    collecting = values.get("is_collect_question", enrolments.config(meeting.id).values["is_collect_question"])
    if questions is not None and collecting == 2:
        config = enrolments.configure(meeting.id, values, [_read(question) for question in questions])
    else:
        config = enrolments.configure(meeting.id, values, None)
    return Answer(
        value={"meeting_id": meeting.id, "question_count": len(config.asked)},
        committed=True,
        ignored=tuple(cleaned.ignored),
    )


def list_enrollments(call: Call) -> Answer:
    """`GET /v1/meetings/{meeting_id}/enroll/approvals`."""
    query = asked(call)
    page = numbered(query, size=limits.PAGE, most=limits.PAGE)
    meeting, status = _own(call, query), query.get("status", 0)
    rows = [row for row in call.state.enrolments.of(meeting.id) if status in {0, row.status}]
    value = page.of(rows, "enroll_list")
    value["enroll_list"] = [_row(call, row) for row in value["enroll_list"]]
    if not value["enroll_list"]:  # then the member is left out (vendor's Python SDK 1.0.10)
        del value["enroll_list"]
    return Answer(value=value)


def approve_enrollments(call: Call) -> Answer:
    """`PUT /v1/meetings/{meeting_id}/enroll/approvals`: all of them, or none where one is unknown (not documented)."""
    cleaned = checked(call)
    body = cleaned.value
    meeting = _own(call, body, changing=True)
    ids = _ids(call, meeting, body["enroll_id_list"])
    call.state.enrolments.decide(meeting.id, ids, ACTIONS[body["action"]])
    return Answer(
        value={"meeting_id": meeting.id, "handled_count": len(ids)},
        committed=True,
        ignored=tuple(cleaned.ignored),
    )


def query_enroll_ids(call: Call) -> Answer:
    """`POST /v1/meetings/{meeting_id}/enroll/ids`. Who has not registered is left out."""
    cleaned = checked(call)
    body = cleaned.value
    names = body["ms_open_id_list"]
    if len(names) > limits.IDS:
        raise Refused(190004, f"{len(names)} in ms_open_id_list, at most {limits.IDS}")
    meeting = _own(call, body)
    # Of somebody with several registrations the imported ones go first, or else those of their own.
    own_first = body.get("sorting_rules", 1) == 2
    rows = sorted(call.state.enrolments.of(meeting.id), key=lambda row: row.imported == own_first)
    ids: dict[str, list[int]] = {}
    for row in rows:
        ids.setdefault(row.ms_open_id, []).append(row.id)
    found = [{"enroll_id": each, "ms_open_id": name} for name in dict.fromkeys(names) for each in ids.get(name, ())]
    value: dict[str, Any] = {"meeting_id": meeting.id}
    if found:  # else the member is left out (vendor's Python SDK 1.0.10)
        value["enroll_id_list"] = found
    return Answer(value=value, ignored=tuple(cleaned.ignored))


def import_enrollments(call: Call) -> Answer:
    """`POST /v1/meetings/{meeting_id}/enroll/import`."""
    cleaned = checked(call)
    body = cleaned.value
    meeting = _own(call, body, changing=True)
    if problems := list(limits.import_problems(body["enroll_list"], open_ids=call.open_id is not None)):
        raise Refused(190004, "; ".join(problems[:10]))
    people = [(item, _person(call, item)) for item in body["enroll_list"]]
    enrolments = call.state.enrolments
    there = len({*enrolments.imported(meeting.id), *(who for _, who in people if who is not None)})
    if there > limits.IMPORTED:
        raise Refused(190004, f"{there} imported in all, at most {limits.IMPORTED}")
    brought: list[dict[str, Any]] = []
    for item, who in people:
        if who is not None:
            row = enrolments.bring(meeting.id, who, nick_name=item.get("nick_name"), now=call.now)
            brought.append({**item, "enroll_id": row.id, "enroll_code": row.code})
    value = {
        "total_count": len(brought),
        "enroll_list": brought,
        "user_non_registered": [item.get("open_id") or item["userid"] for item, who in people if who is None],
    }
    return Answer(value=value, committed=bool(brought), ignored=tuple(cleaned.ignored))


def delete_enrollments(call: Call) -> Answer:
    """`DELETE /v1/meetings/{meeting_id}/enroll/unregistration`: all of them, or none where one is unknown."""
    cleaned = checked(call)
    body = cleaned.value
    meeting = _own(call, body, changing=True)  # that only the creator may delete is not documented
    ids = _ids(call, meeting, [item["enroll_id"] for item in body["enroll_id_list"]])
    call.state.enrolments.remove(meeting.id, ids)
    return Answer(value={"total_count": len(ids)}, committed=True, ignored=tuple(cleaned.ignored))


HANDLERS: Mapping[str, Callable[[Call], Answer]] = {
    "meetings.get_enroll_config": get_enroll_config,
    "meetings.set_enroll_config": set_enroll_config,
    "meetings.list_enrollments": list_enrollments,
    "meetings.approve_enrollments": approve_enrollments,
    "meetings.query_enroll_ids": query_enroll_ids,
    "meetings.import_enrollments": import_enrollments,
    "meetings.delete_enrollments": delete_enrollments,
}


def _own(call: Call, values: Mapping[str, Any], *, changing: bool = False) -> Meeting:
    """The meeting of the path, where the operator created it, it takes registrations and, for a change, is not over."""
    userid = operator(call, values)
    meeting = known(call, call.params["meeting_id"])
    if userid != meeting.creator:
        raise Refused(107, f"{values['operator_id']!r} is not the creator of meeting {meeting.id}")
    if not meeting.switches.get("enable_enroll"):
        raise Refused(101, f"meeting {meeting.id} was made without enable_enroll")
    if changing and meeting.cancelled:  # not documented here
        raise Refused(9007, f"meeting {meeting.id} was cancelled")
    if changing and not meeting.ahead(call.now):
        raise Refused(129, f"meeting {meeting.id} is over")
    return meeting


def _ids(call: Call, meeting: Meeting, given: Sequence[int]) -> list[int]:
    if not given:  # not documented
        raise Refused(190004, "enroll_id_list is empty")
    ids = list(dict.fromkeys(given))
    if unknown := call.state.enrolments.unknown(meeting.id, ids):
        raise Refused(112, f"meeting {meeting.id} has no registration {unknown[0]}")
    return ids


def _person(call: Call, item: Mapping[str, Any]) -> str | Phone | None:
    """Who is imported: open_id goes before userid, and that before the number. `None`: not registered."""
    name = item.get("open_id") or item.get("userid")
    return call.people.userid(name) if name else Phone(item["area"], item["phone_number"])


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


def _row(call: Call, row: Registration) -> dict[str, Any]:
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
        **_named(call, row.userid),
    }
    return shown if row.nick_name is None else {**shown, "nick_name": row.nick_name}


def _named(call: Call, userid: str | None) -> dict[str, str]:
    """The userid to the enterprise; the open id to an app that this user has let in (vendor's Python SDK 1.0.10)."""
    if userid is None:
        return {}
    if call.people.app is None:
        return {"userid": userid}
    allowed = any((grant.sdk_id, grant.userid) == (call.people.app, userid) for grant in call.registry.grants)
    return {"open_id": call.people.name(userid)} if allowed else {}
