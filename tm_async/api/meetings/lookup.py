"""Looking for a meeting that a call of unclear outcome may have created: in the creator's list (doc 1095/42421).

The list shows neither when a meeting was created nor by which request. What it can be told by is the creator, the
subject, the times, and whether it is a quick meeting or a series; so a meeting that somebody created with all of
that before looks the same. It shows pending and running meetings only.
"""

from collections.abc import Hashable
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any

from tm_async.api.meetings.create import CreateMeeting
from tm_async.api.meetings.models import JoinRole, Meeting, MeetingKind, MeetingType
from tm_async.api.meetings.query import ListMeetings
from tm_async.core.lookup import Sighting
from tm_async.core.paging import Paginator

__all__ = ["candidates"]

_SLACK = timedelta(seconds=60)
"""A quick meeting starts when it is created: by the gateway's clock, which is known to about a second."""
_DAY = timedelta(days=1)


class _Candidates:
    """The `Lookup` of `CreateMeeting`."""

    kept = ("meeting_id", "meeting_code", "subject", "join_url", "start_time", "end_time", "user_non_registered")

    def likeness(self, operation: CreateMeeting) -> Hashable:
        """What the list tells meetings apart by: of a series, whose row moves on from day to day, only its length."""
        start, end = operation.start_time.timestamp(), operation.end_time.timestamp()
        series = operation.recurring_rule is not None
        times = () if _quick(operation) else (end - start,) if series else (start, end)
        return (operation.userid, operation.subject, int(operation.type), series, *times)

    async def look(self, client: Any, operation: CreateMeeting, since: float, now: float) -> Sighting:
        """Read the creator's list from where the meeting would stand."""
        moment = datetime.fromtimestamp(now, UTC)
        first = datetime.fromtimestamp(since, UTC) - _SLACK if _quick(operation) else operation.start_time
        listing = ListMeetings(userid=operation.userid, instanceid=operation.instanceid, pos=first - _SLACK)
        matches: dict[str, Meeting] = {}
        async with aclosing(Paginator(listing, client).pages()) as pages:
            async for page in pages:
                for row in page.meeting_info_list:
                    if _matches(row, operation, first, moment):
                        matches[row.meeting_id] = row
                if page.meeting_info_list and _is_past(page.meeting_info_list[-1], operation, moment):
                    break
        hidden = (
            "it may be over, and then the list does not show it" if _may_be_over(operation, since, moment) else None
        )
        return Sighting(matches, hidden)


candidates = _Candidates()


def _quick(operation: CreateMeeting) -> bool:
    return operation.type == MeetingKind.QUICK


def _may_be_over(operation: CreateMeeting, since: float, now: datetime) -> bool:
    """Whether it can have ended: of one that has begun, its host may have ended it early."""
    if _quick(operation):
        return datetime.fromtimestamp(since, UTC) + (operation.end_time - operation.start_time) <= now
    return (operation.start_time if operation.recurring_rule is None else operation.end_time) <= now


def _is_past(row: Meeting, operation: CreateMeeting, now: datetime) -> bool:
    """Whether the list, which goes by start, is a day beyond where the meeting could stand."""
    last = now if _quick(operation) else max(operation.start_time, now)
    return operation.recurring_rule is None and row.start_time is not None and row.start_time > last + _DAY


def _matches(row: Meeting, operation: CreateMeeting, first: datetime, now: datetime) -> bool:
    """Whether this row can be what the operation made; a member that is not shown speaks for it."""
    series = operation.recurring_rule is not None
    return (
        bool(row.meeting_id)
        and row.subject == operation.subject
        and row.join_meeting_role in (None, JoinRole.CREATOR)
        and row.type in (None, operation.type)
        and (row.meeting_type is None or (row.meeting_type == MeetingType.RECURRING) == series)
        and _at_its_time(row, operation, first, now)
    )


def _at_its_time(row: Meeting, operation: CreateMeeting, first: datetime, now: datetime) -> bool:
    start, end = row.start_time, row.end_time
    if start is None or end is None:
        return True
    if _quick(operation):
        return first <= start <= now + _SLACK
    if operation.recurring_rule is None:
        return start == operation.start_time and end == operation.end_time
    # A series stands at its next occurrence: days later, of the same length; its hour may shift with daylight saving.
    apart = (start - operation.start_time) % _DAY
    lasts = operation.end_time - operation.start_time
    hour = timedelta(hours=1)
    return end - start == lasts and start >= operation.start_time and apart in (timedelta(0), hour, _DAY - hour)
