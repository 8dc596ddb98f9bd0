"""aiohttp: `app.router.add_route("*", "/tencent", aiohttp_handler(hooks))`."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from tm_async.webhooks.hooks import Webhooks
from tm_async.webhooks.wire import LARGEST_BODY

__all__ = ["aiohttp_handler"]


def aiohttp_handler(hooks: Webhooks) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A handler for one route, of all methods. Close `hooks` in the application's `on_cleanup`."""

    async def handle(request: web.Request) -> web.Response:
        body = bytearray()
        async for piece in request.content.iter_any():
            body += piece
            if len(body) > LARGEST_BODY:
                break
        query = request.raw_path.partition("?")[2]
        reply = await hooks.respond(request.method, query, request.headers.items(), bytes(body))
        return web.Response(status=reply.status, body=reply.body, headers=reply.headers)

    return handle
