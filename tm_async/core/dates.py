"""Moments in the headers of HTTP."""

import re
from datetime import UTC, datetime

__all__ = ["read_date"]

_USUAL = re.compile(r"[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT", re.ASCII)
"""What every server writes (RFC 9110, IMF-fixdate)."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def read_date(text: str) -> datetime:
    """The moment that `Date` or `Retry-After` names; naive where it names no zone, or `-0000`.

    The usual form is read here, any other by Python's package for mail, which is loaded for that. Raises `ValueError`
    or `TypeError` for what is no date.
    """
    found = _USUAL.fullmatch(text)
    if found is not None and found[2] in _MONTHS:
        day, year, hour, minute, second = map(int, found.group(1, 3, 4, 5, 6))
        return datetime(year, _MONTHS.index(found[2]) + 1, day, hour, minute, second, tzinfo=UTC)
    from email.utils import parsedate_to_datetime

    return parsedate_to_datetime(text)
