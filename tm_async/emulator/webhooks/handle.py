"""`Emulator.webhooks`: the console's page on event subscriptions, and what a test does about pushes.

A mistake is a `ValueError` that begins with its field.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any
from urllib.parse import urlsplit

from tm_async.emulator.gateway.loopback import is_loopback
from tm_async.emulator.webhooks.outbox import Outbox
from tm_async.emulator.webhooks.push import Push
from tm_async.emulator.webhooks.secrets import Secrets
from tm_async.emulator.webhooks.subscription import APP, Subscription, stamp

__all__ = ["WebhooksHandle"]

CHECK = 3.0
"""Seconds for the answer to a check of an address (doc 1095/51608)."""
DELIVERY = 5.0
"""Seconds for the answer to a delivery (official docs, 2021)."""


class WebhooksHandle:
    """Subscriptions, and what is pushed to them. Nothing is pushed to other machines unless `allow_remote` is true."""

    def __init__(self, outbox: Outbox, clock: Callable[[], float], seed: int, *, allow_remote: bool) -> None:
        self._outbox, self._clock, self._allow_remote = outbox, clock, allow_remote
        self._rng = Random(f"challenges {seed}")  # noqa: S311 - reproducible on purpose

    @property
    def token(self) -> str:
        """The token of subscriptions that have none of their own."""
        return self._outbox.secrets.token

    @property
    def aes_key(self) -> str:
        """Their EncodingAESKey."""
        return self._outbox.secrets.aes_key or ""

    @property
    def pushes(self) -> list[Push]:
        """The journal: what was and is pushed, oldest first."""
        return list(self._outbox.pushes)

    @property
    def subscriptions(self) -> list[Subscription]:
        """Who is told, in the order of subscribing."""
        return list(self._outbox.subscriptions)

    async def subscribe(
        self,
        url: str | Callable[..., Any],
        *,
        token: str | None = None,
        aes_key: str | None = None,
        plain: bool = False,
        events: Sequence[str] = (),
        limit: float = DELIVERY,
    ) -> Subscription:
        """Save an address, or an ASGI application, once it has answered the check as documented.

        Every event of the enterprise's meetings is pushed there then, or those of the names in `events`. `plain`: no
        encryption. `limit`: real seconds for the answer to a delivery. An address that was subscribed is replaced.
        Raises `ValueError` that says what is wrong with the answer; the console shows "code:10002" and no more.
        """
        if not 0 < limit <= DELIVERY:
            raise ValueError(f"limit: more than 0 and at most {DELIVERY:g} seconds")
        own = self._outbox.secrets
        secrets = Secrets(token or own.token, None if plain else aes_key or own.aes_key)
        app = None if isinstance(url, str) else url
        found = Subscription(
            url=self._checked(url) if isinstance(url, str) else APP,
            app=app,
            secrets=secrets,
            events=frozenset(events),
            limit=limit,
        )
        problem = await self._check(found)
        if problem is not None:
            hint = "" if app is None else "; an application is asked at /: give hooks.asgi() itself"
            raise ValueError(f"url: code:10002, {found.url} is not usable: {problem}{hint}")
        kept = [one for one in self._outbox.subscriptions if (one.url, one.app) != (found.url, found.app)]
        self._outbox.subscriptions[:] = [*kept, found]
        return found

    def unsubscribe(self, url: str) -> None:
        """Push nothing more of what happens from now on to this address."""
        kept = [one for one in self._outbox.subscriptions if one.url != url]
        if len(kept) == len(self._outbox.subscriptions):
            raise ValueError(f"url: {url!r} is not subscribed")
        self._outbox.subscriptions[:] = kept

    def push(self, event: str, item: Mapping[str, Any]) -> list[Push]:
        """Push an event of your own making: its name, and the item of its payload; `operate_time` is now by default."""
        try:
            own: Mapping[str, Any] = json.loads(json.dumps(dict(item), allow_nan=False))
        except (TypeError, ValueError, RecursionError) as error:
            raise ValueError(f"item: no JSON object can be made of it: {error}") from None
        return self._outbox.put(event, {"operate_time": int(self._clock() * 1000), **own})

    def redeliver(self, number: int) -> Push:
        """Push an event of the journal once more, with the same trace. The platform itself has no such act."""
        return self._outbox.again(number)

    def disturb(self, fault: str, *, event: str | None = None, times: int = 1, seconds: float = 60.0) -> None:
        """Let the next pushes, or those of one event, go wrong in one way of `PushFault`; `seconds` for "delayed"."""
        self._outbox.faults.add(fault, event, times, seconds)

    async def heartbeat(self) -> list[str]:
        """Check every address again, as the platform does now and then: when is not documented. What is wrong."""
        found = [(one.url, await self._check(one)) for one in self.subscriptions]
        return [f"{url}: {problem}" for url, problem in found if problem is not None]

    async def settle(self) -> None:
        """Wait until everything is pushed that is due by the emulator's clock."""
        await self._outbox.settle()

    async def _check(self, subscription: Subscription) -> str | None:
        challenge = f"challenge-{self._rng.getrandbits(64):016x}"
        return await subscription.check(challenge, *stamp(self._clock, self._rng), CHECK)

    def _checked(self, url: str) -> str:
        try:
            parts = urlsplit(url)
            host = parts.hostname
        except ValueError:
            raise ValueError(f"url: {url!r} is no address") from None
        if parts.scheme not in {"http", "https"} or not host:
            raise ValueError(f"url: {url!r} is no address that begins with http:// or https://")
        if not self._allow_remote and not is_loopback(host):
            raise ValueError(f"url: {host!r} is not a loopback address; Emulator(allow_remote=True) permits it")
        return url
