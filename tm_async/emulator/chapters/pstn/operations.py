"""Calling phones into a meeting (doc 1095/80576 to 80578, 111469), and details of the calls (doc 1095/86453, 86454).

What is a number is not documented: digits are one. A call of numbers that are all none is 14203, else they are answered
as invalid. The details of calls are collected within seconds; no document says what their file holds.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from tm_async.emulator.chapters.meetings.operations.reach import own
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.chapters.pstn.life import ring, turn
from tm_async.emulator.chapters.pstn.state import CANCELLED, RINGING
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.chapter import Chapter, administrator
from tm_async.emulator.kernel.refusals import Refused
from tm_async.emulator.kernel.times import day_of

__all__ = [
    "callout",
    "cancel_callout",
    "export_call_details",
    "get_call_detail_job",
    "list_callouts",
    "pstn",
    "query_ms_open_ids",
]

COLLECTING = 5
"""Seconds; how long it takes is not documented."""

pstn: Chapter[Meeting] = Chapter("pstn")


@pstn.does("callout")
def callout(asked: Asked, *, meeting_id: str, phone_numbers: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """A number that rings already rings once more."""
    meeting = _meeting(asked, meeting_id)
    if not meeting.ahead(asked.now):
        raise Refused(9006, f"meeting {meeting.id} is over or was cancelled")
    good = [one for one in phone_numbers if _is_number(one)]
    if not good:
        raise Refused(14203, "none of them is a number")
    made = [ring(asked.state, meeting, asked.operator, one, asked.now) for one in good]
    return {
        "meeting_id": meeting.id,
        "phone_numbers": [call.shown() | {"status": ""} for call in made],
        "invalid_phone_numbers": [
            _plain(one) | {"error_msg": "not a phone number"} for one in phone_numbers if one not in good
        ],
    }


@pstn.does("cancel_callout")
def cancel_callout(asked: Asked, *, meeting_id: str, phone_numbers: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Calls that ring, of whomever."""
    meeting = _meeting(asked, meeting_id, forbidden=500122)
    done, failed = list[Mapping[str, Any]](), list[Mapping[str, Any]]()
    for number in phone_numbers:
        ringing = [call for call in asked.state.phones.of(meeting.id) if call.is_of(number) and call.state == RINGING]
        for call in ringing:
            turn(asked.state, meeting, call, CANCELLED, asked.now)
        (done if ringing else failed).append(_plain(number) | ({} if ringing else {"error_msg": "it does not ring"}))
    return {"success_list": done, "failed_list": failed}


@pstn.does("list_callouts", pages=True)
def list_callouts(asked: Asked, *, meeting_id: str) -> Mapping[str, Any]:
    """All calls, of whomever, with those that are over; the oldest first (not documented)."""
    meeting = _meeting(asked, meeting_id)
    rows = [call.shown("ms_open_id", "nick_name") | {"status": ""} for call in asked.state.phones.of(meeting.id)]
    return {**asked.page(rows), "meeting_id": meeting.id}


@pstn.does("query_ms_open_ids")
def query_ms_open_ids(
    asked: Asked,
    *,
    meetingId: str,  # noqa: N803 - the document's name
    phone_numbers: list[Mapping[str, Any]],
) -> Mapping[str, Any]:
    """Of calls that were answered, over or not."""
    meeting = _meeting(asked, meetingId)

    def answered() -> Iterator[dict[str, Any]]:
        for call in asked.state.phones.of(meeting.id):
            if call.ms_open_id is not None and any(call.is_of(number) for number in phone_numbers):
                yield call.shown("ms_open_id")

    return {"meeting_id": meeting.id, "ms_open_id_list": list(answered())}


@pstn.does("export_call_details", by=administrator)
def export_call_details(
    asked: Asked, *, meeting_id: str | None = None, start_date: str | None = None, end_date: str | None = None
) -> Mapping[str, Any]:
    """Days up to yesterday, both or none. Of an unknown meeting there is nothing to collect (not documented)."""
    first, last = _day(start_date, "start_date"), _day(end_date, "end_date")
    if (first is None) != (last is None):
        raise Refused(190004, "start_date and end_date are expected, or none of them")
    if first and last and not first <= last < day_of(asked.now):
        raise Refused(190004, f"{first} to {last} are no days up to yesterday")
    jobs = asked.state.phones.jobs
    job = f"EMULATOR-JOB-{len(jobs) + 1}"
    jobs[job] = asked.now
    return {"job_id": job}


@pstn.does("get_call_detail_job", by=administrator)
def get_call_detail_job(asked: Asked, *, job_id: str) -> Mapping[str, Any]:
    """The link is none that anything answers to."""
    began = asked.state.phones.jobs.get(job_id)
    if began is None:
        raise Refused(10013, f"job_id {job_id[:64]!r} is not known")
    if asked.now < began + COLLECTING:
        return {"status": 0}
    return {"status": 1, "job_url": f"https://example.com/{job_id}", "error_msg": "success"}


def _meeting(asked: Asked, meeting_id: str, *, forbidden: int = 9042) -> Meeting:
    """Of the creator, the hosts, and co-hosts inside."""
    return own(asked, meeting_id, admin=False, host=True, cohost=True, unknown=190457, forbidden=forbidden)


def _is_number(number: Mapping[str, Any]) -> bool:
    return all(text.isascii() and text.isdecimal() for text in (number["phone"], number.get("extension_number") or "0"))


def _plain(number: Mapping[str, Any]) -> dict[str, Any]:
    return {name: number.get(name) for name in ("area", "phone", "extension_number")}


def _day(text: str | None, name: str) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise Refused(190004, f"{name} is no day") from None
