"""What a user's authorisation of an app has to do with the API: its end, and temporary names within meetings."""

from collections.abc import Mapping
from typing import Any

from tm_async.emulator.chapters.meetings.temporary import ms_open_id
from tm_async.emulator.chapters.users.chapter import users
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.chapter import anybody
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["cancel_authorization", "get_ms_open_id"]


@users.does("cancel_authorization", by=anybody, acting="")
def cancel_authorization(asked: Asked, *, operator_id: str, operator_id_type: int) -> None:
    """`PUT /v1/auth-users/cancel-auth`, with the parameters in the query (doc 1095/73364)."""
    call = asked.call
    if operator_id_type != 2:  # the code is not documented
        raise Refused(190004, "operator_id, and operator_id_type=2 (open_id), are expected")
    if operator_id != call.open_id:
        raise Refused(1004, f"operator_id {operator_id[:64]!r} is not the OpenId of the call")
    call.registry.withdraw(call.people.app or "", call.people.userid(operator_id) or "", asked.now)


@users.does("get_ms_open_id", by=anybody)
def get_ms_open_id(asked: Asked, *, meeting_id: str) -> Mapping[str, Any]:
    """Before, during and after the meeting; with a token, of those that the app made (doc 1095/74998)."""
    meeting = asked.state.meetings.get(meeting_id)
    if meeting is None:  # which of the three documented codes is meant is not
        raise Refused(202801, f"meeting_id {meeting_id[:40]!r} is not known")
    if asked.call.people.app not in {None, meeting.app}:
        raise Refused(202801, "it was not created with an AccessToken of this app")
    return {"meeting_id": meeting.id, "ms_open_id": ms_open_id(meeting.id, asked.operator)}
