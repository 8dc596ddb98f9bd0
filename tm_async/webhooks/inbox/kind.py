"""What an inbox is called in messages, and its errors."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from tm_async.errors import InboxError, InboxUnavailable
from tm_async.storage.kind import Kind

__all__ = ["FORMAT", "INBOX", "refusing"]

INBOX: Final = Kind("an", "inbox", "events", InboxError, InboxUnavailable)
FORMAT: Final = 1
"""The number of the format of tables and keys, in every database."""


@contextmanager
def refusing() -> Generator[None, None, None]:
    """An event that can't be stored is to be refused, whatever the reason: the platform sends it again."""
    try:
        yield
    except InboxUnavailable:
        raise
    except InboxError as error:
        raise InboxUnavailable(str(error)) from error
