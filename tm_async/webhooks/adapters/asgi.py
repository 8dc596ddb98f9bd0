"""ASGI: Starlette, FastAPI, Litestar, Quart, or alone under a server. Needs nothing."""

from collections.abc import Awaitable, Callable
from typing import Any

from tm_async.webhooks.adapters.lifespan import live
from tm_async.webhooks.adapters.reading import body_of
from tm_async.webhooks.hooks import Webhooks
from tm_async.webhooks.reply import refusal

__all__ = ["App", "asgi"]

App = Callable[[Any, Any, Any], Awaitable[None]]


def asgi(hooks: Webhooks) -> App:
    """The application. Alone under a server it enters and closes `hooks`; mounted, the outer lifespan has to."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await live(hooks, receive, send)
            return
        if scope["type"] == "websocket":
            await send({"type": "websocket.close"})
            return
        try:
            body = await body_of(receive) if scope["method"] == "POST" else b""
        except TimeoutError:
            reply = refusal(408)
        else:
            if body is None:
                return
            reply = await hooks.respond(scope["method"], scope.get("query_string", b""), scope["headers"], body)
        headers = [(name.lower().encode(), value.encode()) for name, value in reply.headers]
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": reply.body})

    return app
