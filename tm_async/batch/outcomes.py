"""What a bulk call gives: outcomes to iterate over as they come, or all of them awaited."""

from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import aclosing
from types import TracebackType
from typing import Any, TypeVar

from tm_async.core.outcome import Outcome

__all__ = ["Outcomes"]

ResultT_co = TypeVar("ResultT_co", covariant=True)


class Outcomes(AsyncGenerator[Outcome[ResultT_co], None]):
    """The outcomes of a batch: `async for outcome in it`, or `await it` for the list of all."""

    def __init__(self, outcomes: AsyncGenerator[Outcome[ResultT_co], None]) -> None:
        self._outcomes = outcomes

    def __aiter__(self) -> AsyncIterator[Outcome[ResultT_co]]:
        return self._outcomes

    def __await__(self) -> Generator[Any, Any, list[Outcome[ResultT_co]]]:
        return self._all().__await__()

    async def _all(self) -> list[Outcome[ResultT_co]]:
        async with aclosing(self._outcomes) as outcomes:
            return [outcome async for outcome in outcomes]

    async def asend(self, value: None) -> Outcome[ResultT_co]:
        """The next outcome."""
        return await self._outcomes.asend(value)

    async def athrow(
        self,
        typ: type[BaseException] | BaseException,
        val: BaseException | object = None,
        tb: TracebackType | None = None,
    ) -> Outcome[ResultT_co]:
        """Raise something where the batch stands."""
        error = typ if isinstance(typ, BaseException) else val if isinstance(val, BaseException) else typ()
        return await self._outcomes.athrow(error)

    async def aclose(self) -> None:
        """Begin no further request; those under way are still carried out."""
        await self._outcomes.aclose()
