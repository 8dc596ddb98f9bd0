"""A bounded, ordered, concurrent map over an iterable that may be endless."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable
from typing import Generic, TypeVar

from tm_async._util.arguments import check_count
from tm_async._util.ending import end

__all__ = ["bounded", "each"]

ItemT = TypeVar("ItemT")
DoneT = TypeVar("DoneT")

_LOOK_AHEAD = 8
"""In input order a slow item holds back the outcomes behind it: this many times the concurrency may be taken from
the source and not yet yielded, so that memory stays flat."""


async def bounded(
    work: Callable[[int, ItemT], Awaitable[DoneT]],
    items: Iterable[ItemT] | AsyncIterable[ItemT],
    *,
    concurrency: int,
    as_completed: bool,
    left: Callable[[DoneT], object] | None = None,
) -> AsyncGenerator[DoneT, None]:
    """Yield `await work(index, item)` for every item, at most `concurrency` of them at a time.

    An item is taken from the source when a place is free for it. When the source raises, what is under way is
    finished and yielded before the source's error goes on. When the work raises, that goes on at once; then, and when
    the consumer stops, the work under way is cancelled, and `left` is called with what was finished and not yielded.
    """
    check_count("concurrency", concurrency)
    run = _Run(work, items, concurrency)
    workers = [asyncio.create_task(run.worker()) for _ in range(concurrency)]
    for worker in workers:
        worker.add_done_callback(run.ended)
    upcoming = 0
    try:
        while True:
            run.news.clear()
            while run.finished and (as_completed or upcoming in run.finished):
                key = next(iter(run.finished)) if as_completed else upcoming
                done = run.finished.pop(key)
                upcoming += 1
                run.ahead.release()
                yield done
            if run.broken or (all(worker.done() for worker in workers) and not run.finished):
                break
            if not run.news.is_set():
                await run.news.wait()
        await asyncio.gather(*workers)
    finally:
        run.over = True
        try:
            await end(*workers, *run.source.tasks)
        finally:  # which may be cancelled itself
            for done in run.finished.values():
                if left is not None:
                    left(done)
    if run.source.failure is not None:
        raise run.source.failure


class _Run(Generic[ItemT, DoneT]):
    """What the workers of one run share."""

    def __init__(
        self,
        work: Callable[[int, ItemT], Awaitable[DoneT]],
        items: Iterable[ItemT] | AsyncIterable[ItemT],
        concurrency: int,
    ) -> None:
        self._work = work
        self.source: _Read[ItemT] | _ReadInTask[ItemT]
        self.source = _ReadInTask(items) if isinstance(items, AsyncIterable) else _Read(items)
        self._taken = 0
        self.ahead = asyncio.Semaphore(concurrency * _LOOK_AHEAD)
        self.finished: dict[int, DoneT] = {}
        self.news = asyncio.Event()
        self.broken = False
        """Whether the work itself failed, which it should not: in input order nothing could follow."""
        self.over = False
        """Nobody wants any more: a worker whose cancellation was swallowed begins nothing new."""

    async def worker(self) -> None:
        while not self.over and (taken := await self._take()) is not None:
            index, item = taken
            self.finished[index] = await self._work(index, item)
            self.news.set()

    def ended(self, worker: asyncio.Task[None]) -> None:
        self.broken = self.broken or worker.cancelled() or worker.exception() is not None
        self.news.set()

    async def _take(self) -> tuple[int, ItemT] | None:
        await self.ahead.acquire()
        found = await self.source.next()
        if found is None:
            self.ahead.release()  # for the next worker, so that it can end as well
            return None
        index = self._taken
        self._taken += 1
        return index, found[0]


class _Read(Generic[ItemT]):
    """A source that waits for nothing."""

    def __init__(self, items: Iterable[ItemT]) -> None:
        self._items = iter(items)
        self._exhausted = False
        self.failure: BaseException | None = None
        self.tasks: list[asyncio.Task[None]] = []

    async def next(self) -> tuple[ItemT] | None:
        """The next item, in a tuple; `None` at the end."""
        if self._exhausted:
            return None
        try:
            return (next(self._items),)
        except Exception as error:  # noqa: BLE001 - the source is the caller's: its error is raised at the end
            self._exhausted = True
            self.failure = None if isinstance(error, StopIteration) else error
            return None


class _ReadInTask(Generic[ItemT]):
    """An asynchronous source, read in one task: what it bounds and cancels by itself is that task, and no worker."""

    def __init__(self, items: AsyncIterable[ItemT]) -> None:
        self._wanted = asyncio.Semaphore(0)
        self._found: asyncio.Queue[tuple[ItemT] | None] = asyncio.Queue()
        self.failure: BaseException | None = None
        self.tasks = [asyncio.create_task(self._read(items))]

    async def next(self) -> tuple[ItemT] | None:
        """The next item, in a tuple; `None` at the end."""
        self._wanted.release()
        found = await self._found.get()
        if found is None:
            self._found.put_nowait(None)  # for the next one who asks
        return found

    async def _read(self, items: AsyncIterable[ItemT]) -> None:
        try:
            source = aiter(items)
            while True:
                await self._wanted.acquire()
                self._found.put_nowait((await anext(source),))
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - the source is the caller's: it is raised at the end
            self.failure = None if isinstance(error, StopAsyncIteration) else error
            self._found.put_nowait(None)


def each(items: Iterable[ItemT] | AsyncIterable[ItemT]) -> AsyncIterator[ItemT]:
    """The items of either kind of source."""
    return aiter(items) if isinstance(items, AsyncIterable) else _in_turn(items)


async def _in_turn(items: Iterable[ItemT]) -> AsyncIterator[ItemT]:
    for item in items:
        yield item
