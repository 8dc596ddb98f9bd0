"""Each framework that has an adapter, serving it on a real socket."""

import asyncio
import socket
import sys
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from types import ModuleType
from typing import Any, Literal
from wsgiref.simple_server import WSGIRequestHandler
from wsgiref.simple_server import make_server as wsgi_server

import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount

from tm_async.webhooks import Webhooks

Served = Callable[[Webhooks], AbstractAsyncContextManager[tuple[int, str]]]
"""Serves, and gives the port and the path."""


@asynccontextmanager
async def _uvicorn(app: Any, lifespan: Literal["on", "off"] = "off") -> AsyncGenerator[int, None]:
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan=lifespan, access_log=False))
    with socket.create_server(("127.0.0.1", 0)) as listening:  # connections wait until it is up
        task = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            await task


@asynccontextmanager
async def alone(hooks: Webhooks) -> AsyncGenerator[tuple[int, str], None]:
    async with _uvicorn(hooks.asgi(), "on") as port:
        yield port, "/"


@asynccontextmanager
async def starlette(hooks: Webhooks) -> AsyncGenerator[tuple[int, str], None]:
    async with _uvicorn(Starlette(routes=[Mount("/tencent", hooks.asgi())])) as port:
        yield port, "/tencent/"


@asynccontextmanager
async def fastapi(hooks: Webhooks) -> AsyncGenerator[tuple[int, str], None]:
    app = FastAPI()
    app.mount("/tencent", hooks.asgi())
    async with _uvicorn(app) as port:
        yield port, "/tencent/"


@asynccontextmanager
async def aiohttp(hooks: Webhooks) -> AsyncGenerator[tuple[int, str], None]:
    from aiohttp import web

    from tm_async.webhooks.adapters.aiohttp import aiohttp_handler

    app = web.Application()
    app.router.add_route("*", "/tencent", aiohttp_handler(hooks))
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1], "/tencent"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def tornado(hooks: Webhooks) -> AsyncGenerator[tuple[int, str], None]:
    from tornado.httpserver import HTTPServer
    from tornado.netutil import bind_sockets
    from tornado.web import Application

    from tm_async.webhooks.adapters.tornado import tornado_handler

    server = HTTPServer(Application([("/tencent", tornado_handler(hooks))], xsrf_cookies=True))
    sockets = bind_sockets(0, "127.0.0.1")
    server.add_sockets(sockets)
    try:
        yield sockets[0].getsockname()[1], "/tencent"
    finally:
        server.stop()
        await server.close_all_connections()


@contextmanager
def _in_a_thread(server: Any) -> Generator[int, None, None]:
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@asynccontextmanager
async def flask(hooks: Webhooks) -> AsyncGenerator[tuple[int, str], None]:
    from flask import Flask
    from werkzeug.serving import make_server

    from tm_async.webhooks.adapters.flask import flask_view

    app = Flask("test")
    app.add_url_rule("/tencent", view_func=flask_view(hooks), methods=["GET", "POST"])
    with _in_a_thread(make_server("127.0.0.1", 0, app)) as port:
        yield port, "/tencent"


def _django(hooks: Webhooks) -> None:
    import django
    from django.conf import settings
    from django.urls import path

    from tm_async.webhooks.adapters.django import django_view

    urls = ModuleType("webhook_urls")
    vars(urls)["urlpatterns"] = [path("tencent", django_view(hooks))]
    sys.modules["webhook_urls"] = urls
    if not settings.configured:
        middleware = ["django.middleware.csrf.CsrfViewMiddleware", "django.middleware.common.CommonMiddleware"]
        settings.configure(
            ROOT_URLCONF="webhook_urls",
            ALLOWED_HOSTS=["*"],
            SECRET_KEY="test",
            MIDDLEWARE=middleware,
            LOGGING_CONFIG=None,
        )
        django.setup()
    from django.urls import clear_url_caches

    clear_url_caches()


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@asynccontextmanager
async def django_wsgi(hooks: Webhooks) -> AsyncGenerator[tuple[int, str], None]:
    _django(hooks)
    from django.core.handlers.wsgi import WSGIHandler

    with _in_a_thread(wsgi_server("127.0.0.1", 0, WSGIHandler(), handler_class=_Quiet)) as port:
        yield port, "/tencent"


@asynccontextmanager
async def django_asgi(hooks: Webhooks) -> AsyncGenerator[tuple[int, str], None]:
    _django(hooks)
    from django.core.handlers.asgi import ASGIHandler

    async with _uvicorn(ASGIHandler()) as port:
        yield port, "/tencent"


SERVERS: dict[str, Served] = {
    one.__name__: one for one in (alone, starlette, fastapi, aiohttp, tornado, flask, django_wsgi, django_asgi)
}
