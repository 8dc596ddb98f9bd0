"""The resources of an enterprise, and which members may use them.

Everybody here is asked on behalf of `operator_userid`, a registered user with the right for resources. All of it is for
the enterprise edition, some of it for business and education, too (190440, 190439 otherwise). The calls about large
meetings are missing from the vendor's current index: the add-ons of `tm.users.create` and `modify` replaced them.
"""

from collections.abc import Collection
from typing import Annotated, ClassVar

from tm_async.api.counted import Counted
from tm_async.api.shared import AK_SK, UserId
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import Part, answer, mixin, operation, part
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.paging import Numbered, PagedOperation
from tm_async.core.validation import Check
from tm_async.core.wire import OpenIntEnum, OpenStrEnum
from tm_async.rules import NOT_EMPTY, lists, pages, resources
from tm_async.rules.limits import at_least, entries

__all__ = [
    "Booker",
    "BookersPage",
    "ForWhom",
    "LargeMeetingGrant",
    "LargeMeetingQuota",
    "LargeMeetingSize",
    "LargeMeetingUser",
    "LargeMeetingUserRow",
    "LargeMeetingUsersPage",
    "ListBookers",
    "ListLargeMeetingUsers",
    "ListVirtualRoomUsers",
    "MayStart",
    "Network",
    "RemoveBookers",
    "RemoveLargeMeetingUsers",
    "RemoveVirtualRoomUsers",
    "SearchedFor",
    "SetBookers",
    "SetLargeMeetingUsers",
    "SetVirtualRoomUsers",
    "VirtualRoomQuota",
    "VirtualRoomUser",
    "VirtualRoomUserRow",
    "VirtualRoomUsersPage",
]


@mixin
class _ByAdministrator:
    operator_userid: UserId
    """Who acts: a user with the right for resources."""


@mixin
class _Listing(_ByAdministrator):
    page: Annotated[int, pages.PAGE] | None = None
    page_size: Annotated[int, lists.page_size(20)] | None = None
    """At most 20, which is the gateway's default."""


@mixin
class _OneOf(_Listing):
    userid: UserId | None = None
    user_name: str | None = None


@mixin
class _Removal(_ByAdministrator):
    """Users, or a department."""

    userid_list: Annotated[Collection[UserId], entries(40)] | None = None
    """At most 40."""
    department: Annotated[str, NOT_EMPTY] | None = None
    """The id of a department, instead."""

    checks: ClassVar[tuple[Check, ...]] = (resources.users_or_department,)


class MayStart(OpenIntEnum):
    """`..._status`: whether the user may start such meetings."""

    YES = 1
    NO = 2


# --- who may start meetings -------------------------------------------------------------------------------------------


class Network(OpenIntEnum):
    """`media_set_type`: which network meetings are of."""

    PUBLIC = 0
    """The gateway's default."""
    PRIVATE = 1
    """Hybrid cloud; refused where the enterprise has none."""


class SearchedFor(OpenStrEnum):
    """`search_types`: what is listed."""

    USERS = "1"
    """The gateway's default."""
    DEPARTMENTS = "2"
    BOTH = "1,2"


class ForWhom(OpenIntEnum):
    """`type`: who may start meetings."""

    EVERYBODY = 0
    LISTED = 1


@answer
class Booker(AnswerModel):
    """A user who may start meetings, or a department whose members may; the members of the other are empty."""

    userid: str = ""
    user_name: str = ""
    phone: str = ""
    department_id: str = ""
    department_name: str = ""


@answer
class BookersPage(Counted):
    """One page of who may start meetings."""

    authorized_users: tuple[Booker, ...] = ()
    authorized_departments: tuple[Booker, ...] = ()

    @property
    def rows(self) -> tuple[Booker, ...]:
        """Users, then departments."""
        return (*self.authorized_users, *self.authorized_departments)


@operation
class ListBookers(_Listing, PagedOperation[BookersPage, Booker]):
    """List who may start meetings: users, departments, or both (doc 1095/56802)."""

    spec = Spec("corp_resources.list_bookers", "GET /v1/corp-resource/book-meeting/authorized-users", modes=AK_SK)
    paging: ClassVar = Numbered(items="rows")

    media_set_type: Network | None = None
    search_types: SearchedFor | None = None


@operation
class SetBookers(_ByAdministrator, Operation[None]):
    """Let everybody start meetings, or listed users only (doc 1095/56788). Those given are added to the list."""

    spec = Spec(
        "corp_resources.set_bookers",
        "POST /v1/corp-resource/book-meeting/authorized-users",
        repeat=Repeat.SAFE,
        modes=AK_SK,
    )

    type: ForWhom
    users: Collection[UserId] | None = None
    """Their userids, with `ForWhom.LISTED` only; yet the page's own example has them with 0."""


@operation
class RemoveBookers(_Removal, Operation[None]):
    """Take users, or a department, from the list of who may start meetings (doc 1095/56805).

    Refused while everybody may (190435).
    """

    spec = Spec(
        "corp_resources.remove_bookers",
        "POST /v1/corp-resource/book-meeting/authorized-users/remove",
        repeat=Repeat.SAFE,
        modes=AK_SK,
    )

    media_set_type: Network | None = None


