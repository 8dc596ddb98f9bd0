"""What a command is given to work with: a program's `Webhooks`, and an inbox."""

import os
import re
import sys
from importlib import import_module
from pathlib import Path

import click

from tm_async.cli.words import spoken
from tm_async.webhooks.inbox import Inbox, open_inbox
from tm_async.webhooks.router import Router

__all__ = ["inbox_at", "router_of"]


def inbox_at(text: str) -> Inbox:
    """The inbox at a path or URL. Raises `UsageError` where a path leads to none."""
    is_path = re.match("[A-Za-z][A-Za-z0-9+.-]+://", text) is None
    if is_path and not Path(text).expanduser().is_file():
        raise click.UsageError(spoken("There is no inbox {path}.", path=text))
    return open_inbox(text)


def router_of(text: str) -> Router:
    """The `Webhooks` or `Router` that MODULE:NAME names; modules are looked for in this directory, too.

    Raises `UsageError`. What the module itself raises goes on.
    """
    module, _, name = text.partition(":")
    if not (name and all(part.isidentifier() for part in module.split("."))):
        raise click.UsageError(spoken("{given!r} must be MODULE:NAME, such as app.events:hooks.", given=text))
    sys.path.insert(0, os.getcwd())
    try:
        found: object = import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise
        said = spoken("There is no module {name} in this directory or on Python's path.", name=error.name)
        raise click.UsageError(said) from None
    for part in name.split("."):
        if not hasattr(found, part):
            raise click.UsageError(spoken("There is no {name} in {module}.", name=name, module=module))
        found = getattr(found, part)
    if not isinstance(found, Router):
        kind = type(found).__name__
        said = spoken("{name} in {module} is no Webhooks, but {kind}.", name=name, module=module, kind=kind)
        raise click.UsageError(said)
    return found
