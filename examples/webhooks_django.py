"""A Django project in one file that is told about recordings, under ASGI or WSGI.

Try it without an account (extras `cli` and `webhooks`, and django):

    export TENCENT_MEETING_WEBHOOK_TOKEN=ExampleToken0123456789abc
    export TENCENT_MEETING_WEBHOOK_AES_KEY=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8
    uvicorn --app-dir examples webhooks_django:application --port 8914 --lifespan off
    tm-async webhook check http://127.0.0.1:8914/tencent  # in another terminal, with the same variables
    tm-async webhook send recording.completed --to http://127.0.0.1:8914/tencent
    curl http://127.0.0.1:8914/recordings

A handler that fails makes the platform send the event again, as `inline` runs it before the answer: keep it short.
"""

import os
from typing import Any

import django
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path

from tm_async.webhooks import RecordingCompleted, WebhookKeys, Webhooks
from tm_async.webhooks.adapters.django import django_view

if not settings.configured:
    settings.configure(
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["127.0.0.1", "localhost"],
        SECRET_KEY=os.environ.get("SECRET_KEY", "for this example only"),
        MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"],
    )
    django.setup()

hooks = Webhooks(WebhookKeys.from_env(), inline=True)
recordings: list[dict[str, Any]] = []


@hooks.on(RecordingCompleted)
async def keep(event: RecordingCompleted) -> None:
    files = [file.record_file_id for file in event.recording_files]
    recordings.append({"meeting": event.meeting_info.meeting_id, "files": files})


def listed(_: HttpRequest) -> JsonResponse:
    return JsonResponse({"recordings": recordings})


urlpatterns = [path("tencent", django_view(hooks)), path("recordings", listed)]
application = get_asgi_application()
