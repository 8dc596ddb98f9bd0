"""Commands whose help, and whose refusals, are in the user's language: click's own words included."""

from copy import copy
from typing import Any

import click
import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.termui
import click.types

from tm_async.cli.words import in_chinese, spoken

__all__ = ["Command", "Group", "teach_click"]

_MODULES = (
    click.core,
    click.decorators,
    click.exceptions,
    click.formatting,
    click.parser,
    click.termui,
    click.types,
)


def teach_click() -> None:
    """Let click's own texts go through our table: it asks gettext, which knows files of translations only."""
    for module in _MODULES:
        names = vars(module)
        names |= {"_": _one} if "_" in names else {}
        names |= {"ngettext": _one_or_many} if "ngettext" in names else {}


def _one(english: str) -> str:
    if not in_chinese():
        return english
    from tm_async.cli.chinese import CLICK

    return CLICK.get(english, english)


def _one_or_many(one: str, many: str, count: int) -> str:
    return _one(one if count == 1 else many)


class _Speaking(click.Command):
    """What commands and groups have in common."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if not in_chinese():
            super().format_help(ctx, formatter)
            return
        told = copy(self)
        told.help = _chinese_help(ctx.command_path.partition(" ")[2]) or self.help
        told.params = [_told(param) for param in self.params]
        super(_Speaking, told).format_help(ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        return option if option is None else _told(option)

    def get_short_help_str(self, limit: int = 45) -> str:
        if in_chinese() and self.short_help:
            return spoken(self.short_help)
        return super().get_short_help_str(limit)


class Command(_Speaking):
    """A command."""


class Group(_Speaking, click.Group):
    """A command with others under it."""

    command_class = Command


def _chinese_help(path: str) -> str | None:
    from tm_async.cli.chinese import HELP

    return HELP.get(path)


def _told(param: Any) -> Any:
    """An option or argument with its help in the user's language."""
    if not in_chinese() or not getattr(param, "help", None):
        return param
    told = copy(param)
    told.help = said if (said := _one(param.help)) != param.help else spoken(param.help)
    return told
