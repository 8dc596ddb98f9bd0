"""What became of a row: one line of the output, for people and for machines."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from attrs import asdict, field, frozen

from tm_async.api.meetings import Meeting
from tm_async.cli.reading.row import Row
from tm_async.cli.reading.series import describe_series
from tm_async.cli.standing import Standing
from tm_async.cli.words import describe, spoken, way_out
from tm_async.core.outcome import Created, Outcome, Rejected
from tm_async.errors import AnswerError, ApiError, OutcomeUnknown, RecordedError, TencentMeetingError, ValidationError

__all__ = ["Failure", "Result", "Status", "cause_of", "message_of"]


class Status(StrEnum):
    """The three things that can become of a row."""

    CREATED = "created"
    REJECTED = "rejected"
    """Certainly not created."""
    UNKNOWN = "unknown"
    """The gateway may have created it: look before you send it again."""


@frozen
class Failure:
    """Why there is no meeting, or why it is not known."""

    type: str
    code: int | None
    message: str
    trace_id: str | None

    @classmethod
    def of(cls, error: TencentMeetingError) -> Self:
        """What an error says; of an unclear outcome the kind, code and trace are those of its cause."""
        if isinstance(error, RecordedError):
            return cls(error.name, error.code, message_of(error), error.trace_id)
        cause = cause_of(error)
        code = cause.code if isinstance(cause, ApiError) else None
        trace_id = cause.trace_id if isinstance(cause, AnswerError) else None
        return cls(type(cause).__name__, code, message_of(error), trace_id)


@frozen(kw_only=True)
class Result:
    """The outcome of one row. Holds no password."""

    row: int
    key: str | None = None
    """The user's own name of the row."""
    subject: str
    status: Status | Standing
    meeting_id: str | None = None
    meeting_code: str | None = None
    join_url: str | None = None
    start_time: datetime | None = None
    """With the offset that the row used."""
    repeats: str | None = None
    user_non_registered: tuple[str, ...] = ()
    error: Failure | None = None
    cells: Mapping[str, str] = field(factory=dict[str, str], repr=False)
    """What the user wrote, under the user's own headings."""
    before: bool = False
    """Whether an earlier run settled it: nothing was sent for it in this one."""

    @classmethod
    def of_outcome(cls, row: Row, outcome: Outcome[Meeting]) -> Self:
        """The outcome of a row that was sent."""
        if isinstance(outcome, Created):
            return cls._of(row, Status.CREATED, outcome.result, None)
        status = Status.REJECTED if isinstance(outcome, Rejected) else Status.UNKNOWN
        return cls._of(row, status, None, Failure.of(outcome.error))

    @classmethod
    def of_bad_row(cls, row: Row) -> Self:
        """A row with problems: it is not sent."""
        message = "; ".join(describe(problem) for problem in row.problems)
        return cls._of(row, Status.REJECTED, None, Failure(ValidationError.__name__, None, message, None))

    @classmethod
    def of_abandoned(cls, row: Row) -> Self:
        """A row that was under way when the run was broken off."""
        failure = Failure("Interrupted", None, spoken("broken off before its outcome was known"), None)
        return cls._of(row, Status.UNKNOWN, None, failure)

    @classmethod
    def _of(cls, row: Row, status: Status, meeting: Meeting | None, error: Failure | None) -> Self:
        request = row.request
        return cls(
            row=row.number,
            key=row.key,
            subject=row.subject,
            status=status,
            meeting_id=meeting.meeting_id if meeting else None,
            meeting_code=meeting.meeting_code if meeting else None,
            join_url=meeting.join_url if meeting else None,
            start_time=_start(row, meeting),
            repeats=describe_series(request) if request else None,
            user_non_registered=meeting.user_non_registered if meeting else (),
            error=error,
            cells=row.cells,
            before=row.settled,
        )

    def as_json(self) -> dict[str, Any]:
        """Always the same members, in the same order; `null` where there is nothing to say. No key if there is none."""
        start = self.start_time.isoformat() if self.start_time else None
        error = asdict(self.error) if self.error else None
        return {
            "row": self.row,
            **({} if self.key is None else {"key": self.key}),
            "status": self.status,
            "subject": self.subject,
            "meeting_id": self.meeting_id,
            "meeting_code": self.meeting_code,
            "join_url": self.join_url,
            "start_time": start,
            "user_non_registered": list(self.user_non_registered),
            "error": error,
        }


def cause_of(error: TencentMeetingError) -> TencentMeetingError:
    """What happened: `OutcomeUnknown` only says what it means for the request."""
    return error.cause if isinstance(error, OutcomeUnknown) else error


def message_of(error: TencentMeetingError) -> str:
    """An error's own words, without what stands beside them anyway; notes, such as of a look that failed, follow."""
    if isinstance(error, ValidationError):
        return "; ".join(describe(violation) for violation in error.violations)
    return "; ".join([f"{error.args[0]}{way_out(error)}", *getattr(error, "__notes__", ())])


def _start(row: Row, meeting: Meeting | None) -> datetime | None:
    """The gateway's word where there is one, since a series may begin later than asked; with the row's offset."""
    start = meeting.start_time if meeting else None
    return start.astimezone(row.start.tzinfo) if start and row.start else row.start
