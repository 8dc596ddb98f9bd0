"""The thread of the event loop in the background, which no handler ends for all the others."""

import asyncio
from collections.abc import Awaitable
from threading import Thread

from tm_async._util.logs import logger
from tm_async.webhooks.reply import TRY_AGAIN, Reply

__all__ = ["begun", "outcome"]

_log = logger("tm_async.webhooks")


def begun() -> tuple[asyncio.AbstractEventLoop, Thread]:
    """A loop, and the thread that runs it by now."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=_live, args=[loop], name="tm-async-webhooks", daemon=True)
    thread.start()
    return loop, thread


def _live(loop: asyncio.AbstractEventLoop) -> None:
    while True:
        try:
            loop.run_forever()
        except (SystemExit, KeyboardInterrupt) as error:  # which asyncio lets out of the loop
            _log.error("a handler ended with %s", type(error).__name__, exc_info=error)
        else:
            return  # it was stopped


async def outcome(work: Awaitable[Reply]) -> Reply:
    """The reply, even if a handler ends in a way that is to end more than itself, or nobody waits any more."""
    try:
        return await work
    except (SystemExit, KeyboardInterrupt, asyncio.CancelledError) as error:
        _log.error("not taken over: %s", type(error).__name__, exc_info=error)
        return TRY_AGAIN
