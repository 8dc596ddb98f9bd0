"""The Chinese for everything that the command says. English stands in the code, and is the key here."""

from collections.abc import Mapping

from tm_async.cli.chinese import helps, inbox, recordings, rooms, texts, webhook
from tm_async.cli.chinese.of_click import CLICK
from tm_async.cli.chinese.of_library import ERRORS

__all__ = ["CLICK", "ERRORS", "HELP", "TEXTS"]

HELP: Mapping[str, str] = {**helps.HELP, **webhook.HELP, **inbox.HELP, **recordings.HELP, **rooms.HELP}
TEXTS: Mapping[str, str] = {**texts.TEXTS, **webhook.TEXTS, **inbox.TEXTS, **recordings.TEXTS, **rooms.TEXTS}
