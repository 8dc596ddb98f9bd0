"""Rules of lists: the last page, page sizes, positions, spans of time. The first page is in `pages`.

A size has its operation's own bounds, so `page_size` makes the rule. Spans longer than the documented bound are not
refused here: a paginator asks for them piece by piece.
"""

from collections.abc import Iterator
from typing import Any

from tm_async.core.moments import earlier
from tm_async.core.validation import OWN_PAGE, Rule, about
from tm_async.errors import Violation

__all__ = ["POSITION", "end_not_before_start", "page_size", "page_up_to"]

POSITION = Rule(
    name="position",
    holds=lambda position: position >= 0,
    limit=0,
    actual=int,
    message="is {actual}; positions count from {limit}",
    message_zh="为 {actual}；位置从 {limit} 开始",
    page=None,
)


def page_up_to(last: int, *, page: str | None = OWN_PAGE) -> Rule:
    """The rule of a page number that the vendor bounds."""
    return Rule(
        name="page-number",
        holds=lambda number: 1 <= number <= last,
        limit=(1, last),
        actual=int,
        message="is {actual}; allowed: {limit[0]} to {limit[1]}",
        message_zh="为 {actual}；应为 {limit[0]} 至 {limit[1]}",
        page=page,
    )


def page_size(most: int, *, least: int = 1, page: str | None = OWN_PAGE) -> Rule:
    """The rule of the number of rows in a page."""
    return Rule(
        name="page-size",
        holds=lambda size: least <= size <= most,
        limit=(least, most),
        actual=int,
        message="is {actual}; allowed: {limit[0]} to {limit[1]} rows a page",
        message_zh="为 {actual}；每页应为 {limit[0]} 至 {limit[1]} 条",
        page=page,
    )


@about("start_time", "end_time")
def end_not_before_start(query: Any) -> Iterator[Violation]:
    """A span that ends before it begins can't be meant. The pages do not say so."""
    if earlier(query.end_time, query.start_time):
        yield Violation("end_time", "end-not-before-start", "must not be before start_time", "不能早于 start_time")
