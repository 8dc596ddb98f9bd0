"""Looking for a meeting that a call of unclear outcome may have created: in the creator's list (doc 1095/42421).

The list shows neither when a meeting was created nor by which request. What it can be told by is the creator, the
subject, the times, and whether it is a quick meeting or a series; so a meeting that somebody created with all of
that before looks the same. It shows pending and running meetings only.

No page says that the list shows what was sent just as it was sent. A row that differs only as `alike` allows, or that
lacks something, is no match; but while it is there, nobody can say that the meeting is not.
"""

from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any

from tm_async.api.meetings.alike import Fit, fold, minute, seconds, series_fit, span_fit, subject_fit
from tm_async.api.meetings.create import CreateMeeting
from tm_async.api.meetings.models import JoinRole, Meeting, MeetingKind, MeetingType
from tm_async.api.meetings.query import ListMeetings
from tm_async.core.lookup import Likeness, Sighting
from tm_async.core.paging import Paginator

__all__ = ["candidates"]

_SLACK = timedelta(seconds=60)
"""A quick meeting starts when it is created: by the gateway's clock, which is known to about a second."""
_FAR = timedelta(seconds=360)
"""The same where the gateway's clock is not known: it takes no request that is more than 300 s off (190300)."""
_DAY = timedelta(days=1)


class _Candidates:
    """The `Lookup` of `CreateMeeting`."""

    kept = ("meeting_id", "meeting_code", "subject", "join_url", "start_time", "end_time", "user_non_registered")

    needs = ("userid", "instanceid", "type", "subject", "start_time", "end_time", "time_zone", "recurring_rule")

    def likeness(self, operation: CreateMeeting) -> Likeness:
        """What the list tells meetings apart by: of a series, whose row moves on from day to day, only its length.

        A gateway that folds subjects or cuts times to minutes makes more of them alike.
        """
        times: tuple[int, ...] = (minute(operation.start_time), minute(operation.end_time))
        series = operation.recurring_rule is not None
        if _quick(operation):
            times = ()
        elif series:
            times = ((seconds(operation.end_time) - seconds(operation.start_time)) // 60,)
        return Likeness((operation.userid, int(operation.type), series, *times), fold(operation.subject))

    async def look(
        self, client: Any, operation: CreateMeeting, since: float, now: float, *, all_of_it: bool
    ) -> Sighting:
        """Read the creator's list from where the meeting would stand."""
        row_of = _Row(operation, datetime.fromtimestamp(since, UTC), datetime.fromtimestamp(now, UTC))
        listing = ListMeetings(userid=operation.userid, instanceid=operation.instanceid, pos=row_of.begin)
        matches: dict[str, Meeting] = {}
        nearly: dict[str, str] = {}
        latest: datetime | None = None
        async with aclosing(Paginator(listing, client).pages()) as pages:
            async for page in pages:
                for row in page.meeting_info_list:
                    fit, reason = row_of.fit(row)
                    if fit is Fit.SAME:
                        matches[row.meeting_id] = row
                    elif fit is Fit.NEARLY:
                        nearly[row.meeting_id or f"a row without id, {len(nearly)}"] = reason
                ordered, latest = _in_order(page.meeting_info_list, latest)
                all_of_it = all_of_it or not ordered
                if not all_of_it and latest is not None and row_of.is_past(latest):
                    break
        return Sighting(matches, nearly, row_of.hidden)


candidates = _Candidates()


def _quick(operation: CreateMeeting) -> bool:
    return operation.type == MeetingKind.QUICK


def _in_order(rows: tuple[Meeting, ...], latest: datetime | None) -> tuple[bool, datetime | None]:
    """Whether these rows go on by start, as the list is said to; and the last start."""
    for row in rows:
        if row.start_time is None or (latest is not None and row.start_time < latest):
            return False, latest
        latest = row.start_time
    return True, latest


class _Row:
    """What a row must be like to be what an operation made, sent after `since` and looked for at `now`."""

    def __init__(self, operation: CreateMeeting, since: datetime, now: datetime) -> None:
        self._asked = operation
        self._since, self._now = since, now
        self._series = operation.recurring_rule is not None

    @property
    def begin(self) -> datetime:
        """From where the list is read."""
        return self._since - _FAR if _quick(self._asked) else self._asked.start_time - _SLACK

    @property
    def hidden(self) -> str | None:
        """Why it would not be shown: it can have ended. Of one that has begun, its host may have ended it early."""
        asked = self._asked
        if _quick(asked):
            begins = self._since - _SLACK + (asked.end_time - asked.start_time)
        else:
            begins = asked.end_time if self._series else asked.start_time
        over = begins - _SLACK <= self._now  # a minute, as the gateway may cut off seconds
        return "it may be over, and then the list does not show it" if over else None

    def is_past(self, start: datetime) -> bool:
        """Whether the list, if it goes by start, is a day beyond where the meeting could stand."""
        last = self._now if _quick(self._asked) else max(self._asked.start_time, self._now)
        return not self._series and start > last + _DAY

    def fit(self, row: Meeting) -> tuple[Fit, str]:
        """Whether this row can be what the operation made; and if it is only nearly that, what is amiss."""
        subject, times = subject_fit(self._asked.subject, row.subject), self._times(row)
        if not subject or not times:
            return Fit.OTHER, ""
        amiss = [
            what
            for what, wrong in (
                ("subject", subject is Fit.NEARLY),
                ("times", times is Fit.NEARLY),
                ("id", not row.meeting_id),
                ("creator", row.join_meeting_role not in (None, JoinRole.CREATOR)),
                ("kind", not self._of_its_kind(row)),
            )
            if wrong
        ]
        return (Fit.NEARLY, f"its {' and '.join(amiss)} may have been changed") if amiss else (Fit.SAME, "")

    def _of_its_kind(self, row: Meeting) -> bool:
        recurring = row.meeting_type == MeetingType.RECURRING
        return row.type in (None, self._asked.type) and (row.meeting_type is None or recurring == self._series)

    def _times(self, row: Meeting) -> Fit:
        start, end = row.start_time, row.end_time
        if self._series:
            return series_fit(self._asked, start, end)
        if not _quick(self._asked):
            return span_fit(self._asked, start, end)
        if start is None:
            return Fit.NEARLY
        if self._since - _SLACK <= start <= self._now + _SLACK:
            return Fit.SAME
        return Fit.NEARLY if self._since - _FAR <= start <= self._now + _FAR else Fit.OTHER
