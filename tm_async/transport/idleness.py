"""How long an unused connection may be trusted: it has to be closed here before the server closes it.

A request that is sent while the server closes the connection is lost without an answer, and for a "create" nobody
knows whether it was done. The gateway's limit is not documented, so it is learnt from what its answers announce
(`Keep-Alive`) and from what happens: connections that were closed while idle, and ones that served after a pause.
"""

import re
from collections.abc import Sequence

from tm_async.core.exchange import Repeat, Request

__all__ = ["Idleness"]

_LONGEST = 30.0
"""Seconds that an unused connection is kept at most."""
_UNPROVEN = 4.0
"""Seconds after which nothing is sent that must not be lost, until it is known to go well: many servers wait for 5."""
_SHARE = 0.8
"""Of the time after which the server closes: the rest is for the way to it, and for clocks that differ."""
_CHANCE = 1.0
"""Seconds. What is closed sooner was closed for another reason, for example a restart."""

_TIMEOUT = re.compile(rb"(?:^|[,;\s])timeout\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


class Idleness:
    """What is known of one origin. The last that was seen counts: servers are changed while clients run."""

    __slots__ = ("_announced", "_bound", "_proven")

    def __init__(self) -> None:
        self._announced: int | None = None
        self._bound = _LONGEST
        self._proven = _UNPROVEN

    def allows(self, seconds: float, request: Request) -> bool:
        """Whether a connection that was unused for so long may carry the request.

        What is safe to repeat may try longer pauses, as a loss is made good; what is not follows once they went well.
        """
        return seconds < self._bound and (seconds < self._proven or request.repeat is Repeat.SAFE)

    def served(self, seconds: float) -> None:
        """A connection gave an answer after it was unused for so long."""
        if seconds > self._proven:
            self._proven = max(self._proven, seconds * _SHARE)

    def closed(self, seconds: float) -> None:
        """The other side closed a connection that was unused for so long, or let its next request fall."""
        if seconds >= _CHANCE:
            self._bound = min(_LONGEST, seconds * _SHARE)
            self._proven = min(self._proven, self._bound)

    def announced(self, headers: Sequence[tuple[bytes, bytes]]) -> None:
        """Take in `Keep-Alive: timeout=N` of an answer, if it has one that is news.

        What happened since the same was announced weighs more: somebody on the way may be less patient.
        """
        for name, value in headers:
            if name.lower() == b"keep-alive" and (found := _TIMEOUT.search(value)):
                seconds = int(found[1])
                if seconds != self._announced:
                    self._announced = seconds
                    self._bound = self._proven = min(_LONGEST, seconds * _SHARE)
