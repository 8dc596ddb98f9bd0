"""The live stream of a meeting (doc 1095/49222, 58214, 58215, 71338, 93434, 49249).

Chosen where the documentation is silent: during the meeting hosts may what the creator may before and after it; whoever
may not is told 190315, and 400006 for push addresses; those begin with rtmp.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tm_async.emulator.chapters.live.state import Live
from tm_async.emulator.chapters.meetings import news
from tm_async.emulator.chapters.meetings.operations.reach import by_code, check_role, meeting_of
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.chapter import Chapter
from tm_async.emulator.kernel.encoding import text_of_base64
from tm_async.emulator.kernel.refusals import Refused

__all__ = [
    "delete_replays",
    "get_push_addresses",
    "get_viewers",
    "list_replays",
    "list_replays_by_code",
    "live",
    "set_config",
    "set_config_by_code",
    "set_push_address",
]

live: Chapter[Meeting] = Chapter("live")

WECHAT = 1
PLATFORMS = {WECHAT: 1, 2: 10}  # doc 1095/58214
MOST_CHARACTERS = 10


@live.does("set_config")
def set_config(asked: Asked, *, meeting_id: str, live_config: Mapping[str, Any]) -> None:
    """What is left out stays, as it does when a meeting is changed (not documented)."""
    _configure(asked, meeting_of(asked, meeting_id), live_config)


@live.does("set_config_by_code")
def set_config_by_code(asked: Asked, *, meeting_code: str, live_config: Mapping[str, Any]) -> None:
    """For the creator only."""
    meeting = by_code(asked, meeting_code)
    _creator(asked, meeting)
    _configure(asked, meeting, live_config)


@live.does("set_push_address")
def set_push_address(
    asked: Asked,
    *,
    meetingId: str,  # noqa: N803 - the document's name
    push_stream_info: Sequence[Mapping[str, Any]],
) -> None:
    """During the meeting by co-hosts, too (doc 1095/58214). Names stay Base64, as they come."""
    meeting, found = _enabled(asked, meeting_of(asked, meetingId, unknown=400005), 400006, cohost=True)
    for platform in push_stream_info:
        name = text_of_base64(platform.get("platform_name", "eA=="))
        if name is None or not name.strip() or len(name) > MOST_CHARACTERS:
            raise Refused(190004, f"platform_name is not Base64 of 1 to {MOST_CHARACTERS} characters")
        kind, address = platform["platform_type"], platform["push_address"]
        if sum(each["platform_type"] == kind for each in found.platforms) >= PLATFORMS[kind]:
            raise Refused(400001, f"meeting {meeting.id} has {PLATFORMS[kind]} of platform_type {kind} already")
        if not address.startswith("rtmp") or any(each["push_address"] == address for each in found.platforms):
            raise Refused(400004, "push_address is there already, or does not begin with rtmp")
        found.platforms.append({"enable_push_addres": True, **platform})


@live.does("get_push_addresses")
def get_push_addresses(asked: Asked, *, meeting_id: str) -> Mapping[str, Any]:
    """In the order in which they were set."""
    _, found = _enabled(asked, meeting_of(asked, meeting_id), 400006)
    return {"push_stream_info": found.platforms}


@live.does("get_viewers")
def get_viewers(asked: Asked, *, meetingId: str) -> Mapping[str, Any]:  # noqa: N803 - the document's name
    """Of a series there is no total."""
    meeting = meeting_of(asked, meetingId)
    check_role(asked, meeting)
    found = asked.state.live.of(meeting.id)
    number = None if found.room is None and meeting.occurrences else found.total
    shown = {"meeting_id": meeting.id, "subject": meeting.subject}
    return {**shown, "live_viewers_num": number if found.room is None else found.viewers}


@live.does("list_replays")
def list_replays(asked: Asked, *, meetingId: str) -> Mapping[str, Any]:  # noqa: N803 - the document's name
    """Of all streams of the meeting."""
    return _replays(asked, meeting_of(asked, meetingId))


@live.does("list_replays_by_code")
def list_replays_by_code(asked: Asked, *, meeting_code: str) -> Mapping[str, Any]:
    """By code."""
    return _replays(asked, by_code(asked, meeting_code))


@live.does("delete_replays")
def delete_replays(asked: Asked, *, meetingId: str, live_room_id: str) -> None:  # noqa: N803 - the document's name
    """9003 for a room that has none (documented for the meeting)."""
    meeting = meeting_of(asked, meetingId)
    _creator(asked, meeting)
    found = asked.state.live.of(meeting.id)
    kept = [each for each in found.replays if each.room != live_room_id]
    if len(kept) == len(found.replays):
        raise Refused(9003, f"live_room_id {live_room_id[:40]!r} has no replay")
    found.replays = kept


def _creator(asked: Asked, meeting: Meeting) -> None:
    check_role(asked, meeting, admin=False, forbidden=190315)


def _enabled(asked: Asked, meeting: Meeting, forbidden: int, *, cohost: bool = False) -> tuple[Meeting, Live]:
    """A meeting with a stream, where the creator asks, or while it runs a host."""
    check_role(asked, meeting, admin=False, host=meeting.is_running, cohost=cohost, forbidden=forbidden)
    if meeting.live is None:
        raise Refused(190317, f"meeting {meeting.id} was made without enable_live")
    return meeting, asked.state.live.of(meeting.id)


def _configure(asked: Asked, meeting: Meeting, config: Mapping[str, Any]) -> None:
    """A password that is left out while it is on is the meeting's (doc 1095/49222)."""
    _, found = _enabled(asked, meeting, 190315)
    if config.get("enable_live_password") and not config.get("live_password"):
        config = {**config, "live_password": meeting.password or ""}
    changed = asked.state.change(meeting, asked.now, live={**(meeting.live or {}), **config})
    news.live_configured(asked.state, changed, found.platforms, asked.operator, asked.now)


def _replays(asked: Asked, meeting: Meeting) -> Mapping[str, Any]:
    _creator(asked, meeting)
    rows = [
        {"live_room_id": each.room, "live_subject": each.subject, "video_url": each.url}
        for each in asked.state.live.of(meeting.id).replays
    ]
    info = {"meeting_id": meeting.id, "meeting_code": meeting.code, "subject": meeting.subject}
    return {"meeting_number": 1, "meeting_info_list": [{**info, "live_replay_list": rows}]}
