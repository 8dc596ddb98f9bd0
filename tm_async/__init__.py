"""An asyncio client for the Tencent Meeting (腾讯会议) REST API.

Public names only; each loads what it needs on first use. Start with `TencentMeeting` and `EnterpriseSecret`, or with
`OAuth2`.
"""

from typing import TYPE_CHECKING

from tm_async._util.lazy import attach

if TYPE_CHECKING:
    from tm_async._version import __version__ as __version__
    from tm_async.api.meetings import CreateMeeting as CreateMeeting
    from tm_async.api.meetings import FindMeeting as FindMeeting
    from tm_async.api.meetings import GetMeeting as GetMeeting
    from tm_async.api.meetings import Guest as Guest
    from tm_async.api.meetings import LiveConfig as LiveConfig
    from tm_async.api.meetings import Meeting as Meeting
    from tm_async.api.meetings import Recurrence as Recurrence
    from tm_async.api.meetings import Settings as Settings
    from tm_async.api.meetings import Weekday as Weekday
    from tm_async.api.shared import Device as Device
    from tm_async.api.shared import MeetingRoomId as MeetingRoomId
    from tm_async.api.shared import MsOpenId as MsOpenId
    from tm_async.api.shared import OpenId as OpenId
    from tm_async.api.shared import OperatorType as OperatorType
    from tm_async.api.shared import RoomsId as RoomsId
    from tm_async.api.shared import User as User
    from tm_async.auth import Auth as Auth
    from tm_async.auth import EnterpriseSecret as EnterpriseSecret
    from tm_async.auth.oauth2 import Grant as Grant
    from tm_async.auth.oauth2 import OAuth2 as OAuth2
    from tm_async.auth.oauth2 import OAuth2App as OAuth2App
    from tm_async.auth.stores import EncryptedStore as EncryptedStore
    from tm_async.auth.stores import FileStore as FileStore
    from tm_async.auth.stores import MemoryStore as MemoryStore
    from tm_async.auth.stores import RedisStore as RedisStore
    from tm_async.auth.stores import TokenStore as TokenStore
    from tm_async.batch.ledger import open_ledger as open_ledger
    from tm_async.client.client import TencentMeeting as TencentMeeting
    from tm_async.core.operation import Operation as Operation
    from tm_async.core.outcome import Absent as Absent
    from tm_async.core.outcome import Created as Created
    from tm_async.core.outcome import Found as Found
    from tm_async.core.outcome import Outcome as Outcome
    from tm_async.core.outcome import Rejected as Rejected
    from tm_async.core.outcome import Undecided as Undecided
    from tm_async.core.outcome import Unknown as Unknown
    from tm_async.core.retry import RetryPolicy as RetryPolicy
    from tm_async.errors import ApiError as ApiError
    from tm_async.errors import OutcomeUnknown as OutcomeUnknown
    from tm_async.errors import ReauthorizationRequired as ReauthorizationRequired
    from tm_async.errors import TencentMeetingError as TencentMeetingError
    from tm_async.errors import ValidationError as ValidationError
    from tm_async.quotas import Quotas as Quotas
    from tm_async.transport import Timeout as Timeout

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "_version": ("__version__",),
        "api.meetings": (
            "CreateMeeting",
            "FindMeeting",
            "GetMeeting",
            "Guest",
            "LiveConfig",
            "Meeting",
            "Recurrence",
            "Settings",
            "Weekday",
        ),
        "api.shared": ("Device", "MeetingRoomId", "MsOpenId", "OpenId", "OperatorType", "RoomsId", "User"),
        "auth": ("Auth", "EnterpriseSecret"),
        "auth.oauth2": ("Grant", "OAuth2", "OAuth2App"),
        "auth.stores": ("EncryptedStore", "FileStore", "MemoryStore", "RedisStore", "TokenStore"),
        "batch.ledger": ("open_ledger",),
        "client.client": ("TencentMeeting",),
        "core.operation": ("Operation",),
        "core.outcome": ("Absent", "Created", "Found", "Outcome", "Rejected", "Undecided", "Unknown"),
        "core.retry": ("RetryPolicy",),
        "errors": ("ApiError", "OutcomeUnknown", "ReauthorizationRequired", "TencentMeetingError", "ValidationError"),
        "quotas": ("Quotas",),
        "transport": ("Timeout",),
    },
)
