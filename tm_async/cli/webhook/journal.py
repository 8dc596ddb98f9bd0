"""What came, one JSON line each, as it was decrypted: for looking at later, and for replaying."""

import json
import logging
import os
import stat
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from attrs import field, frozen

from tm_async.cli.private_file import open_private
from tm_async.cli.reading.problem import FileProblem
from tm_async.cli.words import spoken
from tm_async.webhooks.delivery import Delivery

__all__ = ["Journal", "Journaled", "is_journal", "read_journal"]

_BEGIN = b'{"received":'
_PIECE = 64 * 1024


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
                found = _entry(line)
            except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
                text = "{file}, line {line}: not a line of a journal"
                raise FileProblem(spoken(text, file=path.name, line=number)) from None
            if found is not None:
                yield found


def _entry(line: bytes) -> Journaled | None:
    """The delivery; nothing, if it was refused."""
    entry: Any = json.loads(line)
    if "refused" in entry:
        return None
    envelope, received, key = entry["envelope"], float(entry["received"]), entry["key"]
    if not isinstance(key, str) or not isinstance(envelope["event"], str):
        raise TypeError
    datetime.fromtimestamp(received, UTC)  # it has to be a time
    return Journaled(envelope["event"], received, key, json.dumps(envelope, ensure_ascii=True).encode())


class Journal(logging.Handler):
    """Appends to a file that only its owner can read: payloads have people's names, and tokens.

    One that was there becomes private; a symbolic link is not followed. A delivery is `{"received", "key_name",
    "encrypted", "key", "envelope"}`; as a handler of the log of `tm_async.webhooks` it also gets what was refused:
    `{"received", "refused"}`. Raises `OSError`.
    """

    def __init__(self, path: Path) -> None:
        self._file = open_private(path, append=True)
        _end_line(self._file)
        super().__init__()  # from here on `logging` closes it, at the latest when the program ends

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
        self._file.write(f"{json.dumps(line)}\n".encode())
        self._file.flush()


def _end_line(file: BinaryIO) -> None:
    """Cut off what a listener wrote of its last line that was killed meanwhile: it has not acknowledged that."""
    number, tail = file.fileno(), b""
    found = os.fstat(number)
    start = found.st_size if stat.S_ISREG(found.st_mode) else 0
    while start and b"\n" not in tail:
        length = min(start, _PIECE)
        start -= length
        os.lseek(number, start, os.SEEK_SET)
        tail = os.read(number, length) + tail
    half = tail[tail.rfind(b"\n") + 1 :]
    if half.startswith(_BEGIN) or (half and _BEGIN.startswith(half)):
        os.truncate(number, start + len(tail) - len(half))
    elif half:  # somebody else's
        file.write(b"\n")
