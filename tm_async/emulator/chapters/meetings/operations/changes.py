"""Modify and cancel (doc 1095/42424, 42422)."""

from collections.abc import Callable, Mapping
from typing import Any

from attrs import evolve

from tm_async.emulator.chapters.meetings import limits, wire
from tm_async.emulator.chapters.meetings.life import occurrence
from tm_async.emulator.chapters.meetings.operations.booking import SWITCHES, check_series, invited, persons, series
from tm_async.emulator.chapters.meetings.operations.callers import acting, check_role, checked, reachable, registered
from tm_async.emulator.chapters.meetings.operations.callers import meeting as meeting_of
from tm_async.emulator.chapters.meetings.recurrence import Span
from tm_async.emulator.chapters.meetings.state import Meeting, Person
from tm_async.emulator.kernel.call import Answer, Call
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["HANDLERS", "cancel", "modify"]

QUICK = 1  # type
SERIES = 1  # meeting_type
ADD, REMOVE = 1, 2  # invitees_operate_type, 3 and the default: replace (official CLI)


def modify(call: Call) -> Answer:
    """`PUT /v1/meetings/{meeting_id}` (doc 1095/42424)."""
    cleaned = checked(call)
    body = cleaned.value
    if problems := list(limits.modify_problems(body)):
        raise Refused(190004, "; ".join(problems[:10]))
    meeting = _theirs(call, body)
    if meeting.type == QUICK:  # not supported (doc 1095/42424); the code is not documented there
        raise Refused(9102, "a quick meeting cannot be modified")
    _check_not_over(call, meeting)
    rule: Mapping[str, Any] = body.get("recurring_rule", {})
    if body.get("meeting_type", 0) == SERIES and rule.get("sub_meeting_id"):
        changes = _move(call, meeting, body, rule)
    else:
        changes = {**_plain(meeting, body), **_people(call, meeting, body), **_schedule(call, meeting, body)}
    meeting = call.state.change(meeting, call.now, **changes)
    return Answer(value=wire.modified(meeting), committed=True, ignored=tuple(cleaned.ignored))


def cancel(call: Call) -> Answer:
    """`POST /v1/meetings/{meeting_id}/cancel` (doc 1095/42422): all of it, or one occurrence; no answer.

    The sources disagree on `meeting_type`, so that it plays no part: `sub_meeting_id` decides.
    """
    cleaned = checked(call)
    meeting = _theirs(call, cleaned.value)
    sub_meeting_id = cleaned.value.get("sub_meeting_id")
    if sub_meeting_id:
        gone: tuple[Span, ...] = (_occurrence(call, meeting, sub_meeting_id),)
    else:
        _check_not_over(call, meeting)
        gone = meeting.ahead(call.now)
    if any(meeting.session(span).is_running for span in gone):
        raise Refused(13602, f"somebody is inside meeting {meeting.id}")
    ids = {span.id for span in gone}
    occurrences = tuple(evolve(span, cancelled=span.cancelled or span.id in ids) for span in meeting.occurrences)
    # A series of which nothing is left is a cancelled one (not documented).
    cancelled = not sub_meeting_id or all(span.cancelled for span in occurrences)
    call.state.change(meeting, call.now, occurrences=occurrences, cancelled=cancelled)
    return Answer(value=None, committed=True, ignored=tuple(cleaned.ignored))


HANDLERS: Mapping[str, Callable[[Call], Answer]] = {
    "meetings.modify": modify,
    "meetings.cancel": cancel,
}


def _theirs(call: Call, body: Mapping[str, Any]) -> Meeting:
    """The meeting of the path, which its creator or an administrator may change (doc 1095/42422, 42424)."""
    userid = registered(call, acting(call, body["userid"], "userid"))
    meeting = meeting_of(call)
    reachable(call, meeting)
    check_role(call, meeting, userid)
    return meeting


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
