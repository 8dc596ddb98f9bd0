"""The meetings that the emulated enterprise holds. Knows nothing of HTTP, codes or wire shapes."""

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping, Sequence
from heapq import merge
from random import Random
from typing import Any

from attrs import asdict, evolve, field, frozen

from tm_async.emulator.chapters.layouts.state import Stages
from tm_async.emulator.chapters.live.state import Lives
from tm_async.emulator.chapters.meetings.attendance import Session
from tm_async.emulator.chapters.meetings.backgrounds import Backgrounds
from tm_async.emulator.chapters.meetings.enrolment import Enrolments
from tm_async.emulator.chapters.meetings.limits import CODE_LIFETIME
from tm_async.emulator.chapters.meetings.links import Links
from tm_async.emulator.chapters.meetings.recurrence import Rule, Span
from tm_async.emulator.chapters.meetings.waiting import WaitingRooms
from tm_async.emulator.chapters.webinars.state import Webinar
from tm_async.emulator.kernel.canned import Answers

__all__ = ["PERSONAL", "WEBINAR", "Booking", "Meeting", "Meetings", "Person"]

PERSONAL, WEBINAR = 5, 6
"""`meeting_type`: of a personal meeting number, of a webinar (doc 1095/79796)."""


@frozen
class Person:
    """A host or an invitee as named in a request (doc 1095/42417)."""

    userid: str
    is_anonymous: bool | None = None
    nick_name: str | None = None


@frozen(kw_only=True)
class Booking:
    """What was asked for, after every check. Times are UNIX seconds."""

    creator: str
    app: str | None = None
    """SdkId of the third-party app that asked for it; `None` for the enterprise's own app (AK/SK)."""
    subject: str
    type: int
    meeting_type: int
    start: int
    end: int
    hosts: tuple[Person, ...]
    invitees: tuple[Person, ...] = ()
    guests: tuple[Mapping[str, str], ...] = ()
    password: str | None = field(default=None, repr=False)
    host_key: str | None = field(default=None, repr=False)
    """`None` without a host key, empty to have one generated."""
    settings: Mapping[str, bool | int | str] = field(factory=dict[str, bool | int | str])
    switches: Mapping[str, bool | int] = field(factory=dict[str, bool | int])
    """Plain members of the body: `enable_live`, `enable_enroll`, `media_set_type` and their like."""
    live: Mapping[str, Any] | None = field(default=None, repr=False)
    location: str | None = None
    time_zone: str | None = None
    rule: Rule | None = None
    occurrences: tuple[Span, ...] = ()
    """Of a series; empty for a one-off meeting."""


