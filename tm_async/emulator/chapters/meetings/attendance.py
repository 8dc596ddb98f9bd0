"""Who was inside when: one session for a meeting, or for each occurrence of a series."""

from typing import Any

from attrs import define, field

__all__ = ["Attendance", "Session", "SignIn"]


@define(kw_only=True)
class Attendance:
    """One stay of one person on one device. Times are UNIX seconds."""

    userid: str | None
    """`None` for somebody from outside the enterprise."""
    name: str
    ms_open_id: str
    """What names the person within this meeting only."""
    instanceid: int
    join_type: int
    joined: int
    left: int | None = None
    phone: str | None = None
    """SHA-256 of the number, "/" and the SecretId, in hex (official docs, 2021); the number itself is not kept."""
    customer_data: str | None = None
    audio: bool = False
    video: bool = False
    sharing: bool = False
    cohost: bool = False
    hand: bool = False
    """Whether the hand is raised."""
    ip: str | None = None
    layout: int | None = None
    """`default_layout` of an MRA device; what it is before somebody sets it is not documented."""
    without_video: int | None = None
    """`default_novideo_user` of an MRA device."""


@define(kw_only=True)
class SignIn:
    """Everybody is asked to sign in. Times are UNIX seconds."""

    id: str
    text: str
    begun: int
    ends: float
    """When it is over by itself, or was ended."""
    signed: dict[str, Attendance] = field(factory=dict[str, Attendance])
    """Who did, by `ms_open_id`."""


@define
class Session:
    """A meeting or an occurrence as it took place. It runs while somebody is inside (states: official docs, 2023)."""

    attendances: list[Attendance] = field(factory=list[Attendance])
    """In the order of their coming; who comes back has one more."""
    ended: int | None = None
    """When a host ended it for all; `None` again once somebody comes back."""
    switches: dict[str, Any] = field(factory=dict[str, Any])
    """What holds for everybody, by the names of the API, as far as it was set."""
    barred: set[str] = field(factory=set[str])
    """By `ms_open_id`, who was removed and may not come back."""
    sign_ins: list[SignIn] = field(factory=list[SignIn])

    @property
    def inside(self) -> list[Attendance]:
        """Those who have not left."""
        return [one for one in self.attendances if one.left is None]

    @property
    def is_running(self) -> bool:
        """Whether somebody is inside."""
        return any(one.left is None for one in self.attendances)

    @property
    def began(self) -> int | None:
        """When the first came; `None` where nobody ever came."""
        return self.attendances[0].joined if self.attendances else None

    @property
    def finished(self) -> int | None:
        """When a host ended it, or the last left."""
        return self.ended or max((one.left for one in self.attendances if one.left is not None), default=None)

    def enter(self, attendance: Attendance) -> None:
        """Somebody comes."""
        self.attendances.append(attendance)
        self.ended = None

    def end(self, now: float) -> None:
        """Everybody leaves, because a host ends it. That a sign-in is over then, too, is not documented."""
        for one in self.inside:
            one.left = int(now)
        for sign_in in self.sign_ins:
            sign_in.ends = min(sign_in.ends, now)
        self.ended = int(now)
