"""Call frequency (doc 1095/105276). Sliding windows are taken; the kind of window is not documented."""

from collections import deque

from attrs import define, field

from tm_async.emulator.chapters.meetings.limits import (
    ACCOUNT_PER_MINUTE,
    CALLS_PER_MINUTE,
    CREATES_PER_HOUR,
    QUALITY_PER_MINUTE,
)
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["Quotas"]


@define
class Quotas:
    """Counts calls of the app and creations of each user. Refused calls do not count (not documented)."""

    _calls: dict[str | None, deque[float]] = field(factory=dict[str | None, deque[float]], init=False)
    _account: dict[str | None, deque[float]] = field(factory=dict[str | None, deque[float]], init=False)
    _creations: dict[str, deque[float]] = field(factory=dict[str, deque[float]], init=False)
    _quality: dict[str, deque[float]] = field(factory=dict[str, deque[float]], init=False)

    def call(self, now: float, app: str | None = None) -> None:
        """At most 300 calls per minute and app, else 190310. `None` is the enterprise's own app."""
        seen = self._calls.setdefault(app, deque())
        _count(seen, now, 60, CALLS_PER_MINUTE, 190310, "calls of this app in the last minute")

    def account(self, now: float, app: str | None = None) -> None:
        """At most 100 calls below `/v1/corp/` per minute and app, else 190313."""
        seen = self._account.setdefault(app, deque())
        _count(seen, now, 60, ACCOUNT_PER_MINUTE, 190313, "account-level calls of this app in the last minute")

    def creation(self, userid: str, now: float) -> None:
        """At most 2000 creations per hour and user, else 500029."""
        seen = self._creations.setdefault(userid, deque())
        _count(seen, now, 3600, CREATES_PER_HOUR, 500029, "meetings created by this user in the last hour")

    def quality(self, meeting_id: str, now: float) -> None:
        """At most 30 queries of live quality per minute and meeting, else 500046."""
        seen = self._quality.setdefault(meeting_id, deque())
        _count(seen, now, 60, QUALITY_PER_MINUTE, 500046, "queries of this meeting's quality in the last minute")


def _count(seen: deque[float], now: float, window: int, limit: int, code: int, what: str) -> None:
    while seen and seen[0] <= now - window:
        seen.popleft()
    if len(seen) >= limit:
        raise Refused(code, f"{limit} {what}")
    seen.append(now)
