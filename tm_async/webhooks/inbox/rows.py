"""A task as a row of an SQL database."""

from collections.abc import Sequence
from typing import Any, Final

from tm_async.errors import InboxError
from tm_async.webhooks.inbox.protocol import State, Task

__all__ = ["task_of"]

_MEMBERS: Final = (
    *("number", "key", "delivery", "place", "event", "subject", "happened", "handler", "state", "claims", "attempts"),
    *("due", "worker", "error", "received", "key_name", "body"),
)


def task_of(row: Sequence[Any], **changes: Any) -> Task:
    """The task in a row of these columns. Raises `InboxError` for a damaged one."""
    found: dict[str, Any] = dict(zip(_MEMBERS, row, strict=True)) | changes
    if found["state"] not in set(State):
        raise InboxError(f"the state of event {found['key']!r} is damaged: {found['state']!r}")
    found["state"] = State(found["state"])
    return Task(**found)
