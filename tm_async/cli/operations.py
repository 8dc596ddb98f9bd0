"""`tm-async operations`: what the vendor documents, and what of it has a class here."""

from typing import Any

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from tm_async.cli.show import show_json

__all__ = ["operations"]


@click.command(short_help="List the documented operations.")
@click.option("--json", "as_json", is_flag=True, help="A JSON array in the place of a table.")
def operations(as_json: bool) -> None:
    """List the documented operations: id, method, path, class, documented auth modes.

    "class" names the class in this package, or several where one documented operation is several calls of ours;
    operations without one can be called as well. An empty "auth" means that the sources do not say.
    """
    listed = _listed()
    if as_json:
        show_json(listed)
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("Id", "Method", "Path", "Class", "Auth"):
        table.add_column(heading, overflow="fold")
    for one in listed:
        table.add_row(one["id"], one["method"], one["path"], one["class"], ", ".join(one["auth"]))
    Console().print(table)


def _listed() -> list[dict[str, Any]]:
    from tm_async.api.index import operations as classes
    from tm_async.catalogue import entries

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
