"""Who waits and who waited in a waiting room, and what the room says."""

from tm_async.api.shared import Device
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer
from tm_async.core.wire import Base64Text, Milliseconds, Seconds

__all__ = [
    "WaitingRoomMember",
    "WaitingRoomPage",
    "WaitingRoomRecord",
    "WaitingRoomRecordsPage",
    "WaitingRoomWelcome",
]


@answer
class WaitingRoomMember(AnswerModel):
    """Somebody in a waiting room."""

    userid: str | None = None
    open_id: str | None = None
    ms_open_id: str | None = None
    """The id in this meeting; in-meeting control takes it."""
    uuid: str | None = None
    """In older pages only, being retired."""
    user_name: Base64Text = ""
    """The name shown in the meeting, decoded."""
    instanceid: Device | None = None
    customer_data: str | None = None
    """What the personal join link carried."""
    app_version: str | None = None


@answer
class WaitingRoomPage(AnswerModel):
    """One page of the people who wait right now."""

    meeting_id: str = ""
    meeting_code: str = ""
    subject: Base64Text = ""
    schedule_start_time: Seconds | None = None
    schedule_end_time: Seconds | None = None
    participants: tuple[WaitingRoomMember, ...] = ()
    total_count: int | None = None
    total_page: int | None = None
    current_page: int | None = None
    current_size: int | None = None


@answer
class WaitingRoomRecord(WaitingRoomMember):
    """One stay of somebody in a waiting room."""

    join_time: Milliseconds | None = None
    left_time: Milliseconds | None = None
    """What it is for somebody who still waits is not documented."""


@answer
class WaitingRoomRecordsPage(AnswerModel):
    """One page of the stays in a waiting room."""

    meeting_id: str = ""
    meeting_code: str = ""
    """Of a personal meeting: the personal meeting number."""
    subject: Base64Text = ""
    schedule_start_time: Milliseconds | None = None
    schedule_end_time: Milliseconds | None = None
    participants: tuple[WaitingRoomRecord, ...] = ()
    total_count: int | None = None
    total_page: int | None = None
    current_page: int | None = None
    current_size: int | None = None


@answer
class WaitingRoomWelcome(AnswerModel):
    """The message that people get when they come into a waiting room."""

    enable_welcome: bool | None = None
    welcome_text: str = ""
    """`%NICKNAME%` stands for the reader's name in the meeting."""
