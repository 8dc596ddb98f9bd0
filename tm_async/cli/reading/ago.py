"""Moments in options: a date, a time, or how long ago."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import click

from tm_async.cli.reading.moments import first_moment, last_moment
from tm_async.cli.reading.problem import CellError
from tm_async.cli.words import in_chinese, spoken

__all__ = ["moment_option"]

_AGO = re.compile(r"(\d{1,6})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def moment_option(*, last: bool) -> Callable[[click.Context, click.Parameter, str | None], datetime | None]:
    """The callback of an option: local without an offset; of a date its first second, or the `last` one."""

    def moment(_: click.Context, __: click.Parameter, text: str | None) -> datetime | None:
        if text is None:
            return None
        if found := _AGO.fullmatch(text):
            return datetime.now(UTC) - timedelta(**{_UNITS[found[2]]: int(found[1])})
        try:
            return (last_moment if last else first_moment)(text, datetime.now().astimezone().tzinfo)
        except CellError as error:
            why = error.message_zh if in_chinese() else error.message
            raise click.BadParameter(spoken("{why}; or how long ago, like 90m, 2h, 7d", why=why)) from None

    return moment
