"""Rules of the resources of an enterprise."""

from collections.abc import Iterator
from typing import Any

from tm_async.core.validation import OWN_PAGE
from tm_async.errors import Violation

__all__ = ["users_or_department", "users_when_listed"]


def users_or_department(call: Any) -> Iterator[Violation]:
    """Users or a department: one of the two."""
    if bool(call.userid_list) == (call.department is not None):
        yield Violation(
            "userid_list",
            "users-or-department",
            "give either userid_list or department",
            "userid_list 与 department 必须且只能提供一个",
            page=OWN_PAGE,
        )


def users_when_listed(call: Any) -> Iterator[Violation]:
    """A list of users means nothing where everybody may."""
    if call.type == 0 and call.users:
        yield Violation("users", "users-listed", "has an effect only with type=1", "仅在 type=1 时有效", page=OWN_PAGE)
