"""The users of an enterprise: create, change, disable and delete them, look them up.

A user who was created is not activated, and can't sign in, before the person confirms. A deleted one can be erased, or
handed over, by `delete_and_transfer`. All calls but `get_basic_info` are for AK/SK; creating and changing do not work
where the address book is kept by WeCom.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated, ClassVar

from attrs import field

from tm_async.api.shared import AK_SK, ByOperator, OperatorType, Switch, UserId, type_from
from tm_async.api.users.models import UserCreated, UserInfo, UsersCursorPage, UsersPage
from tm_async.api.users.values import AccountType, LargeMeetingSeats, TransferData, WebinarViewers
from tm_async.core.declare import mixin, operation
from tm_async.core.kinds import kind_of_id
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.paging import Cursor, Numbered, PagedOperation
from tm_async.core.wire import OpenIntEnum, OpenStrEnum, Seconds
from tm_async.rules import NOT_EMPTY, lists, pages, users
from tm_async.rules.limits import characters, entries

__all__ = [
    "CreateUser",
    "DataProcess",
    "DeleteAndTransfer",
    "DeleteUser",
    "DeleteUserByUuid",
    "FilteredLicence",
    "FilteredStatus",
    "GetUser",
    "GetUserByUuid",
    "ListUsers",
    "ListUsersAdvanced",
    "ModifyUser",
    "ModifyUserByUuid",
    "SetUserEnabled",
]


@mixin
class _Described:
    """What is said about a user, new or known."""

    phone: Annotated[str, NOT_EMPTY] | None = None
    """Of an activated user it can't be changed here, only by the person: see `bind_phone`."""
    email: Annotated[str, NOT_EMPTY] | None = None
    """Ignored beside a phone on creation. Of an activated user it can't be changed."""
    job_title: Annotated[str, characters(96)] | None = None
    """At most 96 characters."""
    staff_id: str | None = None
    entry_time: Seconds | None = None
    """When the person joined. The pages say "timestamp", and not of which unit: seconds, as everywhere else."""
    department_list: Annotated[Collection[str], entries(1)] | None = None
    """The id of one department at most."""


@mixin
class _Licensed(_Described):
    """The same, with licences."""

    area: Annotated[str, users.AREA] | None = None
    """Calling code in digits; the gateway's default is 86."""
    user_account_type: AccountType | None = None
    """Which kinds there are depends on the edition: 2.0 takes 2 and 9."""
    add_on_largemeeting: LargeMeetingSeats | None = None
    """Needs a premium licence."""
    add_on_webinar: WebinarViewers | None = None
    """Needs a premium licence."""
    is_voov: Switch | None = None
    """An account of VooV, the international product; default off."""


@operation
class CreateUser(ByOperator, _Licensed, Operation[UserCreated]):
    """Create a user, who is not activated before the person confirms (doc 1095/43675).

    An invitation goes out, unless `auto_invite` is false; see `send_activation`. A userid, phone or e-mail that is
    taken is refused (20002, 41003, 41002): after an unclear answer that means "look the user up". Without a free
    licence of the wanted kind it is refused on editions 2.0.
    """

    spec = Spec(
        "users.create",
        "POST /v1/users",
        repeat=Repeat.UNSAFE,
        modes=AK_SK,
        needs="userid",
        lookup="tm_async.api.users.lookup:created",
    )

    userid: Annotated[UserId, users.NEW_USERID]
    """At most 40 bytes; no Chinese characters, no space, none of `!*'();:@&=+$,/?#[]`."""
    username: str
    phone: Annotated[str, NOT_EMPTY] | None = None
    """Required unless the enterprise opened the log-in by e-mail."""
    auto_invite: bool | None = None
    """Whether the invitation is sent at once, by SMS or e-mail; default true."""

    checks: ClassVar = (users.phone_or_email,)


@operation
class ModifyUser(ByOperator, _Licensed, Operation[None]):
    """Change a user; what is left out stays as it is (doc 1095/43676).

    Refused for users who are deleted or disabled. Another licence must be free; the old one returns to the pool.
    """

    spec = Spec("users.modify", "PUT /v1/users/{userid}", modes=AK_SK, lookup="tm_async.api.users.lookup:modified")

    userid: UserId
    username: str | None = None
    avatar_url: str | None = None


@operation
class SetUserEnabled(ByOperator, Operation[None]):
    """Disable a user, who can't sign in from then on, or enable one again (no page known)."""

    spec = Spec(
        "users.set_enabled", "PUT /v1/users/{userid}/enable", modes=AK_SK, lookup="tm_async.api.users.lookup:enabled"
    )

    userid: UserId
    enable: bool


@operation
class DeleteUser(ByOperator, Operation[None]):
    """Delete a user; what the user owned stays until `delete_and_transfer` (doc 1095/43679).

    The super administrator can't be deleted (20004): the role must be handed over in the console first.
    """

    spec = Spec(
        "users.delete",
        "DELETE /v1/users/{userid}?operator_id&operator_id_type",
        modes=AK_SK,
        lookup="tm_async.api.users.lookup:deleted",
    )

    userid: UserId

    def counts_as_done_again(self, code: int) -> bool:
        """ "No such user" is what the second attempt hears when the first one got through."""
        return code == users.UNKNOWN


