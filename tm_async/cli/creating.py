"""Rows in, results out: every row gets exactly one, in the order of the file."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator

from tm_async.api.meetings import CreateMeeting
from tm_async.cli.result import Result
from tm_async.cli.row import Row
from tm_async.client import TencentMeeting

__all__ = ["create_rows"]


async def create_rows(
    tm: TencentMeeting, rows: Iterable[Row], *, concurrency: int, stopped: Callable[[], bool]
) -> AsyncGenerator[Result, None]:
    """Create the meetings; bad rows are passed by and get their result in their place.

    Once `stopped` says so no further row is begun, and what is under way is finished. When the task is cancelled
    after that, the rows under way get a result that says that nothing is known.
    """
    begun: deque[Row] = deque()

    def requests() -> Iterator[CreateMeeting]:
        for row in rows:
            if stopped():
                return
            begun.append(row)
            if row.request is not None:
                yield row.request

    try:
        async for outcome in tm.meetings.create_many(requests(), concurrency=concurrency):
            while (row := begun.popleft()).request is None:
                yield Result.of_bad_row(row)
            yield Result.of_outcome(row, outcome)
    except asyncio.CancelledError:
        if not stopped():
            raise
    for row in begun:
        yield Result.of_bad_row(row) if row.request is None else Result.of_abandoned(row)
