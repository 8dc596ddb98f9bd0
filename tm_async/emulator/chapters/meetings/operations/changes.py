"""Modify and cancel (doc 1095/42424, 42422)."""

from collections.abc import Mapping
from typing import Any

from attrs import evolve

from tm_async.emulator.chapters.meetings import limits, news, wire
from tm_async.emulator.chapters.meetings.chapter import meetings
from tm_async.emulator.chapters.meetings.life import occurrence
from tm_async.emulator.chapters.meetings.operations.booking import (
    BOOKED,
    SWITCHES,
    check_series,
    invited,
    persons,
    series,
)
from tm_async.emulator.chapters.meetings.operations.reach import own
from tm_async.emulator.chapters.meetings.recurrence import Span
from tm_async.emulator.chapters.meetings.state import PERSONAL, WEBINAR, Meeting, Person
from tm_async.emulator.chapters.rooms.calendar import check_moved
from tm_async.emulator.kernel.acting import registered
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.call import Call
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["cancel", "modify"]

QUICK = 1  # type
SERIES = 1  # meeting_type
ADD, REMOVE = 1, 2  # invitees_operate_type, 3 and the default: replace (official CLI)


@meetings.does("modify", attributes=(*BOOKED, "invitees_operate_type"))
def modify(asked: Asked, *, meeting_id: str, **body: Any) -> Mapping[str, Any]:
    """`PUT /v1/meetings/{meeting_id}` (doc 1095/42424)."""
    if problems := list(limits.modify_problems(body)):
        raise Refused(190004, "; ".join(problems[:10]))
    meeting, call = own(asked, meeting_id), asked.call
    if meeting.type == QUICK:  # not supported (doc 1095/42424); the code is not documented there
        raise Refused(9102, "a quick meeting cannot be modified")
    _check_not_over(call, meeting)
    rule: Mapping[str, Any] = body.get("recurring_rule", {})
    if body.get("meeting_type", 0) == SERIES and rule.get("sub_meeting_id"):
        changes = _move(call, meeting, body, rule)
    else:
        changes = {**_plain(meeting, body), **_people(call, meeting, body), **_schedule(call, meeting, body)}
    check_moved(asked.state, meeting, changes.get("start", meeting.start), changes.get("end", meeting.end))
    changed = asked.state.change(meeting, asked.now, **changes)
    news.updated(asked.state, changed, asked.operator, asked.now)
    return wire.modified(changed)


@meetings.does("cancel")
def cancel(
    asked: Asked,
    *,
    meeting_id: str,
    sub_meeting_id: str | None = None,
    meeting_type: int = 0,
    reason_code: int = 0,
    reason_detail: str = "",
) -> None:
    """All of it, or one occurrence (doc 1095/42422); the reason is seen in the event only.

    The sources disagree on `meeting_type`, so that it plays no part: `sub_meeting_id` decides.
    """
    meeting, call = own(asked, meeting_id), asked.call
    if sub_meeting_id:
        gone: tuple[Span, ...] = (_occurrence(call, meeting, sub_meeting_id),)
    else:
        _check_not_over(call, meeting)
        gone = meeting.ahead(asked.now)
    if any(meeting.session(span).is_running for span in gone):
        raise Refused(13602, f"somebody is inside meeting {meeting.id}")
    ids = {span.id for span in gone}
    occurrences = tuple(evolve(span, cancelled=span.cancelled or span.id in ids) for span in meeting.occurrences)
    # A series of which nothing is left is a cancelled one (not documented).
    cancelled = not sub_meeting_id or all(span.cancelled for span in occurrences)
    asked.state.change(meeting, asked.now, occurrences=occurrences, cancelled=cancelled)
    news.canceled(asked.state, meeting, asked.operator, asked.now, reason=reason_detail, sub_meeting_id=sub_meeting_id)


def _check_not_over(call: Call, meeting: Meeting) -> None:
    """Codes of doc 1095/42422; those of a modification are not documented, the same ones are taken."""
    if meeting.cancelled:
        raise Refused(9007, f"meeting {meeting.id} was cancelled before")
    if not meeting.ahead(call.now):
        raise Refused(13603, f"meeting {meeting.id} is over")


def _occurrence(call: Call, meeting: Meeting, sub_meeting_id: str) -> Span:
    """An occurrence that can be changed; the code for an unknown one is not documented."""
    span = occurrence(meeting, sub_meeting_id) if meeting.occurrences else None
    if span is None:
        raise Refused(190004, f"sub_meeting_id {sub_meeting_id[:40]!r} is no occurrence of meeting {meeting.id}")
    if span.cancelled or meeting.cancelled:
        raise Refused(9007, f"occurrence {span.id} was cancelled before")
    if meeting.is_past(span, call.now):
        raise Refused(13603, f"occurrence {span.id} is over")
    return span


