"""The callback by hand: the user pastes the address on which the browser ended up."""

import asyncio
import os
import sys
import threading
from contextlib import suppress

import click

from tm_async.auth.oauth2 import OAuth2App
from tm_async.cli.words import spoken
from tm_async.errors import StateMismatch

__all__ = ["pasted_code"]

LONGEST = 16 * 1024
"""Bytes of a line."""


async def pasted_code(state: str) -> str:
    """Ask until an address of this login is given. Raises `CallbackError` for one that says no."""
    lines = _Lines()
    while True:
        click.echo(spoken("That address: "), nl=False)
        line = await _in_a_thread(lines)
        if line is None:
            click.echo()
            raise click.ClickException(spoken("Standard input ended before an address was given."))
        if not line.strip():
            continue
        try:
            return OAuth2App.read_callback(line.strip(), state=state)
        except StateMismatch as error:
            text = "This is no answer to this login ({error}). Copy the whole address."
            click.echo(spoken(text, error=error), err=True)


class _Lines:
    """Lines of standard input. Not by its stream: a thread that reads one can't be left alone at the end."""

    def __init__(self) -> None:
        self._ahead = b""

    def next(self) -> str | None:
        """Blocks; `None` at the end."""
        try:
            descriptor = sys.stdin.fileno()
        except (OSError, ValueError):  # in the place of a real one
            return sys.stdin.readline(LONGEST) or None
        while b"\n" not in self._ahead and len(self._ahead) < LONGEST:
            chunk = os.read(descriptor, 4096)
            if not chunk:
                break
            self._ahead += chunk
        if not self._ahead:
            return None
        line, _, self._ahead = self._ahead.partition(b"\n")
        return line.decode("utf-8", "replace")


async def _in_a_thread(lines: _Lines) -> str | None:
    """The next line. The thread is a daemon: nothing waits for a user who never answers."""
    loop = asyncio.get_running_loop()
    arrived: asyncio.Future[str | None] = loop.create_future()

    def deliver(line: str | None) -> None:
        if not arrived.done():
            arrived.set_result(line)

    def read() -> None:
        try:
            line = lines.next()
        except OSError:
            line = None
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(deliver, line)

    threading.Thread(target=read, daemon=True).start()
    return await arrived
