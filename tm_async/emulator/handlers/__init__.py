"""What the emulated operations do, one module per chapter of the vendor's documentation."""

from collections.abc import Callable, Mapping

from tm_async.emulator.context import Answer, Call
from tm_async.emulator.handlers import meetings, users

__all__ = ["HANDLERS"]

HANDLERS: Mapping[str, Callable[[Call], Answer]] = {**meetings.HANDLERS, **users.HANDLERS}
"""By id in the catalogue. Every other documented operation is answered with 200004."""
