"""Webinars: made, looked up, changed and cancelled, by their creator.

The members of `media_setting`, and of the manual check of words, are those of the vendor's pages of 2021; the current
pages were not read to the end, so that `wire` of an answer may have more.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from attrs import field

from tm_async import rules
from tm_async.api.inside import ByUser
from tm_async.api.meetings.changes import CancelMeeting
from tm_async.api.meetings.models import AutoRecord, MeetingStatus, WatermarkType
from tm_async.api.shared import MeetingCode, MeetingId, User, UserId, UserRef
from tm_async.core.annotations import Converted
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import Part, answer, mixin, operation, part
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.validation import Check
from tm_async.core.wire import Base64Text, OpenIntEnum, SecondsText, masked
from tm_async.rules import meeting as across
from tm_async.rules import webinars
from tm_async.rules.limits import characters, needed_with, only_with

__all__ = [
    "Admission",
    "CancelWebinar",
    "CreateWebinar",
    "GetWebinar",
    "MediaSetting",
    "MediaSettingInfo",
    "ModifyWebinar",
    "Webinar",
    "WebinarChanged",
    "WebinarCreated",
    "WebinarHost",
]


@part
class WebinarHost(Part):
    """A host. A plain user id or a `User`, of whom the id is sent, can be given instead."""

    userid: UserId


def _host(who: Any) -> WebinarHost:
    return who if isinstance(who, WebinarHost) else WebinarHost(userid=who.userid if isinstance(who, User) else who)


if TYPE_CHECKING:
    from builtins import str as Title

    AnyHost = UserRef | WebinarHost
else:
    AnyHost = Annotated[WebinarHost, Converted(_host, takes=UserRef | WebinarHost)]
    Title = Annotated[str, characters(255, least=1)]


class Admission(OpenIntEnum):
    """`admission_type`: who may watch."""

    PUBLIC = 0
    ENROLMENT = 1
    PASSWORD = 2


@part
class MediaSetting(Part):
    """Sound, pictures and recording of a webinar."""

    mute_enable_join: bool | None = None
    allow_unmute_self: bool | None = None
    allow_in_before_host: bool | None = None
    allow_screen_shared_watermark: bool | None = None
    water_mark_type: WatermarkType | None = None
    only_enterprise_user_allowed: bool | None = None
    auto_record_type: AutoRecord | None = None
    participant_join_auto_record: bool | None = None
    enable_host_pause_auto_record: bool | None = None


@answer
class MediaSettingInfo(MediaSetting, AnswerModel):
    """Sound, pictures and recording of a webinar, in an answer."""


@mixin
class _Settings(ByUser):
    sponsor: Annotated[str, characters(40, least=1)] | None = None
    """Who organises it, 1 to 40 characters."""
    time_zone: str | None = None
    password: Annotated[str, rules.PASSWORD] | None = field(default=None, repr=masked)
    """4 to 6 digits, for admission_type 2."""
    cover_url: Annotated[str, rules.NOT_EMPTY] | None = None
    """URL of a png or jpeg of at least 640x360 and at most 5 MB; it needs activity_page. It is fetched afterwards:
    whether that went well comes as an event (`MeetingMediumUploaded`).
    """
    description: Annotated[str, characters(5000, least=1)] | None = None
    """1 to 5,000 characters; it needs activity_page."""
    enable_guest_invite_link: bool | None = None
    """Whether those who come by the invitation link are guests. The gateway's default is false."""
    activity_page: bool | None = None
    sensitive_words: Collection[str] | None = None
    """Words that nobody can write in the chat."""
    preparation_mode: bool | None = None
    media_setting: MediaSetting | None = None
    enable_manual_check: bool | None = None
    """Whether somebody looks at what is written in the chat."""

    checks: ClassVar[tuple[Check, ...]] = (
        needed_with("password", "admission_type", 2),
        webinars.activity_page_off,
    )


@answer
class WebinarChanged(AnswerModel):
    """A webinar that was changed."""

    meeting_id: str = ""
    meeting_code: str = ""


@answer
class WebinarCreated(WebinarChanged):
    """A new webinar."""

    subject: str = ""
    start_time: SecondsText | None = None
    end_time: SecondsText | None = None
    admission_type: Admission | None = None
    audience_join_link: str | None = None
    guest_join_link: str | None = None
    manual_check_link: str | None = None
    manual_check_password: str | None = field(default=None, repr=masked)


@answer
class Webinar(WebinarCreated):
    """A webinar."""

    status: MeetingStatus | None = None
    """As of meetings, and ABOUT_TO_START: its time has come, and nobody is inside."""
    sponsor: str | None = None
    password: str | None = field(default=None, repr=masked)
    description: Base64Text | None = None
    """Decoded: the vendor's sample shows Base64."""
    enable_guest_invite_link: bool | None = None
    media_setting: MediaSettingInfo | None = None
    enable_qa: bool | None = None


@operation
class CreateWebinar(_Settings, Operation[WebinarCreated]):
    """Create a webinar (doc 1095/61868). Its start is at most half an hour in the past.

    Older enterprise and education editions need 10 virtual rooms that were bought.
    """

    spec = Spec("webinars.create", "POST /v1/webinars", repeat=Repeat.UNSAFE, needs="meeting_id")

    subject: Title
    """1 to 255 characters."""
    start_time: SecondsText
    end_time: SecondsText
    admission_type: Admission = Admission.PUBLIC
    hosts: Collection[AnyHost] | None = None
    """Business, enterprise and education editions only."""

    checks: ClassVar = (across.end_after_start, only_with("password", "admission_type", 2))


@operation
class GetWebinar(ByUser, Operation[Webinar]):
    """Look up a webinar by its id or by its code (doc 1095/61972)."""

    spec = Spec("webinars.get", "GET /v1/webinars")

    meeting_id: MeetingId | None = None
    """Goes before the code."""
    meeting_code: MeetingCode | None = None
    """9 digits; spaces and dashes are removed."""

    checks: ClassVar = (webinars.which_webinar,)


@operation
class ModifyWebinar(_Settings, Operation[WebinarChanged]):
    """Change a webinar (doc 1095/61964). Start and end go together, and the start is in the future."""

    spec = Spec("webinars.modify", "PUT /v1/webinars/{meeting_id}")

    meeting_id: MeetingId
    subject: Title | None = None
    """1 to 255 characters."""
    start_time: SecondsText | None = None
    end_time: SecondsText | None = None
    admission_type: Admission | None = None
    hosts: Collection[AnyHost] | None = None
    """They take the place of the old ones."""

    checks: ClassVar = (webinars.both_times, across.end_after_start)


@operation
class CancelWebinar(CancelMeeting):
    """Cancel a webinar that has not started (doc 1095/61973). The creator may.

    Own codes: 9007 cancelled already, 13602 it has started, 13603 it has ended.
    """

    spec = Spec("webinars.cancel", "POST /v1/webinars/{meeting_id}/cancel", repeat=Repeat.SAFE)
