"""Lists that come in pages: what the next page is, when the last one was, and when the pages make no progress.

The gateway numbers some lists' pages and gives others a cursor; to a caller they look alike. Everything here is a
pure function of operations and answers; `Paginator` sends them one after the other, as somebody asks.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator, Sequence
from contextlib import aclosing
from datetime import UTC, timedelta
from functools import cached_property
from typing import Any, ClassVar, Generic, Protocol, TypeVar, cast

import attrs
from attrs import frozen

from tm_async.core.given import given
from tm_async.core.mount import told
from tm_async.core.operation import Operation
from tm_async.errors import PagingStalled, ValidationError, Violation

__all__ = ["Cursor", "Numbered", "PageSender", "PagedOperation", "Paginator", "Paging", "Walk", "Window"]

PageT = TypeVar("PageT")
ItemT = TypeVar("ItemT")
PageT_co = TypeVar("PageT_co", covariant=True)
ItemT_co = TypeVar("ItemT_co", covariant=True)


ALIKE = 5
"""Rows on end that may be like those of the page before: people on telephones have nothing that tells them apart."""
EMPTY = 20
"""Pages on end that may have no rows and say that there is more."""


class Paging(Protocol):
    """How a list's pages follow each other."""

    @property
    def items(self) -> str:
        """The member of a page that has the rows."""
        ...

    @property
    def key(self) -> tuple[str, ...]:
        """The members that tell rows apart, where pages are known to repeat rows; empty: rows are not compared."""
        ...

    @property
    def where(self) -> tuple[str, ...]:
        """The fields of a request that say which page is meant."""
        ...

    @property
    def told(self) -> tuple[str, ...]:
        """The members of a page without which nobody knows whether there is more."""
        ...

    def following(self, operation: Any, page: Any) -> dict[str, Any] | None:
        """The fields to change for the next page; `None` after the last one."""
        ...


