"""What a ledger is called in messages, and its errors."""

from typing import Final

from tm_async.errors import LedgerError, LedgerUnavailable
from tm_async.storage.kind import Kind

__all__ = ["LEDGER"]

LEDGER: Final = Kind("a", "ledger", "passwords of meetings", LedgerError, LedgerUnavailable)
