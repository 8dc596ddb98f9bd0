"""Who may see recordings, and how often they do (doc 1095/104135, 104136, 121743, 90395, 52663, 105655)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from tm_async.emulator.chapters.recordings import news
from tm_async.emulator.chapters.recordings.operations import recordings
from tm_async.emulator.chapters.recordings.reach import check_seconds, file_of, in_time, recording_of
from tm_async.emulator.chapters.recordings.state import Recording, Seen
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.refusals import Refused
from tm_async.emulator.kernel.times import day_of

__all__ = [
    "add_access",
    "approve_access",
    "get_metrics",
    "get_settings",
    "list_access",
    "list_events",
    "list_view_details",
    "remove_access",
    "set_settings",
]

MONTH = 31 * 86400
DOWNLOAD, VIEW = 1, 2
AGREE = 1


@recordings.does("list_access", pages=True)
def list_access(asked: Asked, *, meeting_record_id: str) -> Mapping[str, Any]:
    """Those who were let in, the owner not among them (not documented)."""
    one = recording_of(asked, meeting_record_id)
    rows = [{**_member(asked, who), "permission": permission} for who, permission in one.access.items()]
    return {**asked.page(rows), "total_count": len(rows)}


def _member(asked: Asked, who: str) -> Mapping[str, str]:
    if who not in asked.state.users:
        return {"ms_open_id": who}
    return {"userid" if asked.call.open_id is None else "open_id": asked.call.people.name(who)}


@recordings.does("add_access")
def add_access(
    asked: Asked, *, meeting_record_id: str, access_members: Sequence[Mapping[str, Any]]
) -> Mapping[str, Any]:
    """Those who are known; what adding somebody again does is not documented: the permission is set."""
    one = recording_of(asked, meeting_record_id)
    failed: list[dict[str, Any]] = []
    for member in access_members:
        who = _who(asked, one, member)
        if who is None:
            failed.append({"permission": 0, **member})
        else:
            one.access[who] = member.get("permission", 0)
    return {"fail_access_members": failed}


def _who(asked: Asked, one: Recording, member: Mapping[str, Any]) -> str | None:
    """Somebody of the enterprise, or by the id of the meeting, who took part."""
    name, kind = member["to_operator_id"], member["to_operator_id_type"]
    if kind != 4:
        return asked.call.people.userid(name) if kind == (1 if asked.call.open_id is None else 2) else None
    sessions = one.meeting.sessions.values() if one.meeting else ()
    took_part = (stay for session in sessions for stay in session.attendances)
    return next((stay.userid or name for stay in took_part if stay.ms_open_id == name), None)


@recordings.does("remove_access")
def remove_access(asked: Asked, *, meeting_record_id: str, access_members: Sequence[Mapping[str, Any]]) -> None:
    """Those who are not listed are ignored."""
    one = recording_of(asked, meeting_record_id)
    for member in access_members:
        one.access.pop(_who(asked, one, member) or "", None)


@recordings.does("approve_access")
def approve_access(asked: Asked, *, meeting_record_id: str, apply_id_list: Sequence[str], action: int) -> None:
    """The code of an unknown application is not documented."""
    one = recording_of(asked, meeting_record_id)
    if unknown := [each for each in apply_id_list if each not in one.applications]:
        raise Refused(190004, f"apply_id_list: {unknown[0][:40]!r} is not known, or was answered")
    for each in dict.fromkeys(apply_id_list):
        who = one.applications.pop(each)
        if action == AGREE:
            one.access.setdefault(who, 0)


@recordings.does("get_settings")
def get_settings(asked: Asked, *, meeting_record_id: str) -> Mapping[str, Any]:
    """The password while it is on, the end while it has one."""
    one = recording_of(asked, meeting_record_id)
    there = {} if one.meeting is None else {"meeting_id": one.meeting.id}
    shown = {name: value for name, value in one.sharing.items() if name != "sharing_auth_type"}
    return {**there, "meeting_record_name": one.name, "sharing_config": shown}


@recordings.does("set_settings")
def set_settings(
    asked: Asked, *, meeting_record_id: str, meeting_id: str = "", sharing_config: Mapping[str, Any] | None = None
) -> None:
    """What was not said stays; turning the link off forgets all of it (vendor's Python SDK 1.0.10)."""
    one = recording_of(asked, meeting_record_id)
    if meeting_id and (one.meeting is None or one.meeting.id != meeting_id):
        raise Refused(190004, f"meeting {meeting_id[:40]} has no recording {one.id}")
    given = dict(sharing_config or {})
    if given.get("enable_sharing") is False:
        if len(given) > 1:
            raise Refused(190004, "sharing_config: nothing else may be set while enable_sharing is false")
        one.sharing = {"enable_sharing": False, "allow_download": False, "allow_view_transcripts": True}
    else:
        one.sharing = _merged(one.sharing, given)
    news.changed(asked.state, one, asked.operator, asked.now)


def _merged(before: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    if given.get("enable_approve") and given.get("enable_password"):
        raise Refused(190004, "sharing_config: enable_approve and enable_password exclude each other")
    for switch, value in (("enable_password", "password"), ("enable_sharing_expire", "sharing_expire")):
        if bool(given.get(switch)) != (value in given):
            raise Refused(190004, f"sharing_config: {value} goes with {switch}, and with nothing else")
    merged = {"enable_sharing": True, **before, **given}
    if not merged.get("enable_password") or merged.get("enable_approve"):
        merged.pop("password", None)
        merged["enable_password"] = False
    if not merged.get("enable_sharing_expire"):
        merged.pop("sharing_expire", None)
    return merged


@recordings.does("get_metrics")
def get_metrics(
    asked: Asked, *, meeting_record_id: str, start_time: int | None = None, end_time: int | None = None
) -> Mapping[str, Any]:
    """Every day within, those without any access, too."""
    start, end = _month(asked, start_time, end_time)
    one = recording_of(asked, meeting_record_id)
    counted = Counter((day_of(seen.at), seen.kind) for seen in one.seen)
    first, last = day_of(start), day_of(end)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    rows = [
        {"date": str(day), "view_counts": counted[day, VIEW], "download_counts": counted[day, DOWNLOAD]} for day in days
    ]
    return {"summaries": rows}


@recordings.lists("list_events")
def list_events(
    asked: Asked,
    *,
    meeting_record_id: str,
    event_type: int,
    start_time: int | None = None,
    end_time: int | None = None,
) -> list[Mapping[str, Any]]:
    """In the order of their happening."""
    start, end = _month(asked, start_time, end_time)
    one = recording_of(asked, meeting_record_id)
    return [
        {"event_type": seen.kind, "operate_time": int(seen.at * 1000), "record_name": one.name, **_named(asked, seen)}
        for seen in _within(one.seen, start, end)
        if seen.kind == event_type
    ]


def _month(asked: Asked, start: int | None, end: int | None) -> tuple[float, float]:
    """From when until when: the last 31 days, or as many before the end, and until now (neither is documented)."""
    until = asked.now if end is None else end
    since = until - MONTH if start is None else start
    check_seconds(since, until)
    return since, until


def _within(seen: Iterable[Seen], start: float | None, end: float | None) -> list[Seen]:
    return [each for each in seen if in_time(each.at, start, end)]


def _named(asked: Asked, seen: Seen) -> Mapping[str, str]:
    user = asked.state.users.get(seen.userid)
    if user is None:  # deleted meanwhile
        return {"userid": asked.call.people.name(seen.userid)}
    return {"userid": asked.call.people.name(seen.userid), "user_name": user.username or seen.userid}


@recordings.lists("list_view_details")
def list_view_details(
    asked: Asked, *, record_file_id: str, start_time: int | None = None, end_time: int | None = None
) -> list[Mapping[str, Any]]:
    """In milliseconds here; the last 31 days are kept."""
    one, file = file_of(asked, record_file_id, manage=True, done=False)
    start, end = (None if moment is None else moment / 1000 for moment in (start_time, end_time))
    return [
        {
            "record_file_name": one.name,
            "view_start_time": int(seen.at * 1000),
            "view_end_time": int((seen.at + seen.seconds) * 1000),
            "view_time": int(seen.seconds * 1000),
            "total_view_progress": f"{seen.share}%",
            **_named(asked, seen),
        }
        for seen in _within(one.seen, start, end)
        if seen.kind == VIEW and seen.file == file.id and seen.at >= asked.now - MONTH
    ]
