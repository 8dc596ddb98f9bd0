"""The authorisation server, asked: code exchange, renewal, token check. One attempt each, nothing is repeated."""

import secrets
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import evolve

from tm_async._util.logs import logger
from tm_async.auth.oauth2.grant import Grant
from tm_async.auth.oauth2.wire import data_of, read_grant, token_request
from tm_async.core.exchange import CONSTANT_HEADERS, Gateway, Headers, RawAnswer, Request
from tm_async.core.secret import SecretText, secrets_among
from tm_async.errors import TencentMeetingError
from tm_async.transport.perloop import PerLoop, close_here
from tm_async.transport.protocol import Timeout, Transport

if TYPE_CHECKING:
    from tm_async.transport.httpx import HttpxTransport

__all__ = ["Endpoints", "Wire"]

ResultT = TypeVar("ResultT")

TIMEOUT = Timeout(connect=5, write=10, read=15, pool=5, total=20)
"""Seconds. A renewal, the wait for a connection included, must end before the lock of a shared token store (30 s)."""
CONNECTIONS = 64

_log = logger("tm_async.auth")


class Wire:
    """A transport that needs no closing: opened for the first of the calls under way, closed after the last.

    The few calls of an app are hours apart, so kept connections would only be something to forget to close.
    """

    def __init__(self, transport: Transport | None) -> None:
        self._given = transport
        self._own: HttpxTransport | None = None
        self._users = PerLoop(self._nobody)

    async def exchange(self, request: Request, headers: Headers = ()) -> RawAnswer:
        """Send and return the whole answer; raises the errors of a transport."""
        lines = (*CONSTANT_HEADERS, *headers)
        if self._given is not None:
            return await self._given.exchange(request, lines, TIMEOUT)
        users = self._users.current()
        users.count += 1
        try:
            return await users.transport.exchange(request, lines, TIMEOUT)
        finally:
            users.count -= 1
            if not users.count:
                await self._close()

    async def _close(self) -> None:
        """What goes wrong here must not take the place of an answer: it may be new tokens."""
        try:
            await close_here([self._users])
        except Exception as error:  # noqa: BLE001 - whatever it is
            _log.warning("the connections to the authorisation server were not closed: %s", type(error).__name__)

    def _nobody(self) -> "_Users":
        if self._own is None:
            self._own = _new_transport()
        return _Users(self._own)


class _Users:
    """How many calls are under way in one event loop."""

    def __init__(self, transport: "HttpxTransport") -> None:
        self.transport = transport
        self.count = 0

    async def aclose(self, _: float | None = None) -> None:
        """Close the connections of the running loop: there is nobody any more, and what was given up is ended."""
        await self.transport.aclose(0)

    def abandon(self) -> None:
        """The transport sees for itself that the loop is closed, when it is used next."""


def _new_transport() -> "HttpxTransport":
    from tm_async.transport.httpx import HttpxTransport

    return HttpxTransport(connections=CONNECTIONS)


class Endpoints:
    """The token endpoints of one authorisation server, for one app."""

    def __init__(self, server: Gateway, wire: Wire, *, sdk_id: str) -> None:
        self._server = server
        self._wire = wire
        self._sdk_id = sdk_id

    async def exchange(self, auth_code: SecretText, secret: SecretText) -> Grant:
        """The tokens for a code. The only call that carries the app's secret."""
        members = {"sdk_id": self._sdk_id, "secret": secret, "auth_code": auth_code}
        grant = await self._tokens("access_token", members, None)
        return evolve(grant, login=secrets.token_hex(8))

    async def renew(self, grant: Grant) -> Grant:
        """New tokens for a refresh token; the old ones are dead from then on."""
        members = {"sdk_id": self._sdk_id, "open_id": grant.open_id, "refresh_token": grant.refresh_token}
        return await self._tokens("refresh_token", members, grant)

    async def check(self, grant: Grant) -> Mapping[str, Any]:
        """What the server says of an access token: `expires`, `open_id`, `scopes`."""
        members = {"access_token": grant.access_token, "open_id": grant.open_id}
        return await self._ask("user_info", members, _as_it_is)

    async def _tokens(self, endpoint: str, members: Mapping[str, str], renewing: Grant | None) -> Grant:
        return await self._ask(endpoint, members, partial(read_grant, renewing=renewing))

    async def _ask(
        self,
        endpoint: str,
        members: Mapping[str, str],
        read: Callable[[Mapping[str, Any], Request, RawAnswer], ResultT],
    ) -> ResultT:
        request = token_request(self._server, endpoint, members)
        outside = sys.exception()
        try:
            raw = await self._wire.exchange(request)
            return read(data_of(request, raw, sent=members), request, raw)
        except TencentMeetingError as error:
            error.hide(secrets_among(members.items()), outside=outside)
            raise


def _as_it_is(data: Mapping[str, Any], _: Request, __: RawAnswer) -> Mapping[str, Any]:
    return data
