"""What an inbox is called in messages, and its errors."""

from types import TracebackType
from typing import Final

from tm_async.errors import InboxError, InboxUnavailable
from tm_async.storage.kind import Kind

__all__ = ["FORMAT", "INBOX", "refusing"]

INBOX: Final = Kind("an", "inbox", "events", InboxError, InboxUnavailable)
FORMAT: Final = 1
"""The number of the format of tables and keys, in every database."""


class refusing:  # noqa: N801 - used as a function
    """An event that can't be stored is to be refused, whatever the reason: the platform sends it again."""

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, InboxError) and not isinstance(error, InboxUnavailable):
            raise InboxUnavailable(str(error)) from error
