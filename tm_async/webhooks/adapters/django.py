"""Django, under ASGI and WSGI: `path("tencent", django_view(hooks))`."""

from collections.abc import Awaitable, Callable
from typing import Any

from django.core.handlers.asgi import ASGIRequest  # pyright: ignore[reportMissingTypeStubs]
from django.http import HttpResponse  # pyright: ignore[reportMissingTypeStubs]

from tm_async.webhooks.adapters.answered import awaited
from tm_async.webhooks.hooks import Webhooks

__all__ = ["django_view"]


def django_view(hooks: Webhooks) -> Callable[[Any], Awaitable[Any]]:
    """A view. Under WSGI, where each request has a loop of its own, events are handled on a loop in the background."""

    async def view(request: Any) -> Any:
        query, headers = request.META.get("QUERY_STRING", ""), request.headers.items()
        work = hooks.respond(request.method, query, headers, request.body)
        reply = await (work if isinstance(request, ASGIRequest) else awaited(work))
        return HttpResponse(reply.body, status=reply.status, headers=dict(reply.headers))

    vars(view)["csrf_exempt"] = True  # the platform has no cookies; its signature is checked
    return view
