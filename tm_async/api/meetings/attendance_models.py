"""Who was in a meeting, who is, which meetings are over, and the files of a chat."""

from attrs import field

from tm_async.api.meetings.models import MeetingStatus, MeetingType
from tm_async.api.shared import Device
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer
from tm_async.core.wire import Base64Text, OpenIntEnum, Seconds, SecondsText, masked

__all__ = [
    "Attendance",
    "ChatExport",
    "ChatFile",
    "EndedMeeting",
    "EndedMeetingsPage",
    "JoinMethod",
    "Participant",
    "ParticipantRole",
    "ParticipantsPage",
    "RealtimeParticipantsPage",
    "WebinarRole",
]


class ParticipantRole(OpenIntEnum):
    """`user_role` of somebody in a meeting."""

    MEMBER = 0
    CREATOR = 1
    HOST = 2
    CREATOR_AND_HOST = 3
    GUEST = 4
    """A visitor (游客), not a special guest of the meeting."""
    GUEST_AND_HOST = 5
    CO_HOST = 6
    CREATOR_AND_CO_HOST = 7


class JoinMethod(OpenIntEnum):
    """`join_type`: how somebody came in."""

    PSTN = 0
    """By telephone."""
    VOIP = 1
    SCREEN_CAST = 2
    """An attached screen cast."""
    LINUX_VOIP = 3
    PSTN_AUDIO = 4
    """The attached telephone audio of somebody."""
    PSTN_VIDEO = 5
    LINUX_PSTN = 6


class WebinarRole(OpenIntEnum):
    """`webinar_member_role`."""

    ORDINARY = 0
    INTERNAL_GUEST = 1
    EXTERNAL_GUEST = 2
    GUEST_BY_LINK = 3
    AUDIENCE = 4
    AUDIENCE_WITH_MEDIA = 5
    """Audience that may use audio and video."""


@answer
class Participant(AnswerModel):
    """Somebody in a meeting."""

    userid: str | None = None
    """Of the enterprise's own users. People from elsewhere have none."""
    open_id: str | None = None
    ms_open_id: str | None = None
    """The id in this meeting, which everybody has; in-meeting control takes it."""
    user_name: Base64Text = ""
    """The name shown in the meeting, decoded."""
    user_role: ParticipantRole | None = None
    instanceid: Device | None = None
    join_type: JoinMethod | None = None
    join_time: SecondsText | None = None
    audio_state: bool | None = None
    """The microphone is on."""
    video_state: bool | None = None
    """The camera is on."""
    screen_shared_state: bool | None = None
    """Shares the screen."""
    customer_data: str | None = None
    """What the personal join link carried."""
    app_version: str | None = None
    """Only while in the meeting."""


@answer
class Attendance(Participant):
    """One stay of somebody in a meeting: who leaves and comes back has two."""

    left_time: SecondsText | None = None
    """What it is for somebody who is still inside is not documented."""
    webinar_member_role: WebinarRole | None = None
    is_enterprise_user: bool | None = None
    phone: str | None = None
    """In hex, the SHA-256 of the telephone number, "/" and the app's SecretId."""
    ip: str | None = None
    """Only while in the meeting."""
    location: str | None = None
    """Only while in the meeting."""
    net: str | None = None
    """The kind of network, only while in the meeting."""
    link_type: str | None = None
    """UDP, TCP or unknown, only while in the meeting."""
    uuid: str | None = None
    """In older pages only, being retired."""


@answer
class ParticipantsPage(AnswerModel):
    """One page of the people who were in a meeting."""

    meeting_id: str = ""
    meeting_code: str = ""
    subject: Base64Text = ""
    schedule_start_time: SecondsText | None = None
    """The vendor's SDK text describes start and end the other way round; the names are taken at their word."""
    schedule_end_time: SecondsText | None = None
    total_count: int | None = None
    """Stays so far, those on other pages included."""
    participants: tuple[Attendance, ...] = ()
    has_remaining: bool | None = None
    next_pos: int | None = None


@answer
class RealtimeParticipantsPage(AnswerModel):
    """One page of the people who are in a meeting right now."""

    meeting_id: str = ""
    meeting_code: str = ""
    subject: Base64Text = ""
    status: MeetingStatus | None = None
    schedule_start_time: SecondsText | None = None
    schedule_end_time: SecondsText | None = None
    participants: tuple[Participant, ...] = ()
    total_count: int | None = None
    total_page: int | None = None
    current_page: int | None = None
    current_size: int | None = None


@answer
class EndedMeeting(AnswerModel):
    """A meeting that is over."""

    meeting_id: str = ""
    meeting_code: str = ""
    sub_meeting_id: str | None = None
    """The occurrence, if the meeting is a series."""
    subject: str = ""
    meeting_type: MeetingType | None = None
    """The SDKs print 3 for Rooms projection here, the page and all else 4."""
    start_time: Seconds | None = None
    end_time: Seconds | None = None


@answer
class EndedMeetingsPage(AnswerModel):
    """One page of meetings that are over."""

    meeting_info_list: tuple[EndedMeeting, ...] = ()
    total_count: int | None = None
    total_page: int | None = None
    current_page: int | None = None
    current_size: int | None = None


@answer
class ChatFile(AnswerModel):
    """One file of a meeting's chat."""

    start_time: SecondsText | None = None
    end_time: SecondsText | None = None
    download_url: str | None = field(default=None, repr=masked)
    """Whoever has it may be able to read the chat. How long it is valid is not documented."""


@answer
class ChatExport(AnswerModel):
    """The public chat of a meeting, as files."""

    download_file: tuple[ChatFile, ...] = ()
