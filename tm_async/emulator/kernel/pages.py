"""Lists in pages as the catalogue describes them: by number with counters, or from a position on."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from tm_async.emulator.kernel.refusals import Refused
from tm_async.spec.catalogue import entry
from tm_async.spec.shape import answer_shape

__all__ = ["page_of", "paging_parameters"]

DEFAULT_SIZE = 20
"""Where neither a default nor a bound is documented."""


def paging_parameters(operation: str) -> frozenset[str]:
    """The names that say which page is wanted."""
    style = entry(operation).raw["pagination"]
    return frozenset(str(style[name]) for name in ("page_param", "cursor_param", "size_param") if style.get(name))


def page_of(operation: str, given: Mapping[str, Any], rows: Sequence[Any]) -> dict[str, Any]:
    """The page that was asked for, with the counters that the answer has. One beyond the last is empty."""
    style = entry(operation).raw["pagination"]
    size = given.get(style.get("size_param"), style.get("default_size") or style.get("max_size") or DEFAULT_SIZE)
    if size < 1:  # not documented
        raise Refused(190004, f"{style['size_param']} is {size}, at least 1")
    if style["style"] == "page":
        return _numbered(operation, style, given.get(style["page_param"], 1), size, rows)
    start = _position(given.get(style["cursor_param"]), len(rows))
    shown, more = list(rows[start : start + size]), start + size < len(rows)
    value = {style["has_more_field"]: more, style["items_field"]: shown}
    # What the position is on the last page is not documented: it is left out.
    return {**value, style["next_field"]: f"{start + size}"} if more else value


def _numbered(operation: str, style: Mapping[str, Any], page: int, size: int, rows: Sequence[Any]) -> dict[str, Any]:
    if page < 1:  # documented for some lists only
        raise Refused(190004, f"{style['page_param']} is {page}, at least 1")
    shown = list(islice(rows, (page - 1) * size, page * size))
    counters: dict[Any, Any] = {
        style.get("total_count_field"): len(rows),
        style.get("total_page_field"): -(-len(rows) // size),
        style.get("current_page_field"): page,
        "current_size": len(shown),
        "page_size": size,
    }
    shape = answer_shape(operation)
    counted = {str(name): value for name, value in counters.items() if shape and name in shape.members}
    return {**counted, style["items_field"]: shown}


def _position(given: str | int | None, count: int) -> int:
    """Positions are opaque to callers: only those that an answer showed are taken."""
    if given in {None, "", 0}:
        return 0
    text = str(given)
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= count):
        raise Refused(190004, f"the position {text[:20]!r} is none that an answer showed")
    return int(text)
