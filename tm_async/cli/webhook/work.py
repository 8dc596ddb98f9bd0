"""`tm-async webhook work`: a worker as a process of its own."""

import asyncio
import logging
import signal
from collections.abc import Generator
from contextlib import AsyncExitStack, aclosing, contextmanager
from typing import Any

import click

from tm_async.cli.speaking import Command
from tm_async.cli.webhook.program import router_of
from tm_async.cli.words import spoken
from tm_async.webhooks.hooks import Webhooks
from tm_async.webhooks.inbox import open_inbox
from tm_async.webhooks.router import Router
from tm_async.webhooks.worker import Worker

__all__ = ["work"]


@click.command(cls=Command, short_help="Handle the events of an inbox.")
@click.argument("hooks", metavar="MODULE:HOOKS")
@click.option("--inbox", help="Another inbox than that of HOOKS: a path, or a redis:// or postgresql:// URL.")
@click.option(
    "--concurrency",
    type=click.IntRange(1, 1024),
    default=8,
    show_default=True,
    help="Events that each handler works on at a time.",
)
@click.option("--once", is_flag=True, help="Handle what is due now, and end.")
def work(hooks: str, inbox: str | None, concurrency: int, once: bool) -> None:
    """Run the handlers of HOOKS, a Webhooks object in MODULE, on the events of its inbox, until Ctrl-C.

    Any number of these may run at the same time. Ctrl-C or SIGTERM: nothing more is begun, and what is under way has
    30 seconds to end; what has not is handled by the next worker. Once more to break off.

    \b
    Exit codes:
      0    ended in order
      1    the worker broke down
      2    wrong usage or configuration; with --once, or an inbox that can't be used
    """
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    asyncio.run(_work(router_of(hooks), inbox, concurrency, once=once))


async def _work(router: Router, place: str | None, concurrency: int, *, once: bool) -> None:
    async with AsyncExitStack() as stack:
        worker = await _worker(stack, router, place, concurrency)
        if once:
            click.echo(spoken("{count} handled", count=await worker.drain()), err=True)
            return
        ended = asyncio.Event()
        with _asked_to_end(ended):
            await stack.enter_async_context(worker)
            life = asyncio.ensure_future(worker.run())
            asked = asyncio.ensure_future(ended.wait())
            click.echo(spoken("working"), err=True)
            await asyncio.wait({life, asked}, return_when=asyncio.FIRST_COMPLETED)
            asked.cancel()
            await worker.stop()
            await life


async def _worker(stack: AsyncExitStack, router: Router, place: str | None, concurrency: int) -> Worker:
    if place is not None:
        inbox = await stack.enter_async_context(aclosing(open_inbox(place)))
        return Worker(inbox, router, concurrency=concurrency)
    if not isinstance(router, Webhooks):
        raise click.UsageError(spoken("A Router has no inbox: give --inbox."))
    await stack.enter_async_context(router)
    return router.worker(concurrency=concurrency)


@contextmanager
def _asked_to_end(ended: asyncio.Event) -> Generator[None, None, None]:
    """The first signal sets it, the second one is as usual."""
    loop, before = asyncio.get_running_loop(), dict[int, Any]()

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def end(_: int, __: object) -> None:
        restore()
        loop.call_soon_threadsafe(ended.set)

    for number in (signal.SIGINT, signal.SIGTERM):
        before[number] = signal.signal(number, end)
    try:
        yield
    finally:
        restore()
