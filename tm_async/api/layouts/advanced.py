"""Advanced layouts: what H.323 and SIP devices show, all of them or single ones.

AK/SK only. A device shows its personal layout, else the one given to it, else the meeting's. The creator, the host,
co-hosts and administrators may; the operator may be somebody inside, too.
"""

from collections.abc import Collection
from typing import Annotated

from tm_async import rules
from tm_async.api.inside import InMeeting
from tm_async.api.layouts.advanced_models import (
    AdvancedLayoutsInfo,
    AdvancedPage,
    AppliedLayout,
    LayoutTarget,
    NewAdvancedLayout,
)
from tm_async.api.shared import AK_SK, Device, MeetingId
from tm_async.core.declare import mixin, operation
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.rules.limits import entries

__all__ = [
    "AddAdvancedLayouts",
    "ApplyLayout",
    "DeleteAdvancedLayouts",
    "GetAppliedLayout",
    "ListAdvancedLayouts",
    "ModifyAdvancedLayout",
]


@mixin
class _OfMeeting(InMeeting):
    meeting_id: MeetingId


@operation
class ListAdvancedLayouts(_OfMeeting, Operation[AdvancedLayoutsInfo]):
    """List the layouts of devices in a meeting (doc 1095/75666)."""

    spec = Spec("layouts.list_advanced", "GET /v1/meetings/{meeting_id}/advanced-layouts", modes=AK_SK)


@operation
class AddAdvancedLayouts(_OfMeeting, Operation[AdvancedLayoutsInfo]):
    """Give a meeting layouts for devices (doc 1095/75665). At most 20 a meeting; seats are for people inside."""

    spec = Spec(
        "layouts.add_advanced",
        "POST /v1/meetings/{meeting_id}/advanced-layouts",
        repeat=Repeat.UNSAFE,
        modes=AK_SK,
        needs="layout_list",
    )

    layout_list: Annotated[Collection[NewAdvancedLayout], rules.NOT_EMPTY]


@operation
class ModifyAdvancedLayout(_OfMeeting, Operation[None]):
    """Replace all pages of a layout (doc 1095/75669). In use, it is applied anew.

    Not one that was given to a single device.
    """

    spec = Spec("layouts.modify_advanced", "PUT /v1/meetings/{meeting_id}/advanced-layouts/{layout_id}", modes=AK_SK)

    layout_id: Annotated[str, rules.NOT_EMPTY]
    page_list: Annotated[Collection[AdvancedPage], rules.NOT_EMPTY]
    """The whole new layout."""


@operation
class DeleteAdvancedLayouts(_OfMeeting, Operation[None]):
    """Delete layouts that are not in use (doc 1095/75668). Unknown ids are passed over."""

    spec = Spec(
        "layouts.delete_advanced",
        "POST /v1/meetings/{meeting_id}/delete-advanced-layouts",
        repeat=Repeat.SAFE,
        modes=AK_SK,
    )

    layout_id_list: Annotated[Collection[Annotated[str, rules.NOT_EMPTY]], entries(20, least=1)]
    """At most 20."""


@operation
class ApplyLayout(_OfMeeting, Operation[None]):
    """Show a layout on the devices of a meeting, or on some (doc 1095/75670)."""

    spec = Spec("layouts.apply", "PUT /v1/meetings/{meeting_id}/applying-layout", modes=AK_SK)

    layout_id: str
    """An empty text: the default layout."""
    user_list: Annotated[Collection[LayoutTarget], entries(20, least=1)] | None = None
    """At most 20; left out: the whole meeting. The kinds of device are 1 to 4, 6, 7, 9 and 20 to 22 (the SDKs: 9)."""


@operation
class GetAppliedLayout(_OfMeeting, Operation[AppliedLayout]):
    """Ask which layout somebody sees (doc 1095/75667)."""

    spec = Spec("layouts.get_applied", "GET /v1/meetings/{meeting_id}/applying-layout", modes=AK_SK)

    user_ms_open_id: Annotated[str, rules.NOT_EMPTY]
    """Whose, as it is: what an address can't hold is encoded on the way."""
    user_instance_id: Device
    """The device that is in use."""
