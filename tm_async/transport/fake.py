"""A transport without a network, for tests: it plays answers and keeps what it was asked."""

from collections.abc import Mapping
from typing import Any

from tm_async.core.exchange import Headers, RawAnswer, Request
from tm_async.core.jsonbytes import dump
from tm_async.transport.protocol import Timeout

__all__ = ["FakeTransport"]


class FakeTransport:
    """Plays the given answers in order: JSON objects (status 200), `RawAnswer`s, or exceptions to raise.

    `requests` has what was sent, as `(request, headers)`. Raises `AssertionError` when it runs out of answers.
    """

    def __init__(self, *answers: Mapping[str, Any] | RawAnswer | Exception) -> None:
        self._answers = list(answers)
        self.requests: list[tuple[Request, Headers]] = []
        self.closed = False

    async def exchange(self, request: Request, headers: Headers, timeout: Timeout) -> RawAnswer:
        """Give the next answer."""
        self.requests.append((request, headers))
        if not self._answers:
            raise AssertionError(f"no answer is left for {request.method} {request.target}")
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, RawAnswer) else RawAnswer(200, (), dump(answer))

    async def aclose(self) -> None:
        """Remember that it was closed."""
        self.closed = True
