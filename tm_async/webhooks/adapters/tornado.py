"""Tornado: `Application([("/tencent", tornado_handler(hooks))])`."""

from tornado.web import RequestHandler

from tm_async.webhooks.adapters.streamed import StreamedBody
from tm_async.webhooks.hooks import Webhooks

__all__ = ["tornado_handler"]


def tornado_handler(hooks: Webhooks) -> type[RequestHandler]:
    """A class of request handlers. Events are handled on Tornado's own event loop, which is asyncio's."""

    class TencentMeetingHandler(StreamedBody):
        def check_xsrf_cookie(self) -> None:
            """The platform has no cookies; its signature is checked."""

        def compute_etag(self) -> None:
            """Without one: an answer is never "not modified"."""

        async def get(self) -> None:
            got, body = self.request, bytes(self.body)
            reply = await hooks.respond(got.method or "", got.query, got.headers.get_all(), body)
            self.set_status(reply.status)
            for name, value in reply.headers:
                self.set_header(name, value)
            await self.finish(reply.body)  # pyright: ignore[reportUnknownMemberType]

        post = get

    return TencentMeetingHandler
