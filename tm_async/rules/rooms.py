"""Rules of rooms: who asks, which room is meant, how a room is described, and when it can be booked."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from attrs import evolve

from tm_async.core.kinds import kind_of_id
from tm_async.core.moments import instant
from tm_async.core.validation import OWN_PAGE, Rule
from tm_async.errors import Violation
from tm_async.rules.neutral import asks
from tm_async.rules.text import LOCATION

__all__ = [
    "DIGITS",
    "FLOOR",
    "OF_A_ROOM",
    "ROOM_TEXT",
    "address_of_terminal",
    "admin_password_when_enabled",
    "bookable_time",
    "one_callee",
    "personal_room_switched_on",
    "room_is_named",
    "whole_place",
]

_MODIFY = "1095/83258"


OF_A_ROOM = kind_of_id(3, 5)

ROOM_TEXT = evolve(LOCATION, name="room-text-width", page=OWN_PAGE)
"""36 Latin letters or 18 Chinese characters."""

FLOOR = Rule(
    name="floor",
    holds=re.compile(r"[0-9A-Za-z]{1,36}\Z").match,
    limit=36,
    message="must be 1 to {limit} letters or digits",
    message_zh="应为 1 至 {limit} 个字母或数字",
    page=OWN_PAGE,
)

DIGITS = Rule(
    name="digits",
    holds=re.compile(r"[0-9]+\Z").match,
    message="must be digits: the gateway makes a number of it",
    message_zh="应为数字：网关会将其转换为整数",
    page=OWN_PAGE,
)


def _required(field: str, rule: str, beside: str, page: str) -> Violation:
    return Violation(field, rule, f"is required with {beside}", f"与 {beside} 同时必填", page=page)


def whole_place(room: Any) -> Iterator[Violation]:
    """City, building and floor are given together or not at all (doc 1095/83258)."""
    given = {name: getattr(room, name) is not None for name in ("city", "building", "floor")}
    for name, there in given.items():
        if any(given.values()) and not there:
            yield _required(name, "whole-place", "/".join(one for one in given if one != name), _MODIFY)


def admin_password_when_enabled(room: Any) -> Iterator[Violation]:
    """A password that is switched on has to be one (doc 1095/83258)."""
    if room.admin_password_enabled and room.admin_password is None:
        yield _required("admin_password", "admin-password", "admin_password_enabled", _MODIFY)


def address_of_terminal(room: Any) -> Iterator[Violation]:
    """A SIP or H.323 room has an address or an account (doc 1095/83258)."""
    if room.meeting_room_type in {2, 4} and room.mra_address is None and room.mra_register_account is None:
        problem, problem_zh = "this or mra_register_account is required", "与 mra_register_account 二选一，必填"
        yield Violation("mra_address", "terminal-address", problem, problem_zh, page=_MODIFY)


def one_callee(call: Any) -> Iterator[Violation]:
    """A room is called by its id or by its address."""
    if (call.meeting_room_id is None) == (call.mra_address is None):
        problem, problem_zh = "give exactly one of this and mra_address", "与 mra_address 二选一"
        yield Violation("meeting_room_id", "one-callee", problem, problem_zh, page=OWN_PAGE)


def personal_room_switched_on(settings: Any) -> Iterator[Violation]:
    """The settings of a room's own number count while it has one, which is the default (the official SDKs)."""
    if asks(settings.room_pmi_settings) and settings.room_pmi is False:
        problem, problem_zh = "has an effect only with room_pmi=true", "仅在 room_pmi=true 时有效"
        yield Violation("room_pmi_settings", "room-pmi", problem, problem_zh)


def room_is_named(listed: Any) -> Iterator[Violation]:
    """Where a user asks, the room stands in `target_rooms_id`; else it is who asks (doc 1095/67435)."""
    if listed.operator_id_type == 1 and listed.target_rooms_id is None:
        yield _required("target_rooms_id", "room-is-named", "operator_id_type=1", "1095/67435")


def bookable_time(wanted: Any) -> Iterator[Violation]:
    """A meeting with rooms lasts 15 minutes to 24 hours (doc 1095/55313; the least is in the official SDKs only)."""
    least, most = timedelta(minutes=15), timedelta(hours=24)
    if not least.total_seconds() <= instant(wanted.end) - instant(wanted.start) <= most.total_seconds():
        problem, problem_zh = "must be 15 minutes to 24 hours after start", "应在 start 之后 15 分钟至 24 小时"
        yield Violation("end", "bookable-time", problem, problem_zh, limit=(least, most), page="1095/55313")
