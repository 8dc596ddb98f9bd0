"""Phone calls into meetings: they ring, are answered, and end.

    START_INVITE --> START_ACCEPT --> LEAVE_WITH_ACCEPTED
          |------> LEAVE_WITHOUT_ACCEPT    nobody answered, or somebody declined
          '------> CANCLE_INVITE           (so spelled) whoever called withdrew it

These are the texts of the event (doc 1095/80737). Those of `status` in answers are not documented: the sample has an
empty one, and so have answers here.
"""

from collections.abc import Mapping
from typing import Any

from attrs import define, field

__all__ = ["ANSWERED", "CANCELLED", "LEFT", "MISSED", "RINGING", "PhoneCall", "Phones"]

RINGING, ANSWERED, LEFT = "START_INVITE", "START_ACCEPT", "LEAVE_WITH_ACCEPTED"
MISSED, CANCELLED = "LEAVE_WITHOUT_ACCEPT", "CANCLE_INVITE"


@define(kw_only=True)
class PhoneCall:
    """One call of one number."""

    area: int
    phone: str
    extension_number: str | None = None
    nick_name: str | None = None
    by: str
    """The userid of who had it called."""
    state: str = RINGING
    ms_open_id: str | None = None
    """Once it was answered."""

    def is_of(self, number: Mapping[str, Any]) -> bool:
        """Whether this is a call of that number."""
        names = ("area", "phone", "extension_number")
        return all((number.get(name) or None) == getattr(self, name) for name in names)

    def shown(self, *names: str) -> dict[str, Any]:
        """Those members that every answer has, and these."""
        return {name: getattr(self, name) for name in ("area", "phone", "extension_number", *names)}


@define
class Phones:
    """The calls of each meeting, oldest first, and the jobs that collect their details."""

    calls: dict[str, list[PhoneCall]] = field(factory=dict[str, list[PhoneCall]])
    """By meeting id."""
    jobs: dict[str, float] = field(factory=dict[str, float])
    """When each began, UNIX seconds."""

    def of(self, meeting_id: str) -> list[PhoneCall]:
        """The calls of a meeting."""
        return self.calls.get(meeting_id, [])
