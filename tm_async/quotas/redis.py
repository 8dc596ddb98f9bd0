"""The limiter of many processes and machines, which count together in Redis (extra `redis`)."""

import asyncio
import random
from collections.abc import Sequence
from copy import copy
from math import inf
from typing import TYPE_CHECKING, Self

from tm_async._util.arguments import check_kind, check_seconds
from tm_async._util.redis_client import client_of, require_redis
from tm_async.core.secret import SecretText, safe_repr
from tm_async.errors import LimiterUnavailable, QuotaExceeded, TencentMeetingError
from tm_async.quotas.protocol import Charge
from tm_async.quotas.redis_counts import Counted, Held, RedisCounts
from tm_async.quotas.refusal import no_room

if TYPE_CHECKING:
    from redis.asyncio import Redis

__all__ = ["RedisLimiter"]

_PREFIX = "tm_async:{quota}:"  # the braces keep all counts on one node of a cluster, as the script needs them
_JITTER = 0.01  # seconds: processes that wait for the same moment don't all ask at once


@safe_repr
class RedisLimiter:
    """Counts in Redis (5 or later), through a `redis.asyncio.Redis` that you made and close.

    All that use the same Redis and `prefix` count together, exactly: a script checks all charges of a call and counts
    it in the same step, by Redis' clock, so those of the machines don't matter. `margin`: seconds by which each span
    is longer (1), as calls don't all take the same time to arrive. Each call costs a round trip. Who waits sleeps
    until Redis expects room; those of a process who wait for the same count go in the order in which they came to
    it, between processes chance decides.

    `timeout`: seconds that a question to Redis takes at most (5); then, and when Redis can't be reached or refuses,
    calls fail with `LimiterUnavailable` instead of going uncounted. A call that is given up just when it is counted
    is taken back, unless the process or Redis ends meanwhile: then it counts for its span. Keys expire by themselves.
    One event loop, the client's: in another one `take` raises `ConfigurationError`, until `aclose`.
    """

    def __init__(self, client: "Redis", *, prefix: str = _PREFIX, margin: float = 1.0, timeout: float = 5.0) -> None:
        require_redis("RedisLimiter")
        check_kind("prefix", prefix, str, "text")
        check_seconds("margin", margin, least=0, finite=True)
        check_seconds("timeout", timeout, least=0.001, finite=True)
        self._client = client
        self._opened = False
        self._prefix = prefix
        self._margin = margin
        self._counts = RedisCounts(client, timeout)
        self._lines: dict[str, _Line] = {}

    @classmethod
    def from_url(cls, url: str, *, prefix: str = _PREFIX, margin: float = 1.0, timeout: float = 5.0) -> Self:
        """A limiter with a client of its own, for example `redis://:password@host:6379/0`; `aclose` closes it.

        Raises `ConfigurationError` for an unusable URL, which it does not show, and when redis is not installed.
        """
        url = SecretText(url)  # a traceback shows variables
        limiter = cls(client_of("RedisLimiter", url, timeout), prefix=prefix, margin=margin, timeout=timeout)
        limiter._opened = True
        return limiter

    async def take(self, charges: Sequence[Charge], within: float | None, /) -> None:
        """Wait until one more call fits every charge, and count it in all of them at that moment.

        Raises `QuotaExceeded` once it is known that it would take longer than `within` seconds (`None`: wait any
        time), as far as this process knows who waits; and `LimiterUnavailable`. The first question to Redis is not
        bounded by `within`, but by `timeout`.
        """
        if not charges:
            return
        self._counts.calls.stay_in_one_loop()
        call = _Call(charges, self._prefix, self._margin, within)
        held = await self._begin(call)
        if held is None:
            return
        call.refuse_if_late(held)
        try:
            async with asyncio.timeout_at(None if within is None else call.until):
                while held is not None:
                    held = await self._wait(call, held)
        except TimeoutError:
            raise call.too_late() from None

    async def refused(self, charge: Charge, /, *, span: float, seconds: float) -> None:
        """The gateway refused a call that was counted: all processes wait. See `LearningLimiter`.

        Raises `LimiterUnavailable`.
        """
        await self._counts.refused(Counted([charge], self._prefix, self._margin), span=span, seconds=seconds)

    async def aclose(self) -> None:
        """Close the client that `from_url` made; a client of yours stays open. Another event loop may follow.

        Who still waits gets `LimiterUnavailable`.
        """
        if self._counts.calls.here:
            for line in self._lines.values():
                line.fail(LimiterUnavailable("the limiter was closed while this call waited; nothing was sent"))
            await self._counts.settled()
        if self._opened:
            self._counts.calls.stay_in_one_loop()
            await self._client.aclose()
        self._lines.clear()
        self._counts.calls.leave_loop()

    def __repr__(self) -> str:
        return f"RedisLimiter({self._counts.where!r}, prefix={self._prefix!r})"

    # --- waiting --------------------------------------------------------------------------------------------------

    async def _begin(self, call: "_Call") -> Held | None:
        """Count it, unless others of this process wait: then look at most, and overtake nobody."""
        lines = [self._lines.get(name) for name in call.names]
        busy = next((place for place, line in enumerate(lines) if line is not None), None)
        if busy is None:
            return await self._counts.count(call)
        held = None
        if call.until < inf:
            held = await self._counts.look(call, [0 if line is None else line.waiting for line in lines])
        return held or Held(0.0, busy)

    async def _wait(self, call: "_Call", held: Held) -> Held | None:
        """Wait for the room that the call needs most; `None`: it was counted, else what it has to wait for next."""
        name = call.names[held.place]
        loop = asyncio.get_running_loop()
        line = self._lines.get(name)
        if line is None:
            line = self._lines[name] = _Line(loop.time() + held.seconds)
        call.line, call.place = line, held.place
        line.waiting += 1
        try:
            async with line.first:
                while True:
                    await line.rest()
                    found = await self._counts.count(call)
                    if found is None or found.place != held.place:
                        return found
                    line.due = loop.time() + found.seconds
                    call.refuse_if_late(found)
        except QuotaExceeded:
            raise
        except TencentMeetingError as error:
            line.fail(error)
            raise
        finally:
            line.waiting -= 1
            if self._lines.get(name) is line and (not line.waiting or line.failed.done()):
                del self._lines[name]


