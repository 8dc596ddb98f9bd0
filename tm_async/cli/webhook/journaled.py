"""The journal of `tm-async webhook listen`, read."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import click

from tm_async.core.wire import is_object
from tm_async.errors import UnreadableDelivery
from tm_async.webhooks.delivery import Delivery

__all__ = ["is_journal", "read_journal"]


def is_journal(source: str) -> bool:
    """Whether it is a file of JSON lines, and no inbox. Raises `UsageError` for a file that can't be read."""
    if re.match("[A-Za-z][A-Za-z0-9+.-]+://", source):
        return False
    path = Path(source).expanduser()
    if not path.is_file():
        raise click.UsageError(f"There is no inbox or journal {source}.")
    try:
        with path.open("rb") as file:
            return not file.read(16).startswith(b"SQLite format 3\0")
    except OSError as error:
        raise click.UsageError(f"{source} can't be read: {error.strerror}.") from None


def read_journal(path: Path) -> Iterator[Delivery]:
    """The deliveries in it, in order; what was refused is left out. Raises `UsageError` for a line that is none.

    A last line that was cut off, by the end of the process that wrote it, is left out, too.
    """
    with path.expanduser().open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n"):
                return
            found = _delivery(line)
            if found is None:
                raise click.UsageError(f"{path}: line {number} is not a delivery in a journal of `webhook listen`.")
            if isinstance(found, Delivery):
                yield found


def _delivery(line: bytes) -> Delivery | str | None:
    """A delivery, or why it was refused; `None` for anything else."""
    try:
        value: object = json.loads(line)
        match value:
            case {"refused": str(reason)}:
                return reason
            case {"received": int() | float() as received, "key_name": str(key_name)} if is_object(value):
                return Delivery.parse(json.dumps(value.get("envelope")).encode(), float(received), key_name)
            case _:
                return None
    except (ValueError, RecursionError, UnreadableDelivery):
        return None
