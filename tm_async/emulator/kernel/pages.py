"""Lists in pages as the catalogue describes them: by number with counters, from a position on, or by tokens.

Tokens (`page_type` 1) are the official command line's way, of which no page tells: see the catalogue's notes.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from attrs import evolve

from tm_async.emulator.kernel.refusals import Refused
from tm_async.spec.catalogue import entry
from tm_async.spec.shape import Shape, answer_shape, request_shape

__all__ = [
    "BY_TOKEN",
    "page_of",
    "paging_parameters",
    "position_of",
    "query_members",
    "token_page",
    "token_parameters",
    "token_size",
]

BY_TOKEN = 1
"""`page_type`."""

DEFAULT_SIZE = 20
"""Where neither a default nor a bound is documented."""


def paging_parameters(operation: str) -> frozenset[str]:
    """The names that say which page is wanted."""
    names = ("page_param", "cursor_param", "size_param")
    return frozenset(str(style[name]) for style in _styles(operation) for name in names if style.get(name))


def _styles(operation: str) -> tuple[Mapping[str, Any], ...]:
    """The ways in which a list is paged; where there are two, the second one is the present one."""
    style = entry(operation).raw["pagination"]
    other = style.get("alt", {})
    return (style, other) if other and "page_type" not in other else (style,)


def token_parameters(operation: str) -> frozenset[str]:
    """The names that say which page is wanted where the caller pages by tokens."""
    alt = entry(operation).raw["pagination"].get("alt")
    return frozenset((alt["cursor_param"], alt["size_param"])) if alt else frozenset()


@cache
def query_members(operation: str, *, by_token: bool) -> Mapping[str, Shape]:
    """The documented parameters of a query; by tokens the others that say which page are not missed."""
    members = request_shape(operation).query.members
    alt = entry(operation).raw["pagination"].get("alt")
    if not by_token or alt is None:
        return members
    size = alt["size_param"]
    excused = {name: evolve(members[name], optional=True) for name in paging_parameters(operation) if name in members}
    most = evolve(members[size], optional=True, limits=evolve(members[size].limits, maximum=alt["max_size"]))
    return {**members, **excused, size: most}


def page_of(operation: str, given: Mapping[str, Any], rows: Sequence[Any]) -> dict[str, Any]:
    """The page that was asked for, with the counters that the answer has. One beyond the last is empty."""
    older, style = _styles(operation)[0], _styles(operation)[-1]
    if given.get("page_type") == BY_TOKEN:
        (start,) = position_of(given, places=1) or (0,)
        size = token_size(operation, given)
        value = token_page(operation, rows[start : start + size], (start + size,) if start + size < len(rows) else None)
        return {**_counted(operation, style, {"current_size": len(value[style["items_field"]])}, rows), **value}
    if older.get("page_param") in given:
        style = older
    size = _size(given, style)
    if style["style"] == "page":
        return _numbered(operation, style, given.get(style["page_param"], 1), size, rows)
    start = _position(given.get(style["cursor_param"]), len(rows))
    shown, more = list(rows[start : start + size]), start + size < len(rows)
    # Where a list had numbers before, its counters are answered all the same (doc 1095/52494).
    counters = {} if style is older else _numbered(operation, older, start // size + 1, size, rows)
    value = {**counters, style["has_more_field"]: more, style["items_field"]: shown}
    # What the position is on the last page is not documented: it is left out.
    return {**value, style["next_field"]: f"{start + size}"} if more else value


def _numbered(operation: str, style: Mapping[str, Any], page: int, size: int, rows: Sequence[Any]) -> dict[str, Any]:
    if page < 1:  # documented for some lists only
        raise Refused(190004, f"{style['page_param']} is {page}, at least 1")
    shown = list(rows[(page - 1) * size : page * size])
    counters: dict[Any, Any] = {
        style.get("total_page_field"): -(-len(rows) // size),
        style.get("current_page_field"): page,
        "current_size": len(shown),
        "curr_size": len(shown),
        "page_size": size,
    }
    return {**_counted(operation, style, counters, rows), style["items_field"]: shown}


def _counted(
    operation: str, style: Mapping[str, Any], counters: Mapping[Any, Any], rows: Sequence[Any]
) -> dict[str, Any]:
    """The counters that the answer has."""
    shape = answer_shape(operation)
    members = shape.members if shape else dict[str, Shape]()
    counters = {style.get("total_count_field"): len(rows), **counters}
    return {str(name): value for name, value in counters.items() if name in members}


def _size(given: Mapping[str, Any], style: Mapping[str, Any]) -> int:
    default = style.get("default_size") or style.get("max_size") or DEFAULT_SIZE
    size: int = given.get(str(style.get("size_param")), default)
    if size < 1:  # not documented
        raise Refused(190004, f"{style['size_param']} is {size}, at least 1")
    return size


def token_size(operation: str, given: Mapping[str, Any]) -> int:
    """How many rows a page by tokens has at most."""
    return _size(given, entry(operation).raw["pagination"]["alt"])


def token_page(operation: str, shown: Sequence[Any], following: tuple[int, ...] | None) -> dict[str, Any]:
    """A page by tokens; `following` is the position of the next one, if there is one.

    That there is no token on the last page is not documented.
    """
    style = entry(operation).raw["pagination"]
    alt = style["alt"]
    value = {alt["has_more_field"]: following is not None, style["items_field"]: list(shown)}
    return value if following is None else {**value, alt["next_field"]: "x".join(["", *map(str, following)])}


def position_of(given: Mapping[str, Any], *, places: int) -> tuple[int, ...] | None:
    """What a token stands for; `None` for the first page. Only those that an answer showed are taken."""
    token: str = given.get("page_token", "")
    if not token:
        return None
    if not re.fullmatch(f"(x[0-9]{{1,19}}){{{places}}}", token, re.ASCII):
        raise Refused(190004, f"the page_token {token[:20]!r} is none that an answer showed")
    return tuple(map(int, token.split("x")[1:]))


def _position(given: str | int | None, count: int) -> int:
    """Positions are opaque to callers: only those that an answer showed are taken."""
    if given in {None, "", 0}:
        return 0
    text = str(given)
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= count):
        raise Refused(190004, f"the position {text[:20]!r} is none that an answer showed")
    return int(text)
