"""The objects that events of several families carry."""

from typing import Annotated

from tm_async.core.answer import AnswerModel
from tm_async.core.codec import Reader
from tm_async.core.declare import answer
from tm_async.core.device import Device
from tm_async.core.wire import AlsoNamed, Moment, OpenIntEnum, Seconds

__all__ = [
    "NOBODY",
    "NO_MEETING",
    "CreateFrom",
    "CreateMode",
    "EventMediaSet",
    "EventMeetingType",
    "MeetingIdType",
    "MeetingInfo",
    "Operator",
]


class EventMeetingType(OpenIntEnum):
    """`meeting_type` of events. For Rooms projection pages say 3 or 4; the newest one and the vendor's client say 4."""

    ORDINARY = 0
    RECURRING = 1
    WECHAT = 2
    ROOMS_PROJECTION_OLD = 3
    ROOMS_PROJECTION = 4
    PERSONAL = 5
    WEBINAR = 6


class CreateMode(OpenIntEnum):
    """`meeting_create_mode`."""

    NORMAL = 0
    QUICK = 1


class CreateFrom(OpenIntEnum):
    """`meeting_create_from`: what the meeting was made with."""

    NONE = 0
    CLIENT = 1
    WEB = 2
    WECOM = 3
    WECHAT = 4
    OUTLOOK = 5
    REST_API = 6
    TENCENT_DOCS = 7
    ROOMS_RECORDING = 8


class EventMediaSet(OpenIntEnum):
    """`media_set_type` of events, some of which send it as text. Calls have other numbers under this name."""

    EXTERNAL = 1
    INTERNAL = 2


class MeetingIdType(OpenIntEnum):
    """`meeting_id_type`: which room of the meeting."""

    MAIN = 0
    BREAKOUT = 1


@answer
class Operator(AnswerModel):
    """Somebody in an event: who did it, whom it was done to, the creator or a host."""

    userid: str = ""
    """Of users of the same enterprise only; the open id of OAuth users, the rooms_id of Rooms. Else empty."""
    open_id: str | None = None
    ms_open_id: str | None = None
    """The id in this meeting; it takes the place of `uuid`."""
    uuid: str | None = None
    """Announced as deprecated."""
    user_name: str = ""
    """Plain text, other than in the answers about participants."""
    nick_name: str | None = None
    """The name used in the meeting; in events of participants since 2025."""
    instance_id: Device | None = None
    """The device type; text on the wire."""
    pstn_number: str | None = None
    """Of people who come by telephone or MRA, whose ids may be empty."""
    role: int | None = None
    """Of the creator of a webinar; the values are not documented."""

    @classmethod
    def __reader__(cls) -> Reader:
        """Old deliveries have only the ids of creator and hosts, as text."""
        read = super().__reader__()
        return lambda value: cls(userid=value) if type(value) is str else read(value)


NOBODY = Operator.from_wire({})
"""Where the delivery names nobody."""


@answer
class MeetingInfo(AnswerModel):
    """`meeting_info`. Which members are there depends on the event."""

    meeting_id: str = ""
    """Up to 20 digits: text, never a number."""
    meeting_code: str = ""
    subject: str = ""
    creator: Annotated[Operator, AlsoNamed("creator_id")] = NOBODY
    hosts: tuple[Operator, ...] = ()
    """In events of screen sharing, live streams and transcription."""
    meeting_type: EventMeetingType | None = None
    start_time: Moment | None = None
    """Seconds on the wire."""
    end_time: Moment | None = None
    """Missing while a recording goes on."""
    meeting_create_mode: CreateMode | None = None
    meeting_create_from: CreateFrom | None = None
    sub_meeting_id: str | None = None
    """The meeting of a series."""
    sub_meeting_start_time: Seconds | None = None
    sub_meeting_end_time: Seconds | None = None
    media_set_type: EventMediaSet | None = None
    """In events of recordings."""
    meeting_id_type: MeetingIdType | None = None
    """In events of muting, screen sharing and presence."""
    meeting_participant_status: int | None = None
    """In `meeting.participant-status-update`: 0 somebody is in, 1 empty."""
    allow_unmute_self: bool | None = None
    """In `meeting.mute-all`."""
    cancel_reason: str | None = None
    """Here in a delivery recorded in 2023; pages have it beside `meeting_info`."""
    ms_meeting_id: str | None = None
    """In `meeting.save-canceled`, of what was never reserved."""
    creator_id: str | None = None
    """In old deliveries, instead of `creator`."""


NO_MEETING = MeetingInfo.from_wire({})
"""Where the delivery has no `meeting_info`."""
