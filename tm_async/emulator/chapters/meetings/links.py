"""Personal join links of meetings, each with the data of the caller's that it carries."""

from random import Random

__all__ = ["Links"]

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"


class Links:
    """Links by meeting id, in the order of their making."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._links: dict[str, dict[str, str]] = {}

    def of(self, meeting_id: str) -> dict[str, str]:
        """Links by the data that they carry."""
        return dict(self._links.get(meeting_id, {}))

    def make(self, meeting_id: str, data: str) -> str:
        """The link that carries the data; the same data have the same link (not documented)."""
        links = self._links.setdefault(meeting_id, {})
        if data not in links:
            links[data] = "https://meeting.tencent.com/dm/" + "".join(self._rng.choices(_LETTERS, k=12))
        return links[data]
