"""What is bound to meetings. Knows nothing of codes and wire shapes."""

from collections.abc import Mapping
from typing import Any

__all__ = ["ExtensionApps"]


class ExtensionApps:
    """Apps by meeting id, by the names of the API."""

    def __init__(self) -> None:
        self._bound: dict[str, Mapping[str, Any]] = {}

    def bind(self, meeting_id: str, bound: Mapping[str, Any]) -> None:
        """In the place of what was bound before."""
        self._bound[meeting_id] = bound

    def of(self, meeting_id: str) -> Mapping[str, Any]:
        """What is bound to a meeting."""
        return self._bound.get(meeting_id, {"tool_list": []})
