"""What meetings are made of: settings, guests, live configuration, and a meeting as the gateway shows it."""

from typing import Annotated, ClassVar, cast

from attrs import field, fields

from tm_async import rules
from tm_async.api.meetings.recurrence import RecurrenceInfo
from tm_async.api.shared import Person, ShownUserId
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import Part, answer, part
from tm_async.core.wire import AlsoNamed, Base64Text, OpenIntEnum, OpenStrEnum, Seconds, SecondsText, masked
from tm_async.errors import ValidationError, Violation
from tm_async.rules import meeting as across

__all__ = [
    "AutoRecord",
    "ChangeNickname",
    "Guest",
    "GuestInfo",
    "JoinRole",
    "JoinType",
    "LiveConfig",
    "LiveConfigInfo",
    "LiveWatermark",
    "LiveWatermarkInfo",
    "LiveWatermarkOption",
    "MediaSetType",
    "Meeting",
    "MeetingKind",
    "MeetingStatus",
    "MeetingType",
    "MuteOnJoin",
    "Occurrence",
    "OccurrenceStatus",
    "OpenAsrView",
    "Settings",
    "SettingsInfo",
    "WatermarkType",
]


class MeetingKind(OpenIntEnum):
    """`type`: scheduled, or quick (starts now; its answer shows the time of creation)."""

    SCHEDULED = 0
    QUICK = 1


class MeetingType(OpenIntEnum):
    """`meeting_type`. Requests take 0 and 1, answers show the others too (doc 1095/79796)."""

    ORDINARY = 0
    RECURRING = 1
    WECHAT = 2
    ROOMS_PROJECTION = 4
    PERSONAL = 5
    WEBINAR = 6


class MeetingStatus(OpenStrEnum):
    """`status` of a meeting. What most people call "ended" is `NULL`; `ENDED` means deleted by the host."""

    INVALID = "MEETING_STATE_INVALID"
    INIT = "MEETING_STATE_INIT"
    """Pending, nobody inside."""
    CANCELLED = "MEETING_STATE_CANCELLED"
    STARTED = "MEETING_STATE_STARTED"
    """Somebody is inside."""
    ENDED = "MEETING_STATE_ENDED"
    """Deleted by the host after the scheduled end."""
    NULL = "MEETING_STATE_NULL"
    """Past the scheduled end, nobody inside."""
    RECYCLED = "MEETING_STATE_RECYCLED"
    """30 days after the scheduled start; the meeting code is free for others."""
    ABOUT_TO_START = "MEETING_STATE_ABOUT_TO_START"
    """Of webinars: the start has passed, nobody inside."""


class MediaSetType(OpenIntEnum):
    """`media_set_type`, hybrid cloud only."""

    PUBLIC = 0
    PRIVATE = 1


class MuteOnJoin(OpenIntEnum):
    """`mute_enable_type_join`; wins over `mute_enable_join`. The gateway's default is 2."""

    OFF = 0
    ON = 1
    ABOVE_SIX = 2


class WatermarkType(OpenIntEnum):
    """`water_mark_type`."""

    SINGLE_ROW = 0
    MULTIPLE_ROWS = 1


class JoinType(OpenIntEnum):
    """`only_user_join_type`; wins over `only_enterprise_user_allowed`."""

    EVERYBODY = 1
    INVITED = 2
    ENTERPRISE = 3


class AutoRecord(OpenStrEnum):
    """`auto_record_type`. Must equal the enterprise's value where the enterprise locked it."""

    NONE = "none"
    LOCAL = "local"
    CLOUD = "cloud"


class OpenAsrView(OpenIntEnum):
    """`open_asr_view`: whether the transcript's side bar opens. The vendor counts yes as 0."""

    OPEN = 0
    CLOSED = 1


class ChangeNickname(OpenIntEnum):
    """`change_nickname`."""

    ALLOWED = 1
    FORBIDDEN = 2


