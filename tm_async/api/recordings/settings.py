"""The share link of a recording: whether it is on, who may open it, until when."""

from typing import Annotated, ClassVar

from attrs import field

from tm_async.api.recordings.values import ByAnyOperator, MeetingRecordId
from tm_async.api.shared import ByOperator
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import Part, answer, operation, part
from tm_async.core.operation import Operation, Spec
from tm_async.core.wire import Base64Text, Milliseconds, OpenIntEnum, masked
from tm_async.rules import NOT_EMPTY, recordings

__all__ = [
    "GetRecordingSettings",
    "RecordingSettings",
    "SetRecordingSettings",
    "ShareScope",
    "Sharing",
    "SharingAuth",
    "ShownSharing",
]


class ShareScope(OpenIntEnum):
    """`share_scope`: who may open the link."""

    EVERYBODY = 0
    SAME_COMPANY = 1


class SharingAuth(OpenIntEnum):
    """`sharing_auth_type`, which is to be withdrawn: `share_scope` and `enable_approve` say the same."""

    SIGNED_IN = 0
    SAME_COMPANY = 1
    PARTICIPANTS = 2
    EVERYBODY = 3
    APPROVED = 4
    INVITED_BY_WECHAT = 5


@part
class Sharing(Part):
    """The share link of a recording. Turning it off forgets its password, its end and all the rest."""

    enable_sharing: bool | None = None
    """The gateway's default is true. Beside false nothing else may be set."""
    share_scope: ShareScope | None = None
    enable_password: bool | None = None
    """The gateway's default is true."""
    password: Annotated[str, recordings.SHARE_PASSWORD] | None = field(default=None, repr=masked)
    """4 to 8 letters and digits; with `enable_password=True` only."""
    enable_approve: bool | None = None
    """Who wants to see it has to ask; then there is no password."""
    enable_sharing_expire: bool | None = None
    """The gateway's default is false."""
    sharing_expire: Milliseconds | None = None
    """When the link ends; with `enable_sharing_expire=True` only."""
    allow_download: bool | None = None
    """The gateway's default is false."""
    allow_view_transcripts: bool | None = None
    """The gateway's default is true."""
    sharing_auth_type: SharingAuth | None = None

    checks: ClassVar = (recordings.nothing_beside_off, recordings.password_or_approval, recordings.end_of_link)


@answer
class ShownSharing(AnswerModel):
    """The share link of a recording. Its password is shown to owners and administrators only, while it is on."""

    enable_sharing: bool | None = None
    share_scope: ShareScope | None = None
    enable_password: bool | None = None
    password: str | None = field(default=None, repr=masked)
    enable_approve: bool | None = None
    enable_sharing_expire: bool | None = None
    sharing_expire: Milliseconds | None = None
    """Missing: it never ends."""
    allow_download: bool | None = None
    allow_view_transcripts: bool | None = None


_NOTHING_SHOWN = ShownSharing()


@answer
class RecordingSettings(AnswerModel):
    """A recording's name and its share link."""

    meeting_id: str | None = None
    meeting_record_name: Base64Text = ""
    sharing_config: ShownSharing = _NOTHING_SHOWN


@operation
class GetRecordingSettings(ByOperator, Operation[RecordingSettings]):
    """Ask for the share link of a recording (doc 1095/105655). For owners and administrators."""

    spec = Spec("recordings.get_settings", "GET /v1/records/settings/{meeting_record_id}")

    meeting_record_id: MeetingRecordId


@operation
class SetRecordingSettings(ByAnyOperator, Operation[None]):
    """Change the share link of a recording (doc 1095/52663). For those who may manage it."""

    spec = Spec("recordings.set_settings", "PUT /v1/records/settings/{meeting_record_id}")

    meeting_record_id: MeetingRecordId
    meeting_id: Annotated[str, NOT_EMPTY] | None = None
    """May be left out for uploaded recordings."""
    sharing_config: Sharing | None = None
