"""Every event that the platform documents, as a class, and what they carry. Each family loads when it is needed."""

from typing import TYPE_CHECKING

from tm_async._util.lazy import attach

if TYPE_CHECKING:
    from tm_async.webhooks.events.apps import AppClosed as AppClosed
    from tm_async.webhooks.events.apps import AppEvent as AppEvent
    from tm_async.webhooks.events.apps import AppInfo as AppInfo
    from tm_async.webhooks.events.apps import AppOpened as AppOpened
    from tm_async.webhooks.events.apps import AppUser as AppUser
    from tm_async.webhooks.events.apps import CorpAuthCanceled as CorpAuthCanceled
    from tm_async.webhooks.events.apps import CorpAuthorized as CorpAuthorized
    from tm_async.webhooks.events.apps import OpenIdRef as OpenIdRef
    from tm_async.webhooks.events.apps import RoleType as RoleType
    from tm_async.webhooks.events.apps import UserAuthCanceled as UserAuthCanceled
    from tm_async.webhooks.events.apps import UserAuthCanceledOld as UserAuthCanceledOld
    from tm_async.webhooks.events.apps import UserAuthorized as UserAuthorized
    from tm_async.webhooks.events.apps import UserAuthorizedOld as UserAuthorizedOld
    from tm_async.webhooks.events.base import Event as Event
    from tm_async.webhooks.events.base import MeetingEvent as MeetingEvent
    from tm_async.webhooks.events.base import UnknownEvent as UnknownEvent
    from tm_async.webhooks.events.common import CommonJobResults as CommonJobResults
    from tm_async.webhooks.events.common import NotifyInfo as NotifyInfo
    from tm_async.webhooks.events.common import NotifyValue as NotifyValue
    from tm_async.webhooks.events.common import StsTokenIssued as StsTokenIssued
    from tm_async.webhooks.events.common import TokenInfo as TokenInfo
    from tm_async.webhooks.events.enrolment import EnrollAnswer as EnrollAnswer
    from tm_async.webhooks.events.enrolment import EnrollInfo as EnrollInfo
    from tm_async.webhooks.events.enrolment import EnrollmentCanceled as EnrollmentCanceled
    from tm_async.webhooks.events.enrolment import EnrollmentMade as EnrollmentMade
    from tm_async.webhooks.events.live import EventWatermarkOption as EventWatermarkOption
    from tm_async.webhooks.events.live import LiveConfigUpdate as LiveConfigUpdate
    from tm_async.webhooks.events.live import LiveConfigUpdated as LiveConfigUpdated
    from tm_async.webhooks.events.live import LiveStarted as LiveStarted
    from tm_async.webhooks.events.live import LiveStopped as LiveStopped
    from tm_async.webhooks.events.live import LiveWatermarkUpdate as LiveWatermarkUpdate
    from tm_async.webhooks.events.live import PushStream as PushStream
    from tm_async.webhooks.events.live import WatermarkImage as WatermarkImage
    from tm_async.webhooks.events.meetings import EndType as EndType
    from tm_async.webhooks.events.meetings import JobInfo as JobInfo
    from tm_async.webhooks.events.meetings import JobItem as JobItem
    from tm_async.webhooks.events.meetings import MediumType as MediumType
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
    from tm_async.webhooks.events.meetings import RoomInfo as RoomInfo
    from tm_async.webhooks.events.meetings import ScreenShareClosed as ScreenShareClosed
    from tm_async.webhooks.events.meetings import ScreenShareOpened as ScreenShareOpened
    from tm_async.webhooks.events.meetings import UploadInfo as UploadInfo
    from tm_async.webhooks.events.objects import CreateFrom as CreateFrom
    from tm_async.webhooks.events.objects import CreateMode as CreateMode
    from tm_async.webhooks.events.objects import EventMediaSet as EventMediaSet
    from tm_async.webhooks.events.objects import EventMeetingType as EventMeetingType
    from tm_async.webhooks.events.objects import MeetingIdType as MeetingIdType
    from tm_async.webhooks.events.objects import MeetingInfo as MeetingInfo
    from tm_async.webhooks.events.objects import Operator as Operator
    from tm_async.webhooks.events.participants import AffectedParticipant as AffectedParticipant
    from tm_async.webhooks.events.participants import ExtendInfo as ExtendInfo
    from tm_async.webhooks.events.participants import ParticipantAdmitted as ParticipantAdmitted
    from tm_async.webhooks.events.participants import ParticipantEvent as ParticipantEvent
    from tm_async.webhooks.events.participants import ParticipantJoined as ParticipantJoined
    from tm_async.webhooks.events.participants import ParticipantJoinedWaitingRoom as ParticipantJoinedWaitingRoom
    from tm_async.webhooks.events.participants import ParticipantLeft as ParticipantLeft
    from tm_async.webhooks.events.participants import ParticipantLeftWaitingRoom as ParticipantLeftWaitingRoom
    from tm_async.webhooks.events.participants import ParticipantMoved as ParticipantMoved
    from tm_async.webhooks.events.participants import ParticipantPutInWaitingRoom as ParticipantPutInWaitingRoom
    from tm_async.webhooks.events.participants import ParticipantRole as ParticipantRole
    from tm_async.webhooks.events.participants import ParticipantRoleChanged as ParticipantRoleChanged
    from tm_async.webhooks.events.participants import ParticipantWaitingForHost as ParticipantWaitingForHost
    from tm_async.webhooks.events.participants import PhoneStatus as PhoneStatus
    from tm_async.webhooks.events.participants import PhoneStatusUpdated as PhoneStatusUpdated
    from tm_async.webhooks.events.participants import WebinarRoleChanged as WebinarRoleChanged
    from tm_async.webhooks.events.reading import events_in as events_in
    from tm_async.webhooks.events.reading import events_of as events_of
    from tm_async.webhooks.events.recordings import RecordApplyInfo as RecordApplyInfo
    from tm_async.webhooks.events.recordings import RecordInfo as RecordInfo
    from tm_async.webhooks.events.recordings import RecordingApplied as RecordingApplied
    from tm_async.webhooks.events.recordings import RecordingAudioCompleted as RecordingAudioCompleted
    from tm_async.webhooks.events.recordings import RecordingClipped as RecordingClipped
    from tm_async.webhooks.events.recordings import RecordingCompleted as RecordingCompleted
    from tm_async.webhooks.events.recordings import RecordingDeleted as RecordingDeleted
    from tm_async.webhooks.events.recordings import RecordingFailed as RecordingFailed
    from tm_async.webhooks.events.recordings import RecordingFile as RecordingFile
    from tm_async.webhooks.events.recordings import RecordingFilesEvent as RecordingFilesEvent
    from tm_async.webhooks.events.recordings import RecordingPaused as RecordingPaused
    from tm_async.webhooks.events.recordings import RecordingResumed as RecordingResumed
    from tm_async.webhooks.events.recordings import RecordingStarted as RecordingStarted
    from tm_async.webhooks.events.recordings import RecordingStopped as RecordingStopped
    from tm_async.webhooks.events.recordings import RecordingUpdated as RecordingUpdated
    from tm_async.webhooks.events.registry import event_class as event_class
    from tm_async.webhooks.events.registry import event_classes as event_classes
    from tm_async.webhooks.events.rooms import AlertEvent as AlertEvent
    from tm_async.webhooks.events.rooms import AlertKind as AlertKind
    from tm_async.webhooks.events.rooms import DeviceConnectStatus as DeviceConnectStatus
    from tm_async.webhooks.events.rooms import MraAddress as MraAddress
    from tm_async.webhooks.events.rooms import MraProtocol as MraProtocol
    from tm_async.webhooks.events.rooms import RoomAlert as RoomAlert
    from tm_async.webhooks.events.rooms import RoomEvent as RoomEvent
    from tm_async.webhooks.events.rooms import RoomResponded as RoomResponded
    from tm_async.webhooks.events.rooms import RoomResponse as RoomResponse
    from tm_async.webhooks.events.rooms import RoomResponseEvent as RoomResponseEvent
    from tm_async.webhooks.events.rooms import RoomResponseStatus as RoomResponseStatus
    from tm_async.webhooks.events.smart import SmartEvent as SmartEvent
    from tm_async.webhooks.events.smart import SmartMinutesReady as SmartMinutesReady
    from tm_async.webhooks.events.smart import SmartResult as SmartResult
    from tm_async.webhooks.events.smart import SmartSummaryReady as SmartSummaryReady
    from tm_async.webhooks.events.smart import SmartTranscriptReady as SmartTranscriptReady
    from tm_async.webhooks.events.spec import EventSpec as EventSpec
    from tm_async.webhooks.events.spec import Kind as Kind
    from tm_async.webhooks.events.spec import Seen as Seen
    from tm_async.webhooks.events.transcription import AsrContent as AsrContent
    from tm_async.webhooks.events.transcription import AsrPushed as AsrPushed
    from tm_async.webhooks.events.transcription import AsrText as AsrText
    from tm_async.webhooks.events.transcription import Speaker as Speaker
    from tm_async.webhooks.events.transcription import TranscriptionOpened as TranscriptionOpened
    from tm_async.webhooks.events.transcription import Translation as Translation
    from tm_async.webhooks.events.webinars import WarmUpInfo as WarmUpInfo
    from tm_async.webhooks.events.webinars import WebinarWarmUpUploaded as WebinarWarmUpUploaded

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "apps": (
            "AppClosed",
            "AppEvent",
            "AppInfo",
            "AppOpened",
            "AppUser",
            "CorpAuthCanceled",
            "CorpAuthorized",
            "OpenIdRef",
            "RoleType",
            "UserAuthCanceled",
            "UserAuthCanceledOld",
            "UserAuthorized",
            "UserAuthorizedOld",
        ),
        "base": (
            "Event",
            "MeetingEvent",
            "UnknownEvent",
        ),
        "common": (
            "CommonJobResults",
            "NotifyInfo",
            "NotifyValue",
            "StsTokenIssued",
            "TokenInfo",
        ),
        "enrolment": (
            "EnrollAnswer",
            "EnrollInfo",
            "EnrollmentCanceled",
            "EnrollmentMade",
        ),
        "live": (
            "EventWatermarkOption",
            "LiveConfigUpdate",
            "LiveConfigUpdated",
            "LiveStarted",
            "LiveStopped",
            "LiveWatermarkUpdate",
            "PushStream",
            "WatermarkImage",
        ),
        "meetings": (
            "RoomInfo",
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
            "ScreenShareClosed",
            "ScreenShareOpened",
            "UploadInfo",
        ),
        "objects": (
            "CreateFrom",
            "CreateMode",
            "EventMediaSet",
            "EventMeetingType",
            "MeetingIdType",
            "MeetingInfo",
            "Operator",
        ),
        "participants": (
            "ExtendInfo",
            "AffectedParticipant",
            "ParticipantAdmitted",
            "ParticipantEvent",
            "ParticipantJoined",
            "ParticipantJoinedWaitingRoom",
            "ParticipantLeft",
            "ParticipantLeftWaitingRoom",
            "ParticipantMoved",
            "ParticipantPutInWaitingRoom",
            "ParticipantRole",
            "ParticipantRoleChanged",
            "ParticipantWaitingForHost",
            "PhoneStatus",
            "PhoneStatusUpdated",
            "WebinarRoleChanged",
        ),
        "reading": (
            "events_in",
            "events_of",
        ),
        "recordings": (
            "RecordingFile",
            "RecordApplyInfo",
            "RecordInfo",
            "RecordingApplied",
            "RecordingAudioCompleted",
            "RecordingClipped",
            "RecordingCompleted",
            "RecordingDeleted",
            "RecordingFailed",
            "RecordingFilesEvent",
            "RecordingPaused",
            "RecordingResumed",
            "RecordingStarted",
            "RecordingStopped",
            "RecordingUpdated",
        ),
        "registry": (
            "event_class",
            "event_classes",
        ),
        "rooms": (
            "AlertEvent",
            "AlertKind",
            "DeviceConnectStatus",
            "MraAddress",
            "MraProtocol",
            "RoomAlert",
            "RoomEvent",
            "RoomResponded",
            "RoomResponse",
            "RoomResponseEvent",
            "RoomResponseStatus",
        ),
        "smart": (
            "SmartEvent",
            "SmartMinutesReady",
            "SmartResult",
            "SmartSummaryReady",
            "SmartTranscriptReady",
        ),
        "spec": (
            "EventSpec",
            "Kind",
            "Seen",
        ),
        "transcription": (
            "AsrContent",
            "AsrPushed",
            "AsrText",
            "Speaker",
            "TranscriptionOpened",
            "Translation",
        ),
        "webinars": (
            "WarmUpInfo",
            "WebinarWarmUpUploaded",
        ),
    },
)