@frozen(kw_only=True)
class Numbered:
    """Pages with numbers from 1: the answer has the number of the last one."""

    items: str
    key: tuple[str, ...] = ()
    page: str = "page"
    last: str | None = "total_page"
    """The member with the number of the last page; `None`: there is none, and `count` and `size` tell."""
    count: str | None = None
    """The member with the number of all rows."""
    size: str = "page_size"
    """The field of the request that says how many rows a page has."""

    @property
    def where(self) -> tuple[str, ...]:
        """The field of the number."""
        return (self.page,)

    @property
    def told(self) -> tuple[str, ...]:
        """The rows."""
        return (self.items,)

    def following(self, operation: Any, page: Any) -> dict[str, Any] | None:
        """The next number, until the last."""
        number, last = getattr(operation, self.page) or 1, self._last(operation, page)
        if last is None or last < number:  # it does not say how many there are: go on while there are rows
            return {self.page: number + 1} if getattr(page, self.items) else None
        return {self.page: number + 1} if number < last else None

    def _last(self, operation: Any, page: Any) -> int | None:
        if self.last is not None:
            number: int | None = getattr(page, self.last)
            return number
        rows, size = (getattr(page, self.count) if self.count else None), getattr(operation, self.size, None)
        return -(-rows // size) if rows is not None and size else None


@frozen(kw_only=True)
class Cursor:
    """Pages with a cursor: the answer says whether there is more, and from where."""

    items: str
    key: tuple[str, ...] = ()
    more: str
    """The member that is true, or another number than 0, while there is more."""
    fields: tuple[tuple[str, str], ...]
    """Each field of the request, and the member of the answer that has its next value."""

    @property
    def where(self) -> tuple[str, ...]:
        """The fields of the cursor."""
        return tuple(field for field, _ in self.fields)

    @property
    def told(self) -> tuple[str, ...]:
        """The rows, and whether there is more."""
        return (self.items, self.more)

    def following(self, operation: Any, page: Any) -> dict[str, Any] | None:
        """The next cursor, while there is more."""
        if not getattr(page, self.more):
            return None
        return {field: _unless_zero(getattr(page, member)) for field, member in self.fields}


@frozen(kw_only=True)
class Window:
    """A list that takes a bounded span of time: a longer one is asked for piece by piece."""

    start: str = "start_time"
    end: str = "end_time"
    longest: timedelta
    """The documented bound."""
    key: tuple[str, ...] = ()
    """The members that tell rows apart: whether the bounds themselves are inside is not documented, so pieces touch."""

    def pieces(self, operation: Any) -> Iterator[Any]:
        """The operation, for one piece of its time after the other."""
        start, end = getattr(operation, self.start), getattr(operation, self.end)
        if start is None or end is None:
            yield operation
            return
        start, end = start.astimezone(UTC), end.astimezone(UTC)  # days of 24 hours, whatever the clocks do
        while end - start > self.longest:
            yield attrs.evolve(operation, **{self.start: start, self.end: start + self.longest})
            start += self.longest
        yield attrs.evolve(operation, **{self.start: start})


@frozen(kw_only=True)
class PagedOperation(Operation[PageT_co], Generic[PageT_co, ItemT_co]):
    """Base of the operations whose answer is one page of a list."""

    paging: ClassVar[Paging]
    window: ClassVar[Window | None] = None


class Walk:
    """One walk over the pages of an operation: what comes next, and which rows are new."""

    def __init__(self, operation: PagedOperation[Any, Any]) -> None:
        window = type(operation).window
        pieces = [operation] if window is None else list(window.pieces(operation))
        self._paging = type(operation).paging
        self._key = self._paging.key or (window.key if window is not None and len(pieces) > 1 else ())
        self._pieces = iter(pieces)
        self._asked: set[tuple[Any, ...]] = set()
        self._before: Sequence[Any] = ()
        self._rows: set[tuple[Any, ...]] = set()
        self._now: Any = next(self._pieces)
        self._changes: dict[str, Any] = {}
        self._repeats = 0
        self._empty = 0
        self._problem: str | None = None

    @property
    def next(self) -> Any:
        """The operation for the next page; `None` when there is none. Raises `PagingStalled`, and `ValidationError`."""
        if self._problem is not None:
            raise PagingStalled(f"the list makes no progress: {self._problem}", operation=self._now.spec.id)
        if self._changes:
            self._now, self._changes = attrs.evolve(self._now, **self._changes), {}
        return self._now

    def take(self, page: Any) -> list[Any]:
        """The new rows of the page that came for `next`, which moves on."""
        rows: Sequence[Any] = getattr(page, self._paging.items) or ()
        unreadable = [name for name in self._paging.told if _is_unreadable(page, name)]
        if unreadable:
            self._problem = f"what a page says in {', '.join(unreadable)} can't be read"
            return list(rows)
        fresh = [row for row in rows if self._is_new(row)]
        changes = self._paging.following(self._now, page)
        if changes is None:
            self._now = next(self._pieces, None)
            self._changes = {} if self._now is None else self._from_the_start()
            self._asked.clear()
            self._before = ()
        else:
            self._problem = self._no_progress(tuple(changes.values()), rows, fresh)
            self._before = rows
            self._changes = changes
        return fresh

    def _from_the_start(self) -> dict[str, Any]:
        """The first page of another piece of time, wherever the first piece began."""
        fields = attrs.fields_dict(cast("type[PagedOperation[Any, Any]]", type(self._now)))
        return {name: fields[name].default for name in self._paging.where}

    def _no_progress(self, cursor: tuple[Any, ...], rows: Sequence[Any], fresh: Sequence[Any]) -> str | None:
        """What is wrong with a page that says there is more."""
        if all(value is None for value in cursor):
            return "a page says that there is more, and not from where"
        if cursor in self._asked:
            return f"a page leads back to {', '.join(map(repr, cursor))}, which was asked for before"
        self._asked.add(cursor)
        self._empty = 0 if rows else self._empty + 1
        if not rows:  # a filter may leave nothing of one
            return "page after page says that there is more, and has no rows" if self._empty > EMPTY else None
        if not fresh:
            return "a page says that there is more, and has only rows that came before"
        self._repeats = self._repeats + len(rows) if _plain(rows) == _plain(self._before) else 0
        return "a page has the same rows as the one before it" if self._repeats > ALIKE else None

    def _is_new(self, row: Any) -> bool:
        if not self._key:
            return True
        key = tuple(getattr(row, member) for member in self._key)
        if not any(key):
            return True  # nothing to tell it by
        if key in self._rows:
            return False
        self._rows.add(key)
        return True


def _unless_zero(value: Any) -> Any:
    """A cursor of 0 says "from the beginning", or nothing. Of moments it is read so already."""
    return None if value in (0, "0", "") else value


def _is_unreadable(page: Any, name: str) -> bool:
    """Whether a member came, and could not be read."""
    came: Any = getattr(page, "__dict__", {}).get("_wire", {}).get(name)
    read: Any = getattr(page, name)
    return _unless_zero(came) is not None and (read is None or (read == () and came != []))


def _plain(rows: Sequence[Any]) -> list[Any]:
    """Rows as they came: to compare models would read all their members."""
    return [getattr(row, "__dict__", {}).get("_wire", row) for row in rows]


class PageSender(Protocol):
    """What a paginator needs of the client."""

    def send(self, operation: Operation[PageT], /) -> Any:
        """Send one operation and decode its answer."""
        ...


class Paginator(Generic[PageT, ItemT]):
    """A list that is read as far as somebody looks.

    `async for row in it` gives the rows of all pages, `await it` the first page as it came, `it.pages()` the pages as
    they came, `await it.collect(limit=...)` a list of rows. Each page is asked for when the one before is used up.
    Raises `PagingStalled` where pages lead in circles, and the errors of a call.
    """

    def __init__(
        self, operation: PagedOperation[PageT, ItemT] | Callable[[], PagedOperation[PageT, ItemT]], client: PageSender
    ) -> None:
        """`operation` may be what builds it: then it is built, and its rules are checked, when somebody reads."""
        self._operation: Any = operation
        self._client = client

    @cached_property
    def operation(self) -> PagedOperation[PageT, ItemT]:
        """The operation that asks for the first page. Raises `ValidationError`."""
        given = self._operation
        try:
            return cast("PagedOperation[PageT, ItemT]", given() if callable(given) else given)
        except (TypeError, ValidationError) as error:
            raise told(error, getattr(given, "func", None))  # noqa: B904 - it is that error

    def __await__(self) -> Generator[Any, Any, PageT]:
        return self._first().__await__()

    async def _first(self) -> PageT:
        return cast("PageT", await self._client.send(Walk(self.operation).next))

    def __aiter__(self) -> AsyncIterator[ItemT]:
        return self._rows()

    async def _rows(self) -> AsyncGenerator[ItemT, None]:
        walk = Walk(self.operation)
        while walk.next is not None:
            for row in walk.take(await self._client.send(walk.next)):
                yield row

    async def pages(self) -> AsyncGenerator[PageT, None]:
        """Every page as it came, rows that an earlier page had included."""
        walk = Walk(self.operation)
        while walk.next is not None:
            page: PageT = await self._client.send(walk.next)
            walk.take(page)
            yield page

    async def collect(self, limit: int | None = None) -> list[ItemT]:
        """The rows in a list: all, or the first `limit`. No page is asked for beyond that.

        Raises `ValidationError` for a `limit` below 0.
        """
        rows: list[ItemT] = []
        given("limit", limit, int | None)
        if limit is not None and limit < 0:
            problem, problem_zh = f"must be at least 0, not {limit}", f"至少为 0，当前为 {limit}"
            raise ValidationError([Violation("limit", "at-least", problem, problem_zh, 0)])
        if limit == 0:
            return rows
        async with aclosing(self._rows()) as found:
            async for row in found:
                rows.append(row)
                if len(rows) == limit:
                    break
        return rows

    def __repr__(self) -> str:
        operation = self._operation
        name = getattr(getattr(operation, "func", operation), "__name__", type(operation).__name__)
        return f"<list {name}>"
