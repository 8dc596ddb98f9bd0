"""Live streams by meeting. Knows nothing of codes and wire shapes."""

from collections.abc import Mapping
from random import Random
from typing import Any

from attrs import define, field, frozen

__all__ = ["Live", "Lives", "Replay"]


@frozen
class Replay:
    """What is left of a stream."""

    room: str
    subject: str
    url: str


@define
class Live:
    """The streams of one meeting."""

    room: str | None = None
    """The stream that runs."""
    viewers: int = 0
    """Now."""
    total: int = 0
    """Of all streams."""
    platforms: list[Mapping[str, Any]] = field(factory=list[Mapping[str, Any]])
    """Where it is pushed to, by the names of the API."""
    replays: list[Replay] = field(factory=list[Replay])


class Lives:
    """The streams of all meetings."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._of: dict[str, Live] = {}

    def of(self, meeting_id: str) -> Live:
        """Those of a meeting."""
        return self._of.setdefault(meeting_id, Live())

    def start(self, meeting_id: str) -> Live:
        """Let a stream begin, in a room of its own."""
        live = self.of(meeting_id)
        live.room, live.viewers = f"{self._rng.randrange(10**8, 10**9)}", 0
        return live

    def stop(self, meeting_id: str, subject: str, *, replay: bool) -> None:
        """Let it end, with a replay where that is on."""
        live = self.of(meeting_id)
        if live.room is not None and replay:
            live.replays.append(Replay(live.room, subject, f"https://meeting.tencent.com/live/{live.room}"))
        live.room, live.viewers = None, 0
