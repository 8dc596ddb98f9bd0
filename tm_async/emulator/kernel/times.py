"""The vendor's clock is China's: days begin there at its midnight."""

from datetime import date, datetime, timedelta, timezone

__all__ = ["CHINA", "day_of"]

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")


def day_of(seconds: float) -> date:
    """The day of a time. That limits per day go by calendar days is not documented."""
    return datetime.fromtimestamp(seconds, CHINA).date()