def _move(call: Call, meeting: Meeting, body: Mapping[str, Any], rule: Mapping[str, Any]) -> dict[str, Any]:
    """Only the time of one occurrence changes, whatever else was sent (doc 1095/81181, 42424)."""
    if foreign := sorted(set(rule) - {"sub_meeting_id"}):
        raise Refused(190004, f"recurring_rule.sub_meeting_id excludes {', '.join(foreign)}")
    span = _occurrence(call, meeting, rule["sub_meeting_id"])
    start, end = _times(body, span.start, span.end)
    moved = [evolve(other, start=start, end=end) if other.id == span.id else other for other in meeting.occurrences]
    return {"occurrences": tuple(sorted(moved, key=lambda other: other.start))}


def _times(body: Mapping[str, Any], start: int, end: int) -> tuple[int, int]:
    start, end = int(body.get("start_time", start)), int(body.get("end_time", end))
    if end <= start:
        raise Refused(190004, f"the end {end} would not be after the start {start}")
    return start, end


def _plain(meeting: Meeting, body: Mapping[str, Any]) -> dict[str, Any]:
    """Absent members of `settings` and `live_config` stay as they are, too (not documented).

    `timezone` has no effect: only the official CLI sends it, every page and SDK has `time_zone`.
    """
    changes: dict[str, Any] = {name: body[name] for name in ("subject", "location", "time_zone") if name in body}
    if "password" in body:
        changes["password"] = body["password"] or None
    switches = {**meeting.switches, **{name: body[name] for name in SWITCHES if name in body}}
    live = body.get("enable_live", meeting.live is not None)
    host_key = body.get("host_key", meeting.host_key or "") if switches.get("enable_host_key") else None
    return {
        **changes,
        "switches": switches,
        "settings": {**meeting.settings, **body.get("settings", {})},
        "live": {**(meeting.live or {}), **body.get("live_config", {})} if live else None,
        "host_key": host_key,
    }


def _people(call: Call, meeting: Meeting, body: Mapping[str, Any]) -> dict[str, Any]:
    """Absent is unchanged, an empty list clears (doc 1095/42424)."""
    changes: dict[str, Any] = {}
    if "guests" in body:
        changes["guests"] = tuple(body["guests"])
    if "hosts" in body:
        names = [host["userid"] for host in body["hosts"]]
        if names and body["userid"] not in names:
            raise Refused(190004, f"hosts must contain userid {body['userid']!r}")
        changes["hosts"] = persons(body["hosts"], [registered(call, name) for name in names])
    if "invitees" in body:
        people, _ = invited(call, body)  # the answer has no member for those who are not registered
        changes["invitees"] = _invitees(meeting, people, body.get("invitees_operate_type"))
    return changes


def _invitees(meeting: Meeting, people: tuple[Person, ...], how: int | None) -> tuple[Person, ...]:
    named = {person.userid: person for person in people}
    if how == ADD:
        return tuple({**{person.userid: person for person in meeting.invitees}, **named}.values())
    if how == REMOVE:
        return tuple(person for person in meeting.invitees if person.userid not in named)
    return people


def _schedule(call: Call, meeting: Meeting, body: Mapping[str, Any]) -> dict[str, Any]:
    """`meeting_type` is 0 where it is absent, which makes a series an ordinary meeting (doc 1095/42424)."""
    kind = body.get("meeting_type", 0)
    if meeting.meeting_type in {PERSONAL, WEBINAR}:  # these stay what they are (not documented)
        kind = meeting.meeting_type
    if kind != meeting.meeting_type and meeting.is_running:  # not documented
        raise Refused(9102, f"meeting {meeting.id} is running, it cannot become another kind of meeting")
    start, end = _times(body, meeting.start, meeting.end)
    if kind != SERIES:
        return {"meeting_type": kind, "start": start, "end": end, "rule": None, "occurrences": ()}
    if meeting.rule is None:
        check_series(call, meeting.creator)
    zone = body.get("time_zone", meeting.time_zone)
    rule, spans = series(call, {**body, "time_zone": zone}, start, end)
    start, end = spans[0].start, spans[0].end
    if (rule, start, end, zone) == (meeting.rule, meeting.start, meeting.end, meeting.time_zone):
        # Another subject must not bring back occurrences that were cancelled or moved (not documented).
        return {}
    return {
        "meeting_type": kind,
        "start": start,
        "end": end,
        "rule": rule,
        "occurrences": _replanned(meeting, spans, call.now),
    }


def _replanned(meeting: Meeting, spans: list[Span], now: float) -> tuple[Span, ...]:
    """What is over or runs stays as it was, and the rest is planned anew (not documented)."""
    kept = [
        span
        for span in meeting.occurrences
        if not span.cancelled and (meeting.session(span).is_running or meeting.is_past(span, now))
    ]
    ids = {span.id for span in kept}
    fresh = [span for span in spans if span.id not in ids and (span.end > now or not kept)]
    return tuple(sorted([*kept, *fresh], key=lambda span: span.start))
