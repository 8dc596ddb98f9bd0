"""The roles of the enterprise, and recordings as account-level lists show them."""

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from tm_async.emulator.chapters.users.user import ADMIN_ROLE, NORMAL_ROLE
from tm_async.emulator.kernel.collection import Collection

__all__ = ["Corp", "Role", "Roles"]


@frozen
class Role:
    """A role."""

    role_code: str
    role_name: str
    role_desc: str = ""
    built_in: bool = False


class Roles(Collection[Role]):
    """By code. What is answered for an unknown one is not documented."""

    record = Role
    key, unknown, taken = "role_code", 190004, 190004


def _roles() -> Roles:
    return Roles([Role(ADMIN_ROLE, "管理员", built_in=True), Role(NORMAL_ROLE, "普通成员", built_in=True)])


@frozen
class Corp:
    """What the chapter holds."""

    roles: Roles = field(factory=_roles)
    records: list[Mapping[str, Any]] = field(factory=list[Mapping[str, Any]])
    """Rows of `corp.list_records`, each with its `query_record_type`."""
