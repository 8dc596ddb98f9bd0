"""Of ASGI: the life of an application that stands alone under a server."""

from typing import Any

from tm_async.errors import TencentMeetingError
from tm_async.webhooks.hooks import Webhooks

__all__ = ["live"]


async def live(hooks: Webhooks, receive: Any, send: Any) -> None:
    """From the server's start, which fails with what `async with hooks:` raises, to its end, when they are closed."""
    await receive()
    try:
        await hooks.__aenter__()
    except (TencentMeetingError, OSError) as error:
        await send({"type": "lifespan.startup.failed", "message": f"{type(error).__name__}: {error}"})
        return
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await hooks.aclose()
    await send({"type": "lifespan.shutdown.complete"})
