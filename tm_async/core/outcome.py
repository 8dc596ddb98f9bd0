"""What became of one request of a bulk call (`Created`, `Rejected`, `Unknown`), and what looking it up says."""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from attrs import field, frozen

from tm_async.core.operation import Operation
from tm_async.errors import TencentMeetingError

__all__ = ["Absent", "Created", "Found", "Looked", "Outcome", "Rejected", "Undecided", "Unknown"]

ResultT = TypeVar("ResultT")


@frozen(kw_only=True)
class Created(Generic[ResultT]):
    """It was done; `result` is the gateway's answer."""

    index: int
    """Position of the request in the input, from 0."""
    request: Operation[ResultT] = field(repr=False)
    result: ResultT
    trace_id: str | None = None
    looked_up: bool = False
    """No clear answer came: `result` was found by looking for it, and has what the list shows."""

    def __str__(self) -> str:
        return f"#{self.index} created {self.result}"


@frozen(kw_only=True)
class Rejected:
    """It was certainly not done; `error` says why. Sending it again can't make a second one."""

    index: int
    request: Operation[Any] | Mapping[str, Any] | object = field(repr=False)
    """The request as it was given: a mapping where it could not be built."""
    error: TencentMeetingError

    def __str__(self) -> str:
        return f"#{self.index} rejected: {self.error}"


@frozen(kw_only=True)
class Unknown:
    """It may or may not have been done: look before you send it again. `error` says what happened."""

    index: int
    request: Operation[Any] | str = field(repr=False)
    """A text, its key, where a ledger has the request and this program can't read it."""
    error: TencentMeetingError

    def __str__(self) -> str:
        return f"#{self.index} unknown: {self.error}"


Outcome = Created[ResultT] | Rejected | Unknown
"""One outcome of a bulk call."""


@frozen
class Found(Generic[ResultT]):
    """It was done: `result` is what the list shows of it."""

    result: ResultT


@frozen
class Absent:
    """It was not done, as far as can be seen: the list is complete and does not have it, long enough afterwards."""


@frozen
class Undecided:
    """Looking does not settle it."""

    reason: str
    again: bool = field(default=False, eq=False, repr=False)
    """Whether one more look may tell more."""


Looked = Found[ResultT] | Absent | Undecided
"""What looking up a call of unclear outcome says."""
