"""JSON on standard output and standard error: always UTF-8, whatever the terminal's encoding."""

import json

import click

__all__ = ["json_line", "show_json"]


def json_line(value: object) -> bytes:
    """One line of JSON lines."""
    return _encoded(json.dumps(value, ensure_ascii=False)) + b"\n"


def show_json(value: object, *, err: bool = False) -> None:
    """A JSON document for people and machines."""
    click.echo(_encoded(json.dumps(value, ensure_ascii=False, indent=2)), err=err)


def _encoded(text: str) -> bytes:
    # Half of a surrogate pair, which an answer may hold, becomes the escape that JSON has for it.
    return text.encode("utf-8", "backslashreplace")
