"""Rules of lists with numbered pages."""

from tm_async.core.validation import Rule

__all__ = ["PAGE"]

PAGE = Rule(
    name="page-number",
    holds=lambda number: number >= 1,
    limit=1,
    actual=lambda number: number,
    message="pages count from {limit}, not {actual}",
    message_zh="页码从 {limit} 开始，当前为 {actual}",
    page=None,
)
