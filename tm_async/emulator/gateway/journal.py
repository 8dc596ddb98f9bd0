"""What was called, and what became of it. Holds no signature and no body: those may carry secrets."""

import logging
from collections import deque
from collections.abc import Iterator

from attrs import asdict, define, field

from tm_async._util.logs import logger

__all__ = ["Journal", "JournalEntry", "refused"]

log = logger("tm_async.emulator")


@define(kw_only=True)
class JournalEntry:
    """One call as the gateway saw it."""

    number: int
    time: float
    method: str
    target: str
    """Path and query; the path alone outside `/v1`, where a query may hold secrets."""
    operation: str | None = None
    """Id in the catalogue, for example `meetings.create`, or `oauth2.refresh_token` and its like; `None` for a
    path that no document names."""
    accepted: bool = False
    code: int | None = None
    reason: str | None = None
    fault: str | None = None
    committed: bool = False
    """Whether the call changed the state, whatever the caller was told."""
    status: int | None = None
    """HTTP status of the answer; `None` when the connection was dropped instead."""
    ignored: tuple[str, ...] = ()
    """Members of the body that no document names, by path."""
    trace: str = ""

    def as_dict(self) -> dict[str, object]:
        """For the control plane."""
        return asdict(self)


@define
class Journal:
    """The last calls, oldest first."""

    length: int
    _entries: deque[JournalEntry] = field(init=False)
    _number: int = field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self._entries = deque(maxlen=self.length)

    def __iter__(self) -> Iterator[JournalEntry]:
        return iter(self._entries)

    def open(self, *, time: float, method: str, target: str, trace: str) -> JournalEntry:
        """Write down a call that has just arrived."""
        self._number += 1
        entry = JournalEntry(number=self._number, time=time, method=method, target=target, trace=trace)
        self._entries.append(entry)
        return entry

    def clear(self) -> None:
        """Forget every call and start counting anew."""
        self._entries.clear()
        self._number = 0


def refused(entry: JournalEntry, code: int | None, reason: str, *, loud: bool = False) -> None:
    """Write down and log why a call was refused, `loud` as an error."""
    entry.code, entry.reason = code, reason
    what = entry.operation or f"{entry.method} {entry.target}"
    number = "" if code is None else f" with {code}"
    log.log(logging.ERROR if loud else logging.WARNING, "%s refused%s: %s", what, number, reason)
