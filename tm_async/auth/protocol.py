"""The protocol of an auth strategy. A third one can be written against these two methods."""

from typing import Protocol

from tm_async.core.exchange import Headers, Request
from tm_async.errors import ApiError

__all__ = ["Auth"]


class Auth(Protocol):
    """What the client asks of a strategy. It is asked anew for every attempt: nothing may be replayed."""

    async def authorize(self, request: Request, /) -> Headers:
        """The headers that authenticate this very request, spelled as they go on the wire."""
        ...

    async def rejected(self, error: ApiError, /) -> bool:
        """The gateway refused; whether one more attempt, authorised afresh, makes sense.

        Called once per call. Return true only where the refusal proves that nothing was done.
        """
        ...
