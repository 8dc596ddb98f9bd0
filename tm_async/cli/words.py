"""What people read: the language of the rules' messages, and text that is safe to show on a terminal."""

import os
from collections.abc import Mapping

from tm_async.errors import Violation

__all__ = ["describe", "in_chinese", "printable"]


def in_chinese(environ: Mapping[str, str] | None = None) -> bool:
    """Whether the environment asks for Chinese messages: LC_ALL, else LC_MESSAGES, else LANG begins with zh."""
    source = os.environ if environ is None else environ
    locale = next((source[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if source.get(name)), "")
    return locale.lower().startswith("zh")


def describe(violation: Violation) -> str:
    """A broken rule in one line, in the user's language."""
    if not in_chinese():
        line = str(violation)
    else:
        source = f"（文档 {violation.page}）" if violation.page else ""
        line = f"{violation.field}: {violation.message_zh}{source}"
    return printable(line.removeprefix(": "))


def printable(text: str) -> str:
    """Text from elsewhere, without what could steer the terminal."""
    return (
        text
        if text.isprintable()
        else "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
    )
