"""The counts in Redis: scripts that check and count a call, take it back, and write down that one was refused."""

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from uuid import uuid4

from tm_async._util.redis_calls import RedisCalls
from tm_async.errors import ConfigurationError, LimiterUnavailable, TencentMeetingError
from tm_async.quotas.protocol import Charge
from tm_async.quotas.sliding import HALF_LIFE

if TYPE_CHECKING:
    from redis.asyncio import Redis

__all__ = ["Counted", "Held", "RedisCounts"]

_T = TypeVar("_T")

# Every key is a sorted set: the calls, by when they were made (microseconds, by the server's clock). What has a
# negative score is no call, and lies below them all: `kept`, for how long calls are kept, the longest span that anybody
# ever counted here; `closed`, until when no call goes; for a span, `left`, how many calls others left us, `since`.
_STATE = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local function state_of(key)
  local state, members = {kept = 0, closed = 0}, redis.call('ZRANGEBYSCORE', key, '-inf', '(0', 'WITHSCORES')
  for i = 1, #members, 2 do state[members[i]] = -members[i + 1] end
  return state
end
local function limit(state, calls, span)
  local left, since = state['left' .. span], state['since' .. span]
  if not left or left >= calls then return calls end
  local others = (calls / left - 1) * 0.5 ^ ((now - since) / span / <half>)
  return math.floor(calls / (1 + others) + 0.5)
end
""".replace("<half>", str(HALF_LIFE))
# ARGV: the call's name, empty to look only; then for each key how many go ahead, the number of rates, and the rates.
# The client may send a script again after a lost answer; then it finds its own call, and that is a success.
# Returns the microseconds to wait, 0 when it was counted, and the number of the key that needs the longest wait.
_TAKE = (
    _STATE
    + """
local name = ARGV[1]
if name ~= '' and redis.call('ZSCORE', KEYS[#KEYS], name) then return {0, 0} end
local wait, blocking, keep, at = 0, 1, {}, 2
for i, key in ipairs(KEYS) do
  local ahead, rates, state = tonumber(ARGV[at]), tonumber(ARGV[at + 1]), state_of(key)
  keep[i] = state.kept
  local longest = state.closed - now
  for j = at + 2, at + 2 * rates, 2 do
    local span = tonumber(ARGV[j + 1])
    local calls = limit(state, tonumber(ARGV[j]), span)
    local place = calls - 1 - ahead % calls
    local last = redis.call('ZREVRANGE', key, place, place, 'WITHSCORES')[2]
    local left = math.floor(ahead / calls) * span
    if last then left = left + math.max(0, last + span - now) end
    longest = math.max(longest, left)
    keep[i] = math.max(keep[i], span)
  end
  if longest > 0 and longest >= wait then wait, blocking = longest, i end
  at = at + 2 + 2 * rates
end
if wait > 0 or name == '' then return {wait, blocking} end
for i, key in ipairs(KEYS) do
  redis.call('ZREMRANGEBYSCORE', key, 0, now - keep[i])
  redis.call('ZADD', key, now, name, -keep[i], 'kept')
  redis.call('PEXPIRE', key, math.ceil(keep[i] / 1000))
end
return {0, 0}
"""
)
# ARGV: for how long no call goes; the longest span that may have been used up; the rates.
_REFUSED = (
    _STATE
    + """
local key, state = KEYS[1], state_of(KEYS[1])
local newest = redis.call('ZREVRANGE', key, 0, 0, 'WITHSCORES')
if newest[2] and tonumber(newest[2]) > 0 then redis.call('ZREM', key, newest[1]) end
for j = 3, #ARGV, 2 do
  local calls, span = tonumber(ARGV[j]), tonumber(ARGV[j + 1])
  state.kept = math.max(state.kept, span)
  if span <= tonumber(ARGV[2]) then
    local ours = redis.call('ZCOUNT', key, '(' .. string.format('%.0f', now - span), '+inf')
    local left = math.min(ours + 1, limit(state, calls, span))
    redis.call('ZADD', key, -left, 'left' .. span, -now, 'since' .. span)
  end
end
local closed = math.max(state.closed, now + tonumber(ARGV[1]))
redis.call('ZADD', key, -closed, 'closed', -state.kept, 'kept')
redis.call('PEXPIRE', key, math.ceil(math.max(state.kept, closed - now) / 1000))
return 1
"""
)
_UNDO = "for _, key in ipairs(KEYS) do redis.call('ZREM', key, ARGV[1]) end"


class Counted:
    """One call, as it is counted."""

    __slots__ = ("args", "charges", "id", "margin", "names")

    def __init__(self, charges: Sequence[Charge], prefix: str, margin: float) -> None:
        self.id = uuid4().hex
        self.margin = margin
        self.charges = charges
        self.names = [f"{prefix}{charge.scope}:{charge.key}" for charge in charges]
        self.args = [
            [part for rate in charge.rates for part in (rate.calls, self.micros(rate.seconds))] for charge in charges
        ]

    def micros(self, span: float) -> int:
        """A span with its margin, in microseconds."""
        return ceil((span + self.margin) * 1_000_000)


class Held(NamedTuple):
    """There is no room yet."""

    seconds: float
    """Until there may be."""
    place: int
    """Which of the call's charges needs the longest wait."""


class RedisCounts:
    """Asks Redis, each time for `timeout` seconds at most. Raises `LimiterUnavailable` and `ConfigurationError`."""

    def __init__(self, client: "Redis", timeout: float) -> None:
        self.calls = RedisCalls(
            "RedisLimiter", client, timeout, unavailable=LimiterUnavailable, meaning=self._something_else
        )
        self.where = self.calls.where
        known: Any = client
        self._take: Any = known.register_script(_TAKE)
        self._uncount: Any = known.register_script(_UNDO)
        self._refused: Any = known.register_script(_REFUSED)
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

    async def refused(self, call: Counted, *, span: float, seconds: float) -> None:
        """Write down that a call of this one charge was refused: see `LearningLimiter`."""
        args = [ceil(seconds * 1_000_000), call.micros(span), *call.args[0]]
        await self.calls.ask(lambda: self._refused(keys=call.names, args=args))

    async def settled(self) -> None:
        """Wait until all questions are answered."""
        await asyncio.gather(*self._background, return_exceptions=True)

    async def _ask(self, call: Counted, name: str, ahead: Sequence[int]) -> Held | None:
        args: list[Any] = [name]
        for parts, others in zip(call.args, ahead, strict=True):
            args += [others, len(parts) // 2, *parts]
        wait, place = await self.calls.ask(lambda: self._take(keys=call.names, args=args))
        return Held(int(wait) / 1_000_000, int(place) - 1) if int(wait) else None

    async def _undo(self, call: Counted, asked: "asyncio.Future[Held | None]") -> None:
        """In vain when Redis is gone; then it counts until its span is over."""
        with suppress(TencentMeetingError):
            if await asked is None:
                await self.calls.ask(lambda: self._uncount(keys=call.names, args=[call.id]))

    def _something_else(self, answer: str) -> ConfigurationError | None:
        if "WRONGTYPE" not in answer:
            return None
        found = "what stands in the place of a count is something else; choose another prefix"
        return ConfigurationError(f"{self.where}: {found}")

    def _spawn(self, work: Coroutine[Any, Any, _T]) -> "asyncio.Task[_T]":
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: "asyncio.Future[Any]") -> None:
        self._background.discard(task)
        if not task.cancelled():
            task.exception()  # whoever asked was told; if nobody waits any more, nobody misses it
