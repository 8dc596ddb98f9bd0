"""Steps that went well or did not, one line each."""

from collections.abc import Iterable

import click
from attrs import frozen

from tm_async.cli.words import printable, spoken

__all__ = ["Step", "show"]


@frozen
class Step:
    """What was looked at, and what was seen."""

    name: str
    good: bool
    said: str


def show(steps: Iterable[Step]) -> None:
    """Print them."""
    for step in steps:
        mark = click.style(spoken("ok  "), fg="green") if step.good else click.style(spoken("FAIL"), fg="red")
        click.echo(f"{mark}  {step.name:<10}  {printable(step.said)}")