@frozen(kw_only=True)
class Meeting(Booking):
    """A meeting that exists. All occurrences of a series share its id and its code."""

    id: str
    code: str
    created: float
    changed: int
    """Milliseconds, unique in this enterprise, so that a pair of start and change names one row of a list."""
    join_url: str
    live_addr: str | None = None
    cancelled: bool = False
    """Whether the meeting, or what was left of the series, was cancelled."""
    code_returned: bool = False
    """Whether the code was given back when the meeting was dismissed (doc 1095/57955)."""
    sessions: dict[str, Session] = field(factory=dict[str, Session], eq=False, repr=False)
    """By sub_meeting_id, empty for a one-off meeting; only what took place. Lives on when the meeting is changed."""

    def as_dict(self) -> dict[str, object]:
        """For the control plane, without password, host key and live settings."""
        plain = (
            "id",
            "code",
            "creator",
            "app",
            "subject",
            "type",
            "meeting_type",
            "start",
            "end",
            "created",
            "join_url",
            "cancelled",
        )
        return {
            **{name: getattr(self, name) for name in plain},
            "hosts": [person.userid for person in self.hosts],
            "invitees": [person.userid for person in self.invitees],
            "occurrences": [asdict(span) for span in self.occurrences],
            "inside": [asdict(one) for span in self.spans for one in self.session(span).inside],
        }

    @property
    def spans(self) -> tuple[Span, ...]:
        """The occurrences that were not cancelled; for a one-off meeting itself, with an empty id."""
        if not self.occurrences:
            return (Span(self.start, self.end, id=""),)
        return tuple(span for span in self.occurrences if not span.cancelled)

    @property
    def over(self) -> int:
        """When the meeting, or the last occurrence of the series, is scheduled to end."""
        return max(span.end for span in self.spans or self.occurrences)

    def session(self, span: Span) -> Session:
        """What took place; an empty session where nothing did."""
        return self.sessions.get(span.id) or Session()

    @property
    def is_running(self) -> bool:
        """Whether somebody is inside, in whichever occurrence."""
        return any(self.session(span).is_running for span in self.spans)

    def is_past(self, span: Span, now: float) -> bool:
        """Whether it is over: nobody is inside, and it was ended by a host or its scheduled end has come."""
        session = self.session(span)
        return not session.is_running and (session.ended is not None or span.end <= now)

    def ahead(self, now: float) -> tuple[Span, ...]:
        """What is not over yet, of `spans`."""
        return () if self.cancelled else tuple(span for span in self.spans if not self.is_past(span, now))

    def current(self, ahead: Sequence[Span]) -> Span | None:
        """The occurrence that runs, else the next of those ahead."""
        return next((span for span in ahead if self.session(span).is_running), ahead[0] if ahead else None)

    def is_host(self, userid: str | None) -> bool:
        """Whether this is the creator, or one of the hosts."""
        return userid == self.creator or any(host.userid == userid for host in self.hosts)

    @property
    def hosts_inside(self) -> tuple[Person, ...]:
        """Hosts who are in the meeting now."""
        inside = {one.userid for span in self.spans for one in self.session(span).inside}
        return tuple(host for host in self.hosts if host.userid in inside)

    def is_recycled(self, now: float) -> bool:
        """Whether the code was given back: 30 days after the scheduled start (official docs, 2023), or before."""
        start = max(span.start for span in self.spans or self.occurrences)
        return self.code_returned or now >= max(start + CODE_LIFETIME, self.over)


Row = tuple[int, int, Meeting]
"""A line of a user's list: start, change, meeting. Changes are unique, so meetings are never compared."""


