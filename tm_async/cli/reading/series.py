"""The column `recurrence`: `daily x5`, `weekdays x10`, `weekly until 2026-12-31`, `每周 x7`."""

import re
from datetime import tzinfo
from typing import Any

from tm_async.api.meetings import CreateMeeting, RecurrenceKind, UntilType
from tm_async.cli.reading.moments import last_moment
from tm_async.cli.reading.problem import CellError
from tm_async.cli.words import in_both

__all__ = ["describe_series", "read_series"]

_KINDS = {kind.name.lower(): kind for kind in RecurrenceKind if kind is not RecurrenceKind.CUSTOM}
_CHINESE = {
    "每天": RecurrenceKind.DAILY,
    "每日": RecurrenceKind.DAILY,
    "每个工作日": RecurrenceKind.WEEKDAYS,
    "工作日": RecurrenceKind.WEEKDAYS,
    "每周": RecurrenceKind.WEEKLY,
    "每两周": RecurrenceKind.BIWEEKLY,
    "每月": RecurrenceKind.MONTHLY,
}
_TEXT = re.compile(
    r"(?P<kind>\w+?)\s*(?:[x×*]\s*(?P<count>[0-9]{1,6})|(?P<times>[0-9]{1,6})\s*次|(?:until\s|直到|至)\s*(?P<until>\S.*))",
    re.IGNORECASE,
)


def read_series(text: str, zone: tzinfo | None) -> dict[str, Any]:
    """The wire's `recurring_rule`. A last date is meant in `zone`. Raises `CellError`."""
    found = _TEXT.fullmatch(text)
    kind = (_KINDS | _CHINESE).get(found["kind"].lower()) if found else None
    if found is None or kind is None:
        names = ", ".join(_KINDS)
        raise CellError(
            *in_both(
                "{text} must be one of {names}, then x and a number, or until and a date: daily x5",
                text=repr(text),
                names=names,
            )
        )
    if count := found["count"] or found["times"]:
        return {"recurring_type": kind, "until_type": UntilType.COUNT, "until_count": int(count)}
    return {"recurring_type": kind, "until_type": UntilType.DATE, "until_date": last_moment(found["until"], zone)}


def describe_series(request: CreateMeeting) -> str | None:
    """How a meeting repeats, in the same words; `None` for one that does not."""
    rule = request.recurring_rule
    if rule is None:
        return None
    kind = RecurrenceKind(int(rule.recurring_type)).name.lower()
    if rule.until_count is not None:
        return f"{kind} x{rule.until_count}"
    return f"{kind} until {rule.until_date:%Y-%m-%d}" if rule.until_date else kind
