"""Rules of the resources of an enterprise."""

from collections.abc import Iterator
from typing import Any

from tm_async.core.validation import OWN_PAGE
from tm_async.errors import Violation

__all__ = ["users_or_department"]


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
