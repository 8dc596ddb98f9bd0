"""`tm-async webhook replay`: events once more, from an inbox or a journal."""

import asyncio
import random
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from datetime import UTC, datetime
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path

import click
from attrs import field, frozen

from tm_async.cli.reading.ago import moment_option
from tm_async.cli.speaking import Command
from tm_async.cli.webhook.journal import Journaled, is_journal, read_journal
from tm_async.cli.webhook.posting import Poster
from tm_async.cli.webhook.program import inbox_at
from tm_async.cli.words import printable, spoken
from tm_async.webhooks.events.names import CLASSES
from tm_async.webhooks.inbox import Inbox, State, Task
from tm_async.webhooks.keys import WebhookKeys
from tm_async.webhooks.sending import delivery_request

__all__ = ["replay"]


@frozen
class _Selection:
    """Which events."""

    events: tuple[str, ...]
    since: float
    dead: bool

    def takes(self, name: str, received: float) -> bool:
        named = not self.events or any(fnmatchcase(name, pattern) for pattern in self.events)
        return named and received >= self.since

    @property
    def all(self) -> bool:
        return not (self.events or self.since or self.dead)


@frozen
class _Chosen:
    event: str
    received: float
    key: str
    body: bytes | None = field(repr=False)


@click.command(cls=Command, short_help="Have events handled or sent once more.")
@click.argument("source")
@click.option("--event", "events", multiple=True, metavar="NAME", help="Only these: a name, or a pattern: recording.*")
@click.option(
    "--since",
    callback=moment_option(last=False),
    metavar="TIME",
    help="Only what came since a time, or 90m, 2h, 7d ago.",
)
@click.option("--dead", is_flag=True, help="Only dead letters.")
@click.option("--to", "url", metavar="URL", help="Send them there, signed and encrypted anew.")
@click.option("--shuffle", is_flag=True, help="With --to: in random order, not as they came.")
@click.option("--dry-run", is_flag=True, help="Only tell which.")
def replay(
    source: str,
    events: tuple[str, ...],
    since: datetime | None,
    dead: bool,
    url: str | None,
    shuffle: bool,
    dry_run: bool,
) -> None:
    """Have events of SOURCE handled once more, or send them to a receiver.

    SOURCE is an inbox (a file, or a redis:// or postgresql:// URL), or the journal of "listen".

    Without --to, what is handled or given up in the inbox becomes new, and its workers handle it again: say which, with
    --dead, --event or --since. With --to, deliveries go to that URL as the platform would send them, with the keys in
    TENCENT_MEETING_WEBHOOK_TOKEN and _WEBHOOK_AES_KEY. A receiver that has an event does not handle it again.

    \b
    Exit codes:
      0  done
      1  some were not accepted by the URL, or their content is not kept any more
      2  wrong usage or configuration
    """
    selection = _Selection(events, since.timestamp() if since else 0.0, dead)
    if shuffle and url is None:
        raise click.UsageError(spoken("--shuffle goes with --to: an inbox keeps the order of its subjects."))
    _warn_of_typos(events)
    if is_journal(source):
        if dead:
            raise click.UsageError(spoken("A journal has no dead letters."))
        if url is None:
            raise click.UsageError(spoken("A journal is replayed to a receiver: give --to."))
        chosen = [_of_journal(one) for one in read_journal(Path(source)) if selection.takes(one.event, one.received)]
        failed = asyncio.run(_send(chosen, url, shuffle=shuffle, dry_run=dry_run))
    elif url is None:
        if selection.all:
            raise click.UsageError(spoken("Say which events are to be handled again: --dead, --event or --since."))
        failed = asyncio.run(_handle_again(source, selection, dry_run=dry_run))
    else:
        failed = asyncio.run(_from_inbox(source, selection, url, shuffle=shuffle, dry_run=dry_run))
    raise SystemExit(1 if failed else 0)


def _warn_of_typos(patterns: Iterable[str]) -> None:
    """As `hooks.on` does: the platform may push events that are newer than this, so it is no error."""
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in CLASSES):
            close = get_close_matches(pattern, CLASSES, n=1)
            text = "no event is known that {pattern} fits; did you mean {name}?"
            text = text if close else "no event is known that {pattern} fits"
            said = spoken(text, pattern=repr(pattern), name="".join(close))
            click.echo(spoken("Warning: {message}", message=said), err=True)


def _of_journal(one: Journaled) -> _Chosen:
    return _Chosen(one.event, one.received, one.key, one.body)


async def _tasks(inbox: Inbox, selection: _Selection) -> AsyncGenerator[Task, None]:
    states = (State.DEAD,) if selection.dead else (State.DONE, State.DEAD)
    async for task in inbox.tasks(*states):
        if selection.takes(task.event, task.received):
            yield task


async def _handle_again(place: str, selection: _Selection, *, dry_run: bool) -> int:
    """How many could not be."""
    async with aclosing(inbox_at(place)) as inbox:
        tasks = [(task.number, _line(task.event, task.received, task.key)) async for task in _tasks(inbox, selection)]
        if dry_run:
            click.echo("".join(f"{line}\n" for _, line in tasks), nl=False)
            return 0
        revived = 0
        for start in range(0, len(tasks), 500):
            revived += await inbox.revive([number for number, _ in tasks[start : start + 500]])
    lost = len(tasks) - revived
    click.echo(spoken("{count} will be handled again", count=revived), err=True)
    if lost:
        click.echo(spoken("{count} not kept any more", count=lost), err=True)
    return lost


async def _from_inbox(place: str, selection: _Selection, url: str, *, shuffle: bool, dry_run: bool) -> int:
    """Each delivery once, however many handlers it has. With --dead, those that a handler has given up."""
    chosen: dict[str, _Chosen] = {}
    async with aclosing(inbox_at(place)) as inbox:
        tasks = _tasks(inbox, selection) if selection.dead else inbox.tasks()
        async for task in tasks:
            if selection.takes(task.event, task.received):
                chosen.setdefault(task.delivery, _Chosen(task.event, task.received, task.delivery, task.body))
    return await _send(chosen.values(), url, shuffle=shuffle, dry_run=dry_run)


async def _send(chosen: Iterable[_Chosen], url: str, *, shuffle: bool, dry_run: bool) -> int:
    """How many were not accepted."""
    ordered = sorted(chosen, key=lambda one: one.received)
    if shuffle:
        random.shuffle(ordered)
    if dry_run:
        click.echo("".join(f"{_line(one.event, one.received, one.key)}\n" for one in ordered), nl=False)
        return 0
    key, failed = WebhookKeys.from_env().current, 0
    async with Poster(url) as poster:
        for one in ordered:
            said = spoken("is not kept any more")
            if one.body is not None:
                got = await poster.post(delivery_request(key, one.body))
                said = "" if got.accepted else spoken("was not accepted: {why}", why=got.said)
            if said:
                failed += 1
                click.echo(f"{_line(one.event, one.received, one.key)} {said}", err=True)
    click.echo(spoken("{count} of {all} accepted", count=len(ordered) - failed, all=len(ordered)), err=True)
    return failed


def _line(event: str, received: float, key: str) -> str:
    return printable(f"{datetime.fromtimestamp(received, UTC):%Y-%m-%dT%H:%M:%SZ} {event} {key[:12]}")