# --- large meetings ---------------------------------------------------------------------------------------------------


class LargeMeetingSize(OpenIntEnum):
    """`large_meeting_type`: seats."""

    SEATS_500 = 500
    SEATS_1000 = 1000
    SEATS_2000 = 2000


@answer
class LargeMeetingQuota(AnswerModel):
    """Large meetings of one size."""

    large_meeting_type: LargeMeetingSize | None = None
    large_meeting_total: int | None = None
    """Bought."""
    large_meeting_left: int | None = None


@answer
class LargeMeetingGrant(AnswerModel):
    """One size that a user has."""

    large_meeting_type: LargeMeetingSize | None = None
    large_meeting_status: MayStart | None = None


@answer
class LargeMeetingUserRow(AnswerModel):
    """A user with the sizes that the user has."""

    userid: str = ""
    user_name: str = ""
    authorized_meeting_list: tuple[LargeMeetingGrant, ...] = ()


@answer
class LargeMeetingUsersPage(Counted):
    """One page of who may start large meetings, with what there is of them."""

    large_meeting_users: tuple[LargeMeetingUserRow, ...] = ()
    large_meeting_info_list: tuple[LargeMeetingQuota, ...] = ()


@part
class LargeMeetingUser(Part):
    """A user and a size."""

    userid: UserId
    large_meeting_type: LargeMeetingSize


@mixin
class _LargeMeetings(_ByAdministrator):
    large_meeting_users: Annotated[Collection[LargeMeetingUser], NOT_EMPTY]
    """How many at most is not documented."""


_LARGE = "/v1/corp-resource/book-large-meeting/authorized-users"


@operation
class ListLargeMeetingUsers(_OneOf, PagedOperation[LargeMeetingUsersPage, LargeMeetingUserRow]):
    """List who may start large meetings (no page known). Known from sources of 2021 and 2022."""

    spec = Spec("corp_resources.list_large_meeting_users", f"GET {_LARGE}", modes=AK_SK)
    paging: ClassVar = Numbered(items="large_meeting_users")


@operation
class SetLargeMeetingUsers(_LargeMeetings, Operation[None]):
    """Let users start large meetings, in the place of what they had (no page known).

    Known from sources of 2021 and 2022.
    """

    spec = Spec("corp_resources.set_large_meeting_users", f"POST {_LARGE}", repeat=Repeat.SAFE, modes=AK_SK)


@operation
class RemoveLargeMeetingUsers(_LargeMeetings, Operation[None]):
    """Take large meetings from users (no page known). Known from sources of 2021 and 2022."""

    spec = Spec("corp_resources.remove_large_meeting_users", f"POST {_LARGE}/remove", repeat=Repeat.SAFE, modes=AK_SK)


# --- virtual rooms ----------------------------------------------------------------------------------------------------


@answer
class VirtualRoomQuota(AnswerModel):
    """The virtual rooms that were bought."""

    meeting_room_total: int | None = None
    meeting_room_reserved: int | None = None
    meeting_room_users_count: int | None = None
    """How many users have some."""
    meeting_room_left: int | None = None


@answer
class VirtualRoomUserRow(AnswerModel):
    """A user with reserved virtual rooms."""

    userid: str = ""
    user_name: str = ""
    meeting_room_count: int | None = None
    """Reserved for the user."""
    meeting_room_status: MayStart | None = None


@answer
class VirtualRoomUsersPage(Counted):
    """One page of who has reserved virtual rooms, with what there is of them."""

    meeting_room_users: tuple[VirtualRoomUserRow, ...] = ()
    meeting_room_info_list: tuple[VirtualRoomQuota, ...] = ()


@part
class VirtualRoomUser(Part):
    """A user and a number of rooms."""

    userid: UserId
    meeting_room_num: Annotated[int, at_least(0, page=None)]


_ROOMS = "/v1/corp-resource/reserve-virtual-meeting-room/authorized-users"


@operation
class ListVirtualRoomUsers(_OneOf, PagedOperation[VirtualRoomUsersPage, VirtualRoomUserRow]):
    """List who has reserved virtual rooms (no page known). Known from sources of 2021 and 2022."""

    spec = Spec("corp_resources.list_virtual_room_users", f"GET {_ROOMS}", modes=AK_SK)
    paging: ClassVar = Numbered(items="meeting_room_users")


@operation
class SetVirtualRoomUsers(_ByAdministrator, Operation[None]):
    """Reserve virtual rooms for users, in the place of what they had (no page known).

    Known from sources of 2021 and 2022.
    """

    spec = Spec("corp_resources.set_virtual_room_users", f"POST {_ROOMS}", repeat=Repeat.SAFE, modes=AK_SK)

    meeting_room_users: Annotated[Collection[VirtualRoomUser], NOT_EMPTY]
    """How many at most is not documented."""


@operation
class RemoveVirtualRoomUsers(_Removal, Operation[None]):
    """Take reserved virtual rooms from users, or from a department (doc 1095/56809)."""

    spec = Spec("corp_resources.remove_virtual_room_users", f"POST {_ROOMS}/remove", repeat=Repeat.SAFE, modes=AK_SK)

    resource_type: int | None = None
    """The size of the rooms, such as 300 or 500; left out, rooms of every size."""
