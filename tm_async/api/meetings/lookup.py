"""Looking for a meeting that a call of unclear outcome may have created: in the creator's list (doc 1095/42421).

The list shows neither when a meeting was created nor by which request. What it can be told by is the creator, the
subject, the times, and whether it is a quick meeting or a series; so a meeting that somebody created with all of
that before looks the same. It shows pending and running meetings only.

No page says that the list shows what was sent just as it was sent. A row that differs only as `alike` allows, or that
lacks something, is no match; but while it is there, nobody can say that the meeting is not.
"""

from collections.abc import Hashable, Mapping
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Any

from attrs import define, evolve, field

from tm_async._util import clocks
from tm_async.api.meetings.alike import Fit, fold, minute, series_fit, span_fit, subject_fit
from tm_async.api.meetings.create import CreateMeeting
from tm_async.api.meetings.models import JoinRole, Meeting, MeetingKind, MeetingType
from tm_async.api.meetings.query import ListMeetings, MeetingsPage
from tm_async.core.lookup import Likeness, Reading, Readings, Sighting
from tm_async.core.moments import seconds
from tm_async.core.paging import Walk
from tm_async.core.wire import is_array

__all__ = ["candidates"]

_SLACK = timedelta(seconds=60)
"""A quick meeting starts when it is created: by the gateway's clock, which is known to about a second."""
_FAR = timedelta(seconds=360)
"""The same where the gateway's clock is not known: it takes no request that is more than 300 s off (190300)."""
_BRIEF = timedelta(minutes=6)
"""A quick meeting has begun at once, and its host may end it: believed of one only that was made longer ago."""
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
        self,
        client: Any,
        operation: CreateMeeting,
        since: float,
        now: float,
        *,
        all_of_it: bool,
        reading: Reading | None = None,
    ) -> Sighting:
        """Read the creator's list from where the meeting would stand, or from where the look before this one ended."""
        row_of = _Row(operation, datetime.fromtimestamp(since, UTC), datetime.fromtimestamp(now, UTC))
        listing = ListMeetings(userid=operation.userid, instanceid=operation.instanceid, pos=row_of.begin)
        kept, place = Readings() if reading is None else reading.kept, row_of.place
        before: _Read | None = kept.get(place)
        if all_of_it and before is not None and reading is not None and before.whole_since >= reading.settled:
            return Sighting(before.matches, before.nearly, row_of.hidden)
        read = _Read(listing) if before is None or all_of_it else before.again()
        began, partial = clocks.elapsed(), False
        walk = Walk(read.at)
        while (asked := walk.next) is not None:
            page: MeetingsPage = await client.send(asked)
            walk.take(page)
            read.go_on(asked)
            if row_of.may_follow(read.latest):
                read.at = asked
            seen = read.take(page, row_of)
            partial = seen and reading is not None and await reading.decides(read.matches, read.nearly)
            if partial:
                break
            if not all_of_it and read.ordered and read.latest is not None and row_of.is_past(read.latest):
                break
        if all_of_it and not partial:
            read.whole_since = began
        if read.ordered and row_of.stays:
            kept[place] = read
        return Sighting(read.matches, read.nearly, row_of.hidden, partial)


candidates = _Candidates()


def _quick(operation: CreateMeeting) -> bool:
    return operation.type == MeetingKind.QUICK


