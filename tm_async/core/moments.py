"""How moments lie to each other, and what they are in seconds. Every call asks: `datetime.timestamp` costs too much."""

from datetime import UTC, datetime

__all__ = ["earlier", "instant", "seconds"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def seconds(moment: datetime) -> int:
    """Whole UNIX seconds, as the wire has them. Raises `TypeError` for a naive moment."""
    since = moment - _EPOCH
    return since.days * 86_400 + since.seconds


def instant(moment: datetime) -> float:
    """A moment to compare with others: wall clocks of one zone compare wrongly where they are set back.

    Raises `ValueError` for a naive one, which is a violation of its own.
    """
    if moment.tzinfo is None:
        raise ValueError("has no time zone")
    return moment.timestamp()


def earlier(first: datetime, second: datetime) -> bool:
    """Whether `first` comes before `second`, whatever their zones' clocks do. Raises like `instant`."""
    offset = first.utcoffset()
    if offset is not None and offset == second.utcoffset():
        return first < second  # what wall clocks say is right as long as they are not set
    return instant(first) < instant(second)
