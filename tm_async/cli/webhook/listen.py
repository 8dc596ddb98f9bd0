"""`tm-async webhook listen`: a receiver on this machine that shows what comes."""

import asyncio
import json
import logging
import signal
import socket
from contextlib import ExitStack, nullcontext
from pathlib import Path

import click

from tm_async.cli.speaking import Command
from tm_async.cli.webhook.arrivals import Arrivals, arrivals
from tm_async.cli.webhook.journal import Journal
from tm_async.cli.webhook.posting import Poster
from tm_async.cli.words import spoken
from tm_async.errors import InboxUnavailable
from tm_async.webhooks.delivery import Delivery
from tm_async.webhooks.events.reading import events_in
from tm_async.webhooks.hooks import Webhooks
from tm_async.webhooks.keys import WebhookKeys
from tm_async.webhooks.sending import delivery_request

__all__ = ["listen"]

_FORWARDING = 4.0
"""Seconds: the platform hangs up after 5."""


@click.command(cls=Command, short_help="Receive events on this machine, and show them.")
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
    keys = WebhookKeys.from_env()
    poster = Poster(forward) if forward else None
    with ExitStack() as opened:
        try:
            listening = opened.enter_context(socket.create_server((host, port)))
            journal = Journal(journal_path) if journal_path else None
        except OSError as error:
            text = "can't write {file}: {error}" if error.filename else "can't listen on {host} port {port}: {error}"
            why = error.strerror or error
            raise click.ClickException(spoken(text, file=journal_path, host=host, port=port, error=why)) from None
        if journal is not None:
            logging.getLogger("tm_async.webhooks").addHandler(journal)
            opened.callback(journal.close)
            opened.callback(logging.getLogger("tm_async.webhooks").removeHandler, journal)
        logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
        shown = arrivals()
        with shown.shown():
            asyncio.run(_serve(listening, keys, _Taken(shown, journal, keys, poster), allow_plain))


async def _serve(listening: socket.socket, keys: WebhookKeys, taken: "_Taken", allow_plain: bool) -> None:
    from uvicorn import Config, Server

    hooks = Webhooks(keys, inbox=taken, allow_plain=allow_plain)
    config = Config(hooks.asgi(), log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=5)
    server = Server(config)

    def end(_: int, __: object) -> None:
        server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)  # the server raises a signal that ended it once more, at the end
    address, number = listening.getsockname()[:2]
    click.echo(json.dumps({"url": f"http://{f'[{address}]' if ':' in address else address}:{number}/"}))
    async with taken.poster or nullcontext():
        await server.serve(sockets=[listening])


class _Taken:
    """Takes deliveries over by showing them, writing them down, passing them on."""

    def __init__(self, shown: Arrivals, journal: Journal | None, keys: WebhookKeys, poster: Poster | None) -> None:
        self._shown, self._journal, self._keys, self.poster = shown, journal, keys, poster

    async def accept(self, delivery: Delivery, /) -> None:
        if self.poster is not None:
            got = await self.poster.post(delivery_request(self._keys.current, delivery.body), _FORWARDING)
            if not got.accepted:
                raise InboxUnavailable(f"not passed on: {got.said}")
        if self._journal is not None:
            self._journal.accepted(delivery)
        for event in events_in(delivery):
            self._shown.add(event)
