"""Tickets and codes. Knows nothing of codes of errors and wire shapes."""

from random import Random
from typing import Literal

__all__ = ["LIFETIME", "Pages"]

LIFETIME = 300
"""Seconds that a ticket is good (doc 1095/83773); a code, too, which no page says."""

Kind = Literal["ticket", "code"]


class Pages:
    """What pages inside the client were given. Times are UNIX seconds."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._given: dict[tuple[Kind, str], tuple[str, float]] = {}

    def give(self, kind: Kind, userid: str, now: float) -> str:
        """A ticket or a code for a user."""
        made = f"{self._rng.getrandbits(128):032x}"
        self._given[kind, made] = (userid, now + LIFETIME)
        return made

    def take(self, kind: Kind, made: str, now: float) -> str | None:
        """Whose it is; it is good once. `None`: it is not, or no longer."""
        userid, ends = self._given.pop((kind, made), ("", 0.0))
        return userid if userid and now < ends else None
