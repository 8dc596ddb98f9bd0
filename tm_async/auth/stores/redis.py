"""Grants in Redis, shared by processes on many machines (extra `redis`)."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Self, TypeVar

from tm_async._util.arguments import check_kind, check_seconds
from tm_async._util.logs import logger
from tm_async._util.redis_calls import RedisCalls
from tm_async._util.redis_client import client_of, require_redis
from tm_async.auth.stores.keylocks import KeyLocks, new_version
from tm_async.auth.stores.protocol import Stored
from tm_async.core.secret import SecretText, hide, plain, safe_repr
from tm_async.errors import TokenStoreError, TokenStoreUnavailable

if TYPE_CHECKING:
    from redis.asyncio import Redis
    from redis.asyncio.lock import Lock

__all__ = ["RedisStore"]

_POLL = 0.05
_log = logger("tm_async.auth")
_T = TypeVar("_T")

# The client may send a script again after a lost answer; then it finds its own version, and that is a success.
_COMPARE_AND_SET = """
local found = redis.call('HGET', KEYS[1], 'version') or ''
if found == ARGV[2] then return 1 end
if found ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'data', ARGV[3])
return 1
"""


@safe_repr
class RedisStore:
    """Keeps each entry as a hash in Redis, through a `redis.asyncio.Redis` that you made and close.

    `prefix` comes before the names of all keys. `lock_ttl`: seconds after which a lock is free even when its holder
    is gone; longer than a renewal takes (30 by default). `wait`: seconds that `lock` waits at most (45). `timeout`:
    seconds that any one operation takes at most (5); then, and when Redis can't be reached or refuses, operations
    raise `TokenStoreUnavailable`. One event loop, the client's: in another one operations raise `ConfigurationError`,
    until `aclose`. How durable a save is, is up to Redis: switch on its append-only file.
    """

    def __init__(
        self,
        client: "Redis",
        *,
        prefix: str = "tm_async:",
        lock_ttl: float = 30.0,
        wait: float = 45.0,
        timeout: float = 5.0,
    ) -> None:
        require_redis("RedisStore")
        check_kind("prefix", prefix, str, "text")
        check_seconds("lock_ttl", lock_ttl, finite=True)
        check_seconds("timeout", timeout)
        self._client: Any = client
        self._opened = False
        self._prefix = prefix
        self._lock_ttl = lock_ttl
        check_seconds("wait", wait, least=0)
        self._wait = wait
        self._locks = KeyLocks()
        self._calls = RedisCalls(
            "RedisStore", client, timeout, unavailable=TokenStoreUnavailable, meaning=self._no_entry
        )
        self._where = self._calls.where

    @classmethod
    def from_url(
        cls,
        url: str,
        *,
        prefix: str = "tm_async:",
        lock_ttl: float = 30.0,
        wait: float = 45.0,
        timeout: float = 5.0,
    ) -> Self:
        """A store with a client of its own, for example `redis://:password@host:6379/0`; `aclose` closes it.

        Raises `ConfigurationError` for an unusable URL, which it does not show, and when redis is not installed.
        """
        url = hide(url)  # a traceback shows variables
        store = cls(client_of("RedisStore", url, timeout), prefix=prefix, lock_ttl=lock_ttl, wait=wait, timeout=timeout)
        store._opened = True
        return store

    async def load(self, key: str, /) -> Stored | None:
        """The entry, or `None` where there is none. Raises `TokenStoreError` for what can't be used."""

        async def read() -> list[SecretText | None]:
            return [_text(value) for value in await self._client.hmget(self._entry(key), ["version", "data"])]

        version, data = await self._bounded(key, read)
        if version is None and data is None:
            return None
        if not version or data is None:
            message = f"{self._where}: {self._entry(key)!r} is not an entry; delete it and authorise the user again"
            raise TokenStoreError(message)
        return Stored(data, plain(version))

    async def save(self, key: str, data: str, /, *, version: str | None) -> str | None:
        """Write if the entry still has `version` (`None`: if there is none), in one step.

        Returns the new version, or `None` if the entry was changed meanwhile, by whichever process.
        """
        data = hide(data)  # a traceback shows variables
        new = new_version()
        parts = [self._entry(key), version or "", new, data]
        return new if int(await self._bounded(key, lambda: self._client.eval(_COMPARE_AND_SET, 1, *parts))) else None

    @asynccontextmanager
    async def lock(self, key: str, /) -> AsyncGenerator[None, None]:
        """Exclude every other holder, in all processes that use this Redis and prefix, for at most `lock_ttl`.

        A lock that has expired before it is released is logged at WARNING; saves still compare versions.
        """
        deadline = asyncio.get_running_loop().time() + self._wait
        async with self._locks.hold(key, self._wait):
            # `thread_local`: the token belongs to this lock, in whichever thread the loop runs.
            held = self._client.lock(f"{self._prefix}lock:{key}", timeout=self._lock_ttl, thread_local=False)
            while not await self._taken(held, key):
                if asyncio.get_running_loop().time() >= deadline:
                    message = f"{self._where}: the lock of {key!r} was not free within {self._wait:g} s"
                    raise TokenStoreUnavailable(message)
                await asyncio.sleep(_POLL)
            try:
                yield
            finally:
                await self._release(held, key)

    async def delete(self, key: str, /) -> None:
        """Remove the entry; fine if there is none."""
        await self._bounded(key, lambda: self._client.delete(self._entry(key)))

    async def aclose(self) -> None:
        """Close the client that `from_url` made; a client of yours stays open. Another event loop may follow."""
        if self._opened:
            self._calls.stay_in_one_loop()
            await self._client.aclose()
        self._calls.leave_loop()

    def _entry(self, key: str) -> str:
        return f"{self._prefix}entry:{key}"

    async def _taken(self, lock: "Lock", key: str) -> bool:
        attempt = asyncio.ensure_future(self._bounded(key, lambda: lock.acquire(blocking=False)))
        try:
            return await asyncio.shield(attempt)
        except asyncio.CancelledError:
            # The attempt may succeed all the same, and then nobody would free the lock before its time is over.
            with suppress(TokenStoreError):
                if await attempt:
                    await self._release(lock, key)
            raise

    async def _release(self, lock: "Lock", key: str) -> None:
        """What was done under the lock is done, so trouble here is no error: the lock ends by itself."""
        from redis.exceptions import LockError

        try:
            await self._bounded(key, lock.release)
        except LockError:
            _log.warning("the lock of %r had expired after %g s, before it was released", key, self._lock_ttl)
        except TokenStoreUnavailable as error:
            _log.warning("the lock of %r was not released, it ends within %g s: %s", key, self._lock_ttl, error)

    async def _bounded(self, key: str, work: Callable[[], Awaitable[_T]]) -> _T:
        """Do it in time."""
        try:
            return await self._calls.ask(work)
        except UnicodeError:
            pass  # the error itself has the whole text, so it may not even be the context of another
        message = f"{self._where}: {self._entry(key)!r} is not UTF-8 text; delete it and authorise the user again"
        raise TokenStoreError(message)

    def _no_entry(self, answer: str) -> TokenStoreError | None:
        if "WRONGTYPE" not in answer:
            return None
        found = "what stands in the place of the entry is something else; choose another prefix"
        return TokenStoreError(f"{self._where}: {found}")

    def __repr__(self) -> str:
        return f"RedisStore({self._where!r}, prefix={self._prefix!r})"


def _text(value: bytes | str | None) -> SecretText | None:
    return None if value is None else SecretText(value.decode() if isinstance(value, bytes) else value)
