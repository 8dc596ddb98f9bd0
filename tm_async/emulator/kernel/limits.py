"""Documented limits of single values, as the catalogue has them."""

import re
import unicodedata
from functools import cache
from typing import Any, cast

from tm_async.spec.shape import Limits

__all__ = ["beyond", "width"]


def width(text: str) -> int:
    """Columns of a text, a Chinese character counting 2 (doc 1095/42417)."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def beyond(value: Any, limits: Limits, note: str = "") -> str | None:
    """What is wrong about a value of the documented type, as the end of a sentence; `note` tells of its form."""
    if isinstance(value, str):
        return _text(value, limits, note)
    if isinstance(value, list):
        count = len(cast("list[object]", value))
        return _outside(count, limits.min_items, limits.max_items, f"has {count} elements")
    return _outside(value, limits.minimum, limits.maximum, f"is {value}")


def _text(text: str, limits: Limits, note: str) -> str | None:
    encoded = len(text.encode("utf-8", "surrogatepass"))
    if problem := _outside(len(text), limits.min_length, limits.max_length, f"has {len(text)} characters"):
        return problem
    if problem := _outside(encoded, None, limits.max_bytes, f"has {encoded} bytes"):
        return problem
    if limits.max_width is not None and (columns := width(text)) > limits.max_width:
        return f"is {columns} wide, at most {limits.max_width}"
    if limits.pattern is not None and not _compiled(limits.pattern).fullmatch(text):
        return f"is not as documented: {note or limits.pattern}"
    return None


def _outside(size: float, low: int | None, high: int | None, what: str) -> str | None:
    if low is not None and size < low:
        return f"{what}, at least {low}"
    if high is not None and size > high:
        return f"{what}, at most {high}"
    return None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
