"""Questions to Redis: a few at a time, each in time, in one event loop, and with errors that show no secret."""

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from tm_async._util.ending import apart
from tm_async._util.redis_client import place_of, two_loops
from tm_async._util.tracebacks import without_frames
from tm_async.errors import TencentMeetingError

__all__ = ["RedisCalls"]

_AT_ONCE = 16
"""Questions under way, what comes beyond waits: redis-py's pool has room for 100, and several of us may share it."""
_GRACE = 1.0
"""Seconds that redis-py has for ending a question, before it is cancelled again."""
_CODE = re.compile(r"[A-Z]{3,}\b")
_WORDS = {
    "LOADING": "it is still loading its data",
    "MASTERDOWN": "it is a replica that has lost its master",
    "MISCONF": "it can't write to its disk",
    "NOAUTH": "it asks for a password",
    "NOPERM": "the user may not do that",
    "OOM": "its memory is full",
    "READONLY": "it is a replica",
    "WRONGPASS": "it does not take this user and password",
}
_KINDS = {
    "AuthenticationError": "WRONGPASS",
    "BusyLoadingError": "LOADING",
    "MasterDownError": "MASTERDOWN",
    "NoPermissionError": "NOPERM",
    "OutOfMemoryError": "OOM",
    "ReadOnlyError": "READONLY",
}
"""Codes that redis-py takes off what the server said."""
_T = TypeVar("_T")


class RedisCalls:
    """Asks for `who`, a class of ours; a question takes `timeout` seconds at most, the wait for its turn included.

    Raises `unavailable` when Redis can't be reached, is silent, or refuses; `ConfigurationError` in another event
    loop than before. `meaning`, first asked about what a server answers, may know a better error.
    """

    def __init__(
        self,
        who: str,
        client: Any,
        timeout: float,
        *,
        unavailable: type[TencentMeetingError],
        meaning: Callable[[str], Exception | None],
    ) -> None:
        self.where = place_of(client)
        self._who = who
        self._timeout = timeout
        self._unavailable = unavailable
        self._known = meaning
        self._loop: asyncio.AbstractEventLoop | None = None
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def ask(self, work: Callable[[], Awaitable[_T]]) -> _T:
        """What `work` returns. No error keeps the frames of redis-py: they have passwords and requests as bytes."""
        self.stay_in_one_loop()
        outside = sys.exception()
        try:
            async with asyncio.timeout(self._timeout):
                return await apart(self._in_turn(work), grace=_GRACE)
        except Exception as error:  # noqa: BLE001
            found, cause = self._meaning(without_frames(error, outside=outside), outside)
        except BaseException as error:
            without_frames(error, outside=outside)
            raise
        found.__context__ = None
        if found is cause:
            raise found
        raise found from cause

    def stay_in_one_loop(self) -> None:
        """Connections of another loop may be closed, and may not be touched while that one runs."""
        loop = asyncio.get_running_loop()
        if self._loop not in {None, loop}:
            raise two_loops(self._who, self.where)
        self._loop = loop

    @property
    def here(self) -> bool:
        """Whether it was used in this event loop, and not left since."""
        return self._loop is asyncio.get_running_loop()

    def leave_loop(self) -> None:
        """Another one may follow."""
        self._loop = None
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def _in_turn(self, work: Callable[[], Awaitable[_T]]) -> _T:
        async with self._places:
            return await work()

    def _meaning(self, error: Exception, outside: BaseException | None) -> tuple[Exception, BaseException | None]:
        """The error for the caller, and the cause that may be shown with it."""
        from redis.exceptions import LockError, RedisError

        if isinstance(error, TimeoutError):
            return self._unavailable(f"{self.where} did not answer within {self._timeout:g} s"), error
        if isinstance(error, LockError) or not isinstance(error, RedisError | OSError | RuntimeError):
            return error, error
        if isinstance(error, RuntimeError):
            return (two_loops(self._who, self.where) if "loop" in str(error) else error), error
        answer = _answer(error, outside)
        if answer is None:
            said = str(error).rstrip(".")  # no sentence: more may follow
            return self._unavailable(f"{self.where} is out of reach or refuses: {said}"), error
        known = self._known(str(answer))
        return known or self._unavailable(f"{self.where} is out of reach or refuses: {_words(answer)}"), None


def _answer(error: BaseException, outside: BaseException | None) -> BaseException | None:
    """What of it came from the server, not from this side: it may quote what it was sent, a password included."""
    from redis import exceptions

    ours = {exceptions.ConnectionError, exceptions.TimeoutError, getattr(exceptions, "MaxConnectionsError", None)}
    seen: list[BaseException] = []
    ahead: list[BaseException | None] = [error]
    while ahead:
        link = ahead.pop()
        if link is None or link is outside or link in seen:
            continue
        if isinstance(link, exceptions.RedisError) and type(link) not in ours:
            return link
        seen.append(link)
        ahead += [link.__cause__, link.__context__]
    return None


def _words(answer: BaseException) -> str:
    """Its code in our words, or the name that redis-py has for it; nothing else of it."""
    text, kind = str(answer), type(answer).__name__
    if "unknown command" in text.lower():
        return "it does not know a command that is needed, or does not allow it"
    code = _CODE.match(getattr(answer, "status_code", None) or text)
    name = _KINDS.get(kind) or (code[0] if code else kind)
    return f"{_WORDS[name]} ({name})" if name in _WORDS else name
