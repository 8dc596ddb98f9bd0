"""Shapes of the answers, member by member as in the catalogue (`meetings.create`, `.modify`, `.get` and `.list`)."""

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import asdict

from tm_async.emulator.chapters.meetings.limits import LISTED_PARTICIPANTS
from tm_async.emulator.chapters.meetings.recurrence import CUSTOM, Rule, Span
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.kernel.answers import View
from tm_async.emulator.kernel.encoding import base64_text
from tm_async.emulator.kernel.identities import Identities

__all__ = ["created", "detail", "listed", "modified", "status"]

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
# The answer of modify has these alone.
MODIFIED = ("change_nickname", "only_user_join_type", "only_invitees_allowed")
# The list and the query by code show fewer settings than the query by id.
NOT_LISTED = ("allow_multi_device", "only_user_join_type", "auto_asr", "open_asr_view", "change_nickname")
# A setting without its switch has no effect (doc 1095/42417); what answers then show is not documented.
SWITCHED: Mapping[str, tuple[str, object]] = {
    "water_mark_type": ("allow_screen_shared_watermark", True),
    "participant_join_auto_record": ("auto_record_type", "cloud"),
    "enable_host_pause_auto_record": ("auto_record_type", "cloud"),
    "open_asr_view": ("auto_asr", True),
}


def created(meeting: Meeting, unregistered: Iterable[str], people: Identities) -> dict[str, Any]:
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


def modified(meeting: Meeting) -> dict[str, Any]:
    """The answer of `PUT /v1/meetings/{meeting_id}` (doc 1095/42424)."""
    shown = {"change_nickname": 1, **meeting.settings}
    info: dict[str, Any] = {
        "meeting_id": meeting.id,
        "meeting_code": meeting.code,
        "enable_live": meeting.live is not None,
        "settings": {name: shown[name] for name in MODIFIED if name in shown},
    }
    if meeting.host_key:
        info["host_key"] = meeting.host_key
    if meeting.live is not None:
        info["live_config"] = {"live_addr": meeting.live_addr}
    return {"meeting_number": 1, "meeting_info_list": [info]}


def detail(meeting: Meeting, *, owner: bool, by_code: bool, now: float, people: Identities) -> dict[str, Any]:
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


def listed(meeting: Meeting, *, role: str, every_occurrence: bool, now: float, people: Identities) -> dict[str, Any]:
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


def _common(meeting: Meeting, *, owner: bool, now: float, people: Identities) -> dict[str, Any]:
    info: dict[str, Any] = {
        "subject": meeting.subject,
        "meeting_id": meeting.id,
        "meeting_code": meeting.code,
        "type": meeting.type,
        "meeting_type": meeting.meeting_type,
        "status": status(meeting, now),
        "join_url": meeting.join_url,
        "start_time": str(meeting.start),
        "end_time": str(meeting.end),
        "hosts": people.show(meeting.hosts),
        "participants": people.show(meeting.invitees[:LISTED_PARTICIPANTS]),
        "has_vote": False,
        "enable_live": meeting.live is not None,
        **{name: meeting.switches.get(name, default) for name, default in _SHOWN.items()},
    }
    if meeting.is_running:
        info["current_hosts"] = people.show(meeting.hosts_inside)
    if meeting.guests:
        info["guests"] = [dict(guest) for guest in meeting.guests]
    if meeting.location:
        info["location"] = meeting.location
    if meeting.time_zone:  # Base64 text in answers, as the official command line decodes it
        info["time_zone"] = base64_text(meeting.time_zone)
    if meeting.live is not None:
        info["live_config"] = View(meeting.live, live_addr=meeting.live_addr)
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


def status(meeting: Meeting, now: float, span: Span | None = None) -> str:
    """The state of a meeting, or of one of its occurrences (official docs, 2023).

    STARTED means that somebody is inside. A meeting that a host ended early is shown like one that is past its
    scheduled end, NULL; everybody leaving before that end makes it INIT again. Neither is documented. ENDED
    (deleted by the host after the end) does not occur: no operation does that.
    """
    if meeting.cancelled or (span is not None and span.cancelled):
        return "MEETING_STATE_CANCELLED"
    if meeting.is_running if span is None else meeting.session(span).is_running:
        return "MEETING_STATE_STARTED"
    if meeting.is_recycled(now):
        return "MEETING_STATE_RECYCLED"
    pending = meeting.ahead(now) if span is None else not meeting.is_past(span, now)
    return "MEETING_STATE_INIT" if pending else "MEETING_STATE_NULL"


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
    current = meeting.current(ahead)
    if current is not None:
        info["current_sub_meeting_id"] = current.id
    return info


def _occurrences(spans: Iterable[Span]) -> list[dict[str, Any]]:
    """Times are strings in the official SDKs."""
    return [
        {
            "sub_meeting_id": span.id,
            "status": int(span.cancelled),
            "start_time": str(span.start),
            "end_time": str(span.end),
        }
        for span in spans
    ]
