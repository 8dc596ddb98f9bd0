"""Receives the callback of one login: a server for one address, on this machine, until one good answer."""

import asyncio
import errno
import os
from contextlib import suppress
from types import TracebackType
from typing import Self, cast
from urllib.parse import parse_qsl

from tm_async._util.ending import end
from tm_async.auth.oauth2 import OAuth2App
from tm_async.cli.oauth.page import DENIED, NOT_THIS_LOGIN, RECEIVED, TOO_LARGE, Page, refusal
from tm_async.cli.oauth.request import Local, Refused, callback_target
from tm_async.cli.words import spoken
from tm_async.errors import CallbackError, ConfigurationError, StateMismatch

__all__ = ["Listener"]

LARGEST_HEAD = 16 * 1024
"""Bytes."""
CONNECTIONS = 32
"""At the same time; beyond that the one goes that has said nothing for longest: browsers open some ahead of need."""
LINGER = 1.0
"""Seconds to let the browser take the answer: closing with its bytes unread would break off the answer, too."""


class Listener:
    """Listens while it is entered. Whatever is wrong with a request, the next one may be the right one.

    Anyone on this machine can send a callback, so one without the right state changes nothing. `patience`: seconds
    that a request may take to arrive. Entering raises `ConfigurationError` when the address is taken.
    """

    def __init__(self, address: Local, state: str, *, patience: float = 10.0) -> None:
        self._address = address
        self._state: str | None = state
        self._patience = patience
        self._arrived: asyncio.Future[str | CallbackError] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._silent: dict[asyncio.Task[None], None] = {}
        """Those whose request has not arrived, in the order in which they came."""
        self._servers: list[asyncio.Server] = []

    async def __aenter__(self) -> Self:
        self._arrived = asyncio.get_running_loop().create_future()
        try:
            await self._listen()
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    async def code(self) -> str:
        """Wait for the authorisation code. Raises `CallbackError` for a callback with the right state and no code."""
        if self._arrived is None:
            raise RuntimeError("the listener was not entered")
        arrived = await self._arrived
        if isinstance(arrived, CallbackError):
            raise arrived
        return arrived

    async def _close(self) -> None:
        servers, self._servers = self._servers, []
        for server in servers:
            server.close()
        await end(*self._tasks)
        for server in servers:
            await server.wait_closed()

    async def _listen(self) -> None:
        address = self._address
        failure: OSError | None = None
        for host in address.hosts:
            try:
                server = await asyncio.start_server(self._connected, host, address.port, limit=LARGEST_HEAD)
            except OSError as error:
                if error.errno not in {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}:  # no IPv6 here, say
                    raise _taken(address, error) from error
                failure = error
            else:
                self._servers.append(server)
        if failure is not None and not self._servers:
            raise _taken(address, failure)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """No coroutine: asyncio writes about those on standard error when they are cancelled."""
        if not self._servers or not self._has_room():
            writer.close()
            return
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks.add(task)
        self._silent[task] = None

        def ended(_: object) -> None:  # also one that was cancelled before it began
            self._forget(task)
            writer.close()

        task.add_done_callback(ended)

    def _has_room(self) -> bool:
        if len(self._tasks) < CONNECTIONS:
            return True
        longest = next(iter(self._silent), None)
        if longest is None:
            return False
        self._forget(longest)
        return longest.cancel()

    def _forget(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        self._silent.pop(task, None)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, EOFError):  # it went away, or took too long
            await self._exchange(reader, writer)

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrived: str | CallbackError | None = None
        try:
            async with asyncio.timeout(self._patience):
                head = await reader.readuntil(b"\r\n\r\n")
            self._silent.pop(cast("asyncio.Task[None]", asyncio.current_task()), None)
        except asyncio.LimitOverrunError:
            page = TOO_LARGE
        else:
            page, arrived = self._decide(head)
        try:
            writer.write(page.encode())
            async with asyncio.timeout(LINGER):
                await writer.drain()
                writer.write_eof()
                while await reader.read(LARGEST_HEAD):
                    pass
        finally:
            if arrived is not None and self._arrived is not None and not self._arrived.done():
                self._arrived.set_result(arrived)

    def _decide(self, head: bytes) -> tuple[Page, str | CallbackError | None]:
        """What to show, and what arrived if this is the callback that is waited for."""
        try:
            target = callback_target(head, self._address.path)
        except Refused as refused:
            return refusal(refused.status), None
        try:
            code = OAuth2App.read_callback(target, state=self._state)
        except CallbackError as error:
            if not self._has_the_state(target):
                return NOT_THIS_LOGIN, None
            self._state = None
            return DENIED, error
        self._state = None  # so that it counts once
        return RECEIVED, code

    def _has_the_state(self, target: str) -> bool:
        """Some callbacks are refused before their state is looked at: such a one may come from anybody."""
        with suppress(ValueError, StateMismatch):
            pairs = parse_qsl(target.partition("?")[2], keep_blank_values=True, max_num_fields=100)
            returned = [value for name, value in pairs if name == "state"]
            OAuth2App.check_state(self._state, returned[0] if len(returned) == 1 else None)
            return True
        return False


def _taken(address: Local, error: OSError) -> ConfigurationError:
    reason = os.strerror(error.errno) if error.errno else str(error)  # asyncio's own text is long
    shown = f"[{address.host}]" if ":" in address.host else address.host
    text = "can't listen on {place}, where TENCENT_MEETING_OAUTH_REDIRECT_URI sends the browser: {reason}"
    return ConfigurationError(spoken(text, place=f"{shown}:{address.port}", reason=reason))
