"""The body of a request to Tornado, as far as it is taken."""

from typing import Any

from tornado.web import RequestHandler, stream_request_body

from tm_async.webhooks import wire

__all__ = ["StreamedBody"]


@stream_request_body
class StreamedBody(RequestHandler):
    """Left to itself, Tornado keeps 100 MB for anybody, for as long as they like."""

    def prepare(self) -> None:
        """Wait for it no longer than the platform waits for an answer; then Tornado hangs up."""
        connection: Any = self.request.connection
        connection.set_body_timeout(wire.BODY_SECONDS)
        self.body = bytearray()

    def data_received(self, chunk: bytes) -> None:
        """At most a piece more than is taken."""
        if len(self.body) <= wire.LARGEST_BODY:
            self.body += chunk
