"""Rules of controlling a running meeting."""

from collections.abc import Iterator
from typing import Any

from tm_async.core.device import Device
from tm_async.core.validation import OWN_PAGE
from tm_async.errors import Violation

__all__ = [
    "SIGN_IN_ENDED",
    "SIGN_IN_RUNS",
    "no_mra_user",
    "reason_for_mra",
    "something_to_switch",
    "video_starts_on_mra",
]

SIGN_IN_RUNS, SIGN_IN_ENDED = 103, 107
"""One runs already (doc 1095/92643); it has ended (doc 1095/92644)."""

MRA = Device.VOIP_SIP
_SWITCHES = (
    *("mute_all", "allow_unmute_by_self", "participant_join_mute", "meeting_locked", "hide_meeting_code_password"),
    *("allow_chat", "share_screen", "enable_red_envelope", "only_enterprise_user_allowed", "play_ivr_on_join"),
    "auto_waiting_room",
)


def _wrong(field: str, rule: str, message: str, message_zh: str) -> Violation:
    return Violation(field, rule, message, message_zh, page=OWN_PAGE)


def video_starts_on_mra(call: Any) -> Iterator[Violation]:
    """Nobody's camera can be switched on but an MRA device's (doc 1095/57950)."""
    if call.video and call.user.instanceid != MRA:
        yield _wrong("video", "video-on", "can be true for MRA devices only", "仅 MRA 设备可设为 true")


def no_mra_user(call: Any) -> Iterator[Violation]:
    """MRA devices can't be acted upon (the official SDKs)."""
    if call.user.instanceid == MRA:
        yield _wrong("user.instanceid", "no-mra", "can't be an MRA device", "不支持 MRA 设备")


def reason_for_mra(call: Any) -> Iterator[Violation]:
    """Who removes an MRA device says why (doc 1095/57947)."""
    if not call.reason and any(user.instanceid == MRA for user in call.users):
        yield _wrong("reason", "reason-for-mra", "is required for MRA devices", "移出 MRA 设备时必填")


def something_to_switch(call: Any) -> Iterator[Violation]:
    """A call that switches nothing can't be meant. The page does not say so."""
    if all(getattr(call, name) is None for name in _SWITCHES):
        yield Violation("mute_all", "something-to-switch", "give this or another switch", "请至少提供一个开关")
