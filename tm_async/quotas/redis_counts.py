"""The counts in Redis: one script that checks and counts a call, and one that takes it back."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from uuid import uuid4

from tm_async.errors import ConfigurationError, LimiterUnavailable, TencentMeetingError
from tm_async.quotas.protocol import Charge
from tm_async.redis_client import place_of, two_loops
from tm_async.transport.places import without_frames

if TYPE_CHECKING:
    from redis.asyncio import Redis

__all__ = ["Counted", "Held", "RedisCounts"]

_T = TypeVar("_T")

# Every key is a sorted set: the calls, by when they were made (microseconds, by the server's clock). Its lowest member,
# `kept`, has a negative score: for how long calls are kept, the longest span that anybody ever counted here.
# ARGV: the call's name, empty to look only; then for each key how many go ahead, the number of rates, and the rates.
# The client may send a script again after a lost answer; then it finds its own call, and that is a success.
# Returns the microseconds to wait, 0 when it was counted, and the number of the key that needs the longest wait.
_TAKE = """
local name = ARGV[1]
if name ~= '' and redis.call('ZSCORE', KEYS[#KEYS], name) then return {0, 0} end
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local wait, blocking, spans, at = 0, 1, {}, 2
for i, key in ipairs(KEYS) do
  local ahead, rates = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
  spans[i] = 0
  for j = at + 2, at + 2 * rates, 2 do
    local calls, span = tonumber(ARGV[j]), tonumber(ARGV[j + 1])
    local place = calls - 1 - ahead % calls
    local last = redis.call('ZREVRANGE', key, place, place, 'WITHSCORES')[2]
    local left = math.floor(ahead / calls) * span
    if last then left = left + math.max(0, last + span - now) end
    if left > 0 and left >= wait then wait, blocking = left, i end
    spans[i] = math.max(spans[i], span)
  end
  at = at + 2 + 2 * rates
end
if wait > 0 or name == '' then return {wait, blocking} end
for i, key in ipairs(KEYS) do
  local kept = math.max(spans[i], -(redis.call('ZSCORE', key, 'kept') or 0))
  redis.call('ZREMRANGEBYSCORE', key, 0, now - kept)
  redis.call('ZADD', key, now, name, -kept, 'kept')
  redis.call('PEXPIRE', key, math.ceil(kept / 1000))
end
return {0, 0}
"""
_UNDO = "for _, key in ipairs(KEYS) do redis.call('ZREM', key, ARGV[1]) end"


class Counted:
    """One call, as it is counted."""

    __slots__ = ("args", "charges", "id", "names")

    def __init__(self, charges: Sequence[Charge], prefix: str, margin: float) -> None:
        self.id = uuid4().hex
        self.charges = charges
        self.names = [f"{prefix}{charge.scope}:{charge.key}" for charge in charges]
        self.args = [
            [part for rate in charge.rates for part in (rate.calls, ceil((rate.seconds + margin) * 1_000_000))]
            for charge in charges
        ]


class Held(NamedTuple):
    """There is no room yet."""

    seconds: float
    """Until there may be."""
    place: int
    """Which of the call's charges needs the longest wait."""


class RedisCounts:
    """Asks Redis, each time for `timeout` seconds at most. Raises `LimiterUnavailable` and `ConfigurationError`."""

    def __init__(self, client: "Redis", timeout: float) -> None:
        self.where = place_of(client)
        self._timeout = timeout
        known: Any = client
        self._take: Any = known.register_script(_TAKE)
        self._uncount: Any = known.register_script(_UNDO)
        self._background: set[asyncio.Future[Any]] = set()

    async def count(self, call: Counted) -> Held | None:
        """Count the call if it has room everywhere; `None`: it was counted.

        Giving up does not end the question: what it counts is taken back.
        """
        asked = self._spawn(self._ask(call, call.id, [0] * len(call.names)))
        try:
            return await asyncio.shield(asked)
        except asyncio.CancelledError:
            self._spawn(self._undo(call, asked))
            raise

    async def look(self, call: Counted, ahead: Sequence[int]) -> Held | None:
        """Whether there is room for the call, for each charge after so many others. Counts nothing."""
        return await self._ask(call, "", ahead)

    async def settled(self) -> None:
        """Wait until all questions are answered."""
        await asyncio.gather(*self._background, return_exceptions=True)

    async def _ask(self, call: Counted, name: str, ahead: Sequence[int]) -> Held | None:
        args: list[Any] = [name]
        for parts, others in zip(call.args, ahead, strict=True):
            args += [others, len(parts) // 2, *parts]
        wait, place = await self._bounded(lambda: self._take(keys=call.names, args=args))
        return Held(int(wait) / 1_000_000, int(place) - 1) if int(wait) else None

    async def _undo(self, call: Counted, asked: "asyncio.Future[Held | None]") -> None:
        """In vain when Redis is gone; then it counts until its span is over."""
        with suppress(TencentMeetingError):
            if await asked is None:
                await self._bounded(lambda: self._uncount(keys=call.names, args=[call.id]))

    async def _bounded(self, work: Callable[[], Awaitable[_T]]) -> _T:
        """Do it in time. No error keeps the frames of redis-py: they know the password."""
        outside = sys.exception()
        try:
            async with asyncio.timeout(self._timeout):
                return await work()
        except BaseException as error:
            self._refuse(without_frames(error, outside=outside))
            raise

    def _refuse(self, error: BaseException) -> None:
        """Raise what it means for the caller. Returns for what goes on as it is, such as a cancellation."""
        from redis.exceptions import RedisError

        match error:
            case TimeoutError():
                raise LimiterUnavailable(f"{self.where} did not answer within {self._timeout:g} s") from error
            case RedisError() if "WRONGTYPE" in str(error):
                found = "what stands in the place of a count is something else; choose another prefix"
                raise ConfigurationError(f"{self.where}: {found}") from error
            case RedisError() | OSError():
                raise LimiterUnavailable(f"{self.where} is out of reach or refuses: {error}") from error
            case RuntimeError() if "loop" in str(error):
                raise two_loops("RedisLimiter", self.where) from error
            case _:
                return

    def _spawn(self, work: Coroutine[Any, Any, _T]) -> "asyncio.Task[_T]":
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: "asyncio.Future[Any]") -> None:
        self._background.discard(task)
        if not task.cancelled():
            task.exception()  # whoever asked was told; if nobody waits any more, nobody misses it
