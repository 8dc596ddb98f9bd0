"""Meetings: create them, one or thousands, look them up, change them, and see who came."""

from typing import TYPE_CHECKING

from tm_async.lazy import attach

if TYPE_CHECKING:
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
    from tm_async.api.meetings.recurrence import CustomUnit as CustomUnit
    from tm_async.api.meetings.recurrence import Recurrence as Recurrence
    from tm_async.api.meetings.recurrence import RecurrenceInfo as RecurrenceInfo
    from tm_async.api.meetings.recurrence import RecurrenceKind as RecurrenceKind
    from tm_async.api.meetings.recurrence import UntilType as UntilType
    from tm_async.api.meetings.recurrence import Weekday as Weekday
    from tm_async.api.meetings.resource import Meetings as Meetings

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
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
        "recurrence": (
            "CustomUnit",
            "Recurrence",
            "RecurrenceInfo",
            "RecurrenceKind",
            "UntilType",
            "Weekday",
        ),
        "resource": ("Meetings",),
    },
)
