"""Quality of a meeting and its public chat (doc 1095/112924): what a test laid down, or loudly nothing.

There is neither sound nor chat in an emulator: `Emulator.meetings.seed_answer` says what shall have been measured or
written.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tm_async.emulator.chapters.meetings.operations.operators import asked, known, operator
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.kernel.call import Answer, Call
from tm_async.emulator.kernel.pages import Numbered, numbered
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["HANDLERS", "export_chat", "get_qos", "get_quality"]

QUALITY_PAGE = 50
LAST_PAGE = 2000
QOS_PAGE, SMALLEST_QOS_PAGE, LARGEST_QOS_PAGE = 20, 20, 100
PAST = 7 * 86400
MODULES = ("audio", "video", "network", "share_screen")
METRIC = "video_upstream_bitrate"


def get_quality(call: Call) -> Answer:
    """`GET /v1/meetings/{meeting_id}/quality`, for administrators. Only one media session is kept, the one seeded."""
    query = asked(call)
    page = numbered(query, size=QUALITY_PAGE, most=QUALITY_PAGE, last=LAST_PAGE)
    if not call.now - PAST <= query["start_time"] <= call.now:
        raise Refused(190004, f"start_time {query['start_time']} is not within the last seven days")
    meeting, occurrence = _administered(call, query), query.get("sub_meeting_id")
    _check_occurrence(meeting, occurrence, required=True)
    return _paged(_laid_down(call, meeting, occurrence), page)


def get_qos(call: Call) -> Answer:
    """`GET /v1/meetings/{meeting_id}/qos`, for administrators, while the meeting runs."""
    query = asked(call)
    page = numbered(query, size=QOS_PAGE, least=SMALLEST_QOS_PAGE, most=LARGEST_QOS_PAGE)
    meeting = _administered(call, query)
    if call.quotas is not None:
        call.quotas.quality(meeting.id, call.now)
    if not meeting.is_running:  # the code is not documented
        raise Refused(190004, f"nobody is in meeting {meeting.id}")
    answer = dict(_laid_down(call, meeting, None))
    # Filters as the parameters are described: one person, and bounds on one metric.
    who, key = query.get("to_operator_id"), query.get("key", METRIC)
    low, high = query.get("min_value"), query.get("max_value")
    answer["participants"] = [
        person
        for person in answer.get("participants", ())
        if who in {None, person.get("ms_open_id")}
        and ((low is None and high is None) or any(_within(value, low, high) for value in _metrics(person, key)))
    ]
    return _paged(answer, page)


def export_chat(call: Call) -> Answer:
    """`GET /v1/meeting/{meeting_id}/im-details`, for administrators."""
    query = asked(call)
    meeting, occurrence = _administered(call, query), query.get("sub_meeting_id")
    _check_occurrence(meeting, occurrence, required=False)
    return Answer(value=_laid_down(call, meeting, occurrence))


HANDLERS: Mapping[str, Callable[[Call], Answer]] = {
    "meetings.get_quality": get_quality,
    "meetings.get_qos": get_qos,
    "meetings.export_chat": export_chat,
}


def _administered(call: Call, query: Mapping[str, Any]) -> Meeting:
    """Whoever created the meeting does not matter here (vendor's Python SDK 1.0.10)."""
    userid, meeting = operator(call, query), known(call, call.params["meeting_id"])
    if not call.state.users[userid].admin:
        raise Refused(9042, f"{query['operator_id']!r} is no administrator")
    return meeting


def _check_occurrence(meeting: Meeting, occurrence: str | None, *, required: bool) -> None:
    if occurrence is None:
        if required and meeting.occurrences:
            raise Refused(190004, f"meeting {meeting.id} is a series, sub_meeting_id is missing")
    elif all(span.id != occurrence for span in meeting.occurrences):  # the code is not documented
        raise Refused(190004, f"meeting {meeting.id} has no occurrence {occurrence[:40]!r}")


def _laid_down(call: Call, meeting: Meeting, occurrence: str | None) -> Mapping[str, Any]:
    answer = call.state.answers.get(call.operation, meeting.id, occurrence)
    if answer is None:
        raise Refused(
            200004, f"{call.operation} is not emulated without an answer from Emulator.meetings.seed_answer", loud=True
        )
    return answer


def _paged(answer: Mapping[str, Any], page: Numbered) -> Answer:
    return Answer(value={**answer, **page.of(answer.get("participants", ()), "participants")})


def _metrics(person: Mapping[str, Any], key: str) -> Iterator[float]:
    """The values of one metric on all devices of a person; texts that are no number do not count."""
    module = next((name for name in MODULES if key.startswith(name + "_")), "")
    for device in person.get("qos_details", ()):
        text = device.get(module, {}).get(key.removeprefix(module + "_"), "")
        try:
            yield float(text)
        except ValueError:
            continue


def _within(value: float, low: float | None, high: float | None) -> bool:
    return (low is None or low <= value) and (high is None or value <= high)
