"""What layouts of H.323 and SIP devices are made of."""

from collections.abc import Collection
from typing import Annotated, ClassVar

from tm_async import rules
from tm_async.api.layouts.basic import GridType
from tm_async.api.shared import Device, UserId
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import Part, answer, part
from tm_async.core.wire import Base64Text, OpenIntEnum
from tm_async.rules import layouts
from tm_async.rules.limits import between, needed_with, only_with

__all__ = [
    "AdvancedLayoutInfo",
    "AdvancedLayoutsInfo",
    "AdvancedPage",
    "AdvancedPageInfo",
    "AdvancedSeat",
    "AdvancedSeatInfo",
    "AppliedLayout",
    "IntervalUnit",
    "LayoutKind",
    "LayoutTarget",
    "NewAdvancedLayout",
    "Polling",
    "PollingInfo",
    "SeatUser",
    "SeatUserInfo",
    "VideoType",
]


class VideoType(OpenIntEnum):
    """`video_type`: whose video a cell shows."""

    SPEAKER = 1
    ANYBODY = 2
    """Filled by itself."""
    NAMED = 3
    """Those in `user_list`."""


class IntervalUnit(OpenIntEnum):
    """`polling_interval_unit`."""

    SECOND = 1
    MINUTE = 2


class LayoutKind(OpenIntEnum):
    """`layout_type`."""

    DEFAULT = 0
    BASIC = 1
    ADVANCED = 2
    PERSONAL = 3


@part
class SeatUser(Part):
    """Somebody in a cell."""

    userid: UserId | None = None
    ms_open_id: Annotated[str, rules.NOT_EMPTY] | None = None
    username: Base64Text | None = None
    """Base64 on the wire."""

    checks: ClassVar = (layouts.somebody_sits,)


@part
class AdvancedSeat(Part):
    """A cell of a page."""

    grid_id: Annotated[str, rules.NOT_EMPTY]
    """Which cell: the template's picture shows their ids."""
    grid_type: GridType = GridType.VIDEO
    """1 or 2."""
    video_type: VideoType | None = None
    user_list: Collection[SeatUser] | None = None
    """With video_type 3; one, unless the page takes turns."""

    checks: ClassVar = (
        layouts.no_app,
        only_with("user_list", "video_type", 3),
        needed_with("user_list", "video_type", 3),
    )


@part
class Polling(Part):
    """How people take turns in the cells of a page."""

    polling_interval: Annotated[int, between(1, 999_999)]
    """1 to 999,999, in units of `polling_interval_unit`."""
    polling_interval_unit: IntervalUnit = IntervalUnit.SECOND
    ignore_user_novideo: bool = False
    """Pass over those without video."""
    ignore_user_absence: bool = False
    """Pass over those who are not there."""


@part
class AdvancedPage(Part):
    """A page of a layout."""

    layout_template_id: Annotated[str, rules.NOT_EMPTY]
    """From `list_templates`."""
    user_seat_list: Collection[AdvancedSeat]
    enable_polling: bool | None = None
    """Whether people take turns in its cells."""
    polling_setting: Polling | None = None

    checks: ClassVar = (
        layouts.a_cell_once,
        layouts.one_a_cell,
        only_with("polling_setting", "enable_polling", True),
        needed_with("polling_setting", "enable_polling", True),
    )


@part
class NewAdvancedLayout(Part):
    """A layout of one page or several."""

    layout_name: str | None = None
    page_list: Annotated[Collection[AdvancedPage], rules.NOT_EMPTY]


@part
class LayoutTarget(Part):
    """A device of somebody in the meeting."""

    ms_open_id: Annotated[str, rules.NOT_EMPTY]
    instanceid: Annotated[Device, layouts.DEVICE]


@answer
class SeatUserInfo(AnswerModel):
    """Somebody in a cell, in an answer."""

    userid: str | None = None
    ms_open_id: str | None = None
    username: Base64Text | None = None


@answer
class AdvancedSeatInfo(AnswerModel):
    """A cell of a page in an answer."""

    grid_id: str = ""
    grid_type: GridType | None = None
    video_type: VideoType | None = None
    user_list: tuple[SeatUserInfo, ...] = ()


@answer
class PollingInfo(AnswerModel):
    """How people take turns, in an answer."""

    polling_interval: int | None = None
    polling_interval_unit: IntervalUnit | None = None
    ignore_user_novideo: bool | None = None
    ignore_user_absence: bool | None = None


@answer
class AdvancedPageInfo(AnswerModel):
    """A page of a layout in an answer."""

    layout_template_id: str = ""
    enable_polling: bool | None = None
    polling_setting: PollingInfo | None = None
    user_seat_list: tuple[AdvancedSeatInfo, ...] = ()


@answer
class AdvancedLayoutInfo(AnswerModel):
    """A layout of devices."""

    layout_id: str = ""
    layout_name: str = ""
    layout_type: LayoutKind | None = None
    page_list: tuple[AdvancedPageInfo, ...] = ()


@answer
class AdvancedLayoutsInfo(AnswerModel):
    """The layouts of devices in a meeting."""

    selected_layout_id: str = ""
    """The one in use for the whole meeting; empty: none is."""
    layout_list: tuple[AdvancedLayoutInfo, ...] = ()


@answer
class AppliedLayout(AnswerModel):
    """The layout that somebody sees."""

    selected_layout_id: str = ""
    layout_name: str = ""
    layout_type: LayoutKind | None = None
    page_list: tuple[AdvancedPageInfo, ...] = ()
