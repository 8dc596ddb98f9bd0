"""`tm-async operations`: what the vendor documents, and what of it has a class here."""

from typing import Any

import click
from click.shell_completion import CompletionItem
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tm_async.cli.show import show_json
from tm_async.cli.speaking import Command
from tm_async.cli.words import spoken

__all__ = ["operations"]

_ONE_LINE = 160
_NARROW = ("Id, method, path, what it does", "Class, auth")
_NEVER_FOLDED = 1000
"""Columns from which on an operation takes one line."""


def _completed(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    from tm_async.spec.catalogue import entries

    groups = dict.fromkeys(one.partition(".")[0] for one in entries())
    return [CompletionItem(group) for group in groups if group.startswith(begun)]


@click.command(cls=Command, short_help="List the documented operations.")
@click.argument("words", nargs=-1, shell_complete=_completed)
@click.option("--json", "as_json", is_flag=True, help="A JSON array in the place of a table.")
def operations(words: tuple[str, ...], as_json: bool) -> None:
    """List the documented operations: id, method, path, what it does, class, documented auth modes.

    With WORDS only those in whose id, path or summary all of them are: "operations users" or "operations waiting room".

    "class" names the class in this package, or several where one documented operation is several calls of ours;
    operations without one can be called as well. An empty "auth" means that the sources do not say.
    """
    listed = [one for one in _listed() if all(word.lower() in _searched(one) for word in words)]
    if as_json:
        show_json(listed)
    elif not listed:
        click.echo(spoken("There is no such operation."), err=True)
    if as_json or not listed:
        raise SystemExit(0 if listed else 1)
    terminal = Console()
    # In a pipe one line each, however long: made for grep.
    console = terminal if terminal.is_terminal else Console(width=_NEVER_FOLDED)
    console.print(_table(listed, wide=console.width >= _ONE_LINE))


def _searched(one: dict[str, Any]) -> str:
    return f"{one['id']} {one['path']} {one['summary']} {one['class'] or ''}".lower()


def _table(listed: list[dict[str, Any]], *, wide: bool) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("Id", "Method", "Path", "What it does", "Class", "Auth") if wide else _NARROW:
        table.add_column(spoken(heading), overflow="fold")
    for one in listed:
        class_name, auth = one["class"] or "", ", ".join(one["auth"])
        if wide:
            table.add_row(one["id"], one["method"], one["path"], Text(one["summary"]), class_name, auth)
        else:
            left = Text.assemble(one["id"], (f"\n{one['method']} {one['path']}", "dim"), f"\n{one['summary']}")
            table.add_row(left, Text("\n").join(Text(text) for text in (class_name, auth) if text))
    return table


def _listed() -> list[dict[str, Any]]:
    from tm_async.api.index import operations as classes
    from tm_async.spec.catalogue import entries

    names: dict[str, list[str]] = {}
    for cls in classes().values():
        names.setdefault(cls.spec.catalogue_id, []).append(cls.__name__)
    return [
        {
            "id": entry.id,
            "method": entry.method,
            "path": entry.path,
            "class": ", ".join(names[entry.id]) if entry.id in names else None,
            "auth": list(entry.auth),
            "summary": entry.summary,
        }
        for entry in entries().values()
    ]
