"""The Chinese for everything that the command says. English stands in the code, and is the key here."""

from tm_async.cli.chinese.helps import HELP
from tm_async.cli.chinese.of_click import CLICK
from tm_async.cli.chinese.of_library import ERRORS
from tm_async.cli.chinese.texts import TEXTS

__all__ = ["CLICK", "ERRORS", "HELP", "TEXTS"]
