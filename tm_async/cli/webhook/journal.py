"""What came, one JSON line each, as it was decrypted: for looking at later, and for replaying."""

import json
import logging
import os
import time
from pathlib import Path
from typing import Any

from tm_async.webhooks.delivery import Delivery

__all__ = ["Journal"]


class Journal(logging.Handler):
    """Appends to a file that only its owner can read: payloads have people's names, and tokens.

    A delivery is `{"received", "key_name", "encrypted", "key", "envelope"}`; as a handler of the log of
    `tm_async.webhooks` it also gets what was refused: `{"received", "refused"}`. Raises `OSError`.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        number = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._file = os.fdopen(number, "a", encoding="utf-8")

    def accepted(self, delivery: Delivery) -> None:
        """Write a delivery down, to the disk."""
        self._write(
            {
                "received": delivery.received,
                "key_name": delivery.key_name,
                "encrypted": delivery.encrypted,
                "key": delivery.key,
                "envelope": delivery.envelope,
            }
        )

    def emit(self, record: logging.LogRecord) -> None:
        """Write down why a request was refused."""
        reason = getattr(record, "reason", None)
        if reason is not None:
            try:
                self._write({"received": time.time(), "refused": reason})
            except OSError:
                self.handleError(record)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()

    def _write(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())
