"""What is said of an operation's id that is none."""

from collections.abc import Iterable

from tm_async._util.near import did_you_mean

__all__ = ["not_in_the_catalogue"]


def not_in_the_catalogue(operation: object, known: Iterable[str]) -> str:
    """The problem, with ids that are close."""
    close = did_you_mean(operation, known) if isinstance(operation, str) else ""
    return f"{operation!r} is not in the catalogue{close}"
