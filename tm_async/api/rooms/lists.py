"""The rooms of the enterprise, and the meetings that stand in one."""

from datetime import timedelta
from typing import Annotated, ClassVar

from attrs import field

from tm_async.api.counted import Counted
from tm_async.api.meetings.models import MeetingType
from tm_async.api.rooms.values import ListedByUserId, OfRoom, RoomLicence, RoomLicenceTier, RoomStatus
from tm_async.api.shared import AK_SK, OPERATOR_TYPE, Device, OperatorType, RoomId, Switch
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, operation
from tm_async.core.operation import Spec
from tm_async.core.paging import Numbered, PagedOperation, Window
from tm_async.core.validation import Check
from tm_async.core.wire import Seconds
from tm_async.rules import lists, pages, rooms

__all__ = ["ListRoomMeetings", "ListRooms", "ListedRoom", "RoomMeeting", "RoomMeetingsPage", "RoomsPage"]


@answer
class ListedRoom(AnswerModel):
    """A room in a list."""

    meeting_room_id: str = ""
    meeting_room_name: str = ""
    meeting_room_location: str = ""
    """Where it is, in one text: a sample has city, building and floor with dashes between."""
    meeting_room_status: RoomStatus | None = None
    participant_number: int | None = None
    """How many people it holds."""
    scheduled_status: Switch | None = None
    """Whether it can be booked; off unless somebody switched it on."""
    is_allow_call: bool | None = None
    """Whether it can be called."""
    account_type: RoomLicence | None = None
    account_new_type: RoomLicenceTier | None = None
    active_code: str | None = None
    """What a device is activated with."""


@answer
class RoomsPage(Counted):
    """One page of rooms."""

    meeting_room_list: tuple[ListedRoom, ...] = ()


@operation
class ListRooms(ListedByUserId, PagedOperation[RoomsPage, ListedRoom]):
    """List the rooms of the enterprise (doc 1095/55309). Needs the right to view rooms."""

    spec = Spec("rooms.list", "GET /v1/meeting-rooms", modes=AK_SK)
    paging: ClassVar = Numbered(items="meeting_room_list")

    meeting_room_name: str | None = None
    """Rooms whose names are like this one."""


@answer
class RoomMeeting(AnswerModel):
    """A meeting that stands in a room."""

    meeting_id: str = ""
    meeting_code: str = ""
    subject: str = ""
    start_time: Seconds | None = None
    end_time: Seconds | None = None
    meeting_type: MeetingType | None = None
    status: str = ""
    """No source lists its values."""


@answer
class RoomMeetingsPage(Counted):
    """One page of a room's meetings."""

    meeting_info_list: tuple[RoomMeeting, ...] = ()


@operation
class ListRoomMeetings(OfRoom, PagedOperation[RoomMeetingsPage, RoomMeeting]):
    """List the meetings of a room (doc 1095/67435). Needs the right to view rooms.

    The page has a user ask, with the room in `target_rooms_id`; the official SDKs have the room itself ask. Which
    meetings a span of time covers, those that begin in it or all that touch it, is not documented.
    """

    spec = Spec("rooms.list_meetings", "GET /v1/meeting-rooms/{operator_id}/meetings", modes=AK_SK)
    paging: ClassVar = Numbered(items="meeting_info_list")
    window: ClassVar = Window(longest=timedelta(days=90), key=("meeting_id", "start_time"))

    operator_id: RoomId
    """Who asks: a userid, or the room itself: `MeetingRoomId("...")` or `RoomsId("...")`."""
    operator_id_type: OperatorType = field(default=OPERATOR_TYPE)
    """1 userid, 3 rooms_id, 5 meeting_room_id; follows from `operator_id`."""
    instanceid: Device = Device.PC
    start_time: Seconds | None = None
    end_time: Seconds | None = None
    """Longer spans than 90 days are asked for piece by piece."""
    page: Annotated[int, pages.PAGE] | None = None
    page_size: Annotated[int, lists.page_size(20)] | None = None
    """At most 20, which is the gateway's default."""

    checks: ClassVar[tuple[Check, ...]] = (rooms.room_is_named, lists.end_not_before_start)
