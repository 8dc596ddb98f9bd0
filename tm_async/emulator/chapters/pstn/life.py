"""The life of a phone call: every turn of it is told."""

from collections.abc import Mapping
from typing import Any

from tm_async.emulator.chapters.meetings import news
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.chapters.pstn.state import ANSWERED, LEFT, RINGING, PhoneCall
from tm_async.emulator.state import State

__all__ = ["hung_up", "ring", "turn"]


def ring(state: State, meeting: Meeting, by: str, number: Mapping[str, Any], now: float) -> PhoneCall:
    """A phone rings, as somebody had it called."""
    names = ("area", "phone", "extension_number", "nick_name")
    call = PhoneCall(**{name: number[name] for name in names if number.get(name)}, by=by)
    state.phones.calls.setdefault(meeting.id, []).append(call)
    turn(state, meeting, call, RINGING, now)
    return call


def turn(state: State, meeting: Meeting, call: PhoneCall, into: str, now: float) -> None:
    """A call comes into another state."""
    call.state = into
    news.phone(state, meeting, call.by, into, now)


def hung_up(state: State, event: str, item: Mapping[str, Any]) -> None:
    """Who leaves a meeting, in whichever way, has hung up."""
    if event != "meeting.participant-left":
        return
    meeting_id = item["meeting_info"]["meeting_id"]
    for call in state.phones.of(meeting_id):
        if (call.state, call.ms_open_id) == (ANSWERED, item["operator"]["ms_open_id"]):
            turn(state, state.meetings[meeting_id], call, LEFT, item["operate_time"] / 1000)
