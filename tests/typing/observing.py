"""Never executed: the type checkers prove here what an observer has to be, and that ours are."""

import logging
from typing import assert_type

from tm_async.observe import Attempt, CallInfo, Logged, Observer, OpenTelemetry, Wait, Watch
from tm_async.observe.watching import watch


class Retries:
    """A watch."""

    def waited(self, why: Wait, seconds: float) -> None:
        assert_type(why, Wait)

    def attempted(self, attempt: Attempt) -> None:
        assert_type(attempt.status, int | None)
        assert_type(attempt.trace_id, str | None)

    def ended(self, error: BaseException | None) -> None:
        """Nothing to do."""


class Own:
    """No base class is needed."""

    def begins(self, call: CallInfo) -> Watch | None:
        return Retries() if call.method == "POST" else None


class Late:
    """An observer must not be asynchronous."""

    async def begins(self, call: CallInfo, /) -> Watch | None:
        return None


def observers(logger: logging.Logger, call: CallInfo) -> None:
    every: list[Observer] = [OpenTelemetry(), Logged(), Logged(logger, logging.DEBUG), Own()]
    assert_type(watch(every, call), Watch | None)
    watching = Own().begins(call)
    if watching is not None:
        watching.waited(Wait.BACKOFF, 0.5)
    wrong: Observer = Late()  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    every.append(wrong)
    OpenTelemetry("http://collector")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
