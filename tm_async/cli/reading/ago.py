"""Moments in options: a date, a time, or how long ago."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import click

from tm_async.cli.reading.moments import first_moment, last_moment
from tm_async.cli.reading.problem import CellError
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
            return (last_moment if last else first_moment)(text, datetime.now().astimezone().tzinfo)
        except CellError as error:
            why = error.message_zh if in_chinese() else error.message
            raise click.BadParameter(spoken("{why}; or how long ago, like 90m, 2h, 7d", why=why)) from None

    return moment


def _ago(span: timedelta, text: str) -> datetime:
    now = datetime.now(UTC)
    if span > now - _FIRST:
        raise CellError(*in_both("{text} is too far away", text=repr(text)))
    return now - span
