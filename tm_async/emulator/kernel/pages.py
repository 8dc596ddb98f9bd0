"""Lists in pages as the catalogue describes them: by number with counters, or from a position on."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from attrs import frozen

from tm_async.emulator.kernel.refusals import Refused
from tm_async.spec.catalogue import entry
from tm_async.spec.shape import answer_shape

__all__ = ["Numbered", "numbered", "page_of", "paging_parameters"]

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
    counters = {
        style.get("total_count_field"): len(rows),
        style.get("total_page_field"): -(-len(rows) // size),
        style.get("current_page_field"): page,
        "current_size": len(shown),
        "page_size": size,
    }
    shape = answer_shape(operation)
    documented = shape.members if shape else {}
    return {**{name: value for name, value in counters.items() if name in documented}, style["items_field"]: shown}


def _position(given: str | int | None, count: int) -> int:
    """Positions are opaque to callers: only those that an answer showed are taken."""
    if given in {None, "", 0}:
        return 0
    text = str(given)
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= count):
        raise Refused(190004, f"the position {text[:20]!r} is none that an answer showed")
    return int(text)


@frozen
class Numbered:
    """Which page was asked for."""

    page: int
    size: int

    def of(self, items: Sequence[Any], name: str) -> dict[str, Any]:
        """That page of a list, as the member `name`. A page beyond the last one is empty (not documented)."""
        shown = list(items[(self.page - 1) * self.size : self.page * self.size])
        return {
            "total_count": len(items),
            "total_page": -(-len(items) // self.size),
            "current_page": self.page,
            "current_size": len(shown),
            name: shown,
        }


def numbered(values: Mapping[str, Any], *, size: int, most: int, least: int = 1, last: int | None = None) -> Numbered:
    """`page` and `page_size` of a query; 190004 beyond a documented bound, which the documents leave open.

    `size` is the default, `least` and `most` bound it, `last` is the highest page that may be asked for.
    """
    page, wanted = values.get("page", 1), values.get("page_size", size)
    if page < 1 or (last is not None and page > last):
        raise Refused(190004, f"page is {page}, from 1" + ("" if last is None else f" to {last}"))
    if not least <= wanted <= most:
        raise Refused(190004, f"page_size is {wanted}, {least} to {most} are allowed")
    return Numbered(page, wanted)
