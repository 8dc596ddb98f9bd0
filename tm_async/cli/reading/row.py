"""One row of a file: a request that keeps every rule, or everything that is wrong with it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import evolve, field, frozen

from tm_async.api.meetings import CreateMeeting
from tm_async.core.parse import parse
from tm_async.errors import ValidationError, Violation

__all__ = ["Row", "build_row"]


@frozen
class Row:
    """One row. `request` is `None` exactly where there are `problems`."""

    number: int
    """As a spreadsheet or an editor counts: from 1, header and blank rows included."""
    subject: str
    """For showing the row; may be empty in a bad one."""
    start: datetime | None = None
    """Where it could be read."""
    request: CreateMeeting | None = field(default=None, repr=False)
    problems: tuple[Violation, ...] = ()
    key: str | None = None
    """The user's own name of it: unique in the file."""


def build_row(
    number: int, data: Mapping[str, Any], problems: Sequence[Violation], unreadable: Collection[str] = ()
) -> Row:
    """Apply the rules to the wire's flat object, and join what they say with the problems found so far.

    Of members that have a problem already, or were given but could not be read, the rules have nothing to add.
    """
    subject = data.get("subject")
    start = data.get("start_time")
    row = Row(
        number,
        subject if isinstance(subject, str) else "",
        start if isinstance(start, datetime) and start.utcoffset() is not None else None,
        problems=tuple(problems),
    )
    try:
        request = parse(CreateMeeting, data)
    except ValidationError as error:
        known = {*unreadable, *(problem.field for problem in problems)}
        news = (violation for violation in error.violations if not _within(violation.field, known))
        return evolve(row, problems=(*problems, *news))
    return row if problems else evolve(row, start=request.start_time, request=request)


def _within(path: str, fields: Collection[str]) -> bool:
    return any(path == name or path.startswith((f"{name}.", f"{name}[")) for name in fields if name)
