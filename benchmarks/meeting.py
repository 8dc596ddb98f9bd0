"""One and the same meeting, as each contender's users would write it down."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tm_async import Guest, LiveConfig, Recurrence, Settings
from tm_async.api.meetings import AutoRecord, ChangeNickname, JoinType, MuteOnJoin, WatermarkType
from tm_async.core.exchange import Request

START = datetime(2026, 12, 1, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
END = datetime(2026, 12, 1, 11, tzinfo=ZoneInfo("Asia/Shanghai"))
START_TEXT, END_TEXT = str(int(START.timestamp())), str(int(END.timestamp()))
UNTIL = datetime(2027, 1, 31, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
UNTIL_SECONDS = int(UNTIL.timestamp())
SUBJECT = "Weekly sync of the team that builds the asynchronous client"


# --- the meeting of the calls: about 640 bytes of JSON -----------------------------------------------------------


def arguments() -> dict[str, Any]:
    """For `tm.meetings.create(**arguments())`."""
    return {
        "userid": "tester1",
        "subject": SUBJECT,
        "start_time": START,
        "end_time": END,
        "hosts": ["tester1"],
        "invitees": ["alice", "bob", "carol"],
        "password": "123456",
        "time_zone": "Asia/Shanghai",
        "location": "Room 4",
        "settings": Settings(
            mute_enable_join=True,
            allow_unmute_self=True,
            change_nickname=ChangeNickname.ALLOWED,
            mute_enable_type_join=MuteOnJoin.ABOVE_SIX,
            allow_in_before_host=True,
            auto_in_waiting_room=False,
            only_user_join_type=JoinType.EVERYBODY,
            allow_screen_shared_watermark=True,
            water_mark_type=WatermarkType.SINGLE_ROW,
            auto_record_type=AutoRecord.NONE,
        ),
    }


def plain() -> dict[str, Any]:
    """The same as plain JSON objects."""
    return {
        "userid": "tester1",
        "instanceid": 1,
        "subject": SUBJECT,
        "type": 0,
        "start_time": START_TEXT,
        "end_time": END_TEXT,
        "hosts": [{"userid": "tester1"}],
        "invitees": [{"userid": "alice"}, {"userid": "bob"}, {"userid": "carol"}],
        "password": "123456",
        "time_zone": "Asia/Shanghai",
        "location": "Room 4",
        "settings": {
            "mute_enable_join": True,
            "allow_unmute_self": True,
            "change_nickname": 1,
            "mute_enable_type_join": 2,
            "allow_in_before_host": True,
            "auto_in_waiting_room": False,
            "only_user_join_type": 1,
            "allow_screen_shared_watermark": True,
            "water_mark_type": 0,
            "auto_record_type": "none",
        },
    }


def vendor() -> Any:
    """The same in the vendor's model."""
    from wemeet_openapi.service.meetings import model

    wire = plain()
    wire["hosts"] = [model.V1MeetingsPostRequestHostsInner(**user) for user in wire["hosts"]]
    wire["invitees"] = [model.V1MeetingsPostRequestInviteesInner(**user) for user in wire["invitees"]]
    wire["settings"] = model.V1MeetingsPostRequestSettings(**wire["settings"])
    return model.V1MeetingsPostRequest(**wire)


def check_same(request: Request) -> None:
    """All contenders have to send the same meeting."""
    if json.loads(request.body) != plain():
        raise AssertionError("the contenders do not send the same meeting")


# --- the full meeting of the payloads: every member that create documents ----------------------------------------


def full_arguments(invitees: list[Any]) -> dict[str, Any]:
    """For `CreateMeeting(**full_arguments(...))`."""
    return {
        **arguments(),
        "invitees": invitees or None,
        "guests": [Guest(area="86", phone_number="13800000000", guest_name="Dora")],
        "recurring_rule": Recurrence.weekly(until=UNTIL),
        "enable_live": True,
        "live_config": LiveConfig(
            live_subject="Live",
            live_summary="What happens",
            enable_live_password=True,
            live_password="654321",
            enable_live_im=True,
            enable_live_replay=False,
        ),
        "enable_doc_upload_permission": True,
        "enable_interpreter": False,
        "enable_enroll": False,
        "enable_host_key": True,
        "host_key": "123456",
        "sync_to_wework": True,
        "allow_enterprise_intranet_only": False,
    }


def full_plain(invitees: list[str]) -> dict[str, Any]:
    """The same as plain JSON objects."""
    wire = plain()
    wire["invitees"] = [{"userid": userid} for userid in invitees]
    if not invitees:
        del wire["invitees"]
    return wire | {
        "guests": [{"area": "86", "phone_number": "13800000000", "guest_name": "Dora"}],
        "recurring_rule": {"recurring_type": 2, "until_type": 0, "until_date": UNTIL_SECONDS},
        "meeting_type": 1,
        "enable_live": True,
        "live_config": {
            "live_subject": "Live",
            "live_summary": "What happens",
            "enable_live_password": True,
            "live_password": "654321",
            "enable_live_im": True,
            "enable_live_replay": False,
        },
        "enable_doc_upload_permission": True,
        "enable_interpreter": False,
        "enable_enroll": False,
        "enable_host_key": True,
        "host_key": "123456",
        "sync_to_wework": True,
        "allow_enterprise_intranet_only": False,
    }


def full_vendor(invitees: list[str]) -> Any:
    """The same in the vendor's model."""
    from wemeet_openapi.service.meetings import model

    wire = full_plain([])
    user = model.V1MeetingsPostRequestInviteesInner
    wire["invitees"] = [user(userid=userid) for userid in invitees]
    wire["hosts"] = [model.V1MeetingsPostRequestHostsInner(**one) for one in wire["hosts"]]
    wire["guests"] = [model.V1MeetingsPostRequestGuestsInner(**one) for one in wire["guests"]]
    wire["settings"] = model.V1MeetingsPostRequestSettings(**wire["settings"])
    wire["recurring_rule"] = model.V1MeetingsPostRequestRecurringRule(**wire["recurring_rule"])
    wire["live_config"] = model.V1MeetingsPostRequestLiveConfig(**wire["live_config"])
    return model.V1MeetingsPostRequest(**wire)
