"""`StsTokens`: asks for STS tokens, which come by an event, and keeps them like grants."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Any, Protocol, cast

from attrs import frozen

from tm_async.api.jobs import EventSource, Listeners, poll
from tm_async.api.polling import Polling
from tm_async.api.recordings.sts import RequestStsToken, StsTokenHours
from tm_async.auth.stores.memory import MemoryStore
from tm_async.auth.stores.protocol import TokenStore
from tm_async.core.mount import Sender
from tm_async.core.secret import SecretText
from tm_async.errors import TokenStoreError

__all__ = ["StsTokens"]

LEEWAY = 300.0
"""Seconds before its end from which on a token is no good: a call with it may take its time."""


class _Client(Sender, Protocol):
    def use_sts_tokens(self, source: Callable[[], Awaitable[str]] | None) -> None: ...


@frozen(repr=False)
class _Token:
    text: SecretText
    ends: float
    """UNIX seconds."""

    def to_text(self) -> SecretText:
        """For a store."""
        return SecretText(json.dumps({"format": 1, "token": self.text, "ends": self.ends}))

    @classmethod
    def from_text(cls, text: str) -> "_Token":
        try:
            value: Any = json.loads(text)
            return cls(SecretText(value["token"]), float(value["ends"]))
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            pass
        raise TokenStoreError("the stored STS token can't be used: delete it")


class StsTokens:
    """Gives the client's calls on sensitive data their STS token: `StsTokens(tm, hooks, operator_id="admin")`.

    A token is asked for when the first call needs one, in whichever task or process, and once: it comes by the event
    `common.sts-token` to the application's `hooks` (`tm_async.webhooks.Webhooks`), in this process or in another one
    that shares the `store`; there it is kept until shortly before its end. `key`: under which name, another one for
    each app. `within`: seconds that the event is waited for, fewer than the store's lock is.

    Calls then raise `DeadlineExceeded` where no event comes, and the errors of the call that asks for one.
    `operator_id` is a userid. Tokens of another origin are given with `tm.use_sts_tokens`, or to a call as `sts_token`.
    """

    def __init__(
        self,
        tm: _Client,
        hooks: EventSource,
        *,
        operator_id: str,
        store: TokenStore | None = None,
        key: str = "sts-token",
        hours: StsTokenHours = StsTokenHours.TWENTY_FOUR,
        within: float = 30.0,
        polling: Polling = Polling(first=0.5, longest=5.0),  # noqa: B008 - a value
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client, self._asked = tm, RequestStsToken(operator_id=operator_id, valid_time=hours)
        self._store: TokenStore = MemoryStore() if store is None else store
        self._key, self._within, self._polling, self._clock = key, within, polling, clock
        self._token: _Token | None = None
        self._listeners = Listeners()
        self._one: dict[asyncio.AbstractEventLoop, asyncio.Lock] = {}
        hooks.add(self.heard, "common.sts-token")
        tm.use_sts_tokens(self.get)

    async def get(self) -> str:
        """A token that lasts; asked for first if need be."""
        if self._lasts(self._token):
            return cast("_Token", self._token).text
        loop = asyncio.get_running_loop()
        if loop not in self._one:
            self._one = {loop: asyncio.Lock()}
        async with self._one[loop]:
            if not self._lasts(self._token):
                self._token = await self._stored() or await self._fresh()
        return cast("_Token", self._token).text

    async def forget(self) -> None:
        """Ask for another one next time, whatever is left of this one."""
        self._token = None
        await self._store.delete(self._key)

    async def heard(self, event: Any) -> None:
        """Keep a token that has come, for whoever asked for it."""
        info = event.token_info
        ends = (
            self._clock() + int(self._asked.valid_time) * 3600 if info.expire_ts is None else info.expire_ts.timestamp()
        )
        if info.req_id and info.sts_token:
            key = self._of_request(info.req_id)
            await self._store.save(key, _Token(SecretText(info.sts_token), ends).to_text(), version=None)
            self._listeners.wake(info.req_id)

    def _lasts(self, token: _Token | None) -> bool:
        return token is not None and token.ends - self._clock() > LEEWAY

    async def _stored(self) -> _Token | None:
        found = await self._store.load(self._key)
        token = None if found is None else _Token.from_text(found.data)
        return token if self._lasts(token) else None

    async def _fresh(self) -> _Token:
        """One for all processes that share the store."""
        async with self._store.lock(self._key):
            stored = await self._stored()
            if stored is not None:
                return stored
            req_id = (await self._client.send(self._asked)).req_id
            token = await self._came(req_id)
            before = await self._store.load(self._key)
            await self._store.save(self._key, token.to_text(), version=before.version if before else None)
            await self._store.delete(self._of_request(req_id))
            return token

    async def _came(self, req_id: str) -> _Token:
        async def look() -> _Token | None:
            found = await self._store.load(self._of_request(req_id))
            return None if found is None else _Token.from_text(found.data)

        with self._listeners.listening(req_id) as came:
            what = "no event common.sts-token came (is its address configured, and the store shared?)"
            operation = self._asked.spec.id
            return await poll(
                look, within=self._within, what=what, operation=operation, polling=self._polling, came=came
            )

    def _of_request(self, req_id: str) -> str:
        """Ids are not ours: any text may come."""
        return f"{self._key}/{sha256(req_id.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"
