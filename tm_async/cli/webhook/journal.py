"""What came, one JSON line each, as it was decrypted: for looking at later, and for replaying."""

import json
import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import field, frozen

from tm_async.cli.reading.problem import FileProblem
from tm_async.cli.words import spoken
from tm_async.webhooks.delivery import Delivery

__all__ = ["Journal", "Journaled", "is_journal", "read_journal"]

_BEGIN = b'{"received":'


@frozen
class Journaled:
    """A delivery in a journal."""

    event: str
    received: float
    """UNIX seconds."""
    key: str
    """The delivery's content key."""
    body: bytes = field(repr=False)
    """The envelope as JSON."""


def is_journal(source: str) -> bool:
    """Whether it is the path of a file that begins like a journal."""
    try:
        with Path(source).open("rb") as file:
            return file.read(len(_BEGIN)) == _BEGIN
    except (OSError, ValueError):
        return False


def read_journal(path: Path) -> Iterator[Journaled]:
    """Its deliveries in order, without what was refused. Raises `FileProblem` for a line that is none of it."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n"):
                return  # the last line of a listener that was killed
            try:
                entry: Any = json.loads(line)
                if "refused" not in entry:
                    envelope = entry["envelope"]
                    body = json.dumps(envelope, ensure_ascii=True).encode()
                    yield Journaled(envelope["event"], float(entry["received"]), entry["key"], body)
            except (ValueError, KeyError, TypeError):
                text = "{file}, line {line}: not a line of a journal"
                raise FileProblem(spoken(text, file=path.name, line=number)) from None


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
        os.fsync(self._file.fileno())

    def emit(self, record: logging.LogRecord) -> None:
        """Write down why a request was refused. Not to the disk: anybody could keep it busy."""
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
