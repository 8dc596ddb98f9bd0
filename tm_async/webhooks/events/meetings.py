"""Meetings: made, changed, cancelled, begun, over; presence, muting, screen sharing, uploaded material."""

from collections.abc import Mapping
from typing import ClassVar

from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer
from tm_async.core.wire import OpenIntEnum
from tm_async.webhooks.events.base import MeetingEvent
from tm_async.webhooks.events.spec import capture, code, copy, named, page

__all__ = [
    "EndType",
    "JobInfo",
    "JobItem",
    "MediumType",
    "MeetingCanceled",
    "MeetingCreated",
    "MeetingEnded",
    "MeetingJobResults",
    "MeetingMediumUploaded",
    "MeetingMutedAll",
    "MeetingPresenceChanged",
    "MeetingSaveCanceled",
    "MeetingStarted",
    "MeetingUnmutedAll",
    "MeetingUpdated",
    "RoomInfo",
    "ScreenShareClosed",
    "ScreenShareOpened",
    "UploadInfo",
]


class EndType(OpenIntEnum):
    """`meeting_end_type`: how a meeting ended."""

    BY_HOST = 0
    LAST_LEFT = 1
    """The last participant left after the scheduled end."""
    EMPTY_AND_PAST_END = 2
    EMPTY_BEFORE_END = 3


class MediumType(OpenIntEnum):
    """`medium_type`."""

    VIDEO = 1
    PICTURE = 2
    FILE = 3


class MeetingCreated(MeetingEvent):
    """A meeting was created, by a client, on the web or by the API."""

    spec = named(
        "meeting.created", page("1095/51614"), capture("public question 2104716", "2023"), code("official CLI")
    )


@answer
class RoomInfo(AnswerModel):
    """A meeting room in `meeting.updated`. The page goes on after these members."""

    meeting_room_id: str = ""
    meeting_room_name: str = ""
    rooms_id: str | None = None


@answer
class MeetingUpdated(MeetingEvent):
    """Data of a meeting changed. Not sent for personal meeting ids."""

    spec = named("meeting.updated", page("1095/51615"), code("official CLI"))

    rooms_info: tuple[RoomInfo, ...] = ()
    """In newer text of the page."""


@answer
class MeetingCanceled(MeetingEvent):
    """A meeting was cancelled. Not sent for personal meeting ids."""

    spec = named("meeting.canceled", page("1095/51616"), copy("2021-11"), code("official CLI"))
    also_in: ClassVar[Mapping[str, str]] = {"cancel_reason": "meeting_info"}

    cancel_reason: str | None = None
    """Found beside `meeting_info`, as on the page, or inside, as in a delivery of 2023."""


class MeetingSaveCanceled(MeetingEvent):
    """The client's dialog for reserving or editing was left without saving; for apps with third-party rooms only.

    `meeting_info` has `ms_meeting_id` (reserving) or `meeting_id` (editing) and nothing else.
    """

    spec = named("meeting.save-canceled", page("1095/95806", "2024-11"))


class MeetingStarted(MeetingEvent):
    """A host came in: the creator or an alternative host. Webinars: after the preparation."""

    spec = named("meeting.started", page("1095/51618", "2025-06"), code("official CLI"))


@answer
class MeetingEnded(MeetingEvent):
    """A meeting ended. The name on the wire is `meeting.end`."""

    spec = named("meeting.end", page("1095/51619"), copy("2021-11"), code("official CLI"))

    meeting_end_type: EndType | None = None


class MeetingPresenceChanged(MeetingEvent):
    """The first participant came in, or everybody has left; webinars too. There is no operator."""

    spec = named("meeting.participant-status-update", page("1095/109636", "2025-07"))

    @property
    def empty(self) -> bool | None:
        """Whether nobody is in any more; `None` if the delivery does not say."""
        status = self.meeting_info.meeting_participant_status
        return None if status is None else status == 1


class MeetingMutedAll(MeetingEvent):
    """Everybody was muted. Not necessarily paired with the opposite."""

    spec = named("meeting.mute-all", copy("2022-23"), code("community handler"))


class MeetingUnmutedAll(MeetingEvent):
    """Muting everybody was lifted."""

    spec = named("meeting.unmute-all", page("1095/70218"))


class ScreenShareOpened(MeetingEvent):
    """Somebody began to share a screen."""

    spec = named("meeting.share-screen-open", page("1095/59453", "2025-07"))


class ScreenShareClosed(MeetingEvent):
    """Somebody stopped sharing a screen."""

    spec = named("meeting.share-screen-close", copy("2021-11"))


@answer
class UploadInfo(AnswerModel):
    """What became of one file."""

    upload_status: bool | None = None
    error_msg: str = ""
    medium_type: MediumType | None = None
    medium_url: str = ""
    medium_id: str | None = None
    """Of documents."""


@answer
class MeetingMediumUploaded(MeetingEvent):
    """Material that came by the API was processed: a webinar's cover, a background, a document.

    The delivery's trace id is the `X-Tc-Trace` of the answer to that call.
    """

    spec = named("meeting.medium-uploaded", page("1095/81489", "2024-11"), copy("2022-23"))

    event_upload_status: bool | None = None
    """Whether all of it succeeded."""
    upload_info: tuple[UploadInfo, ...] = ()


@answer
class JobItem(AnswerModel):
    """One part of an upload."""

    content: str = ""
    """A URL."""
    type: str | None = None
    error_msg: str | None = None


@answer
class JobInfo(AnswerModel):
    """What became of the parts of an upload."""

    success: tuple[JobItem, ...] = ()
    failed: tuple[JobItem, ...] = ()


@answer
class MeetingJobResults(MeetingEvent):
    """An asynchronous upload is done: virtual backgrounds and their like. See also `CommonJobResults`."""

    spec = named("meeting.job-results", copy("2022-23"))

    request_id: str | None = None
    job_id: str = ""
    job_type: str | None = None
    """`UPLOAD`."""
    total_job_status: bool | None = None
    error_msg: str = ""
    job_info: JobInfo | None = None
