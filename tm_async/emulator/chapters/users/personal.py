"""The room of a personal meeting number (doc 1095/61767)."""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import asdict, evolve

from tm_async.emulator.chapters.users.chapter import users
from tm_async.emulator.chapters.users.state import PersonalRoom
from tm_async.emulator.kernel.acting import check_kind, registered
from tm_async.emulator.kernel.answers import View
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.chapter import anybody
from tm_async.emulator.kernel.encoding import base64_text
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["get_pmi_config", "set_pmi_config"]

WITH_WATERMARK = ("water_mark_type", "disable_note_capture")


@users.does("get_pmi_config", by=anybody, acting="userid")
def get_pmi_config(asked: Asked) -> View:
    """The user's own. Hosts are objects here, as in the SDKs; the page shows plain texts."""
    room = asked.state.users.room(asked.operator)
    value = View(asdict(room, recurse=False), allow_in_waiting_room=room.auto_in_waiting_room)
    if not room.watermark:  # they count with it alone
        value |= {name: getattr(PersonalRoom(pmi_code=""), name) for name in WITH_WATERMARK}
    value["hosts"] = [{"userid": userid} for userid in room.hosts]
    value["pmi_password"] = base64_text(room.pmi_password) if room.pmi_password else None
    return View(value)


@users.does("set_pmi_config", by=anybody, attributes=PersonalRoom)
def set_pmi_config(
    asked: Asked,
    *,
    enable_password: bool | None = None,
    hosts: Sequence[Mapping[str, Any]] | None = None,
    **changes: Any,
) -> None:
    """The operator's own room. What is absent stays; a password is there while it is switched on."""
    if enable_password is False:
        changes["pmi_password"] = ""
    if hosts is not None:
        changes["hosts"] = [_host(asked, host) for host in hosts]
    room = asked.state.users.room(asked.operator)
    asked.state.users.rooms[asked.operator] = evolve(room, **changes)


def _host(asked: Asked, host: Mapping[str, Any]) -> str:
    """The userid of a host, who is named by it or by an id with its kind."""
    named = ("userid",) if "userid" in host else ("operator_id", "operator_id_type")
    if unused := host.keys() - {*named}:
        raise Refused(200004, f"hosts: {', '.join(sorted(unused))}: not emulated", loud=True)
    check_kind(asked.call, host, "operator_id")
    return registered(asked.call, host.get("userid") or host.get("operator_id", ""))
