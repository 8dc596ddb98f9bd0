"""Events of the platform: received, verified, read, and handled, with any framework or none.

Start with `Webhooks` and `WebhookKeys`; `receive` is the part without I/O. Each name loads what it needs on first use.
"""

from typing import TYPE_CHECKING

from tm_async._util.lazy import attach
from tm_async.webhooks.events.names import FAMILIES

if TYPE_CHECKING:
    from tm_async.webhooks.acknowledging import Acknowledger as Acknowledger
    from tm_async.webhooks.delivery import Delivery as Delivery
    from tm_async.webhooks.events.apps import AppClosed as AppClosed
    from tm_async.webhooks.events.apps import AppOpened as AppOpened
    from tm_async.webhooks.events.apps import CorpAuthCanceled as CorpAuthCanceled
    from tm_async.webhooks.events.apps import CorpAuthorized as CorpAuthorized
    from tm_async.webhooks.events.apps import UserAuthCanceled as UserAuthCanceled
    from tm_async.webhooks.events.apps import UserAuthCanceledOld as UserAuthCanceledOld
    from tm_async.webhooks.events.apps import UserAuthorized as UserAuthorized
    from tm_async.webhooks.events.apps import UserAuthorizedOld as UserAuthorizedOld
    from tm_async.webhooks.events.base import Event as Event
    from tm_async.webhooks.events.base import MeetingEvent as MeetingEvent
    from tm_async.webhooks.events.base import UnknownEvent as UnknownEvent
    from tm_async.webhooks.events.common import CommonJobResults as CommonJobResults
    from tm_async.webhooks.events.common import StsTokenIssued as StsTokenIssued
    from tm_async.webhooks.events.enrolment import EnrollmentCanceled as EnrollmentCanceled
    from tm_async.webhooks.events.enrolment import EnrollmentMade as EnrollmentMade
    from tm_async.webhooks.events.live import LiveConfigUpdated as LiveConfigUpdated
    from tm_async.webhooks.events.live import LiveStarted as LiveStarted
    from tm_async.webhooks.events.live import LiveStopped as LiveStopped
    from tm_async.webhooks.events.meetings import MeetingCanceled as MeetingCanceled
    from tm_async.webhooks.events.meetings import MeetingCreated as MeetingCreated
    from tm_async.webhooks.events.meetings import MeetingEnded as MeetingEnded
    from tm_async.webhooks.events.meetings import MeetingJobResults as MeetingJobResults
    from tm_async.webhooks.events.meetings import MeetingMediumUploaded as MeetingMediumUploaded
    from tm_async.webhooks.events.meetings import MeetingMutedAll as MeetingMutedAll
    from tm_async.webhooks.events.meetings import MeetingPresenceChanged as MeetingPresenceChanged
    from tm_async.webhooks.events.meetings import MeetingSaveCanceled as MeetingSaveCanceled
    from tm_async.webhooks.events.meetings import MeetingStarted as MeetingStarted
    from tm_async.webhooks.events.meetings import MeetingUnmutedAll as MeetingUnmutedAll
    from tm_async.webhooks.events.meetings import MeetingUpdated as MeetingUpdated
    from tm_async.webhooks.events.meetings import ScreenShareClosed as ScreenShareClosed
    from tm_async.webhooks.events.meetings import ScreenShareOpened as ScreenShareOpened
    from tm_async.webhooks.events.participants import ParticipantAdmitted as ParticipantAdmitted
    from tm_async.webhooks.events.participants import ParticipantJoined as ParticipantJoined
    from tm_async.webhooks.events.participants import ParticipantJoinedWaitingRoom as ParticipantJoinedWaitingRoom
    from tm_async.webhooks.events.participants import ParticipantLeft as ParticipantLeft
    from tm_async.webhooks.events.participants import ParticipantLeftWaitingRoom as ParticipantLeftWaitingRoom
    from tm_async.webhooks.events.participants import ParticipantPutInWaitingRoom as ParticipantPutInWaitingRoom
    from tm_async.webhooks.events.participants import ParticipantRoleChanged as ParticipantRoleChanged
    from tm_async.webhooks.events.participants import ParticipantWaitingForHost as ParticipantWaitingForHost
    from tm_async.webhooks.events.participants import PhoneStatusUpdated as PhoneStatusUpdated
    from tm_async.webhooks.events.participants import WebinarRoleChanged as WebinarRoleChanged
    from tm_async.webhooks.events.reading import events_of as events_of
    from tm_async.webhooks.events.recordings import RecordingApplied as RecordingApplied
    from tm_async.webhooks.events.recordings import RecordingAudioCompleted as RecordingAudioCompleted
    from tm_async.webhooks.events.recordings import RecordingClipped as RecordingClipped
    from tm_async.webhooks.events.recordings import RecordingCompleted as RecordingCompleted
    from tm_async.webhooks.events.recordings import RecordingDeleted as RecordingDeleted
    from tm_async.webhooks.events.recordings import RecordingFailed as RecordingFailed
    from tm_async.webhooks.events.recordings import RecordingPaused as RecordingPaused
    from tm_async.webhooks.events.recordings import RecordingResumed as RecordingResumed
    from tm_async.webhooks.events.recordings import RecordingStarted as RecordingStarted
    from tm_async.webhooks.events.recordings import RecordingStopped as RecordingStopped
    from tm_async.webhooks.events.recordings import RecordingUpdated as RecordingUpdated
    from tm_async.webhooks.events.rooms import RoomAlert as RoomAlert
    from tm_async.webhooks.events.rooms import RoomResponded as RoomResponded
    from tm_async.webhooks.events.smart import SmartMinutesReady as SmartMinutesReady
    from tm_async.webhooks.events.smart import SmartSummaryReady as SmartSummaryReady
    from tm_async.webhooks.events.smart import SmartTranscriptReady as SmartTranscriptReady
    from tm_async.webhooks.events.transcription import AsrPushed as AsrPushed
    from tm_async.webhooks.events.transcription import TranscriptionOpened as TranscriptionOpened
    from tm_async.webhooks.events.webinars import WebinarWarmUpUploaded as WebinarWarmUpUploaded
    from tm_async.webhooks.handler import Handler as Handler
    from tm_async.webhooks.hooks import Webhooks as Webhooks
    from tm_async.webhooks.keys import WebhookKey as WebhookKey
    from tm_async.webhooks.keys import WebhookKeys as WebhookKeys
    from tm_async.webhooks.receiving import Challenge as Challenge
    from tm_async.webhooks.receiving import Reason as Reason
    from tm_async.webhooks.receiving import Refused as Refused
    from tm_async.webhooks.receiving import receive as receive
    from tm_async.webhooks.reply import Reply as Reply
    from tm_async.webhooks.router import Router as Router
    from tm_async.webhooks.timeline import MeetingTimeline as MeetingTimeline

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "acknowledging": ("Acknowledger",),
        "delivery": ("Delivery",),
        "events.base": (
            "Event",
            "MeetingEvent",
            "UnknownEvent",
        ),
        "events.reading": ("events_of",),
        "handler": ("Handler",),
        "hooks": ("Webhooks",),
        "keys": (
            "WebhookKey",
            "WebhookKeys",
        ),
        "receiving": (
            "Challenge",
            "Reason",
            "Refused",
            "receive",
        ),
        "reply": ("Reply",),
        "router": ("Router",),
        "timeline": ("MeetingTimeline",),
        **{f"events.{family}": tuple(names.values()) for family, names in FAMILIES.items()},
    },
)
