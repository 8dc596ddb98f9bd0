"""ASGI: Starlette, FastAPI, Litestar, Quart, or alone under a server. Needs nothing."""

from collections.abc import Awaitable, Callable
from typing import Any

from tm_async.webhooks.hooks import Webhooks
from tm_async.webhooks.wire import LARGEST_BODY

__all__ = ["App", "asgi"]

App = Callable[[Any, Any, Any], Awaitable[None]]


def asgi(hooks: Webhooks) -> App:
    """The application. Alone under a server it closes `hooks` at the end; mounted, the outer lifespan has to."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            while (await receive())["type"] != "lifespan.shutdown":
                await send({"type": "lifespan.startup.complete"})
            await hooks.aclose()
            await send({"type": "lifespan.shutdown.complete"})
            return
        if scope["type"] == "websocket":
            await send({"type": "websocket.close"})
            return
        body, more = bytearray(), scope["method"] == "POST"
        while more and len(body) <= LARGEST_BODY:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body")
        reply = await hooks.respond(scope["method"], scope.get("query_string", b""), scope["headers"], bytes(body))
        headers = [(name.lower().encode(), value.encode()) for name, value in reply.headers]
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": reply.body})

    return app
