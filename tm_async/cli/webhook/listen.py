"""`tm-async webhook listen`: a receiver on this machine that shows what comes."""

import asyncio
import json
import logging
import signal
import socket
from contextlib import ExitStack
from pathlib import Path

import click

from tm_async.cli.webhook.arrivals import Arrivals, arrivals
from tm_async.cli.webhook.journal import Journal
from tm_async.cli.webhook.target import Target, exchange
from tm_async.errors import InboxUnavailable
from tm_async.transport.httpx import HttpxTransport
from tm_async.webhooks.delivery import Delivery
from tm_async.webhooks.events.reading import events_in
from tm_async.webhooks.hooks import Webhooks
from tm_async.webhooks.keys import WebhookKeys
from tm_async.webhooks.sending import delivery_request
from tm_async.webhooks.wire import SUCCESS

__all__ = ["listen"]

_FORWARDING = 4.0
"""Seconds: the platform hangs up after 5."""


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="0: any free port.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Another address lets others reach it.")
@click.option(
    "--journal",
    "journal_path",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Append what comes, decrypted, and why something is refused.",
)
@click.option("--forward", metavar="URL", help="Pass deliveries on there, signed and encrypted anew.")
@click.option("--allow-plain", is_flag=True, help="Take what is not encrypted although there is an AES key.")
def listen(port: int, host: str, journal_path: Path | None, forward: str | None, allow_plain: bool) -> None:
    """Receive events until Ctrl-C, answer as the platform wants, and show them.

    Prints one JSON line with its url when it is ready, then one JSON line for each event; on a terminal a table. What
    is refused is logged with the reason on standard error. With --forward a delivery is acknowledged once the other
    side has acknowledged it; otherwise the answer is 503, and the platform repeats it. To be reached from outside it
    needs a tunnel or a proxy.
    """
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    keys = WebhookKeys.from_env()
    target = Target.parse(forward) if forward else None
    with ExitStack() as opened:
        try:
            listening = opened.enter_context(socket.create_server((host, port)))
            journal = Journal(journal_path) if journal_path else None
        except OSError as error:
            what = f"write {journal_path}" if error.filename else f"listen on {host} port {port}"
            raise click.ClickException(f"can't {what}: {error.strerror or error}") from None
        if journal is not None:
            logging.getLogger("tm_async.webhooks").addHandler(journal)
            opened.callback(journal.close)
            opened.callback(logging.getLogger("tm_async.webhooks").removeHandler, journal)
        shown = arrivals()
        place = listening.getsockname()
        click.echo(json.dumps({"url": f"http://{f'[{place[0]}]' if ':' in place[0] else place[0]}:{place[1]}/"}))
        with shown.shown():
            asyncio.run(_serve(listening, keys, _Taken(shown, journal, keys, target), allow_plain))


async def _serve(listening: socket.socket, keys: WebhookKeys, taken: "_Taken", allow_plain: bool) -> None:
    from uvicorn import Config, Server

    hooks = Webhooks(keys, inbox=taken, allow_plain=allow_plain)
    config = Config(hooks.asgi(), log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=5)
    server = Server(config)

    def end(_: int, __: object) -> None:
        server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)  # the server raises a signal that ended it once more, at the end
    try:
        await server.serve(sockets=[listening])
    finally:
        await taken.aclose()


class _Taken:
    """Takes deliveries over by showing them, writing them down, passing them on."""

    def __init__(self, shown: Arrivals, journal: Journal | None, keys: WebhookKeys, target: Target | None) -> None:
        self._shown, self._journal, self._keys, self._target = shown, journal, keys, target
        self._transport = HttpxTransport()

    async def accept(self, delivery: Delivery, /) -> None:
        if self._target is not None:
            sent = delivery_request(self._keys.current, delivery.body)
            got = await exchange(self._transport, self._target, sent, _FORWARDING)
            if got.status != 200 or got.body != SUCCESS:
                raise InboxUnavailable(f"not passed on: {got.trouble or f'answered with HTTP {got.status}'}")
        if self._journal is not None:
            self._journal.accepted(delivery)
        for event in events_in(delivery):
            self._shown.add(event)

    async def aclose(self) -> None:
        await self._transport.aclose()
