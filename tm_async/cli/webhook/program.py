"""What a command is given to work with: a program's `Webhooks`, and an inbox."""

import os
import re
import sys
from importlib import import_module
from pathlib import Path

import click

from tm_async.webhooks.inbox import Inbox, open_inbox
from tm_async.webhooks.router import Router

__all__ = ["INBOX", "inbox_at", "router_of"]

INBOX = "a file, such as events.db, or a redis:// or postgresql:// URL"


def inbox_at(text: str) -> Inbox:
    """The inbox at a path or URL. Raises `UsageError` where a path leads to none."""
    is_path = re.match("[A-Za-z][A-Za-z0-9+.-]+://", text) is None
    if is_path and not Path(text).expanduser().is_file():
        raise click.UsageError(f"There is no inbox {text}.")
    return open_inbox(text)


def router_of(text: str) -> Router:
    """The `Webhooks` or `Router` that MODULE:NAME names; modules are looked for in this directory, too.

    Raises `UsageError`. What the module itself raises goes on.
    """
    module, colon, name = text.partition(":")
    if not (module and colon and name):
        raise click.UsageError(f"{text!r} must be MODULE:NAME, such as app.events:hooks.")
    sys.path.insert(0, os.getcwd())
    try:
        found: object = import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise
        raise click.UsageError(f"There is no module {error.name} in this directory or on Python's path.") from None
    for part in name.split("."):
        found = getattr(found, part, None)
    if not isinstance(found, Router):
        raise click.UsageError(f"{name} in {module} is no Webhooks, but {type(found).__name__}.")
    return found
