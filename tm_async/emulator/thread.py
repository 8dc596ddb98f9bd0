"""`EmulatorThread`: the emulator for code that is not async, on an event loop in a thread of its own."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from inspect import isawaitable
from threading import Thread, current_thread
from types import TracebackType
from typing import Any, Self, TypeVar, overload

from tm_async.emulator.server import Emulator

__all__ = ["EmulatorThread"]

ResultT = TypeVar("ResultT")


class EmulatorThread:
    """Runs an emulator in a thread, for tests of what blocks: Flask, Django, a program that is started.

    Use it as `with EmulatorThread() as served:`; it takes what `Emulator` takes. `base_url`, `oauth_url` and `env` are
    the emulator's; everything else is done in its thread, by `do`.
    """

    def __init__(self, **options: Any) -> None:
        self._emulator = Emulator(**options)
        self._thread: Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def base_url(self) -> str:
        """Where it listens, ending in `/v1`."""
        return self._emulator.base_url

    @property
    def oauth_url(self) -> str:
        """Origin of the authorisation page and of the OAuth endpoints."""
        return self._emulator.oauth_url

    @property
    def env(self) -> dict[str, str]:
        """Environment variables to hand to a program that shall use it."""
        return self._emulator.env

    @overload
    def do(self, act: Callable[[Emulator], Coroutine[Any, Any, ResultT]]) -> ResultT: ...
    @overload
    def do(self, act: Callable[[Emulator], ResultT]) -> ResultT: ...
    def do(self, act: Callable[[Emulator], Any]) -> Any:
        """Give what `act(emulator)` gives, done in the emulator's thread, between two calls; a coroutine is awaited."""
        if self._loop is None or current_thread() is self._thread:
            raise RuntimeError("not running" if self._loop is None else "called in its own thread, where it would wait")
        return asyncio.run_coroutine_threadsafe(self._done(act), self._loop).result()

    async def _done(self, act: Callable[[Emulator], Any]) -> Any:
        made = act(self._emulator)
        return await made if isawaitable(made) else made

    def __enter__(self) -> Self:
        if self._thread is not None:
            raise RuntimeError("the emulator is already running")
        started = Future[None]()
        self._thread = Thread(target=lambda: asyncio.run(self._live(started)), name="tm_async emulator", daemon=True)
        self._thread.start()
        try:
            started.result()
        except BaseException:  # Ctrl-C too: what is starting ends
            started.cancel()
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    async def _live(self, started: "Future[None]") -> None:
        try:
            await self._emulator.start()
        except BaseException as error:  # noqa: BLE001 - whoever enters gets it
            if started.set_running_or_notify_cancel():
                started.set_exception(error)
            return
        self._stop = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        try:
            if started.set_running_or_notify_cancel():
                started.set_result(None)
                await self._stop.wait()
        finally:
            await self._emulator.aclose()

    def _end(self) -> None:
        if self._loop is not None:
            with suppress(RuntimeError):  # it has ended, as nobody waited for its start
                self._loop.call_soon_threadsafe(self._stop.set)
        if self._thread is not None:
            self._thread.join()
        self._thread = self._loop = None

    def __repr__(self) -> str:
        return f"<EmulatorThread of {self._emulator!r}>"
