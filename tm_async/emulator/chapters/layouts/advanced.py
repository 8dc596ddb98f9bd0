"""Layouts of devices (doc 1095/75665 to 75670). Chosen here: 20021 for one in use, 20012 for one that is not known."""

from collections.abc import Mapping, Sequence
from typing import Any

from tm_async.emulator.chapters.layouts.operations import check_pages, layouts, of_meeting
from tm_async.emulator.chapters.layouts.state import Looks, Pages
from tm_async.emulator.chapters.meetings.operations.reach import running
from tm_async.emulator.kernel.answers import View
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["add_advanced", "apply", "delete_advanced", "get_applied", "list_advanced", "modify_advanced"]

MOST = 20  # doc 1095/75665
DEFAULT, BASIC, ADVANCED, PERSONAL = range(4)


@layouts.does("list_advanced")
def list_advanced(asked: Asked, *, meeting_id: str) -> Mapping[str, Any]:
    """In the order in which they were added."""
    _, looks = of_meeting(asked, meeting_id)
    return {"selected_layout_id": looks.applied, "layout_list": list(looks.advanced.values())}


@layouts.does("add_advanced")
def add_advanced(asked: Asked, *, meeting_id: str, layout_list: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """All or none; the answer has those that were added."""
    meeting, looks = of_meeting(asked, meeting_id)
    if len(looks.advanced) + len(layout_list) > MOST:
        raise Refused(190004, f"more than {MOST} layouts in meeting {meeting.id}")
    for layout in layout_list:
        check_pages(asked, meeting, layout["page_list"])
    added: dict[str, Mapping[str, Any]] = {asked.state.stages.new_id(): layout for layout in layout_list}
    for layout_id, layout in added.items():
        looks.advanced[layout_id] = {**layout, "layout_id": layout_id, "layout_type": ADVANCED}
    return {"layout_list": [View(looks.advanced[layout_id]) for layout_id in added]}


@layouts.does("modify_advanced")
def modify_advanced(asked: Asked, *, meeting_id: str, layout_id: str, page_list: Pages) -> None:
    """Not one that a single device has (190004: the code is not documented)."""
    meeting, looks = of_meeting(asked, meeting_id)
    _check_known(looks, layout_id)
    if layout_id in looks.given.values():
        raise Refused(190004, f"layout {layout_id} was given to a single device")
    check_pages(asked, meeting, page_list)
    looks.advanced[layout_id] = {**looks.advanced[layout_id], "page_list": page_list}


@layouts.does("delete_advanced")
def delete_advanced(asked: Asked, *, meeting_id: str, layout_id_list: Sequence[str]) -> None:
    """Unknown ids are passed over; all others, or none."""
    _, looks = of_meeting(asked, meeting_id)
    if used := {looks.applied, *looks.given.values()} & set(layout_id_list):
        raise Refused(20021, f"layout {min(used)} is in use")
    for each in layout_id_list:
        looks.advanced.pop(each, None)


@layouts.does("apply")
def apply(
    asked: Asked, *, meeting_id: str, layout_id: str = "", user_list: Sequence[Mapping[str, Any]] | None = None
) -> None:
    """Devices that are not inside are passed over (not documented). An empty id takes a layout away."""
    meeting, looks = of_meeting(asked, meeting_id)
    if layout_id:
        _check_known(looks, layout_id)
    if user_list is None:
        looks.applied = layout_id
        return
    inside = {(one.ms_open_id, one.instanceid) for span in meeting.spans for one in meeting.session(span).inside}
    for key in ((user["ms_open_id"], user["instanceid"]) for user in user_list):
        if layout_id and key in inside:
            looks.given[key] = layout_id
        elif not layout_id:
            looks.given.pop(key, None)


@layouts.does("get_applied")
def get_applied(asked: Asked, *, meeting_id: str, user_ms_open_id: str, user_instance_id: int) -> Mapping[str, Any]:
    """That of the device before that of the meeting; the pages of a basic one have another form and are not shown."""
    meeting, looks = of_meeting(asked, meeting_id)
    key = (user_ms_open_id, user_instance_id)
    _, _, session = running(asked, meeting.id)
    if key not in {(one.ms_open_id, one.instanceid) for one in session.inside}:
        raise Refused(202007, f"{user_ms_open_id[:64]!r} is not inside with a device of type {user_instance_id}")
    found = looks.given.get(key) or looks.applied
    if not found:
        return {"selected_layout_id": looks.selected, "layout_type": BASIC if looks.selected else DEFAULT}
    layout_type = PERSONAL if key in looks.given else ADVANCED
    return View({**looks.advanced[found], "selected_layout_id": found, "layout_type": layout_type})


def _check_known(looks: Looks, layout_id: str) -> None:
    if layout_id not in looks.advanced:
        raise Refused(20012, f"layout_id {layout_id[:40]!r} is not known")
