"""Moments in options: a date, a time, or how long ago."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import click

from tm_async.cli.reading.moments import LOCAL, first_moment, last_moment
from tm_async.cli.reading.problem import CellError, NoMoment
from tm_async.cli.words import in_both, in_chinese, spoken

__all__ = ["moment_option"]

_AGO = re.compile(r"(\d{1,6})([smhd])")
_FIRST = datetime(1971, 1, 1, tzinfo=UTC)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def moment_option(*, last: bool) -> Callable[[click.Context, click.Parameter, str | None], datetime | None]:
    """The callback of an option: local without an offset; of a date its first second, or the `last` one."""

    def moment(_: click.Context, __: click.Parameter, text: str | None) -> datetime | None:
        if text is None:
            return None
        try:
            if found := _AGO.fullmatch(text):
                return _ago(timedelta(**{_UNITS[found[2]]: int(found[1])}), text)
            return (last_moment if last else first_moment)(text, LOCAL).astimezone()
        except NoMoment:
            said = "{text} must be a date, a date and time like 2027-01-05T10:00, or how long ago, like 90m, 2h, 7d"
            raise click.BadParameter(spoken(said, text=repr(text))) from None
        except CellError as error:
            raise click.BadParameter(error.message_zh if in_chinese() else error.message) from None

    return moment


def _ago(span: timedelta, text: str) -> datetime:
    now = datetime.now(UTC)
    if span > now - _FIRST:
        raise CellError(*in_both("{text} is too far away", text=repr(text)))
    return now - span
