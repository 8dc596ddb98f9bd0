"""What is seen of rooms: a table that is kept up to date, or a JSON line for each room that changed."""

import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Protocol

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from tm_async.api.rooms import RoomStatus
from tm_async.cli.rooms.looking import Health, Look, RoomSeen, in_order
from tm_async.cli.show import json_line
from tm_async.cli.words import printable, spoken

__all__ = ["Shown", "shown"]

_STYLES: Mapping[Health, str] = {
    Health.OFFLINE: "bold red",
    Health.SEVERE: "bold red",
    Health.ALARM: "yellow",
    Health.OK: "green",
}


class Shown(Protocol):
    """Shows one look after the other."""

    def take(self, seen: Look, at: datetime) -> None:
        """Show what was seen."""
        ...

    def open(self) -> AbstractContextManager[object]:
        """While looks are taken."""
        ...


def shown(console: Console | None = None, *, lines: bool) -> Shown:
    """A table on a terminal, lines elsewhere."""
    console = console or Console()
    return _Table(console) if console.is_terminal and not lines else _Lines()


class _Lines:
    """Every room at first, then what is not as it was; one that is gone has `null` for its health."""

    def __init__(self) -> None:
        self._before: Look = {}

    def take(self, seen: Look, at: datetime) -> None:
        before, self._before = self._before, seen
        for one in in_order(seen):
            if before.get(one.meeting_room_id) != one:
                self._write(one.as_json(), at)
        for one in (before[room] for room in before.keys() - seen.keys()):
            self._write({**one.as_json(), "status": None, "health": None}, at)

    def _write(self, room: dict[str, object], at: datetime) -> None:
        sys.stdout.buffer.write(json_line({"at": at.isoformat(timespec="seconds"), **room}))
        sys.stdout.buffer.flush()

    def open(self) -> AbstractContextManager[object]:
        return nullcontext()


class _Table:
    """What is wrong first, as much as fits on the screen."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, auto_refresh=False)

    def take(self, seen: Look, at: datetime) -> None:
        self._live.update(self._table(seen, at), refresh=True)

    def open(self) -> AbstractContextManager[object]:
        return self._live

    def _table(self, seen: Look, at: datetime) -> Table:
        bad = sum(one.health is not Health.OK for one in seen.values())
        text = "{rooms} rooms, {bad} with trouble, {time}"
        caption = spoken(text, rooms=len(seen), bad=bad, time=f"{at.astimezone():%H:%M:%S}")
        table = Table(box=SIMPLE_HEAD, pad_edge=False, caption=caption)
        for heading in (spoken("Room"), spoken("Location"), spoken("State"), spoken("Devices"), spoken("Trouble")):
            table.add_column(heading, overflow="fold")
        room_for = max(5, self._console.height - 6)
        for one in list(in_order(seen))[:room_for]:
            table.add_row(*(Text(printable(cell), style=style) for cell, style in _cells(one)))
        return table


def _cells(room: RoomSeen) -> tuple[tuple[str, str], ...]:
    style = _STYLES[room.health]
    devices = ", ".join(
        " ".join(part for part in (one.model, one.version) if part) or one.rooms_id for one in room.devices
    )
    return (room.name, ""), (room.location, "dim"), (_state(room.status), style), (devices, ""), (_trouble(room), style)


def _state(status: RoomStatus | None) -> str:
    words = {
        RoomStatus.NOT_ACTIVATED: spoken("not activated"),
        RoomStatus.NOT_BOUND: spoken("not bound"),
        RoomStatus.FREE: spoken("free"),
        RoomStatus.IN_USE: spoken("in use"),
        RoomStatus.OFFLINE: spoken("offline"),
        RoomStatus.NOT_SIGNED_IN: spoken("not signed in"),
    }
    return "-" if status is None else words.get(status, str(int(status)))


def _trouble(room: RoomSeen) -> str:
    parts = {"camera": spoken("camera"), "microphone": spoken("microphone"), "speaker": spoken("speaker")}
    broken = [spoken("{part} is out of order", part=parts[name]) for one in room.devices for name in one.broken]
    return "; ".join([*broken, *(alarm.text or alarm.code for one in room.devices for alarm in one.alarms)])
