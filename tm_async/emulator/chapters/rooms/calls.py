"""Calls to rooms, each from its beginning to what became of it. Nothing happens by itself: the clock is looked at."""

from collections.abc import Iterable
from random import Random

from attrs import define

from tm_async.emulator.chapters.meetings.attendance import Attendance

__all__ = ["CALLING", "CANCELLED", "ENTERING", "LEFT", "NOT_CALLED", "NO_ANSWER", "REJECTED", "Calls", "RoomCall"]

NO_ANSWER, NOT_CALLED, ENTERING, REJECTED, CALLING, CANCELLED, LEFT = range(7)
"""`status`. 5 is what the SDKs and the event say it is; the page of `rooms.get_call_status` says "joined"."""
PATIENCE = 60
"""Seconds that a room rings (the official SDKs)."""


@define(kw_only=True)
class RoomCall:
    """One call. Times are UNIX seconds."""

    invite_id: str
    meeting_id: str
    callee: str
    """Id of a room, or dial string of a terminal."""
    protocol: int | None
    """Of a terminal."""
    began: float
    state: int = CALLING
    answered: float | None = None
    stay: Attendance | None = None
    """In the meeting, once it was accepted."""

    @property
    def has_left(self) -> bool:
        """Whether it was accepted, and is not inside any more."""
        return self.stay is not None and self.stay.left is not None


class Calls:
    """The last call to each room or terminal for each meeting."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._calls: dict[tuple[str, str], RoomCall] = {}

    def begin(self, meeting_id: str, callee: str, protocol: int | None, now: float) -> RoomCall:
        """Let a room ring; a call before it is forgotten."""
        invite = str(self._rng.getrandbits(53))
        call = RoomCall(invite_id=invite, meeting_id=meeting_id, callee=callee, protocol=protocol, began=now)
        self._calls[meeting_id, callee] = call
        return call

    def get(self, meeting_id: str, callee: str) -> RoomCall | None:
        """The last call, whatever became of it."""
        return self._calls.get((meeting_id, callee))

    def ringing(self, now: float) -> Iterable[RoomCall]:
        """Calls that nobody has answered yet."""
        return [one for one in self._calls.values() if one.state == CALLING and now < one.began + PATIENCE]

    def overdue(self, now: float) -> Iterable[RoomCall]:
        """Calls that rang for too long; they are over now."""
        late = [one for one in self._calls.values() if one.state == CALLING and now >= one.began + PATIENCE]
        for one in late:
            one.state, one.answered = NO_ANSWER, one.began + PATIENCE
        return late
