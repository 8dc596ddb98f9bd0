"""JSON objects as people write them, read strictly: what another reader could take differently is refused."""

import json
from typing import Any, NoReturn

from tm_async.cli.reading.problem import CellError
from tm_async.cli.words import in_both
from tm_async.core.wire import is_array, is_object

__all__ = ["read_object"]

_DEEPEST = 100
"""Levels, of which no operation has ten. What Python's reader takes is another number on each Python, and at times more
than what works on the object can bear.
"""


def read_object(text: str) -> dict[str, Any]:
    """One JSON object. Raises `CellError` that says what is wrong, and where."""
    try:
        value: dict[str, Any] = json.loads(text, object_pairs_hook=_members, parse_constant=_constant)
        _refuse_depths(value)
        if "\\u" in text:
            _refuse_half_pairs(value)
    except json.JSONDecodeError as error:
        where = {"why": error.msg, "line": error.lineno, "column": error.colno}
        if error.lineno == 1:
            raise CellError(*in_both("is not JSON: {why} (column {column})", **where)) from None
        raise CellError(*in_both("is not JSON: {why} (line {line}, column {column})", **where)) from None
    except CellError:
        raise
    except ValueError:  # Python reads none of more than 4,300 by default
        raise CellError(*in_both("has a number of too many digits")) from None
    except RecursionError:
        raise CellError(*in_both("is nested too deeply")) from None
    if not text.lstrip(" \t\r\n\ufeff").startswith("{"):
        raise CellError(*in_both("must be one JSON object, {example}", example="{...}"))
    return value


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise CellError(*in_both("has the member {name} twice", name=repr(name)))
            seen.add(name)
    return members


def _constant(name: str) -> NoReturn:
    raise CellError(*in_both("{name} is not JSON", name=name))


def _refuse_depths(value: object) -> None:
    level: list[Any] = [value] if is_object(value) or is_array(value) else []
    for _ in range(_DEEPEST + 1):
        inner = (one.values() if is_object(one) else one for one in level)
        level = [one for members in inner for one in members if is_object(one) or is_array(one)]
        if not level:
            return
    raise CellError(*in_both("is nested too deeply"))


def _refuse_half_pairs(value: object) -> None:
    """Half of a surrogate pair is no character, and can't be sent as UTF-8."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        text = "has half of a surrogate pair (\\ud800 to \\udfff), which is no character"
        raise CellError(*in_both(text)) from None
