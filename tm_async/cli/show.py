"""What commands print: sentences, and JSON, which is always UTF-8, whatever the terminal's encoding."""

import json
import re

import click

from tm_async._util.foreign import UNSAFE
from tm_async.cli.words import lines

__all__ = ["json_line", "say", "show_json"]


def say(text: str, *, err: bool = False) -> None:
    """Something for people, in which names and errors from elsewhere can be."""
    click.echo(lines(text), err=err)


def json_line(value: object) -> bytes:
    """One line of JSON lines."""
    return _encoded(_json(value)) + b"\n"


def show_json(value: object, *, err: bool = False) -> None:
    """A JSON document for people and machines."""
    click.echo(_encoded(_json(value, indent=2)), err=err)


def _json(value: object, indent: int | None = None) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    except ValueError:  # an answer has a number that JSON does not: it is shown as text
        text = json.dumps(value, ensure_ascii=False)
    return json.dumps(json.loads(text, parse_constant=str), ensure_ascii=False, indent=indent)


def _encoded(text: str) -> bytes:
    """What could steer a terminal, and half of a surrogate pair, becomes the escape that JSON has for it."""
    return _IN_TEXTS.sub(_escaped, text).encode()


def _escaped(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


_IN_TEXTS = re.compile(rf"(?![\n]){UNSAFE.pattern}")
"""The document's own line ends are none of its texts."""
