"""Layouts of meetings (doc 1095/56322 to 56329). Chosen here: 20 a meeting, as the page has it, not 10 as the SDKs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tm_async.emulator.chapters.layouts.state import TEMPLATES, Looks, Pages
from tm_async.emulator.chapters.meetings.operations.reach import own
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.kernel.answers import View
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.chapter import Chapter
from tm_async.emulator.kernel.refusals import Refused

__all__ = [
    "add",
    "check_pages",
    "delete",
    "delete_many",
    "layouts",
    "list_templates",
    "modify",
    "of_meeting",
    "set_default",
    "show",
]

layouts: Chapter[Meeting] = Chapter("layouts")

MOST = 20
APP = 3


def of_meeting(asked: Asked, meeting_id: str) -> tuple[Meeting, Looks]:
    """A meeting and its looks, for the creator, hosts, co-hosts and administrators."""
    meeting = own(asked, meeting_id, host=True, cohost=True)
    return meeting, asked.state.stages.of(meeting.id)


@layouts.does("list_templates")
def list_templates(asked: Asked) -> Mapping[str, Any]:
    """Their pictures are not there; of their rules, which cells they have and where, side by side."""
    rows = [{"layout_template_id": each, "render_rule": _rule(cells)} for each, cells in TEMPLATES.items()]
    return {"layout_template_number": len(rows), "layout_template_list": rows}


@layouts.does("list")
def show(asked: Asked, *, meeting_id: str) -> Mapping[str, Any]:
    """In the order in which they were added."""
    _, looks = of_meeting(asked, meeting_id)
    return _shown(looks, looks.layouts)


@layouts.does("add")
def add(
    asked: Asked, *, meeting_id: str, layout_list: Sequence[Mapping[str, Any]], default_layout_order: int | None = None
) -> Mapping[str, Any]:
    """All or none; the answer has those that were added."""
    meeting, looks = of_meeting(asked, meeting_id)
    if len(looks.layouts) + len(layout_list) > MOST:
        raise Refused(190004, f"more than {MOST} layouts in meeting {meeting.id}")
    if default_layout_order is not None and not 1 <= default_layout_order <= len(layout_list):
        raise Refused(190004, f"default_layout_order is {default_layout_order}, of {len(layout_list)} layouts")
    for layout in layout_list:
        check_pages(asked, meeting, layout["page_list"])
    added = {asked.state.stages.new_id(): _kept(layout["page_list"]) for layout in layout_list}
    if default_layout_order is not None or (added and not looks.layouts):
        looks.selected = list(added)[(default_layout_order or 1) - 1]
    looks.layouts |= added
    return _shown(looks, added)


@layouts.does("modify")
def modify(
    asked: Asked, *, meeting_id: str, layout_id: str, page_list: Pages, enable_set_default: bool = False
) -> None:
    """Everything of it is replaced."""
    meeting, looks = of_meeting(asked, meeting_id)
    _check_known(looks, layout_id)
    check_pages(asked, meeting, page_list)
    looks.layouts[layout_id] = _kept(page_list)
    if enable_set_default:
        looks.selected = layout_id


@layouts.does("delete")
def delete(asked: Asked, *, meeting_id: str, layout_id: str) -> None:
    """Not the one in use."""
    _delete(of_meeting(asked, meeting_id)[1], [layout_id])


@layouts.does("delete_many")
def delete_many(asked: Asked, *, meeting_id: str, layout_id_list: Sequence[str]) -> None:
    """All or none."""
    _delete(of_meeting(asked, meeting_id)[1], layout_id_list)


@layouts.does("set_default")
def set_default(asked: Asked, *, meeting_id: str, selected_layout_id: str) -> None:
    """An empty id restores the original one."""
    _, looks = of_meeting(asked, meeting_id)
    if selected_layout_id:
        _check_known(looks, selected_layout_id)
    looks.selected = selected_layout_id


def check_pages(asked: Asked, meeting: Meeting, pages: Pages) -> None:
    """Cells of a template that there is (190004: not documented), with invitees, or during the meeting those inside."""
    inside = [one for span in meeting.spans for one in meeting.session(span).inside]
    here = {one.userid for one in inside} | {one.ms_open_id for one in inside}
    invited = {meeting.creator, *(person.userid for person in (*meeting.hosts, *meeting.invitees))}
    for page in pages:
        cells = TEMPLATES.get(page["layout_template_id"])
        if cells is None:
            raise Refused(190004, f"layout_template_id {page['layout_template_id'][:20]!r} is not known")
        seats = page.get("user_seat_list", ())
        if sum(seat["grid_type"] == APP for seat in seats) > 1:
            raise Refused(190004, "one page shows one app")
        for seat in seats:
            if seat["grid_id"] not in {str(number) for number in range(1, cells + 1)}:
                raise Refused(190004, f"grid_id {seat['grid_id'][:20]!r}: the template has {cells} cells, 1 to {cells}")
            people = (seat, *seat.get("user_list", ()))
            for who in (each[name] for each in people for name in ("userid", "ms_open_id") if each.get(name)):
                if (asked.call.people.userid(who) or who) not in (here if inside else invited):
                    raise Refused(20020, f"{who[:64]!r} is not {'inside' if inside else 'invited'}")


def _rule(cells: int) -> str:
    """As in the documented example; where cells stand is made up."""
    size = {"width": f"{1 / cells:.8f}", "height": "1.00000000"}
    lefts = [f"{number / cells:.8f}" for number in range(cells)]
    items = [
        {"seat_id": number, "stream_size": 1, "pos": {"left": left, "top": "0.00000000"}, "size": size}
        for number, left in enumerate(lefts, start=1)
    ]
    return json.dumps({"layout_width": 960, "layout_height": 540, "layout_items": items})


def _kept(pages: Pages) -> Pages:
    """Of a cell that is said twice the first entry counts (the official SDKs). No list shows the apps of cells."""
    return [
        {**page, "user_seat_list": list({seat["grid_id"]: View(seat) for seat in reversed(seats)}.values())[::-1]}
        for page in pages
        for seats in [page.get("user_seat_list", [])]
    ]


def _shown(looks: Looks, some: Mapping[str, Pages]) -> Mapping[str, Any]:
    rows = [{"layout_id": each, "page_list": pages} for each, pages in some.items()]
    return {"layout_number": len(rows), "selected_layout_id": looks.selected, "layout_list": rows}


def _check_known(looks: Looks, layout_id: str) -> None:
    if layout_id not in looks.layouts:
        raise Refused(20012, f"layout_id {layout_id[:40]!r} is not known")


def _delete(looks: Looks, ids: Sequence[str]) -> None:
    for each in ids:
        _check_known(looks, each)
        if each == looks.selected:
            raise Refused(20021, f"layout {each} is in use")
    for each in dict.fromkeys(ids):
        del looks.layouts[each]
