"""What happens in the enterprise, told to whoever listens. Nothing is kept here."""

from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["News"]


class News:
    """Events as the documents name them, each with one item of a payload."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[str, Mapping[str, Any]], object]] = []
        self._senders: list[Callable[[str, Mapping[str, Any], float, str | None], object]] = []

    def listen(self, listener: Callable[[str, Mapping[str, Any]], object]) -> None:
        """Have everything that has happened told to a function from now on."""
        self._listeners.append(listener)

    def send_by(self, sender: Callable[[str, Mapping[str, Any], float, str | None], object]) -> None:
        """Have everything sent by a function, what will happen in so many seconds, too, and with which trace."""
        self._senders.append(sender)

    def tell(self, event: str, item: Mapping[str, Any], after: float = 0.0, trace: str | None = None) -> None:
        """Something has happened, or will have in `after` seconds; `trace`: of the call, where the event repeats it."""
        for sender in self._senders:
            sender(event, item, after, trace)
        if not after:
            for listener in self._listeners:
                listener(event, item)
