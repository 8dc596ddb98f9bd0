"""What people read: in English or in Chinese, wholly, and safe to show on a terminal.

English stands in the code; the Chinese for it in one table, `tm_async.cli.chinese`.
"""

import os
import re
from collections.abc import Mapping
from contextvars import ContextVar
from enum import StrEnum
from pathlib import PurePath

from attrs import evolve

from tm_async._util.foreign import printable
from tm_async.errors import ReauthorizationRequired, Violation

__all__ = [
    "Language",
    "choose_language",
    "describe",
    "in_both",
    "in_chinese",
    "lines",
    "of_commands",
    "printable",
    "spoken",
    "spoken_error",
    "way_out",
]


class Language(StrEnum):
    """What the command speaks."""

    ENGLISH = "en"
    CHINESE = "zh"


_chosen: ContextVar[Language | None] = ContextVar("language", default=None)


def choose_language(language: Language | None) -> None:
    """Speak this one from now on; `None`: the one that the environment asks for."""
    _chosen.set(language)


def in_chinese(environ: Mapping[str, str] | None = None) -> bool:
    """Whether to speak Chinese: as was chosen, else if LC_ALL, else LC_MESSAGES, else LANG begins with zh."""
    chosen = _chosen.get()
    if chosen is not None and environ is None:
        return chosen is Language.CHINESE
    source = os.environ if environ is None else environ
    locale = next((source[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if source.get(name)), "")
    return locale.lower().startswith("zh")


def spoken(english: str, **values: object) -> str:
    """A text with its values, in the user's language. Names and errors in it can't steer the terminal."""
    return (_chinese(english) if in_chinese() else english).format(**_harmless(values))


def in_both(english: str, **values: object) -> tuple[str, str]:
    """A text with its values, in English and in Chinese."""
    values = _harmless(values)
    return english.format(**values), _chinese(english).format(**values)


def _harmless(values: Mapping[str, object]) -> dict[str, object]:
    return {name: lines(str(value)) if isinstance(value, _FROM_ELSEWHERE) else value for name, value in values.items()}


_FROM_ELSEWHERE = (str, PurePath, Exception)


def lines(text: str) -> str:
    """Text of several lines of ours, each of them printable."""
    return "\n".join(map(printable, text.split("\n")))


def spoken_error(error: Exception) -> str:
    """What an error of the library says, in the user's language as far as the table has it."""
    text = printable(str(error))
    if in_chinese():
        from tm_async.cli.chinese import ERRORS

        for pattern, chinese in ERRORS.items():
            if found := pattern.fullmatch(text):
                return found.expand(chinese)
    return text + way_out(error)


def way_out(error: Exception) -> str:
    """What follows an error's words where a command of ours is what to do about it."""
    return ": tm-async login" if isinstance(error, ReauthorizationRequired) else ""


def _chinese(english: str) -> str:
    from tm_async.cli.chinese import CLICK, TEXTS

    return TEXTS.get(english) or CLICK.get(english, english)  # a test holds that every text is in one of them


_OF_PROGRAMS = re.compile("; for a value newer than this package, pass .*|；若是更新的取值，请传 .*", re.DOTALL)
"""What the library advises, and nobody can do on a command line."""


def of_commands(violation: Violation) -> Violation:
    """A broken rule without advice that is for programs only."""
    message, chinese = (_OF_PROGRAMS.sub("", text) for text in (violation.message, violation.message_zh))
    return evolve(violation, message=message, message_zh=chinese)


def describe(violation: Violation) -> str:
    """A broken rule in one line, in the user's language."""
    violation = of_commands(violation)
    if not in_chinese():
        line = str(violation)
    else:
        source = f"（文档 {violation.page}）" if violation.page else ""
        line = f"{violation.field}: {violation.message_zh}{source}"
    return printable(line.removeprefix(": "))
