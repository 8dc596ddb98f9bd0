"""Moments as events carry them: seconds, milliseconds or text, sometimes under one and the same name."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Any, get_args, get_origin

from tm_async.core.codec import converter
from tm_async.core.wire import TimeFormat

__all__ = ["Moment", "read_moment"]

Moment = Annotated[datetime, TimeFormat.ANY]
"""An aware datetime; on the wire UNIX seconds or milliseconds, as a number or as text, RFC 3339, or a Chinese date."""

_MILLISECONDS_FROM = 10**11
"""As seconds that would be the year 5138, as milliseconds it is 1973: no event is from either."""
_CHINA = timezone(timedelta(hours=8))
"""Of dates without an offset. No page says so; the vendor's signed example would be from its own future in UTC."""
_NUMBER = re.compile(r"-?[0-9]+", re.ASCII)


def read_moment(value: Any) -> datetime:
    """A moment in any of the forms. Raises `ValueError`, `TypeError`, `OverflowError` or `OSError`."""
    if type(value) is str:
        if not _NUMBER.fullmatch(value):
            moment = datetime.fromisoformat(value)
            return moment if moment.tzinfo is not None else moment.replace(tzinfo=_CHINA)
        value = int(value)
    if type(value) is float:
        value = int(value)
    if type(value) is not int:
        raise TypeError("not a moment")
    if abs(value) < _MILLISECONDS_FROM:
        return datetime.fromtimestamp(value, UTC)
    return datetime.fromtimestamp(value // 1000, UTC).replace(microsecond=value % 1000 * 1000)


def _is_moment(tp: Any) -> bool:
    return get_origin(tp) is Annotated and TimeFormat.ANY in get_args(tp)


converter.register_structure_hook_func(_is_moment, lambda value, _: read_moment(value))
