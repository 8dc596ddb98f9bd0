"""What is answered to the platform: a status and a short text, nothing else."""

from attrs import field, frozen

from tm_async.webhooks.wire import SUCCESS

__all__ = ["RECEIVED", "TRY_AGAIN", "Reply", "refusal"]


@frozen
class Reply:
    """An answer, for a framework to send as it is."""

    status: int
    body: bytes = field(repr=False)

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Its header lines."""
        lines = [("Content-Type", "text/plain"), ("Content-Length", str(len(self.body)))]
        return [*lines, _BESIDE[self.status]] if self.status in _BESIDE else lines


_BESIDE = {405: ("Allow", "GET, POST"), 408: ("Connection", "close")}

RECEIVED = Reply(200, SUCCESS)
"""The event is taken over; the platform does not repeat it."""
TRY_AGAIN = Reply(503, b"not now")
"""The event could not be taken over; the platform repeats it."""


def refusal(status: int) -> Reply:
    """The same few words, whatever the reason."""
    return Reply(status, b"refused")