class DataProcess(OpenStrEnum):
    """`data_process`: what becomes of the data of a deleted user."""

    ERASE = "1"
    HAND_OVER = "2"


@operation
class DeleteAndTransfer(ByOperator, Operation[None]):
    """Erase the data of a user who is deleted already, or hand it over (doc 1095/104847).

    The gateway's default is to erase, so `data_process` has to be given here. Only past cloud recordings and future
    meetings can be handed over. What a second call does is not documented.
    """

    spec = Spec(
        "users.delete_and_transfer",
        "POST /v1/users/delete-transfer",
        repeat=Repeat.UNSAFE,
        modes=AK_SK,
        lookup="tm_async.api.users.lookup:transferred",
    )

    to_operator_id: UserId
    """The deleted user."""
    to_operator_id_type: Annotated[OperatorType, kind_of_id(1, 2)] = field(default=type_from("to_operator_id"))
    """1 userid, 2 open id; follows from `to_operator_id`."""
    data_process: DataProcess
    receiver_id: UserId | None = None
    """Who gets the data."""
    receiver_id_type: Annotated[OperatorType, kind_of_id(1, 2)] | None = field(default=type_from("receiver_id"))
    """1 userid, 2 open id; follows from `receiver_id`."""
    transfer_data: TransferData | None = None
    """What is handed over; default all."""

    checks: ClassVar = (users.receiver_when_handed_over,)


# --- look up ----------------------------------------------------------------------------------------------------------


@operation
class GetUser(ByOperator, Operation[UserInfo]):
    """Look up a user (doc 1095/43678).

    With OAuth2, which that page excludes and others have, the app's user alone: `userid` and `OpenId(...)` as operator
    are the open id. `get_basic_info` is the call that all sources have for that.
    """

    spec = Spec("users.get", "GET /v1/users/{userid}")

    userid: UserId


@operation
class ListUsers(ByOperator, PagedOperation[UsersPage, UserInfo]):
    """List all users (doc 1095/43678)."""

    spec = Spec("users.list", "GET /v1/users/list", modes=AK_SK)
    paging: ClassVar = Numbered(items="users", last=None, count="total_count", size="page_size")

    page: Annotated[int, pages.PAGE] = 1
    page_size: Annotated[int, lists.page_size(20)] = 20
    """At most 20."""


class FilteredStatus(OpenIntEnum):
    """`status` of the filter: a number, where answers have text."""

    NORMAL = 1
    NOT_ACTIVATED = 3
    DISABLED = 4


class FilteredLicence(OpenIntEnum):
    """`user_account_type` of the filter, which tells these two apart only; `AccountType` has other numbers."""

    PREMIUM = 1
    FREE = 2


@operation
class ListUsersAdvanced(ByOperator, PagedOperation[UsersCursorPage, UserInfo]):
    """List the users that pass some filters (no page known). Not where WeCom keeps the address book."""

    spec = Spec("users.list_advanced", "GET /v1/users/advance/list", modes=AK_SK)
    paging: ClassVar = Cursor(items="users", more="has_remaining", fields=(("pos", "next_pos"),))

    pos: str | None = None
    """Leave it to the paging."""
    size: Annotated[int, lists.page_size(100)] | None = None
    """Users a page, at most 100."""
    status: FilteredStatus | None = None
    user_account_type: FilteredLicence | None = None
    enable_ai_account: bool | None = None
    department_id: Annotated[str, NOT_EMPTY] | None = None


# --- by uuid, which the vendor announced to retire --------------------------------------------------------------------

if TYPE_CHECKING:
    from builtins import str as Uuid
else:
    Uuid = Annotated[str, NOT_EMPTY]


@operation
class GetUserByUuid(ByOperator, Operation[UserInfo]):
    """Look up a user by the platform's own id (no page known). The vendor announced to retire it: use `get`."""

    spec = Spec("users.get_by_uuid", "GET /v1/users", modes=AK_SK)

    uuid: Uuid


@operation
class ModifyUserByUuid(ByOperator, _Described, Operation[None]):
    """Change a user by the platform's own id (no page known). The vendor announced to retire it: use `modify`."""

    spec = Spec("users.modify_by_uuid", "PUT /v1/users?uuid", modes=AK_SK)

    uuid: Uuid
    username: str | None = None
    avatar_url: str | None = None


@operation
class DeleteUserByUuid(ByOperator, Operation[None]):
    """Delete a user by the platform's own id (no page known). The vendor announced to retire it: use `delete`."""

    spec = Spec("users.delete_by_uuid", "DELETE /v1/users?uuid&operator_id&operator_id_type", modes=AK_SK)

    uuid: Uuid

    def counts_as_done_again(self, code: int) -> bool:
        """ "No such user" is what the second attempt hears when the first one got through."""
        return code == users.UNKNOWN