class LiveWatermarkOption(OpenIntEnum):
    """`watermark_opt`."""

    DEFAULT = 0
    NONE = 1


class OccurrenceStatus(OpenIntEnum):
    """`status` of an occurrence."""

    EXISTS = 0
    DELETED = 1


class JoinRole(OpenStrEnum):
    """`join_meeting_role`: what the caller is in a listed meeting."""

    CREATOR = "creator"
    HOST = "hoster"
    INVITEE = "invitee"


@part
class Settings(Part):
    """How a meeting behaves (doc 1095/42417). What the enterprise locked wins in silence over the request."""

    mute_enable_type_join: MuteOnJoin | None = None
    mute_enable_join: bool | None = None
    """The older switch; default true."""
    allow_unmute_self: bool | None = None
    """Default true."""
    mute_all: bool | None = None
    play_ivr_on_join: bool | None = None
    """Not supported on create; set in the client."""
    play_ivr_on_leave: bool | None = None
    """Not supported on create; set in the client."""
    allow_in_before_host: bool | None = None
    """Default true."""
    auto_in_waiting_room: bool | None = None
    """Default false."""
    allow_screen_shared_watermark: bool | None = None
    """Default false."""
    water_mark_type: WatermarkType | None = None
    """Only with allow_screen_shared_watermark; default 0."""
    only_enterprise_user_allowed: bool | None = None
    """Default false. Answers call it only_allow_enterprise_user_join."""
    only_user_join_type: JoinType | None = None
    auto_record_type: AutoRecord | None = None
    """Default none."""
    participant_join_auto_record: bool | None = None
    """Only with auto_record_type=cloud; default false."""
    enable_host_pause_auto_record: bool | None = None
    """Only with auto_record_type=cloud; default true."""
    auto_asr: bool | None = None
    """Automatic transcription; default false."""
    open_asr_view: OpenAsrView | None = None
    """Only with auto_asr; default 0."""
    change_nickname: ChangeNickname | None = None
    """Default 1."""
    allow_multi_device: bool | None = None
    audio_watermark: bool | None = None
    """Sent by the official command line client only."""

    checks: ClassVar = (across.settings_without_effect,)

    @classmethod
    def of(cls, shown: "SettingsInfo") -> "Settings":
        """The settings of a meeting as an answer shows them, to be sent again, by the names of requests."""
        if not isinstance(cast("object", shown), SettingsInfo):
            problem, problem_zh = "are missing in the answer", "应答中缺失"
            raise ValidationError([Violation("settings", "settings-of-an-answer", problem, problem_zh)])
        given = {field.name: getattr(shown, field.name) for field in fields(cls)}
        if given["only_enterprise_user_allowed"] is None:
            given["only_enterprise_user_allowed"] = shown.only_allow_enterprise_user_join
        if not given["allow_screen_shared_watermark"]:
            given["water_mark_type"] = None  # answers show what has no effect, and requests must not send it
        if given["auto_record_type"] is not AutoRecord.CLOUD:
            given["participant_join_auto_record"] = given["enable_host_pause_auto_record"] = None
        if not given["auto_asr"]:
            given["open_asr_view"] = None
        return Settings(**given)


@answer
class SettingsInfo(Settings, AnswerModel):
    """Settings in an answer."""

    only_enterprise_user_allowed: Annotated[bool | None, AlsoNamed("only_allow_enterprise_user_join")] = None
    """The name in requests, in the answer to a creation, and in some samples."""
    only_allow_enterprise_user_join: Annotated[bool | None, AlsoNamed("only_enterprise_user_allowed")] = None
    """The name in other answers. Whichever comes, both say the same."""
    only_invitees_allowed: bool | None = None
    """The older switch for `only_user_join_type` 2, in one official SDK."""


@part
class LiveWatermark(Part):
    """The watermark of a live stream."""

    watermark_opt: LiveWatermarkOption | None = None


