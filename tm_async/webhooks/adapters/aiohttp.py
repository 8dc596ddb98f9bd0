"""aiohttp: `app.router.add_route("*", "/tencent", aiohttp_handler(hooks))`."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from tm_async.webhooks import wire
from tm_async.webhooks.hooks import Webhooks
from tm_async.webhooks.reply import refusal

__all__ = ["aiohttp_handler"]


def aiohttp_handler(hooks: Webhooks) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A handler for one route, of all methods. Close `hooks` in the application's `on_cleanup`."""

    async def handle(request: web.Request) -> web.Response:
        body, query = bytearray(), request.raw_path.partition("?")[2]
        try:
            async with asyncio.timeout(wire.BODY_SECONDS):
                async for piece in request.content.iter_any():
                    body += piece
                    if len(body) > wire.LARGEST_BODY:
                        break
        except TimeoutError:
            reply = refusal(408)
        except web.RequestPayloadError:  # aiohttp decodes what says that it is compressed, and this is not
            reply = refusal(400)
        else:
            reply = await hooks.respond(request.method, query, request.headers.items(), bytes(body))
        return web.Response(status=reply.status, body=reply.body, headers=reply.headers)

    return handle
