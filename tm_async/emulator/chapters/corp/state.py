"""The roles of the enterprise."""

from attrs import frozen

from tm_async.emulator.chapters.users.user import ADMIN_ROLE, NORMAL_ROLE
from tm_async.emulator.kernel.collection import Collection

__all__ = ["Role", "Roles", "built_in"]


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


def built_in() -> Roles:
    """The roles that every enterprise has."""
    return Roles([Role(ADMIN_ROLE, "管理员", built_in=True), Role(NORMAL_ROLE, "普通成员", built_in=True)])
