"""One row of a file: a request that keeps every rule, or everything that is wrong with it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import evolve, field, frozen

from tm_async.api.meetings import CreateMeeting
from tm_async.api.shared import UserRef
from tm_async.cli.words import in_both
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
    cells: Mapping[str, str] = field(factory=dict[str, str], repr=False)
    """What the user wrote, under the user's own headings. No secret is in it."""
    settled: bool = False
    """Whether a ledger had its outcome already."""


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
    if strange := tuple(_strange_people(request)):
        return evolve(row, problems=(*problems, *strange))
    return row if problems else evolve(row, start=request.start_time, request=request)


_SEPARATOR = re.compile(r"""[\s,，;；、。|/\\"'()（）<>《》]""")
"""What stands between two people, or around a name; no one id has it."""


def _strange_people(request: CreateMeeting) -> Iterator[Violation]:
    """People of whom one would be nobody: the gateway counts such an invitee as not registered, and goes on."""
    for field_name in ("userid", "hosts", "invitees"):
        value: UserRef | tuple[UserRef, ...] | None = getattr(request, field_name)
        people = value if isinstance(value, tuple) else () if value is None else (value,)
        for one in people:
            person = one if isinstance(one, str) else one.userid
            if person and _SEPARATOR.search(person):
                message = "{person} can't be one user id; separate people by ; or ,"
                yield Violation(field_name, "one-person", *in_both(message, person=repr(person)))


def _within(path: str, fields: Collection[str]) -> bool:
    return any(path == name or path.startswith((f"{name}.", f"{name}[")) for name in fields if name)
