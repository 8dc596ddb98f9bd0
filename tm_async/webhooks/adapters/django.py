"""Django, under ASGI and WSGI: `path("tencent", django_view(hooks))`."""

import asyncio
from collections.abc import Awaitable, Callable

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from tm_async.webhooks.adapters.background import in_background
from tm_async.webhooks.hooks import Webhooks

__all__ = ["django_view"]


def django_view(hooks: Webhooks) -> Callable[[HttpRequest], Awaitable[HttpResponse]]:
    """A view. Under WSGI, where each request has a loop of its own, events are handled on a loop in the background."""

    @csrf_exempt
    async def view(request: HttpRequest) -> HttpResponse:
        query, headers = request.META.get("QUERY_STRING", ""), request.headers.items()
        work = hooks.respond(request.method or "", query, headers, request.body)
        reply = await (work if isinstance(request, ASGIRequest) else asyncio.wrap_future(in_background(work)))
        return HttpResponse(reply.body, status=reply.status, headers=dict(reply.headers))

    return view
