"""The departments of an enterprise: a tree, whose users are listed by department.

Everybody here is asked on behalf of `userid`, an administrator with the right for departments.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated, ClassVar

from tm_async.api.shared import AK_SK, UserId
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, operation
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.paging import Numbered, PagedOperation
from tm_async.core.wire import Named, OpenIntEnum
from tm_async.rules import NOT_EMPTY, lists, pages
from tm_async.rules.limits import characters

__all__ = [
    "CreateDepartment",
    "Department",
    "DepartmentUser",
    "DepartmentUserStatus",
    "DepartmentUsersPage",
    "DepartmentsPage",
    "GetDepartment",
    "ListDepartmentUsers",
    "ListDepartments",
    "ModifyDepartment",
    "RemoveDepartments",
]

if TYPE_CHECKING:
    from builtins import str as DepartmentId
    from builtins import str as DepartmentName
else:
    DepartmentId = Annotated[str, Named("departmentId"), NOT_EMPTY]
    DepartmentName = Annotated[str, characters(50, least=1)]

_MISSING = (20000, 10013)
"""No such department, as other calls say it (doc 1095/60805)."""


@answer
class Department(AnswerModel):
    """A department."""

    department_id: str = ""
    department_name: str = ""
    department_full_name: str = ""
    """The whole path."""
    parent_department_id: str | None = None
    is_main_department: bool | None = None
    """Whether it stands at the top."""
    user_count: int | None = None
    """Its own members, those of departments below not counted."""


@operation
class CreateDepartment(Operation[Department]):
    """Create a department (doc 1095/60794).

    A name that is taken is refused (20004, which means something else for users).
    """

    spec = Spec("departments.create", "POST /v1/departments", repeat=Repeat.UNSAFE, modes=AK_SK, needs="department_id")

    userid: UserId
    department_name: DepartmentName
    """1 to 50 characters (32 in 2021)."""
    parent_department_id: Annotated[str, NOT_EMPTY] | None = None
    """Left out, it stands at the top."""


@operation
class GetDepartment(Operation[Department]):
    """Look up a department (doc 1095/60807)."""

    spec = Spec("departments.get", "GET /v1/departments/{departmentId}", modes=AK_SK)

    department_id: DepartmentId
    userid: UserId


@operation
class ModifyDepartment(Operation[Department]):
    """Give a department another name and place (doc 1095/60805). Both are always given."""

    spec = Spec("departments.modify", "PUT /v1/departments/{departmentId}", modes=AK_SK)

    department_id: DepartmentId
    userid: UserId
    department_name: DepartmentName
    """1 to 50 characters (32 in 2021)."""
    parent_department_id: Annotated[str, NOT_EMPTY]
    """`0`: at the top."""


@operation
class RemoveDepartments(Operation[None]):
    """Remove departments (no page known).

    Refused for those with members, or with departments below. Known from sources of 2021 and 2022, and in no current
    official SDK.
    """

    spec = Spec("departments.remove", "POST /v1/departments/remove", repeat=Repeat.SAFE, modes=AK_SK)

    userid: UserId
    department_list: Annotated[Collection[Annotated[str, NOT_EMPTY]], NOT_EMPTY]
    """Their ids."""

    def counts_as_done_again(self, code: int) -> bool:
        """Whether it is gone already; of several, another one may be what is missing."""
        return code in _MISSING and len(self.department_list) == 1


@answer
class DepartmentsPage(AnswerModel):
    """One page of departments."""

    department_list: tuple[Department, ...] = ()
    total_page: int | None = None
    total_count: int | None = None
    current_page: int | None = None
    current_size: int | None = None


@operation
class ListDepartments(PagedOperation[DepartmentsPage, Department]):
    """List all departments, those at the top, or those below one (doc 1095/60808)."""

    spec = Spec("departments.list", "GET /v1/departments", modes=AK_SK)
    paging: ClassVar = Numbered(items="department_list")

    userid: UserId
    department_id: Annotated[str, NOT_EMPTY] | None = None
    """Left out: all. `0`: those at the top. Another: those directly below it."""
    page: Annotated[int, pages.PAGE] | None = None
    page_size: Annotated[int, lists.page_size(20)] | None = None
    """At most 20, which is the gateway's default."""


class DepartmentUserStatus(OpenIntEnum):
    """`status` of a user in this list: numbers for `UserStatus`' text."""

    NORMAL = 1
    DELETED = 2
    NOT_ACTIVATED = 3
    DISABLED = 4


@answer
class DepartmentUser(AnswerModel):
    """A member of a department."""

    userid: str = ""
    user_name: str = ""
    uuid: str = ""
    area: str = ""
    phone: str = ""
    email: str = ""
    status: DepartmentUserStatus | None = None
    role_code: str | None = None
    role_name: str | None = None
    staff_id: str | None = None
    job_title: str | None = None
    entry_time: str | None = None
    department_id: str | None = None
    department_name: str | None = None


@answer
class DepartmentUsersPage(AnswerModel):
    """One page of a department's members."""

    users: tuple[DepartmentUser, ...] = ()
    total_page: int | None = None
    total_count: int | None = None
    current_page: int | None = None
    current_size: int | None = None


@operation
class ListDepartmentUsers(PagedOperation[DepartmentUsersPage, DepartmentUser]):
    """List the members of a department (no page known).

    Known from sources of 2021 and 2022, and in no current official SDK.
    """

    spec = Spec("departments.list_users", "GET /v1/departments/{departmentId}/users", modes=AK_SK)
    paging: ClassVar = Numbered(items="users")

    department_id: DepartmentId
    userid: UserId
    page: Annotated[int, pages.PAGE] | None = None
    page_size: Annotated[int, lists.page_size(20)] | None = None
    """At most 20, which is the gateway's default."""
