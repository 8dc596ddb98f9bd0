"""Meetings: create them, one or thousands, look them up, change them, and see who came."""

from typing import TYPE_CHECKING

from tm_async.lazy import attach

if TYPE_CHECKING:
    from tm_async.api.meetings.attendance import ExportChat as ExportChat
    from tm_async.api.meetings.attendance import ListEndedMeetings as ListEndedMeetings
    from tm_async.api.meetings.attendance import ListOccurrenceParticipants as ListOccurrenceParticipants
    from tm_async.api.meetings.attendance import ListParticipants as ListParticipants
    from tm_async.api.meetings.attendance import ListRealtimeParticipants as ListRealtimeParticipants
    from tm_async.api.meetings.attendance_models import Attendance as Attendance
    from tm_async.api.meetings.attendance_models import ChatExport as ChatExport
    from tm_async.api.meetings.attendance_models import ChatFile as ChatFile
    from tm_async.api.meetings.attendance_models import EndedMeeting as EndedMeeting
    from tm_async.api.meetings.attendance_models import EndedMeetingsPage as EndedMeetingsPage
    from tm_async.api.meetings.attendance_models import JoinMethod as JoinMethod
    from tm_async.api.meetings.attendance_models import Participant as Participant
    from tm_async.api.meetings.attendance_models import ParticipantRole as ParticipantRole
    from tm_async.api.meetings.attendance_models import ParticipantsPage as ParticipantsPage
    from tm_async.api.meetings.attendance_models import RealtimeParticipantsPage as RealtimeParticipantsPage
    from tm_async.api.meetings.attendance_models import WebinarRole as WebinarRole
    from tm_async.api.meetings.changes import CancelMeeting as CancelMeeting
    from tm_async.api.meetings.changes import CancelOccurrence as CancelOccurrence
    from tm_async.api.meetings.changes import CancelSeries as CancelSeries
    from tm_async.api.meetings.changes import ModifyMeeting as ModifyMeeting
    from tm_async.api.meetings.changes import ModifyOccurrence as ModifyOccurrence
    from tm_async.api.meetings.changes import ModifySeries as ModifySeries
    from tm_async.api.meetings.customer_links import CreateCustomerUrl as CreateCustomerUrl
    from tm_async.api.meetings.customer_links import CustomerUrl as CustomerUrl
    from tm_async.api.meetings.customer_links import CustomerUrlCreated as CustomerUrlCreated
    from tm_async.api.meetings.customer_links import CustomerUrls as CustomerUrls
    from tm_async.api.meetings.customer_links import ListCustomerUrls as ListCustomerUrls
    from tm_async.api.meetings.customer_links import customer_data as customer_data
    from tm_async.api.meetings.devices import DeviceMeeting as DeviceMeeting
    from tm_async.api.meetings.devices import DeviceMeetings as DeviceMeetings
    from tm_async.api.meetings.devices import QueryDeviceMeetings as QueryDeviceMeetings
    from tm_async.api.meetings.enrolment import ApproveEnrollments as ApproveEnrollments
    from tm_async.api.meetings.enrolment import DeleteEnrollments as DeleteEnrollments
    from tm_async.api.meetings.enrolment import GetEnrollConfig as GetEnrollConfig
    from tm_async.api.meetings.enrolment import ImportEnrollments as ImportEnrollments
    from tm_async.api.meetings.enrolment import ListEnrollments as ListEnrollments
    from tm_async.api.meetings.enrolment import QueryEnrollIds as QueryEnrollIds
    from tm_async.api.meetings.enrolment import SetEnrollConfig as SetEnrollConfig
    from tm_async.api.meetings.enrolment_models import ApproveType as ApproveType
    from tm_async.api.meetings.enrolment_models import EnrollAction as EnrollAction
    from tm_async.api.meetings.enrolment_models import EnrollConfig as EnrollConfig
    from tm_async.api.meetings.enrolment_models import EnrollConfigSaved as EnrollConfigSaved
    from tm_async.api.meetings.enrolment_models import Enrollee as Enrollee
    from tm_async.api.meetings.enrolment_models import EnrollIdMatch as EnrollIdMatch
    from tm_async.api.meetings.enrolment_models import EnrollIdRef as EnrollIdRef
    from tm_async.api.meetings.enrolment_models import EnrollIdsFound as EnrollIdsFound
    from tm_async.api.meetings.enrolment_models import Enrollment as Enrollment
    from tm_async.api.meetings.enrolment_models import EnrollmentAnswer as EnrollmentAnswer
    from tm_async.api.meetings.enrolment_models import EnrollmentsDeleted as EnrollmentsDeleted
    from tm_async.api.meetings.enrolment_models import EnrollmentsHandled as EnrollmentsHandled
    from tm_async.api.meetings.enrolment_models import EnrollmentsImported as EnrollmentsImported
    from tm_async.api.meetings.enrolment_models import EnrollmentsPage as EnrollmentsPage
    from tm_async.api.meetings.enrolment_models import EnrollNotice as EnrollNotice
    from tm_async.api.meetings.enrolment_models import EnrollSorting as EnrollSorting
    from tm_async.api.meetings.enrolment_models import EnrollSource as EnrollSource
    from tm_async.api.meetings.enrolment_models import EnrollStatus as EnrollStatus
    from tm_async.api.meetings.enrolment_models import ImportedEnrollment as ImportedEnrollment
    from tm_async.api.meetings.enrolment_models import NoYes as NoYes
    from tm_async.api.meetings.enrolment_models import NumberDisplay as NumberDisplay
    from tm_async.api.meetings.enrolment_models import Question as Question
    from tm_async.api.meetings.enrolment_models import QuestionInfo as QuestionInfo
    from tm_async.api.meetings.enrolment_models import QuestionOption as QuestionOption
    from tm_async.api.meetings.enrolment_models import QuestionOptionInfo as QuestionOptionInfo
    from tm_async.api.meetings.enrolment_models import QuestionType as QuestionType
    from tm_async.api.meetings.enrolment_models import SpecialQuestion as SpecialQuestion
    from tm_async.api.meetings.invitees import CreatedWithInvitees as CreatedWithInvitees
    from tm_async.api.meetings.invitees import Invitee as Invitee
    from tm_async.api.meetings.invitees import InviteesPage as InviteesPage
    from tm_async.api.meetings.invitees import InviteesReplaced as InviteesReplaced
    from tm_async.api.meetings.invitees import ListInvitees as ListInvitees
    from tm_async.api.meetings.invitees import ReplaceInvitees as ReplaceInvitees
    from tm_async.api.meetings.models import AutoRecord as AutoRecord
    from tm_async.api.meetings.models import ChangeNickname as ChangeNickname
    from tm_async.api.meetings.models import Guest as Guest
    from tm_async.api.meetings.models import GuestInfo as GuestInfo
    from tm_async.api.meetings.models import JoinRole as JoinRole
    from tm_async.api.meetings.models import JoinType as JoinType
    from tm_async.api.meetings.models import LiveConfig as LiveConfig
    from tm_async.api.meetings.models import LiveConfigInfo as LiveConfigInfo
    from tm_async.api.meetings.models import LiveWatermark as LiveWatermark
    from tm_async.api.meetings.models import LiveWatermarkInfo as LiveWatermarkInfo
    from tm_async.api.meetings.models import LiveWatermarkOption as LiveWatermarkOption
    from tm_async.api.meetings.models import MediaSetType as MediaSetType
    from tm_async.api.meetings.models import Meeting as Meeting
    from tm_async.api.meetings.models import MeetingKind as MeetingKind
    from tm_async.api.meetings.models import MeetingsPage as MeetingsPage
    from tm_async.api.meetings.models import MeetingStatus as MeetingStatus
    from tm_async.api.meetings.models import MeetingType as MeetingType
    from tm_async.api.meetings.models import MuteOnJoin as MuteOnJoin
    from tm_async.api.meetings.models import Occurrence as Occurrence
    from tm_async.api.meetings.models import OccurrenceStatus as OccurrenceStatus
    from tm_async.api.meetings.models import OpenAsrView as OpenAsrView
    from tm_async.api.meetings.models import Settings as Settings
    from tm_async.api.meetings.models import SettingsInfo as SettingsInfo
    from tm_async.api.meetings.models import ShowOccurrences as ShowOccurrences
    from tm_async.api.meetings.models import WatermarkType as WatermarkType
    from tm_async.api.meetings.operations import CreateMeeting as CreateMeeting
    from tm_async.api.meetings.operations import FindMeeting as FindMeeting
    from tm_async.api.meetings.operations import GetMeeting as GetMeeting
    from tm_async.api.meetings.operations import ListMeetings as ListMeetings
    from tm_async.api.meetings.personal_rooms import ListPmi as ListPmi
    from tm_async.api.meetings.personal_rooms import PmiMeeting as PmiMeeting
    from tm_async.api.meetings.personal_rooms import PmiMeetingsPage as PmiMeetingsPage
    from tm_async.api.meetings.personal_rooms import PmiStatus as PmiStatus
    from tm_async.api.meetings.quality import GetQos as GetQos
    from tm_async.api.meetings.quality import GetQuality as GetQuality
    from tm_async.api.meetings.quality_models import AudioQos as AudioQos
    from tm_async.api.meetings.quality_models import DeviceQos as DeviceQos
    from tm_async.api.meetings.quality_models import Health as Health
    from tm_async.api.meetings.quality_models import MeetingQuality as MeetingQuality
    from tm_async.api.meetings.quality_models import NetworkQos as NetworkQos
    from tm_async.api.meetings.quality_models import ParticipantQos as ParticipantQos
    from tm_async.api.meetings.quality_models import ParticipantQuality as ParticipantQuality
    from tm_async.api.meetings.quality_models import QosPage as QosPage
    from tm_async.api.meetings.quality_models import QualityGrade as QualityGrade
    from tm_async.api.meetings.quality_models import VideoQos as VideoQos
    from tm_async.api.meetings.recurrence import CustomUnit as CustomUnit
    from tm_async.api.meetings.recurrence import Recurrence as Recurrence
    from tm_async.api.meetings.recurrence import RecurrenceInfo as RecurrenceInfo
    from tm_async.api.meetings.recurrence import RecurrenceKind as RecurrenceKind
    from tm_async.api.meetings.recurrence import UntilType as UntilType
    from tm_async.api.meetings.recurrence import Weekday as Weekday
    from tm_async.api.meetings.resource import Meetings as Meetings
    from tm_async.api.meetings.virtual_background import BackgroundJob as BackgroundJob
    from tm_async.api.meetings.virtual_background import BackgroundScope as BackgroundScope
    from tm_async.api.meetings.virtual_background import SetVirtualBackground as SetVirtualBackground
    from tm_async.api.meetings.waiting_room import GetWaitingRoomWelcome as GetWaitingRoomWelcome
    from tm_async.api.meetings.waiting_room import ListWaitingRoom as ListWaitingRoom
    from tm_async.api.meetings.waiting_room import ListWaitingRoomRecords as ListWaitingRoomRecords
    from tm_async.api.meetings.waiting_room import SetWaitingRoomWelcome as SetWaitingRoomWelcome
    from tm_async.api.meetings.waiting_room_models import WaitingRoomMember as WaitingRoomMember
    from tm_async.api.meetings.waiting_room_models import WaitingRoomPage as WaitingRoomPage
    from tm_async.api.meetings.waiting_room_models import WaitingRoomRecord as WaitingRoomRecord
    from tm_async.api.meetings.waiting_room_models import WaitingRoomRecordsPage as WaitingRoomRecordsPage
    from tm_async.api.meetings.waiting_room_models import WaitingRoomWelcome as WaitingRoomWelcome

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "changes": (
            "CancelMeeting",
            "CancelOccurrence",
            "CancelSeries",
            "ModifyMeeting",
            "ModifyOccurrence",
            "ModifySeries",
        ),
        "invitees": (
            "CreatedWithInvitees",
            "Invitee",
            "InviteesPage",
            "InviteesReplaced",
            "ListInvitees",
            "ReplaceInvitees",
        ),
        "attendance": (
            "ExportChat",
            "ListEndedMeetings",
            "ListOccurrenceParticipants",
            "ListParticipants",
            "ListRealtimeParticipants",
        ),
        "attendance_models": (
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
        ),
        "customer_links": (
            "CreateCustomerUrl",
            "CustomerUrl",
            "CustomerUrlCreated",
            "CustomerUrls",
            "ListCustomerUrls",
            "customer_data",
        ),
        "devices": (
            "DeviceMeeting",
            "DeviceMeetings",
            "QueryDeviceMeetings",
        ),
        "enrolment": (
            "ApproveEnrollments",
            "DeleteEnrollments",
            "GetEnrollConfig",
            "ImportEnrollments",
            "ListEnrollments",
            "QueryEnrollIds",
            "SetEnrollConfig",
        ),
        "enrolment_models": (
            "ApproveType",
            "EnrollAction",
            "EnrollConfig",
            "EnrollConfigSaved",
            "EnrollIdMatch",
            "EnrollIdRef",
            "EnrollIdsFound",
            "EnrollNotice",
            "EnrollSorting",
            "EnrollSource",
            "EnrollStatus",
            "Enrollee",
            "Enrollment",
            "EnrollmentAnswer",
            "EnrollmentsDeleted",
            "EnrollmentsHandled",
            "EnrollmentsImported",
            "EnrollmentsPage",
            "ImportedEnrollment",
            "NoYes",
            "NumberDisplay",
            "Question",
            "QuestionInfo",
            "QuestionOption",
            "QuestionOptionInfo",
            "QuestionType",
            "SpecialQuestion",
        ),
        "models": (
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
            "MeetingsPage",
            "MuteOnJoin",
            "Occurrence",
            "OccurrenceStatus",
            "OpenAsrView",
            "Settings",
            "SettingsInfo",
            "ShowOccurrences",
            "WatermarkType",
        ),
        "operations": (
            "CreateMeeting",
            "FindMeeting",
            "GetMeeting",
            "ListMeetings",
        ),
        "personal_rooms": (
            "ListPmi",
            "PmiMeeting",
            "PmiMeetingsPage",
            "PmiStatus",
        ),
        "quality": (
            "GetQos",
            "GetQuality",
        ),
        "quality_models": (
            "AudioQos",
            "DeviceQos",
            "Health",
            "MeetingQuality",
            "NetworkQos",
            "ParticipantQos",
            "ParticipantQuality",
            "QosPage",
            "QualityGrade",
            "VideoQos",
        ),
        "recurrence": (
            "CustomUnit",
            "Recurrence",
            "RecurrenceInfo",
            "RecurrenceKind",
            "UntilType",
            "Weekday",
        ),
        "resource": ("Meetings",),
        "virtual_background": (
            "BackgroundJob",
            "BackgroundScope",
            "SetVirtualBackground",
        ),
        "waiting_room": (
            "GetWaitingRoomWelcome",
            "ListWaitingRoom",
            "ListWaitingRoomRecords",
            "SetWaitingRoomWelcome",
        ),
        "waiting_room_models": (
            "WaitingRoomMember",
            "WaitingRoomPage",
            "WaitingRoomRecord",
            "WaitingRoomRecordsPage",
            "WaitingRoomWelcome",
        ),
    },
)