class Meetings:
    """The meetings of one enterprise, and what hangs on them."""

    def __init__(self, rng: Random) -> None:
        self.meetings: dict[str, Meeting] = {}
        """By meeting id, in order of creation."""
        self._rng = rng
        self._by_code: dict[str, Meeting] = {}
        self._single: dict[str, list[Row]] = {}
        self._series: dict[str, list[Meeting]] = {}
        self._changed = 0
        self.enrolments = Enrolments(rng)
        self.waiting = WaitingRooms()
        self.links = Links(rng)
        self.backgrounds = Backgrounds(rng)
        self.live = Lives(rng)
        self.stages = Stages(rng)
        self.webinars: dict[str, Webinar] = {}
        """By meeting id."""
        self.answers = Answers()

    def create(self, booking: Booking, now: float, *, code: str | None = None) -> Meeting:
        """Let a meeting exist, with a new id, and a new code unless it is that of a personal meeting number."""
        asked: dict[str, Any] = asdict(booking, recurse=False)
        if booking.host_key == "":
            asked["host_key"] = self._host_key()
        meeting = Meeting(
            **asked,
            id=self._new(self.meetings, 10**18, 2**64),  # an unsigned 64-bit number in a string (docs 2023)
            code=code or self._new(self._by_code, 10**8, 10**9),
            created=now,
            changed=self._change(now),
            join_url=f"https://meeting.tencent.com/dm/{self._word(12)}",
            live_addr=None if booking.live is None else self._live_addr(),
        )
        self._add(meeting)
        return meeting

    def change(self, meeting: Meeting, now: float, **members: Any) -> Meeting:
        """Put a changed meeting in the place of this one; an empty `host_key` has one generated."""
        if members.get("host_key") == "":
            members["host_key"] = self._host_key()
        if members.get("live") is not None and meeting.live_addr is None:
            members["live_addr"] = self._live_addr()
        self._remove(meeting)
        changed = evolve(meeting, changed=self._change(now), **members)
        self._add(changed)
        return changed

    def erase(self, meeting: Meeting) -> None:
        """Let a meeting never have been."""
        self._remove(meeting)
        del self.meetings[meeting.id]
        self._by_code.pop(meeting.code, None)

    def hand_over(self, meeting: Meeting, userid: str, now: float) -> Meeting:
        """Make somebody else the creator, and a host in the creator's place."""
        hosts = (Person(userid) if host.userid == meeting.creator else host for host in meeting.hosts)
        return self.change(meeting, now, creator=userid, hosts=tuple(hosts))

    def _add(self, meeting: Meeting) -> None:
        self.meetings[meeting.id] = meeting
        self._by_code[meeting.code] = meeting
        for userid in _people(meeting):
            if meeting.occurrences:
                self._series.setdefault(userid, []).append(meeting)
            else:
                insort(self._single.setdefault(userid, []), (meeting.start, meeting.changed, meeting))

    def _remove(self, meeting: Meeting) -> None:
        """From the lists of its people."""
        for userid in _people(meeting):
            if meeting.occurrences:
                series = self._series[userid]
                del series[next(index for index, other in enumerate(series) if other.id == meeting.id)]
            else:
                rows = self._single[userid]
                del rows[bisect_left(rows, (meeting.start, meeting.changed))]

    def by_code(self, code: str, now: float) -> Meeting | None:
        """The meeting with this code, unless the code was recycled."""
        meeting = self._by_code.get(code)
        return None if meeting is None or meeting.is_recycled(now) else meeting

    def running_series(self, creator: str, now: float) -> int:
        """How many series of this account are not over."""
        return sum(series.creator == creator and bool(series.ahead(now)) for series in self._series.get(creator, ()))

    def role(self, meeting: Meeting, userid: str) -> str:
        """The user's part in a listed meeting: creator, hoster or invitee (official docs, 2021)."""
        if meeting.creator == userid:
            return "creator"
        return "hoster" if any(host.userid == userid for host in meeting.hosts) else "invitee"

    def listed(self, userid: str, position: tuple[int, int], now: float) -> Iterator[Row]:
        """Pending and running meetings of a user from a position on, by start and change.

        A series stands at its first occurrence that is not over (not documented).
        """
        rows = self._single.get(userid, [])
        single = (rows[index] for index in range(bisect_left(rows, position), len(rows)))
        series = sorted(
            (ahead[0].start, meeting.changed, meeting)
            for meeting in self._series.get(userid, ())
            if (ahead := meeting.ahead(now)) and (ahead[0].start, meeting.changed) >= position
        )
        return (row for row in merge(single, series) if row[2].ahead(now))

    def _change(self, now: float) -> int:
        self._changed = max(self._changed + 1, int(now * 1000))
        return self._changed

    def _host_key(self) -> str:
        return f"{self._rng.randrange(10**6):06d}"

    def _live_addr(self) -> str:
        return f"https://meeting.tencent.com/live/{self._word(16)}"

    def _new(self, taken: Mapping[str, Meeting], low: int, high: int) -> str:
        while (candidate := str(self._rng.randrange(low, high))) in taken:
            pass
        return candidate

    def _word(self, length: int) -> str:
        return "".join(self._rng.choices("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789", k=length))


def _people(meeting: Meeting) -> set[str]:
    """Those in whose lists a meeting is."""
    hosts, invitees = (person.userid for person in meeting.hosts), (person.userid for person in meeting.invitees)
    return {meeting.creator, *hosts, *invitees}
