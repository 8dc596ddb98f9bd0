"""The roles of an enterprise, and who has which.

For apps that an enterprise built for itself. Users have to be activated and enabled (60002, 60001), and nobody is made
or unmade the super administrator (60003). `NORMAL_ROLE` is the only code that a page shows.
"""

from collections.abc import Collection
from typing import Annotated, ClassVar

from tm_async.api.acting import ByUserId
from tm_async.api.counted import Counted
from tm_async.api.shared import AK_SK, UserId
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, mixin, operation
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.paging import Numbered, PagedOperation
from tm_async.rules import NOT_EMPTY, pages
from tm_async.rules.limits import at_least

__all__ = ["AddRole", "DeleteRole", "ListRoles", "Role", "RolesPage", "SetRole"]


@answer
class Role(AnswerModel):
    """A role."""

    role_code: str = ""
    role_name: str = ""
    role_desc: str = ""
    role_member_nu: int | None = None
    """How many have it. (Spelled so on the wire.)"""


@answer
class RolesPage(Counted):
    """One page of the roles."""

    user_role_list: tuple[Role, ...] = ()


@operation
class ListRoles(ByUserId, PagedOperation[RolesPage, Role]):
    """List the roles (doc 1095/52496).

    The list is that of sources of 2021 and 2022. The current page describes only what this route answers to
    `role_code`, the users of a role, for which there is `list_users`; whether it still lists roles is not documented.
    """

    spec = Spec("corp.list_roles", "GET /v1/corp/user-roles", modes=AK_SK)
    paging: ClassVar = Numbered(items="user_role_list")

    page_size: Annotated[int, at_least(1, page=None)] = 20
    """Rows a page; neither a default nor a bound is documented."""
    page: Annotated[int, pages.PAGE] = 1


@mixin
class _OfUsers:
    operator_userid: UserId
    """Who acts: an administrator with the right to edit users and roles."""
    role_code: Annotated[str, NOT_EMPTY]
    users: Annotated[Collection[UserId], NOT_EMPTY]
    """Their userids; how many at most is not documented."""


@operation
class AddRole(_OfUsers, Operation[None]):
    """Give users a role (doc 1095/59998). Whether they keep the one that they have is not documented."""

    spec = Spec(
        "corp.add_role",
        "POST /v1/corp/user-roles",
        repeat=Repeat.UNSAFE,
        modes=AK_SK,
        lookup="tm_async.api.corp.lookup:given",
    )


@operation
class SetRole(_OfUsers, Operation[None]):
    """Change the role of users to another one (doc 1095/60000)."""

    spec = Spec("corp.set_role", "PUT /v1/corp/user-roles", modes=AK_SK, lookup="tm_async.api.corp.lookup:given")


@operation
class DeleteRole(Operation[None]):
    """Delete a role that the enterprise made; built-in ones stay (no page known).

    Known from sources of 2021 and 2022, and in no current official SDK. What becomes of those who have it is not
    documented.
    """

    spec = Spec("corp.delete_role", "DELETE /v1/corp/user-roles?operator_userid&role_code", modes=AK_SK)

    operator_userid: UserId
    """Who acts: an administrator with the right to edit roles."""
    role_code: Annotated[str, NOT_EMPTY]
