"""Errors of receiving events: deliveries that can't be read, stores that can't take them, handlers that fail."""

from collections.abc import Sequence

from tm_async.errors.base import Retry, TencentMeetingError

__all__ = ["HandlerFailed", "InboxError", "InboxUnavailable", "UnreadableDelivery"]


class UnreadableDelivery(TencentMeetingError):
    """What was delivered, or kept of it, is no event: no JSON object with an `event`, or hundreds of levels deep."""


class HandlerFailed(TencentMeetingError):
    """Handlers of an event raised, or took too long. The event's other handlers ran all the same.

    Holds no payload. Its `__cause__` is the first handler's error, or a group of all of them.
    """

    event: str
    """The event's name."""
    key: str
    """The event's content key."""
    attempt: int
    """Which attempt it was, from 1."""
    handlers: tuple[str, ...]
    """The names of the handlers that failed."""

    def __init__(self, *, event: str, key: str, attempt: int, handlers: Sequence[str]) -> None:
        names = ", ".join(handlers)
        which = "handler" if len(handlers) == 1 else "handlers"
        super().__init__(f"{which} {names} failed on {event} (attempt {attempt}, key {key[:12]})")
        self.event, self.key, self.attempt, self.handlers = event, key, attempt, tuple(handlers)


class InboxError(TencentMeetingError):
    """An inbox can't be used: damaged, of another version, or not an inbox at all. It is left as it is."""


class InboxUnavailable(InboxError):
    """An event can't be stored or taken over now: the answer is 503, so that the platform repeats the delivery."""

    retry = Retry.BACKOFF
