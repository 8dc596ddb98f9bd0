"""Rules of a meeting's virtual background."""

from collections.abc import Iterator
from typing import Any

from tm_async.errors import Violation

__all__ = ["users_are_chosen"]


def users_are_chosen(background: Any) -> Iterator[Violation]:
    """`type` 1 and a list of users go together: one without the other can't be meant. The pages do not say so."""
    if background.users and background.type != 1:
        yield Violation("type", "chosen-users", "must be 1 (or left out) with users", "设置 users 时应为 1（或省略）")
    if not background.users and background.type == 1:
        yield Violation("users", "chosen-users", "is required with type=1", "type=1 时必填")
