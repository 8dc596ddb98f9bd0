"""Layouts of a meeting: pages made from the enterprise's templates, whose cells hold people, a shared screen or an app.

AK/SK and self-built apps only. The creator, the host, co-hosts and administrators may. One layout is in use, or the
original one; while it is, it can't be deleted (20021). Seats are for invitees before the meeting and for people inside
during it (20020).
"""

import json
from collections.abc import Collection
from typing import Annotated, ClassVar

from tm_async import rules
from tm_async.api.inside import ByUser
from tm_async.api.shared import AK_SK, ByOperator, Device, MeetingId, UserId
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import Part, answer, mixin, operation, part
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.wire import OpenIntEnum
from tm_async.rules import layouts
from tm_async.rules.limits import at_least, needed_with, only_with

__all__ = [
    "AddLayouts",
    "DeleteLayout",
    "DeleteLayouts",
    "GridType",
    "LayoutInfo",
    "LayoutPage",
    "LayoutPageInfo",
    "LayoutTemplate",
    "LayoutTemplates",
    "LayoutsInfo",
    "ListLayouts",
    "ListTemplates",
    "ModifyLayout",
    "NewLayout",
    "Seat",
    "SeatInfo",
    "SetDefaultLayout",
]


class GridType(OpenIntEnum):
    """`grid_type`: what a cell shows."""

    VIDEO = 1
    SHARED_SCREEN = 2
    APP = 3
    """An extension app; one a page, not in advanced layouts."""


@part
class Seat(Part):
    """A cell of a page, and who is in it. A cell of which nobody is said is filled by the meeting."""

    grid_id: Annotated[str, rules.NOT_EMPTY]
    """Which cell: the template's picture shows their ids."""
    grid_type: GridType = GridType.VIDEO
    userid: UserId | None = None
    ms_open_id: Annotated[str, rules.NOT_EMPTY] | None = None
    username: str | None = None
    tool_sdkid: Annotated[str, rules.NOT_EMPTY] | None = None
    """The app, with grid_type 3: bound to the meeting, and with a web service that is on."""

    checks: ClassVar = (only_with("tool_sdkid", "grid_type", 3), needed_with("tool_sdkid", "grid_type", 3))


@part
class LayoutPage(Part):
    """A page of a layout."""

    layout_template_id: Annotated[str, rules.NOT_EMPTY]
    """From `list_templates`."""
    user_seat_list: Collection[Seat] | None = None

    checks: ClassVar = (layouts.a_cell_once, layouts.one_app)


@part
class NewLayout(Part):
    """A layout of one page or several."""

    page_list: Annotated[Collection[LayoutPage], rules.NOT_EMPTY]


@answer
class SeatInfo(AnswerModel):
    """A cell of a page in an answer."""

    grid_id: str = ""
    grid_type: GridType | None = None
    userid: str | None = None
    ms_open_id: str | None = None
    username: str | None = None
    """As it is; advanced layouts have Base64 here."""
    uuid: str | None = None
    """Being retired."""
    tool_sdkid: str | None = None


@answer
class LayoutPageInfo(AnswerModel):
    """A page of a layout in an answer."""

    layout_template_id: str = ""
    user_seat_list: tuple[SeatInfo, ...] = ()


@answer
class LayoutInfo(AnswerModel):
    """A layout of a meeting."""

    layout_id: str = ""
    page_list: tuple[LayoutPageInfo, ...] = ()


@answer
class LayoutsInfo(AnswerModel):
    """The layouts of a meeting."""

    layout_number: int | None = None
    selected_layout_id: str = ""
    """The one in use; empty: the original one."""
    layout_list: tuple[LayoutInfo, ...] = ()


@answer
class LayoutTemplate(AnswerModel):
    """What pages are made from."""

    layout_template_id: str = ""
    thumbnail_url: str = ""
    picture_url: str = ""
    """Shows the cells with their ids."""
    render_rule: str = ""
    """JSON as text, which no page describes."""

    @property
    def cells(self) -> tuple[str, ...]:
        """The ids of its cells: each `seat_id` of `render_rule`, as the one rule has them that a page shows.

        That they are the `grid_id`s of seats is what the names suggest. Empty: the rule does not say.
        """
        try:
            items = json.loads(self.render_rule)["layout_items"]
            return tuple(dict.fromkeys(str(item["seat_id"]) for item in items))
        except (ValueError, TypeError, KeyError, RecursionError):
            return ()


