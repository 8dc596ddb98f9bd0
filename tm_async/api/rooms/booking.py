"""Rooms for a meeting: booked and released."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated

from tm_async.api.acting import ByUserId
from tm_async.api.shared import AK_SK, MeetingId, RoomId
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, mixin, operation
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.rules import NOT_EMPTY

__all__ = ["BookRooms", "BookedRoom", "BookedRooms", "ReleaseRooms"]

if TYPE_CHECKING:
    RoomIds = Collection[str]
else:
    RoomIds = Annotated[Collection[RoomId], NOT_EMPTY]


@answer
class BookedRoom(AnswerModel):
    """A room that is booked for a meeting."""

    meeting_room_id: str = ""
    meeting_room_name: str = ""
    meeting_room_location: str = ""


@answer
class BookedRooms(AnswerModel):
    """The rooms that are booked for a meeting."""

    meeting_room_number: int | None = None
    """How many."""
    meeting_room_list: tuple[BookedRoom, ...] = ()


@mixin
class _ForMeeting(ByUserId):
    meeting_id: MeetingId
    """Of a one-off meeting that has not begun: series can't have rooms (20002)."""
    meeting_room_id_list: RoomIds
    """Ids of rooms; how many a call takes is not documented."""


@operation
class BookRooms(_ForMeeting, Operation[BookedRooms]):
    """Book rooms for a meeting, in the place of those that it had (doc 1095/55313).

    Texts of 2021 and the official SDKs say "adds" only: `tm.rooms.add_room` is right either way. The meeting lasts at
    most 24 hours, in the SDKs' text at least 15 minutes, too (20001). Own codes: 21301 occupied, 20003 not open for
    booking, 14151 begun, 14152 over. Administrators and the creator may. The rooms stay booked when the meeting is
    ended early, and another time for it is refused where one of them is taken then (20006).
    """

    spec = Spec("rooms.book", "POST /v1/meetings/{meeting_id}/book-rooms", repeat=Repeat.SAFE, modes=AK_SK)

    subject_visible: bool | None = None
    """Whether their screens show the subject during the hour before; default true."""


@operation
class ReleaseRooms(_ForMeeting, Operation[None]):
    """Give booked rooms of a meeting back (doc 1095/55314). Administrators and the creator may."""

    spec = Spec("rooms.release", "POST /v1/meetings/{meeting_id}/release-rooms", repeat=Repeat.SAFE, modes=AK_SK)
