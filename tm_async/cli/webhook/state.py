"""`tm-async webhook status` and `dead`: what an inbox says of its events."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import UTC, datetime
from typing import TypeVar

import click

from tm_async.cli.show import json_line, show_json
from tm_async.cli.speaking import Command
from tm_async.cli.webhook.program import inbox_at
from tm_async.cli.words import printable, spoken
from tm_async.webhooks.inbox import Inbox, State, Task
from tm_async.webhooks.inbox.protocol import Counts

__all__ = ["dead", "status"]

AnswerT = TypeVar("AnswerT")


async def _ask(text: str, question: Callable[[Inbox], Awaitable[AnswerT]]) -> AnswerT:
    async with aclosing(inbox_at(text)) as inbox:
        return await question(inbox)


@click.command(cls=Command, short_help="Tell how far the events of an inbox are.")
@click.argument("inbox")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def status(inbox: str, as_json: bool) -> None:
    """Tell how many events of INBOX are in each state, for each handler.

    \b
    new     to be handled, now or when its next attempt is due
    sent    given to a broker
    leased  being handled, or it was when its worker ended
    done    handled
    dead    given up after too many attempts: see "dead" and "replay --dead"

    Events without a handler were seen by no worker yet, or no handler took them. The exit code is 1 if there are dead
    letters, else 0.
    """
    counts = asyncio.run(_ask(inbox, lambda opened: opened.counts()))
    if as_json:
        show_json({handler: {str(state): count for state, count in of.items()} for handler, of in counts.items()})
    else:
        click.echo("\n".join(_lines(counts)) or spoken("no events"))
    raise SystemExit(1 if any(states.get(State.DEAD) for states in counts.values()) else 0)


def _lines(counts: Counts) -> list[str]:
    rows = [(spoken("handler"), *map(str, State))]
    for handler, states in sorted(counts.items()):
        rows.append((printable(handler) or spoken("(none)"), *(str(states.get(state, 0)) for state in State)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    shown = [
        [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        for row in rows
    ]
    return ["  ".join(row) for row in shown[: len(rows) if counts else 0]]


@click.command(cls=Command, short_help="List the events that were given up.")
@click.argument("inbox")
def dead(inbox: str) -> None:
    """Print one JSON line for each dead letter of INBOX, by arrival.

    What came is not among the members. "replay --dead" has them handled again.
    """

    async def show(opened: Inbox) -> None:
        async for task in opened.tasks(State.DEAD):
            click.echo(json_line(_dead_letter(task)), nl=False)

    asyncio.run(_ask(inbox, show))


def _dead_letter(task: Task) -> dict[str, object]:
    return {
        "number": task.number,
        "key": task.key,
        "event": task.event,
        "subject": task.subject,
        "handler": task.handler,
        "attempts": task.attempts,
        "error": task.error,
        "received": datetime.fromtimestamp(task.received, UTC).isoformat(),
    }