@answer
class LiveWatermarkInfo(LiveWatermark, AnswerModel):
    """The watermark of a live stream in an answer."""


@part
class LiveConfig(Part):
    """Live streaming of a meeting (doc 1095/42417); effective only with `enable_live`."""

    live_subject: str | None = None
    live_summary: str | None = None
    enable_live_password: bool | None = None
    """Default false."""
    live_password: str | None = field(default=None, repr=masked)
    """Required with enable_live_password, but in calls of `tm.live`."""
    enable_live_im: bool | None = None
    """Chat of the audience; default false."""
    enable_live_replay: bool | None = None
    """Default false."""
    live_watermark: LiveWatermark | None = None


@answer
class LiveConfigInfo(LiveConfig, AnswerModel):
    """Live streaming in an answer. Create and modify answer `live_addr` only."""

    live_watermark: LiveWatermarkInfo | None = None
    live_addr: str | None = None
    """URL to watch."""


@part
class Guest(Part):
    """A special guest: enters without password and waiting room (doc 1095/42417). No landlines."""

    area: Annotated[str, rules.AREA]
    """Calling code in digits, `86`: without + or 00."""
    phone_number: Annotated[str, rules.PHONE_NUMBER]
    guest_name: str | None = None


@answer
class GuestInfo(AnswerModel):
    """A special guest in an answer."""

    area: str = ""
    phone_number: str = ""
    guest_name: str | None = None


@answer
class Occurrence(AnswerModel):
    """One meeting of a series."""

    sub_meeting_id: str = ""
    start_time: Seconds | None = None
    end_time: Seconds | None = None
    status: OccurrenceStatus | None = None


@answer
class Meeting(AnswerModel):
    """A meeting as the gateway shows it; which members are there depends on the operation and on the caller.

    Text members that are always expected are empty text when missing; the others are `None`.
    """

    meeting_id: str = ""
    """Up to 20 digits: text, never a number."""
    meeting_code: str = ""
    """The number that people dial, 9 digits; free for others 30 days after the meeting."""
    subject: str = ""
    join_url: str = ""
    start_time: SecondsText | None = None
    end_time: SecondsText | None = None
    type: MeetingKind | None = None
    meeting_type: MeetingType | None = None
    status: MeetingStatus | None = None
    user_non_registered: tuple[ShownUserId, ...] = ()
    """Invited ids that the enterprise does not know: they were left out, the meeting exists."""
    hosts: tuple[Person, ...] = ()
    current_hosts: tuple[Person, ...] = ()
    current_co_hosts: tuple[Person, ...] = ()
    participants: tuple[Person, ...] = ()
    """Invitees; at most 200 of them."""
    guests: tuple[GuestInfo, ...] = ()
    password: str | None = field(default=None, repr=masked)
    """Only the creator sees it."""
    need_password: bool | None = None
    """Shown to everybody but the creator."""
    enable_host_key: bool | None = None
    host_key: str | None = field(default=None, repr=masked)
    settings: SettingsInfo | None = None
    recurring_rule: RecurrenceInfo | None = None
    sub_meetings: tuple[Occurrence, ...] = ()
    current_sub_meeting_id: str | None = None
    has_more_sub_meeting: Annotated[int | None, AlsoNamed("has_more_sub_meetings")] = None
    """Not 0 where there are more occurrences than shown. `has_more_sub_meetings` in samples, and is read, too."""
    remain_sub_meetings: int | None = None
    enable_live: bool | None = None
    live_config: LiveConfigInfo | None = None
    location: str | None = None
    time_zone: Base64Text | None = None
    enable_doc_upload_permission: bool | None = None
    enable_enroll: bool | None = None
    has_vote: bool | None = None
    media_set_type: MediaSetType | None = None
    allow_enterprise_intranet_only: bool | None = None
    sync_to_wework: bool | None = None
    join_meeting_role: JoinRole | None = None
