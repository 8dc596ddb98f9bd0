"""One row of a file: a request that keeps every rule, or everything that is wrong with it."""

from collections.abc import Mapping, Sequence, Set
from typing import Any

from attrs import field, frozen

from tm_async.api.meetings import CreateMeeting
from tm_async.core.parse import parse
from tm_async.core.rule import Violation
from tm_async.errors import ValidationError

__all__ = ["Row", "build_row"]


@frozen
class Row:
    """One row. `request` is `None` exactly where there are `problems`."""

    number: int
    """As a spreadsheet or an editor counts: from 1, header and blank rows included."""
    subject: str
    """For showing the row; may be empty in a bad one."""
    request: CreateMeeting | None = field(default=None, repr=False)
    problems: tuple[Violation, ...] = ()


def build_row(
    number: int, data: Mapping[str, Any], problems: Sequence[Violation], unreadable: Set[str] = frozenset()
) -> Row:
    """Apply the rules to the wire's flat object, and join what they say with the problems found so far.

    Of members that have a problem already, or were given but could not be read, the rules have nothing to add.
    """
    subject = data.get("subject")
    shown = subject if isinstance(subject, str) else ""
    try:
        request = parse(CreateMeeting, data)
    except ValidationError as error:
        known = {*unreadable, *(problem.field for problem in problems)}
        news = (violation for violation in error.violations if not _within(violation.field, known))
        return Row(number, shown, None, (*problems, *news))
    except (ValueError, OverflowError) as error:  # a number or a moment beyond what Python can hold
        return Row(number, shown, None, (*problems, Violation("", "range", f"is out of range: {error}", f"超出范围：{error}")))
    return Row(number, shown, None if problems else request, tuple(problems))


def _within(path: str, fields: Set[str]) -> bool:
    return any(path == name or path.startswith((f"{name}.", f"{name}[")) for name in fields if name)
