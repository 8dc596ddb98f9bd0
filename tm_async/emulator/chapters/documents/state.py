"""The documents that the emulated enterprise holds."""

from random import Random
from typing import Any

from attrs import define

__all__ = ["Document", "Documents"]

VIEW = 1


@define(kw_only=True)
class Document:
    """A document of a meeting."""

    id: str
    meeting_id: str
    title: str
    creator: str
    edited: float
    permission: int = VIEW


class Documents(dict[str, Document]):
    """By id, in order of their coming."""

    def __init__(self, rng: Random) -> None:
        super().__init__()
        self._rng = rng

    def add(self, **members: Any) -> Document:
        """One more; its id holds a `$`, as those of the vendor do."""
        word = "".join(self._rng.choices("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", k=12))
        made = self[f"300000000${word}"] = Document(id=f"300000000${word}", **members)
        return made

    def of(self, meeting_id: str) -> list[Document]:
        """Those of a meeting."""
        return [one for one in self.values() if one.meeting_id == meeting_id]
