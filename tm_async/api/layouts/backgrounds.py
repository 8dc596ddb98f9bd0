"""Backgrounds behind the videos of a meeting: PNG pictures, one of them in use, or black.

AK/SK only. The creator, the host, co-hosts and administrators may. Pictures are fetched afterwards; what became of them
comes as an event (`MeetingMediumUploaded`, whose trace id is that of the call's answer).
"""

from collections.abc import Collection
from typing import Annotated, ClassVar

from tm_async import rules
from tm_async.api.inside import ByUser
from tm_async.api.shared import AK_SK, ByOperator, Device, MeetingId
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import Part, answer, mixin, operation, part
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.rules import layouts
from tm_async.rules.limits import at_least, entries

__all__ = [
    "AddBackgrounds",
    "BackgroundImage",
    "BackgroundInfo",
    "BackgroundsInfo",
    "DeleteBackground",
    "DeleteBackgrounds",
    "ListBackgrounds",
    "SetDefaultBackground",
]


@part
class BackgroundImage(Part):
    """A picture to fetch."""

    image_url: Annotated[str, rules.NOT_EMPTY]
    """PNG, at most 10 MB, at least 1920x1080."""
    image_md5: Annotated[str, layouts.MD5]
    """In hex."""


@answer
class BackgroundInfo(AnswerModel):
    """A background of a meeting."""

    background_id: str = ""
    image_md5: str = ""


@answer
class BackgroundsInfo(AnswerModel):
    """The backgrounds of a meeting."""

    background_number: int | None = None
    selected_background_id: str = ""
    """The one in use; empty: black."""
    background_list: tuple[BackgroundInfo, ...] = ()


@mixin
class _OfMeeting(ByOperator):
    meeting_id: MeetingId
    instanceid: Device = Device.PC


@operation
class ListBackgrounds(_OfMeeting, Operation[BackgroundsInfo]):
    """List the backgrounds of a meeting (doc 1095/56334)."""

    spec = Spec("layouts.list_backgrounds", "GET /v1/meetings/{meeting_id}/backgrounds", modes=AK_SK)


@operation
class AddBackgrounds(_OfMeeting, Operation[BackgroundsInfo]):
    """Give a meeting backgrounds, and put one of them in use (doc 1095/56330).

    Own codes: 20013 the address, 20014 the size, 20018 more than 7 in all, 20026 the order.
    """

    spec = Spec(
        "layouts.add_backgrounds",
        "POST /v1/meetings/{meeting_id}/backgrounds",
        repeat=Repeat.UNSAFE,
        modes=AK_SK,
        needs="background_list",
    )

    image_list: Annotated[Collection[BackgroundImage], entries(7, least=1)]
    """At most 7."""
    default_image_order: Annotated[int, at_least(1)] | None = None
    """Which of them is put in use, from 1."""

    checks: ClassVar = (layouts.order_of_an_image,)


@operation
class SetDefaultBackground(ByUser, Operation[None]):
    """Put a background of a meeting in use (doc 1095/56331). Own code: 20019 no such background."""

    spec = Spec("layouts.set_default_background", "PUT /v1/meetings/{meeting_id}/default-backgrounds", modes=AK_SK)

    meeting_id: MeetingId
    selected_background_id: str
    """An empty text: black."""


@operation
class DeleteBackground(ByUser, Operation[None]):
    """Delete a background that is not in use (no page known).

    Known from sources of 2021 and 2022, and in no current official SDK.
    """

    spec = Spec(
        "layouts.delete_background",
        "DELETE /v1/meetings/{meeting_id}/backgrounds/{background_id}?userid&instanceid",
        modes=AK_SK,
    )

    meeting_id: MeetingId
    background_id: Annotated[str, rules.NOT_EMPTY]


@operation
class DeleteBackgrounds(ByUser, Operation[None]):
    """Delete backgrounds that are not in use (no page known).

    Known from sources of 2021 and 2022, and in no current official SDK.
    """

    spec = Spec(
        "layouts.delete_backgrounds",
        "POST /v1/meetings/{meeting_id}/delete-backgrounds",
        repeat=Repeat.SAFE,
        modes=AK_SK,
    )

    meeting_id: MeetingId
    background_id_list: Annotated[Collection[Annotated[str, rules.NOT_EMPTY]], rules.NOT_EMPTY]
