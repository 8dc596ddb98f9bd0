"""The protocol of an observer: told about every call, its attempts and its waits; never about payloads or secrets."""

from enum import StrEnum
from typing import Protocol

from attrs import frozen

__all__ = ["Attempt", "CallInfo", "Observer", "Wait", "Watch"]


class Wait(StrEnum):
    """Why a call waits before an attempt."""

    QUOTA = "quota"
    """For the limiter."""
    BACKOFF = "backoff"
    """Between two attempts."""


@frozen
class CallInfo:
    """A call that begins. Neither path values nor query nor body: they name people and meetings."""

    operation: str
    """The operation's id, for example `meetings.create`; of `tm.request` the method and the documented path, or the
    path as it was given if it is none of these."""
    method: str
    origin: str
    """Scheme, host and port of the gateway."""


@frozen
class Attempt:
    """One attempt that has ended."""

    number: int
    """From 1."""
    seconds: float
    """From asking for a connection to the whole answer, or to the failure."""
    status: int | None = None
    """The HTTP status; `None`: there was no complete answer."""
    code: int | None = None
    """The gateway's error code, where it refused."""
    trace_id: str | None = None
    """The answer's `X-Tc-Trace`."""
    error: str | None = None
    """The name of the error's class; `None`: it succeeded."""


class Watch(Protocol):
    """One call as an observer sees it. The methods are plain ones, run in the call's own task, and must not block."""

    def waited(self, why: Wait, seconds: float, /) -> None:
        """The call waited before an attempt; not called where it had not to."""
        ...

    def attempted(self, attempt: Attempt, /) -> None:
        """An attempt has ended, and perhaps another follows."""
        ...

    def ended(self, error: BaseException | None, /) -> None:
        """The call is over; `error` is what its caller gets, a cancellation included. Called exactly once."""
        ...


class Observer(Protocol):
    """Hears of every call of a client. What it or its watches raise is logged once and otherwise ignored."""

    def begins(self, call: CallInfo, /) -> Watch | None:
        """A call begins, in the task that makes it. `None`: not interested in this one."""
        ...
