"""Shapes of the answers, member by member as in the catalogue (`meetings.create`, `.get` and `.list`)."""

import base64
import json
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import asdict

from tm_async.emulator.limits import LISTED_PARTICIPANTS
from tm_async.emulator.people import People
from tm_async.emulator.recurrence import CUSTOM, Rule, Span
from tm_async.emulator.state import Meeting

__all__ = ["created", "detail", "encode", "listed"]

# Defaults of the settings (doc 1095/42417); members without a default appear only where they were sent.
SETTINGS: Mapping[str, bool | int | str] = {
    "mute_enable_type_join": 2,
    "mute_enable_join": True,
    "allow_unmute_self": True,
    "allow_in_before_host": True,
    "auto_in_waiting_room": False,
    "allow_screen_shared_watermark": False,
    "water_mark_type": 0,
    "only_enterprise_user_allowed": False,
    "auto_record_type": "none",
    "participant_join_auto_record": False,
    "enable_host_pause_auto_record": True,
    "auto_asr": False,
    "open_asr_view": 0,
    "change_nickname": 1,
}
# The answer of create has these too when they were sent.
CREATE_ONLY_SENT = ("allow_multi_device", "only_user_join_type")
# The list and the query by code show fewer settings than the query by id.
NOT_LISTED = ("allow_multi_device", "only_user_join_type", "auto_asr", "open_asr_view", "change_nickname")
# A setting without its switch has no effect (doc 1095/42417); what answers then show is not documented.
SWITCHED: Mapping[str, tuple[str, object]] = {
    "water_mark_type": ("allow_screen_shared_watermark", True),
    "participant_join_auto_record": ("auto_record_type", "cloud"),
    "enable_host_pause_auto_record": ("auto_record_type", "cloud"),
    "open_asr_view": ("auto_asr", True),
}


def encode(value: object) -> bytes:
    """Compact UTF-8; escapes only where a caller's text has half a surrogate pair, which UTF-8 cannot hold."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def created(meeting: Meeting, unregistered: Iterable[str], people: People) -> dict[str, Any]:
    """The answer of `POST /v1/meetings` (doc 1095/42417)."""
    info: dict[str, Any] = {
        "subject": meeting.subject,
        "meeting_id": meeting.id,
        "meeting_code": meeting.code,
        "hosts": people.show(meeting.hosts),
        "participants": people.show(meeting.invitees),
        "user_non_registered": list(unregistered),
        "start_time": str(meeting.start),
        "end_time": str(meeting.end),
        "join_url": meeting.join_url,
        "settings": _settings(meeting),
        "enable_live": meeting.live is not None,
    }
    if meeting.password:
        info["password"] = meeting.password
    if meeting.host_key:
        info["host_key"] = meeting.host_key
    if meeting.live is not None:
        info["live_config"] = {"live_addr": meeting.live_addr}  # only this is returned (doc 1095/42417)
    return {"meeting_number": 1, "meeting_info_list": [info]}


def detail(meeting: Meeting, *, owner: bool, by_code: bool, now: float, people: People) -> dict[str, Any]:
    """One element of a query by id or by code (doc 1095/42418). `owner` is the creator."""
    info = _common(meeting, owner=owner, now=now, people=people)
    if by_code:  # shares its table with the list
        info["settings"] = _listed_settings(meeting)
    else:
        info["settings"] = _query_settings(meeting)
        info["allow_enterprise_intranet_only"] = meeting.switches.get("allow_enterprise_intranet_only", False)
    if meeting.rule is not None:
        ahead = meeting.ahead(now)
        info |= _series(meeting, meeting.rule, ahead)
        # Whether occurrences that are over stay in the answer is not documented; all are shown, at once.
        info |= {"sub_meetings": _occurrences(meeting.occurrences), "has_more_sub_meeting": 0}
    return info


def listed(meeting: Meeting, *, role: str, every_occurrence: bool, now: float, people: People) -> dict[str, Any]:
    """One element of the list of a user's meetings (doc 1095/42421)."""
    info = _common(meeting, owner=role == "creator", now=now, people=people)
    info["settings"] = _listed_settings(meeting)
    info["join_meeting_role"] = role
    if meeting.rule is not None:
        ahead = meeting.ahead(now)
        info |= _series(meeting, meeting.rule, ahead)
        if every_occurrence:
            info |= {"sub_meetings": _occurrences(ahead), "has_more_sub_meeting": 0}
        else:  # the first occurrence only: the documents show it without a sub_meetings member
            info |= {"start_time": str(ahead[0].start), "end_time": str(ahead[0].end)}
            info["has_more_sub_meeting"] = int(len(ahead) > 1)
    return info


