"""What became of one request of a bulk call: exactly one of `Created`, `Rejected`, `Unknown`."""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from attrs import field, frozen

from tm_async.core.operation import Operation
from tm_async.errors import TencentMeetingError

__all__ = ["Created", "Outcome", "Rejected", "Unknown"]

ResultT = TypeVar("ResultT")


@frozen(kw_only=True)
class Created(Generic[ResultT]):
    """It was done; `result` is the gateway's answer."""

    index: int
    """Position of the request in the input, from 0."""
    request: Operation[ResultT] = field(repr=False)
    result: ResultT
    trace_id: str | None = None

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
    request: Operation[Any] = field(repr=False)
    error: TencentMeetingError

    def __str__(self) -> str:
        return f"#{self.index} unknown: {self.error}"


Outcome = Created[ResultT] | Rejected | Unknown
"""One outcome of a bulk call."""