@define(eq=False)
class _Read:
    """What was read of a list so far."""

    at: ListMeetings
    """The page from which on a meeting stands that is created now: behind all that begin with it."""
    matches: dict[str, Meeting] = field(factory=dict[str, Meeting])
    nearly: dict[str, str] = field(factory=dict[str, str])
    latest: datetime | None = None
    """The start of the last row."""
    place: tuple[datetime, int] | None = None
    """What the gateway named the last page by."""
    ordered: bool = True
    """Whether the rows go on by start, as the list is said to."""
    whole_since: float = -inf
    """By `clocks.elapsed`: when a reading of all of it began."""

    def again(self) -> "_Read":
        """The same, to be read on."""
        return evolve(self, latest=None, place=None, matches=dict(self.matches), nearly=dict(self.nearly))

    def go_on(self, asked: ListMeetings) -> None:
        """Another page: the places that the gateway names must go on, too, by start and then by change."""
        if asked.pos is not None and asked.cursory is not None:
            self.ordered = self.ordered and (self.place is None or self.place <= (asked.pos, asked.cursory))
            self.place = asked.pos, asked.cursory

    def take(self, page: MeetingsPage, row_of: "_Row") -> bool:
        """Look at the rows of one page; whether there is one of interest."""
        found = (gap := _gap(page)) is not None
        if gap is not None:
            self.nearly[f"page {len(self.nearly)}"] = gap
            self.ordered = False
        for row in page.meeting_info_list:
            fit, reason = row_of.fit(row)
            if fit is Fit.SAME:
                self.matches[row.meeting_id] = row
            elif fit is Fit.NEARLY:
                self.nearly[row.meeting_id or f"a row without id, {len(self.nearly)}"] = reason
            found = found or fit is not Fit.OTHER
            if row.start_time is None or (self.latest is not None and row.start_time < self.latest):
                self.ordered = False
            else:
                self.latest = row.start_time
        return found


def _gap(page: MeetingsPage) -> str | None:
    """Why a page does not show all that it stands for: the meeting may be what is missing.

    An answer without members is an empty list; a count is that of the page's own rows, as in all samples.
    """
    wire: Mapping[str, Any] = page.wire
    if wire and not wire.keys() & {"meeting_info_list", "meeting_number", "remaining"}:
        return "a page of the list is something else"
    if page.remaining is None and (page.next_pos or page.next_cursory):
        return "a page of the list does not say whether there is more"
    came = wire.get("meeting_info_list")
    if is_array(came) and len(came) > len(page.meeting_info_list):
        return "a row of the list can't be read"
    if (page.meeting_number or 0) > len(page.meeting_info_list):
        return "a page of the list counts more meetings than it shows"
    return None


class _Row:
    """What a row must be like to be what an operation made, sent after `since` and looked for at `now`."""

    def __init__(self, operation: CreateMeeting, since: datetime, now: datetime) -> None:
        self._asked = operation
        self._start, self._end = (one.astimezone(UTC) for one in (operation.start_time, operation.end_time))
        """By no wall clocks, which may be set in between."""
        self._since, self._now = since, now
        self._series = operation.recurring_rule is not None

    @property
    def begin(self) -> datetime:
        """From where the list is read."""
        return self._since - _FAR if _quick(self._asked) else self._start - _SLACK

    @property
    def hidden(self) -> str | None:
        """Why it would not be shown: it can have ended. Of one that has begun, its host may have ended it early."""
        if _quick(self._asked):
            ends = min(self._since - _SLACK + (self._end - self._start), self._since + _BRIEF)
        else:
            ends = self._end if self._series and not self._once else self._start
        over = ends - _SLACK <= self._now  # a minute, as the gateway may cut off seconds
        return "it may be over, and then the list does not show it" if over else None

    @property
    def _once(self) -> bool:
        """Whether its series is of one meeting, as far as the request says."""
        rule = self._asked.recurring_rule
        return rule is not None and (
            rule.until_count == 1 or (rule.until_date is not None and rule.until_date < self._asked.start_time + _DAY)
        )

    @property
    def place(self) -> tuple[Hashable, ...]:
        """Equal for operations that take the same rows for theirs, in the same list."""
        asked = self._asked
        times = (seconds(asked.start_time), seconds(asked.end_time))
        return (CreateMeeting, asked.userid, asked.instanceid, asked.type, self._series, asked.subject, *times)

    @property
    def stays(self) -> bool:
        """Whether its place in the list is known: that of its start."""
        return not self._series and not _quick(self._asked)

    def may_follow(self, latest: datetime | None) -> bool:
        """Whether its place is behind everything that begins so early, if the list goes by start and then by change."""
        return latest is None or latest <= self._start

    def is_past(self, start: datetime) -> bool:
        """Whether the list, if it goes by start, is a day beyond where the meeting could stand."""
        last = self._now if _quick(self._asked) else max(self._start, self._now)
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
