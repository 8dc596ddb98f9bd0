"""Of ASGI: the body of a request, as far as it is taken."""

import asyncio
from typing import Any

from tm_async.webhooks import wire

__all__ = ["body_of"]


async def body_of(receive: Any) -> bytes | None:
    """At most a piece more than is taken; `None` if the sender has gone.

    Raises `TimeoutError` if the rest takes longer than the platform waits for an answer: a stranger's does, to have
    this process keep it. Until the first piece nothing is kept, and waiting is the server's business.
    """
    message = await receive()
    if message["type"] == "http.disconnect":
        return None
    if not message.get("more_body"):
        return bytes(message.get("body", b""))
    body = bytearray(message.get("body", b""))
    async with asyncio.timeout(wire.BODY_SECONDS):
        while message.get("more_body") and len(body) <= wire.LARGEST_BODY:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body += message.get("body", b"")
    return bytes(body)
