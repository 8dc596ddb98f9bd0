"""What stands in a room when: no two meetings at once."""

from collections.abc import Iterable

from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.kernel.refusals import Refused
from tm_async.emulator.state import State

__all__ = ["check_free", "check_moved", "meetings_in"]

OCCUPIED, MOVED_INTO_ANOTHER = 21301, 20006


def meetings_in(state: State, meeting_room_id: str) -> list[Meeting]:
    """In order of time. One that was cancelled stands there no more (not documented), one that was ended early does."""
    standing = (state.meetings.get(meeting_id) for meeting_id in state.rooms.standing(meeting_room_id))
    return sorted(
        (one for one in standing if one is not None and not one.cancelled), key=lambda one: (one.start, one.id)
    )


def check_free(
    state: State, meeting: Meeting, rooms: Iterable[str], start: int, end: int, code: int = OCCUPIED
) -> None:
    """Refuse where another meeting stands at that time in one of the rooms; its own booking never does."""
    for room in rooms:
        for other in meetings_in(state, room):
            if other.id != meeting.id and other.start < end and start < other.end:
                raise Refused(code, f"room {room} has meeting {other.id} from {other.start} to {other.end}")


def check_moved(state: State, meeting: Meeting, start: int, end: int) -> None:
    """Another time for a meeting with rooms is refused where one of them is taken then (doc 1095/43704)."""
    check_free(state, meeting, state.rooms.booked(meeting.id), start, end, MOVED_INTO_ANOTHER)
