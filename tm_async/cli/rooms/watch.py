"""`tm-async rooms watch`: rooms, their devices and alarms, kept in view."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import click

from tm_async.api.rooms import ListRooms
from tm_async.auth import EnterpriseSecret
from tm_async.cli.rooms.looking import Health, Look, look
from tm_async.cli.rooms.shown import Shown, shown
from tm_async.cli.speaking import Group
from tm_async.cli.words import describe, spoken, spoken_error
from tm_async.client.client import TencentMeeting
from tm_async.errors import ConfigurationError, TencentMeetingError, ValidationError

__all__ = ["rooms", "watch", "watching"]

Sleep = Callable[[float], Awaitable[object]]


@click.group(cls=Group, short_help="Meeting rooms and their devices.")
def rooms() -> None:
    """Meeting rooms and their devices."""


@rooms.command(short_help="Watch rooms, devices and alarms.")
@click.option("--operator", metavar="USERID", required=True, help="The administrator who asks.")
@click.option("--name", metavar="TEXT", help="Only rooms whose names are like this.")
@click.option("--every", type=click.IntRange(5, 86400), default=60, show_default=True, help="Seconds between looks.")
@click.option("--once", is_flag=True, help="Look once; the exit code says whether something is wrong.")
@click.option("--json", "lines", is_flag=True, help="JSON lines on a terminal, too.")
def watch(*, operator: str, name: str | None, every: int, once: bool, lines: bool) -> None:
    """Show rooms, their devices and alarms until Ctrl-C: what is wrong comes first.

    On a terminal it is a table. Otherwise every room is a JSON line, and later each one that is not as it was. A look
    takes a call for every 50 rooms, every 50 devices and every 50 devices with alarms; the platform checks devices
    every five minutes. A look that fails is told on standard error, and the next one is taken all the same.

    For a monitor there is --once.

    \b
    Exit codes:
      0    with --once: nothing is wrong
      1    with --once: a device is offline, has an alarm, or a part of it is out of order
      2    wrong usage or configuration
      3    the first look failed
      130  stopped by Ctrl-C
    """
    try:
        ListRooms(operator_id=operator)
    except ValidationError as error:
        raise click.UsageError("\n".join(map(describe, error.violations))) from None
    view = shown(lines=lines)
    tm = TencentMeeting(EnterpriseSecret.from_env())
    with view.open():
        code = asyncio.run(watching(tm, view, operator, name, None if once else every))
    raise SystemExit(code)


async def watching(
    tm: TencentMeeting,
    view: Shown,
    operator: str,
    name: str | None,
    every: float | None,
    *,
    sleep: Sleep = asyncio.sleep,
) -> int:
    """Look, and look again every so many seconds; `None`: once. The exit code."""
    async with tm:
        seen = await _told(tm, view, operator, name)
        if seen is None:
            return 3
        while every is not None:
            await sleep(every)
            await _told(tm, view, operator, name)
        return int(any(one.health is not Health.OK for one in seen.values()))


async def _told(tm: TencentMeeting, view: Shown, operator: str, name: str | None) -> Look | None:
    """One look, shown; `None` where it failed, which is told."""
    try:
        seen = await look(tm, operator, name)
    except ConfigurationError:
        raise
    except TencentMeetingError as error:
        click.echo(spoken("can't look: {error}", error=spoken_error(error)), err=True)
        return None
    view.take(seen, datetime.now(UTC))
    return seen