@answer
class LayoutTemplates(AnswerModel):
    """The templates of the enterprise."""

    layout_template_number: int | None = None
    layout_template_list: tuple[LayoutTemplate, ...] = ()


@operation
class ListTemplates(ByOperator, Operation[LayoutTemplates]):
    """List the layout templates of the enterprise (doc 1095/56322). Everybody may."""

    spec = Spec("layouts.list_templates", "GET /v1/layout-templates", modes=AK_SK)


@mixin
class _OfMeeting(ByOperator):
    meeting_id: MeetingId
    instanceid: Device = Device.PC


@operation
class ListLayouts(_OfMeeting, Operation[LayoutsInfo]):
    """List the layouts of a meeting (doc 1095/56329)."""

    spec = Spec("layouts.list", "GET /v1/meetings/{meeting_id}/layouts", modes=AK_SK)


@operation
class AddLayouts(_OfMeeting, Operation[LayoutsInfo]):
    """Give a meeting layouts, and put one of them in use (doc 1095/56323).

    At most 10 a meeting (the official SDKs) or 20 (the page).
    """

    spec = Spec(
        "layouts.add",
        "POST /v1/meetings/{meeting_id}/layouts",
        repeat=Repeat.UNSAFE,
        modes=AK_SK,
        needs="layout_list",
    )

    layout_list: Annotated[Collection[NewLayout], rules.NOT_EMPTY]
    default_layout_order: Annotated[int, at_least(1)] | None = None
    """Which of them is put in use, from 1. Left out, the first one is, where the meeting had none."""

    checks: ClassVar = (layouts.order_of_a_layout,)


@operation
class ModifyLayout(_OfMeeting, Operation[None]):
    """Replace all pages of a layout (doc 1095/56324). Own code: 20012 no such layout."""

    spec = Spec("layouts.modify", "PUT /v1/meetings/{meeting_id}/layouts/{layout_id}", modes=AK_SK)

    layout_id: Annotated[str, rules.NOT_EMPTY]
    page_list: Annotated[Collection[LayoutPage], rules.NOT_EMPTY]
    """The whole new layout."""
    enable_set_default: bool | None = None
    """Whether it is put in use, too."""


@operation
class DeleteLayout(_OfMeeting, Operation[None]):
    """Delete a layout that is not in use (doc 1095/56327). Own codes: 20012 no such layout, 20021 in use."""

    spec = Spec(
        "layouts.delete",
        "DELETE /v1/meetings/{meeting_id}/layouts/{layout_id}?operator_id&operator_id_type&instanceid",
        modes=AK_SK,
    )

    layout_id: Annotated[str, rules.NOT_EMPTY]

    def counts_as_done_again(self, code: int) -> bool:
        """ "No such layout" is what the second attempt hears when the first one got through."""
        return code == layouts.UNKNOWN


@operation
class DeleteLayouts(ByUser, Operation[None]):
    """Delete layouts that are not in use (no page known).

    Known from sources of 2021 and 2022, and in no current official SDK; `delete` is the current form.
    """

    spec = Spec("layouts.delete_many", "POST /v1/meetings/{meeting_id}/delete-layouts", repeat=Repeat.SAFE, modes=AK_SK)

    meeting_id: MeetingId
    layout_id_list: Annotated[Collection[Annotated[str, rules.NOT_EMPTY]], rules.NOT_EMPTY]


@operation
class SetDefaultLayout(_OfMeeting, Operation[None]):
    """Put a layout of a meeting in use (doc 1095/56325). Own code: 20012 no such layout."""

    spec = Spec("layouts.set_default", "PUT /v1/meetings/{meeting_id}/default-layouts", modes=AK_SK)

    selected_layout_id: str
    """An empty text: the original layout."""