class _Call(Counted):
    """One call that asks for room."""

    __slots__ = ("line", "place", "until", "within")

    def __init__(self, charges: Sequence[Charge], prefix: str, margin: float, within: float | None) -> None:
        super().__init__(charges, prefix, margin)
        self.within = inf if within is None else within
        self.until = asyncio.get_running_loop().time() + self.within
        self.line: _Line | None = None
        self.place = 0

    def refuse_if_late(self, held: Held) -> None:
        """Raise `QuotaExceeded` if its time is over before there is room."""
        if asyncio.get_running_loop().time() + held.seconds > self.until:
            raise no_room(self.charges[held.place], held.seconds, self.within)

    def too_late(self) -> QuotaExceeded:
        """Its time is over."""
        due = self.line.due if self.line else 0.0
        return no_room(self.charges[self.place], max(0.0, due - asyncio.get_running_loop().time()), self.within)


class _Line:
    """Who waits in this process for room in one count: the first one asks Redis, the others wait behind it."""

    __slots__ = ("due", "failed", "first", "waiting")

    def __init__(self, due: float) -> None:
        self.due = due
        """When Redis expects room, by the loop's time."""
        self.first = asyncio.Lock()
        self.waiting = 0
        self.failed: asyncio.Future[TencentMeetingError] = asyncio.get_running_loop().create_future()

    async def rest(self) -> None:
        """Until there may be room; a bit longer, as other processes may expect the same. Raises what ended the line."""
        seconds = self.due - asyncio.get_running_loop().time()
        if seconds > 0 and not self.failed.done():
            await asyncio.wait([self.failed], timeout=seconds + random.uniform(0, _JITTER))  # noqa: S311 - no secret
        if self.failed.done():
            error = self.failed.result()
            raise copy(error) from error.__cause__

    def fail(self, error: TencentMeetingError) -> None:
        """All at once: the next one would only run into the same."""
        if not self.failed.done():
            self.failed.set_result(error)
