"""Layouts and backgrounds by meeting. Knows nothing of codes and wire shapes."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any
from uuid import UUID

from attrs import define, field

__all__ = ["TEMPLATES", "Looks", "Pages", "Stages"]

TEMPLATES: Mapping[str, int] = {"1": 1, "2": 2, "3": 4, "4": 9}
"""Templates of the enterprise with the number of their cells, whose ids count from 1: made up."""

Pages = Sequence[Mapping[str, Any]]
"""By the names of the API."""


@define
class Looks:
    """How one meeting looks. An empty id stands for the original layout, and for black."""

    layouts: dict[str, Pages] = field(factory=dict[str, Pages])
    selected: str = ""
    advanced: dict[str, Mapping[str, Any]] = field(factory=dict[str, Mapping[str, Any]])
    applied: str = ""
    """To the whole meeting."""
    given: dict[tuple[str, int], str] = field(factory=dict[tuple[str, int], str])
    """To single devices, by `ms_open_id` and kind."""
    backgrounds: dict[str, str] = field(factory=dict[str, str])
    """The MD5 of pictures."""
    background: str = ""


class Stages:
    """The looks of all meetings."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._of: dict[str, Looks] = {}

    def of(self, meeting_id: str) -> Looks:
        """Those of a meeting."""
        return self._of.setdefault(meeting_id, Looks())

    def new_id(self) -> str:
        """An id that nothing has."""
        return str(UUID(int=self._rng.getrandbits(128), version=4))
