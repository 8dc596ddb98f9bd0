"""Virtual backgrounds that were asked for, in effect at once: the vendor does it later, as a job."""

from random import Random

from attrs import frozen

__all__ = ["Background", "Backgrounds"]


@frozen
class Background:
    """A picture, and who gets it."""

    image: str | None
    """Its address; `None` for the default picture."""
    users: tuple[str, ...] | None
    """Userids; `None` for everybody."""


class Backgrounds:
    """Backgrounds by meeting id."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._backgrounds: dict[str, Background] = {}

    def get(self, meeting_id: str) -> Background | None:
        """The background in effect."""
        return self._backgrounds.get(meeting_id)

    def set(self, meeting_id: str, background: Background) -> str:
        """Put a background into effect; the id of the job that did it."""
        self._backgrounds[meeting_id] = background
        return f"{self._rng.getrandbits(63)}"