def _common(meeting: Meeting, *, owner: bool, now: float, people: People) -> dict[str, Any]:
    info: dict[str, Any] = {
        "subject": meeting.subject,
        "meeting_id": meeting.id,
        "meeting_code": meeting.code,
        "type": meeting.type,
        "meeting_type": meeting.meeting_type,
        "status": _status(meeting, now),
        "join_url": meeting.join_url,
        "start_time": str(meeting.start),
        "end_time": str(meeting.end),
        "hosts": people.show(meeting.hosts),
        "participants": people.show(meeting.invitees[:LISTED_PARTICIPANTS]),
        "has_vote": False,
        "enable_live": meeting.live is not None,
        **{name: meeting.switches.get(name, default) for name, default in _SHOWN.items()},
    }
    if meeting.guests:
        info["guests"] = [dict(guest) for guest in meeting.guests]
    if meeting.location:
        info["location"] = meeting.location
    if meeting.time_zone:  # Base64 text in answers, as the official command line decodes it
        info["time_zone"] = base64.b64encode(meeting.time_zone.encode()).decode()
    if meeting.live is not None:
        info["live_config"] = {**meeting.live, "live_addr": meeting.live_addr}
    if not owner:
        info["need_password"] = bool(meeting.password)  # to others only (official docs, 2023)
        info.pop("live_config", None)
        return info
    if meeting.password:
        info["password"] = meeting.password  # to the creator only (official docs, 2023)
    if meeting.host_key:
        info["host_key"] = meeting.host_key
    return info


# Defaults of the plain members that queries repeat (doc 1095/42417).
_SHOWN: Mapping[str, bool | int] = {
    "enable_doc_upload_permission": True,
    "enable_enroll": False,
    "enable_host_key": False,
    "media_set_type": 0,
    "sync_to_wework": True,
}


def _status(meeting: Meeting, now: float) -> str:
    """Nobody enters a meeting of the emulator, hence it is never STARTED (states: official docs, 2023)."""
    if meeting.is_recycled(now):
        return "MEETING_STATE_RECYCLED"
    return "MEETING_STATE_INIT" if now < meeting.over else "MEETING_STATE_NULL"


def _settings(meeting: Meeting) -> dict[str, bool | int | str]:
    sent = meeting.settings
    shown = {name: sent.get(name, default) for name, default in SETTINGS.items()}
    shown |= {name: sent[name] for name in CREATE_ONLY_SENT if name in sent}
    for name, (switch, on) in SWITCHED.items():
        if shown[switch] != on:
            shown[name] = SETTINGS[name]
    return shown


def _query_settings(meeting: Meeting) -> dict[str, bool | int | str]:
    settings = _settings(meeting)
    # Queries use another name than requests (meeting rules, section 3).
    settings["only_allow_enterprise_user_join"] = settings.pop("only_enterprise_user_allowed")
    return settings


def _listed_settings(meeting: Meeting) -> dict[str, bool | int | str]:
    return {name: value for name, value in _query_settings(meeting).items() if name not in NOT_LISTED}


def _series(meeting: Meeting, rule: Rule, ahead: tuple[Span, ...]) -> dict[str, Any]:
    shown = asdict(rule)
    if rule.until_date is None:
        shown["until_date"] = meeting.over
    if rule.recurring_type != CUSTOM:
        shown = {name: value for name, value in shown.items() if not name.startswith("customized_")}
    info: dict[str, Any] = {"recurring_rule": shown, "remain_sub_meetings": len(ahead)}
    if ahead:
        info["current_sub_meeting_id"] = str(ahead[0].start)
    return info


def _occurrences(spans: Iterable[Span]) -> list[dict[str, Any]]:
    """An occurrence's id equals its start, as in the samples; times are strings in the official SDKs."""
    return [
        {
            "sub_meeting_id": str(span.start),
            "status": 0,
            "start_time": str(span.start),
            "end_time": str(span.end),
        }
        for span in spans
    ]
