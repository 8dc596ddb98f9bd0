"""Events as they arrive: a JSON line each, or a table that grows on a terminal."""

from collections import deque
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from tm_async.cli.show import json_line
from tm_async.cli.words import printable, spoken
from tm_async.webhooks.events.base import Event, MeetingEvent
from tm_async.webhooks.events.showing import without_secrets

__all__ = ["Arrivals", "arrivals", "as_json"]


class Arrivals(Protocol):
    """Shows events."""

    def add(self, event: Event) -> None:
        """Show one more."""
        ...

    def shown(self) -> AbstractContextManager[object]:
        """While events arrive."""
        ...


def arrivals(console: Console | None = None) -> Arrivals:
    """A table on a terminal, lines elsewhere."""
    console = console or Console()
    return _Growing(console) if console.is_terminal else _Lines()


def as_json(event: Event) -> dict[str, Any]:
    """Always the same members, in the same order; `null` where there is nothing to say. Holds no secret."""
    delivery = event.delivery
    return {
        "event": event.name,
        "trace_id": delivery.trace_id,
        "key": event.key,
        "operate_time": event.operate_time.isoformat() if event.operate_time else None,
        "received_at": delivery.received_at.isoformat(),
        "key_name": delivery.key_name,
        "encrypted": delivery.encrypted,
        "subject": event.subject,
        "payload": without_secrets(event),
    }


class _Lines:
    def add(self, event: Event) -> None:
        click.echo(json_line(as_json(event)), nl=False)

    def shown(self) -> AbstractContextManager[object]:
        return nullcontext()


class _Growing:
    """The last events that fit on the screen."""

    def __init__(self, console: Console) -> None:
        self._last: deque[Event] = deque(maxlen=max(5, console.height - 6))
        self._seen = 0
        self._live = Live(self._table(), console=console, auto_refresh=False)

    def add(self, event: Event) -> None:
        self._last.append(event)
        self._seen += 1
        self._live.update(self._table(), refresh=True)

    def shown(self) -> AbstractContextManager[object]:
        return self._live

    def _table(self) -> Table:
        table = Table(box=SIMPLE_HEAD, pad_edge=False, caption=spoken("{count} events", count=self._seen))
        table.add_column(spoken("Time"), no_wrap=True)
        for heading in (spoken("Event"), spoken("Meeting"), spoken("Who")):
            table.add_column(heading, overflow="fold")
        for event in self._last:
            table.add_row(*map(Text, map(printable, _cells(event))))
        return table


def _cells(event: Event) -> tuple[str, str, str, str]:
    moment = event.operate_time or event.delivery.received_at
    meeting = event.meeting_info if isinstance(event, MeetingEvent) else None
    subject = meeting.subject or meeting.meeting_id if meeting else (event.subject or ("-", ""))[0]
    return f"{moment.astimezone():%H:%M:%S}", event.name, subject or "-", event.operator.user_name or "-"
