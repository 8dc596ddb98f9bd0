"""What every database of ours asks of texts and times, before anything is done."""

import re
from typing import Final

from tm_async._util import arguments
from tm_async.errors import ConfigurationError

__all__ = ["KEY_LIMIT", "LONGEST", "check_name", "check_seconds", "check_text"]

KEY_LIMIT: Final = 500
"""Characters that a key, a group, the name of a worker or of a ledger may have at most: databases index them."""

LONGEST: Final = 1e9
"""Seconds of a lease: some thirty years."""
_HALF_A_PAIR: Final = re.compile("[\ud800-\udfff]")


def check_seconds(what: str, seconds: float) -> None:
    """Raises `ConfigurationError`."""
    arguments.check_seconds(what, seconds)
    if seconds > LONGEST:
        raise ConfigurationError(f"{what} must be at most {LONGEST:.0f} seconds; not {seconds}")


def check_name(whose: str, name: str) -> None:
    """Raises `ConfigurationError` for an empty or unusable name."""
    check_text(f"the name of {whose}", name, limit=KEY_LIMIT)
    if not name:
        raise ConfigurationError(f"{whose} needs a name that is not empty")


def check_text(what: str, text: str, *, limit: int | None = None) -> None:
    """NUL has no place in PostgreSQL, half a surrogate pair none in UTF-8. Raises `ConfigurationError`."""
    arguments.check_kind(what, text, str, "text")
    if limit is not None and len(text) > limit:
        raise ConfigurationError(f"{what} has {len(text)} characters, at most {limit} are possible")
    if "\0" in text:
        raise ConfigurationError(f"{what} has a NUL character")
    if not text.isascii() and _HALF_A_PAIR.search(text):
        raise ConfigurationError(f"{what} has half a surrogate pair: it is not Unicode text")
