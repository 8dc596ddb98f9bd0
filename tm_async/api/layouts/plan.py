"""A layout by its seats: who is where on which page, and what became of it."""

from collections.abc import Collection, Mapping, Sequence

from tm_async._util.values import frozen
from tm_async.api.control.people import Missed, Who
from tm_async.api.layouts.advanced_models import Polling, VideoType
from tm_async.api.layouts.basic import GridType

__all__ = ["AppSeat", "Arranged", "Difference", "SeatPage", "Seated"]


@frozen
class AppSeat:
    """A seat for an extension app; one a page, and none on devices."""

    tool_sdkid: str
    """The app: bound to the meeting, and with a web service that is on."""


Seated = Who | AppSeat | GridType | VideoType | Collection[Who] | None
"""What a seat shows: a person, `AppSeat("...")`, `GridType.SHARED_SCREEN`, or `None`: the meeting fills it. On devices
`VideoType.SPEAKER` and `VideoType.ANYBODY`, too, and several people who take turns."""


@frozen
class SeatPage:
    """A page of a layout, by its seats."""

    seats: Sequence[Seated] | Mapping[str, Seated]
    """In the order of the template's cells, or by the ids of the cells: `{"3": "alice"}`."""
    template: str | None = None
    """Its id. Left out, it is the template with the fewest cells that has those of this page."""
    turns: Polling | None = None
    """How people take turns in the seats, on devices only."""


@frozen
class Difference:
    """Something of a plan that the meeting shows in another way."""

    page: int | None
    """Of the plan, from 0; `None`: the layout as a whole."""
    cell: str | None
    """`None`: the page as a whole."""
    wanted: str
    found: str

    def __str__(self) -> str:
        where = [f"page {self.page}"] * (self.page is not None) + [f"cell {self.cell}"] * (self.cell is not None)
        return f"{', '.join(where) or 'layout'}: {self.wanted} is wanted, {self.found} is there"


@frozen
class Arranged:
    """What became of a plan. True where nobody was missed and the meeting shows it as it was planned."""

    layout_id: str
    changed: bool
    """Whether something was changed; the same plan once more changes nothing."""
    missed: tuple[Missed, ...] = ()
    """Those without a seat, which the meeting fills then."""
    differences: tuple[Difference, ...] = ()
    """What was read back afterwards and is not as planned."""

    def __bool__(self) -> bool:
        return not self.missed and not self.differences
