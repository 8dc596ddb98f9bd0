"""Flask: `app.add_url_rule("/tencent", view_func=flask_view(hooks), methods=["GET", "POST"])`."""

from collections.abc import Callable

from flask import Response, request

from tm_async.webhooks.adapters.answered import answered
from tm_async.webhooks.hooks import Webhooks
from tm_async.webhooks.wire import LARGEST_BODY

__all__ = ["flask_view"]


def flask_view(hooks: Webhooks) -> Callable[[], Response]:
    """A view. Events are handled on an event loop in the background, not on one of the application's."""

    def view() -> Response:
        body = request.stream.read(LARGEST_BODY + 1)
        work = hooks.respond(request.method, request.query_string, request.headers.items(), body)
        reply = answered(work)
        return Response(reply.body, status=reply.status, headers=reply.headers)

    return view
