"""What happens in the enterprise, told to whoever listens. Nothing is kept here."""

from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["News"]


class News:
    """Events as the documents name them, each with one item of a payload."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[str, Mapping[str, Any]], object]] = []

    def listen(self, listener: Callable[[str, Mapping[str, Any]], object]) -> None:
        """Have everything told to a function from now on."""
        self._listeners.append(listener)

    def tell(self, event: str, item: Mapping[str, Any]) -> None:
        """Something has happened."""
        for listener in self._listeners:
            listener(event, item)
