"""Who asks, where operator_id and operator_id_type say so, in a query or in a body."""

from collections.abc import Mapping
from typing import Any

from tm_async.emulator.chapters.meetings.operations.callers import acting, reachable, registered
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.kernel.call import Call
from tm_async.emulator.kernel.refusals import Refused
from tm_async.emulator.kernel.requests import clean_query

__all__ = ["asked", "known", "operator", "user"]


def asked(call: Call) -> dict[str, Any]:
    """The parameters of the query, each of its documented type; 190004 where one has not."""
    cleaned = clean_query(call.operation, call.query)
    if cleaned.problems:
        raise Refused(190004, "; ".join(cleaned.problems[:10]))
    return cleaned.value


def operator(call: Call, values: Mapping[str, Any]) -> str:
    """The userid of the operator, who is registered (190001) and, with a token, its user (9042)."""
    kind, wanted = values["operator_id_type"], 1 if call.open_id is None else 2
    if kind != wanted and call.open_id is not None:
        # Not documented, as for the query of a meeting.
        raise Refused(190004, f"operator_id_type {kind} in a call with an AccessToken, 2 (open_id) is expected")
    if kind != wanted:
        raise Refused(200004, f"operator_id_type {kind} is not emulated, only 1 (userid)", loud=True)
    return registered(call, acting(call, values["operator_id"], "operator_id"))


def user(call: Call, values: Mapping[str, Any]) -> str:
    """The same where a plain userid names who asks."""
    return registered(call, acting(call, values["userid"], "userid"))


def known(call: Call, meeting_id: str) -> Meeting:
    """The meeting of an id, made by the calling app where that is a third party's; else 9003 and 9042."""
    found = call.state.meetings.get(meeting_id)
    if found is None:
        raise Refused(9003, f"meeting_id {meeting_id[:40]!r} is not known")
    reachable(call, found)
    return found
