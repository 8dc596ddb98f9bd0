"""What the tests of lists share: the chapter "meetings" on a client that plays answers."""

from typing import Any

from tm_async import TencentMeeting
from tm_async.api.meetings import Meetings
from tm_async.transport.fake import FakeTransport


class Nobody:
    async def authorize(self, request: Any, now: float) -> Any:
        return ()

    async def rejected(self, error: Any, headers: Any) -> bool:
        return False


def meetings(*answers: Any) -> tuple[Meetings, FakeTransport]:
    """The chapter, and the transport that plays these answers."""
    transport = FakeTransport(*answers)
    return TencentMeeting(Nobody(), transport=transport).meetings, transport


def targets(transport: FakeTransport) -> list[str]:
    """What was asked for."""
    return [request.target for request, _ in transport.requests]
