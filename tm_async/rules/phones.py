"""Rules of telephones that are called into meetings, and of the days of their bills."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from tm_async.core.validation import OWN_PAGE, Rule
from tm_async.errors import Violation

__all__ = ["DAY", "DIGITS", "both_days"]

DIGITS = Rule(
    name="phone-digits",
    holds=re.compile(r"[0-9]+\Z").match,
    limit="0-9",
    actual=repr,
    message="must be digits ({limit}) without spaces, dashes and + (given: {actual})",
    message_zh="只能为数字（{limit}），不含空格、短横线和 +（当前：{actual}）",
)


def _is_day(text: str) -> bool:
    try:
        return re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


DAY = Rule(
    name="day",
    holds=_is_day,
    limit="yyyy-MM-dd",
    actual=repr,
    message="must be a day, {limit} (given: {actual})",
    message_zh="应为日期，格式 {limit}（当前：{actual}）",
)


def both_days(query: Any) -> Iterator[Violation]:
    """Both days or none, in their order (doc 1095/86454; the order is not said there, but can't be meant)."""
    start, end = query.start_date, query.end_date
    if (start is None) != (end is None):
        missing = "start_date" if start is None else "end_date"
        yield Violation(missing, "both-days", "give both days, or none", "起止日期须同时提供或都不提供", page=OWN_PAGE)
    elif start is not None and end < start:
        yield Violation("end_date", "end-not-before-start", "must not be before start_date", "不能早于 start_date")
