"""What a bulk call gives: outcomes to iterate over as they come, or all of them awaited."""

from collections.abc import AsyncGenerator, AsyncIterator, Generator, Sequence
from contextlib import aclosing
from types import TracebackType
from typing import Any, TypeVar

from tm_async.core.outcome import Created, Outcome

__all__ = ["Outcomes"]

ResultT_co = TypeVar("ResultT_co", covariant=True)


class Outcomes(AsyncGenerator[Outcome[ResultT_co], None]):
    """The outcomes of a batch: `async for outcome in it`, or `await it` for the list of all.

    What cuts the latter off (a timeout, a cancellation, an error of whatever gives the requests) has a note that says
    what was created until then.
    """

    def __init__(self, outcomes: AsyncGenerator[Outcome[ResultT_co], None], left: Sequence[Outcome[Any]] = ()) -> None:
        self._outcomes = outcomes
        self._left = left
        """At the end: what was known and not told, as something before it was not known yet."""

    def __aiter__(self) -> AsyncIterator[Outcome[ResultT_co]]:
        return self._outcomes

    def __await__(self) -> Generator[Any, Any, list[Outcome[ResultT_co]]]:
        return self._all().__await__()

    async def _all(self) -> list[Outcome[ResultT_co]]:
        known: list[Outcome[ResultT_co]] = []
        try:
            async with aclosing(self._outcomes) as outcomes:
                async for outcome in outcomes:
                    known.append(outcome)  # noqa: PERF401 - what is known must outlive what ends this
        except BaseException as error:
            if known or self._left:
                error.add_note(_said([*known, *self._left]))
            raise
        return known

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


def _said(known: Sequence[Outcome[Any]]) -> str:
    """What is known when a batch is cut off, for its error: nobody gets the list."""
    created = [outcome for outcome in known if isinstance(outcome, Created)]
    ids = [getattr(one.result, one.request.spec.needs or "", None) for one in created]
    named = f": {', '.join(map(str, ids))}" if any(ids) else ""
    return f"cut off with {len(known)} outcomes, {len(created)} of them created{named}. Iterate, or use a ledger."
