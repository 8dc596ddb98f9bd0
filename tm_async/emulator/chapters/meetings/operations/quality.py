"""Quality of a meeting and its public chat (doc 1095/112924): what a test laid down, or loudly nothing.

There is neither sound nor chat in an emulator: `Emulator.seed_answer` says what shall have been measured or written.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from tm_async.emulator.chapters.meetings.chapter import meetings
from tm_async.emulator.chapters.meetings.operations.reach import meeting_of, own
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.chapter import administrator
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["export_chat", "get_qos", "get_quality"]

PAST = 7 * 86400
MODULES = ("audio", "video", "network", "share_screen")
METRIC = "video_upstream_bitrate"


@meetings.does("get_quality", by=administrator, pages=True, laid_down=True)
def get_quality(
    asked: Asked, *, meeting_id: str, start_time: int, sub_meeting_id: str | None = None
) -> Mapping[str, Any]:
    """Whoever created the meeting does not matter. Only one media session is kept, the one seeded."""
    if not asked.now - PAST <= start_time <= asked.now:
        raise Refused(190004, f"start_time {start_time} is not within the last seven days")
    meeting = meeting_of(asked, meeting_id)
    _check_occurrence(meeting, sub_meeting_id, required=True)
    answer = _laid_down(asked)
    return {**answer, **asked.page(answer.get("participants", ()))}


@meetings.does("get_qos", pages=True, laid_down=True)
def get_qos(
    asked: Asked,
    *,
    meeting_id: str,
    to_operator_id: str | None = None,
    to_operator_id_type: int | None = None,
    key: str = METRIC,
    min_value: float | None = None,
    max_value: float | None = None,
) -> Mapping[str, Any]:
    """While the meeting runs; filtered by one person, named by ms_open_id, and by bounds on one metric.

    For who has the right to control meetings (Java SDK 1.0.12): creator, hosts and administrators are taken to.
    """
    meeting = own(asked, meeting_id, host=True)
    if asked.call.quotas is not None:
        asked.call.quotas.quality(meeting.id, asked.now)
    if not meeting.is_running:  # the code is not documented
        raise Refused(190004, f"nobody is in meeting {meeting.id}")
    answer, bounded = _laid_down(asked), (min_value, max_value) != (None, None)
    people = [
        person
        for person in answer.get("participants", ())
        if to_operator_id in {None, person.get("ms_open_id")}
        and (not bounded or any(_within(value, min_value, max_value) for value in _metrics(person, key)))
    ]
    return {**answer, **asked.page(people)}


@meetings.does("export_chat", by=administrator, laid_down=True)
def export_chat(asked: Asked, *, meeting_id: str, sub_meeting_id: str | None = None) -> Mapping[str, Any]:
    """Of the public chat."""
    meeting = meeting_of(asked, meeting_id)
    _check_occurrence(meeting, sub_meeting_id, required=False)
    return _laid_down(asked)


def _check_occurrence(meeting: Meeting, occurrence: str | None, *, required: bool) -> None:
    if occurrence is None:
        if required and meeting.occurrences:
            raise Refused(190004, f"meeting {meeting.id} is a series, sub_meeting_id is missing")
    elif all(span.id != occurrence for span in meeting.occurrences):  # the code is not documented
        raise Refused(190004, f"meeting {meeting.id} has no occurrence {occurrence[:40]!r}")


def _laid_down(asked: Asked) -> Mapping[str, Any]:
    answer = asked.state.answers.take(asked)
    if answer is None:
        raise Refused(
            200004, f"{asked.operation} is not emulated without an answer from Emulator.seed_answer", loud=True
        )
    return answer


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
