"""What is said of an operation's id that is none."""

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["not_in_the_catalogue"]


def not_in_the_catalogue(operation: object, known: Iterable[str]) -> str:
    """The problem, with ids that are close."""
    close = " / ".join(get_close_matches(operation, known, n=3)) if isinstance(operation, str) else ""
    return f"{operation!r} is not in the catalogue" + (f"; did you mean {close}?" if close else "")
