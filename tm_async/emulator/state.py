"""What the emulated enterprise holds: users and meetings. Knows nothing of HTTP, codes or wire shapes."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import merge
from random import Random
from typing import Any

from attrs import asdict, field, frozen

from tm_async.emulator.limits import CODE_LIFETIME
from tm_async.emulator.recurrence import Rule, Span

__all__ = ["Booking", "Meeting", "Person", "State", "User", "as_users"]


@frozen
class User:
    """A registered user of the enterprise."""

    userid: str
    admin: bool = False
    """An enterprise administrator may query every meeting (doc 1095/42418)."""


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

    @property
    def over(self) -> int:
        """When the meeting, or the last occurrence of the series, is scheduled to end."""
        return self.occurrences[-1].end if self.occurrences else self.end

    def ahead(self, now: float) -> tuple[Span, ...]:
        """Occurrences that are not over yet."""
        return tuple(span for span in self.occurrences if span.end > now)

    def is_recycled(self, now: float) -> bool:
        """Whether the code was given back: 30 days after the scheduled start (official docs, 2023)."""
        start = self.occurrences[-1].start if self.occurrences else self.start
        return now >= max(start + CODE_LIFETIME, self.over)


Row = tuple[int, int, Meeting]
"""A line of a user's list: start, change, meeting. Changes are unique, so meetings are never compared."""


class State:
    """Users and meetings of one enterprise."""

    def __init__(self, users: Iterable[User], rng: Random) -> None:
        self.users: dict[str, User] = {user.userid: user for user in users}
        self.meetings: dict[str, Meeting] = {}
        """By meeting id, in order of creation."""
        self._rng = rng
        self._by_code: dict[str, Meeting] = {}
        self._single: dict[str, list[Row]] = {}
        self._series: dict[str, list[Meeting]] = {}
        self._changed = 0

    def seed_users(self, users: Iterable[User]) -> None:
        """Register users; one that exists is replaced."""
        self.users.update((user.userid, user) for user in users)

    def create(self, booking: Booking, now: float) -> Meeting:
        """Let a meeting exist, with a new id and code."""
        self._changed = max(self._changed + 1, int(now * 1000))
        asked: dict[str, Any] = asdict(booking, recurse=False)
        if booking.host_key == "":
            asked["host_key"] = f"{self._rng.randrange(10**6):06d}"
        meeting = Meeting(
            **asked,
            id=self._new(self.meetings, 10**18, 10**20),
            code=self._new(self._by_code, 10**8, 10**9),
            created=now,
            changed=self._changed,
            join_url=f"https://meeting.tencent.com/dm/{self._word(12)}",
            live_addr=None if booking.live is None else f"https://meeting.tencent.com/live/{self._word(16)}",
        )
        self.meetings[meeting.id] = meeting
        self._by_code[meeting.code] = meeting
        people = {meeting.creator, *(p.userid for p in meeting.hosts), *(p.userid for p in meeting.invitees)}
        for userid in people:
            if meeting.occurrences:
                self._series.setdefault(userid, []).append(meeting)
            else:
                insort(self._single.setdefault(userid, []), (meeting.start, meeting.changed, meeting))
        return meeting

    def by_code(self, code: str, now: float) -> Meeting | None:
        """The meeting with this code, unless the code was recycled."""
        meeting = self._by_code.get(code)
        return None if meeting is None or meeting.is_recycled(now) else meeting

    def running_series(self, creator: str, now: float) -> int:
        """How many series of this account are not over."""
        return sum(m.creator == creator and m.over > now for m in self._series.get(creator, ()))

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
        return (row for row in merge(single, series) if row[2].over > now)

    def _new(self, taken: Mapping[str, Meeting], low: int, high: int) -> str:
        while (candidate := str(self._rng.randrange(low, high))) in taken:
            pass
        return candidate

    def _word(self, length: int) -> str:
        return "".join(self._rng.choices("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789", k=length))


def as_users(users: Sequence[str | User]) -> list[User]:
    """Users from plain ids or values."""
    return [User(user) if isinstance(user, str) else user for user in users]
