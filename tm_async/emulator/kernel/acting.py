"""Who asks: `operator_id` with its type, or a plain userid; by open id where a third party's app calls."""

from collections.abc import Mapping
from typing import Any

from tm_async.emulator.kernel.call import Call
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["MS_OPEN_ID", "acting", "attending", "check_kind", "operator", "registered"]

MS_OPEN_ID = 4
"""`operator_id_type` of somebody who is inside the meeting."""


def registered(call: Call, who: str) -> str:
    """The userid behind a name on the wire, else 190001."""
    userid = call.people.userid(who)
    if userid is None:
        raise Refused(190001, f"userid {who[:64]!r} is not registered")
    return userid


def acting(call: Call, who: str, member: str) -> str:
    """A user's app acts for that user alone (doc 1095/57948); the code for anybody else is not documented."""
    if call.open_id is not None and who != call.open_id:
        raise Refused(9042, f"{member} {who[:64]!r} is not the OpenId of the call")
    return who


def operator(call: Call, values: Mapping[str, Any], name: str = "operator_id") -> str:
    """The userid of the operator, who is registered (190001) and, with a token, its user (9042)."""
    check_kind(call, values, name)
    return registered(call, acting(call, values[name], name))


def attending(call: Call, meeting_id: str, who: str) -> str:
    """The userid of somebody inside, by `ms_open_id`; 190455 for others (doc 1095/57951), 9042 for those from outside.

    A user's app can name its own user only.
    """
    meeting = call.state.meetings.get(meeting_id)
    if meeting is None:
        raise Refused(9003, f"meeting_id {meeting_id[:40]!r} is not known")
    inside = (one for span in meeting.spans for one in meeting.session(span).inside if one.ms_open_id == who)
    found = next(inside, None)
    if found is None:
        raise Refused(190455, f"operator_id {who[:64]!r} is not inside meeting {meeting.id}")
    if found.userid is None:
        raise Refused(9042, f"operator_id {who[:64]!r} is nobody of the enterprise")
    if call.open_id is not None and call.people.userid(call.open_id) != found.userid:
        raise Refused(9042, f"operator_id {who[:64]!r} is not the user of the call")
    return found.userid


def check_kind(call: Call, values: Mapping[str, Any], name: str) -> None:
    """The kind of an id has to be userid, and open_id in calls with an AccessToken."""
    kind, wanted = values.get(f"{name}_type"), 1 if call.open_id is None else 2
    if kind in {None, wanted}:
        return
    if call.open_id is not None:
        # Not documented; an app of a third party has no business with userids.
        raise Refused(190004, f"{name}_type {kind} in a call with an AccessToken, 2 (open_id) is expected")
    raise Refused(200004, f"{name}_type {kind} is not emulated, only 1 (userid)", loud=True)
