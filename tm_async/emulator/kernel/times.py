"""The vendor's clock is China's: days begin there at its midnight."""

from datetime import date, datetime, timedelta, timezone

__all__ = ["CHINA", "FARTHEST", "day_of"]

FARTHEST = 10**9
"""Seconds from now, some thirty years: beyond that, times no longer fit the wire."""

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")


def day_of(seconds: float) -> date:
    """The day of a time. That limits per day go by calendar days is not documented."""
    return datetime.fromtimestamp(seconds, CHINA).date()
