"""How an operation class becomes a method of a chapter: `create = Call(CreateMeeting)`.

The mounted call has the constructor's own signature, so that type checkers and editors show parameters, defaults
and result, and nothing is spelled twice.
"""

import inspect
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Coroutine, Iterable, Mapping
from typing import Any, Generic, ParamSpec, Protocol, Self, TypeVar, cast, overload

from tm_async.core.operation import Operation
from tm_async.core.outcome import Outcome
from tm_async.core.paging import PagedOperation, Paginator

__all__ = ["BoundBulkCall", "BoundCall", "BoundPages", "BulkCall", "Call", "Pages", "Resource", "Sender"]

P = ParamSpec("P")
ResultT = TypeVar("ResultT")
PageT = TypeVar("PageT")
ItemT = TypeVar("ItemT")


class Sender(Protocol):
    """What a chapter needs of the client."""

    def send(self, operation: Operation[ResultT], /) -> Coroutine[Any, Any, ResultT]:
        """Send one operation and decode its answer."""
        ...

    def send_many(
        self,
        operation: Callable[..., Operation[ResultT]],
        requests: "Requests[ResultT]",
        /,
        *,
        concurrency: int = ...,
        as_completed: bool = ...,
    ) -> AsyncGenerator[Outcome[ResultT], None]:
        """Send many operations of one class, a bounded number at a time."""
        ...


Requests = Iterable[Operation[ResultT] | Mapping[str, Any]] | AsyncIterable[Operation[ResultT] | Mapping[str, Any]]
"""Requests of a bulk call: operations, or mappings of an operation's arguments."""


class Resource:
    """A chapter of the API: a group of mounted calls on one client."""

    __slots__ = ("client",)

    def __init__(self, client: Sender) -> None:
        self.client = client


class BoundCall(Generic[P, ResultT]):
    """A mounted call on one client: `await tm.meetings.create(...)`. `.operation` is the class behind it."""

    def __init__(self, operation: Callable[P, Operation[ResultT]], client: Sender) -> None:
        self.operation = operation
        self._client = client
        self.__doc__ = operation.__doc__

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Coroutine[Any, Any, ResultT]:
        """Build the operation, which checks its rules at once, and return its sending."""
        return self._client.send(self.operation(*args, **kwargs))

    @property
    def __signature__(self) -> inspect.Signature:
        return inspect.signature(self.operation)

    def __repr__(self) -> str:
        return f"<call {getattr(self.operation, '__name__', '?')}>"


class Call(Generic[P, ResultT]):
    """Mount an operation class on a chapter."""

    def __init__(self, operation: Callable[P, Operation[ResultT]]) -> None:
        self.operation = operation
        self.__doc__ = operation.__doc__

    @overload
    def __get__(self, chapter: None, owner: type) -> Self: ...
    @overload
    def __get__(self, chapter: Resource, owner: type) -> BoundCall[P, ResultT]: ...
    def __get__(self, chapter: Resource | None, owner: type) -> Self | BoundCall[P, ResultT]:
        if chapter is None:
            return self
        return BoundCall(self.operation, chapter.client)


class BoundPages(Generic[P, PageT, ItemT]):
    """A mounted list on one client: `async for row in tm.meetings.list(...)`. `.operation` is the class behind it."""

    def __init__(self, operation: Callable[P, PagedOperation[PageT, ItemT]], client: Sender) -> None:
        self.operation = operation
        self._client = client
        self.__doc__ = operation.__doc__

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Paginator[PageT, ItemT]:
        """Build the operation, which checks its rules at once, and return the list, of which nothing is read yet."""
        return Paginator(self.operation(*args, **kwargs), self._client)

    @property
    def __signature__(self) -> inspect.Signature:
        return inspect.signature(self.operation)

    def __repr__(self) -> str:
        return f"<list {getattr(self.operation, '__name__', '?')}>"


class Pages(Generic[P, PageT, ItemT]):
    """Mount an operation class whose answer is one page of a list."""

    def __init__(self, operation: Callable[P, PagedOperation[PageT, ItemT]]) -> None:
        self.operation = operation
        self.__doc__ = operation.__doc__

    @overload
    def __get__(self, chapter: None, owner: type) -> Self: ...
    @overload
    def __get__(self, chapter: Resource, owner: type) -> BoundPages[P, PageT, ItemT]: ...
    def __get__(self, chapter: Resource | None, owner: type) -> Self | BoundPages[P, PageT, ItemT]:
        if chapter is None:
            return self
        return BoundPages(self.operation, chapter.client)


class BoundBulkCall(Generic[ResultT]):
    """A mounted bulk call on one client: `async for outcome in tm.meetings.create_many(requests)`."""

    def __init__(self, operation: Callable[..., Operation[ResultT]], client: Sender) -> None:
        self.operation = operation
        self._client = client
        self.__doc__ = BulkCall.doc_of(operation)

    def __call__(
        self, requests: Requests[ResultT], *, concurrency: int = 16, as_completed: bool = False
    ) -> AsyncGenerator[Outcome[ResultT], None]:
        """Yield one outcome per request: `Created`, `Rejected` or `Unknown`.

        `requests` is an iterable or async iterable of operations, or of mappings of their arguments; it is read as
        places become free, so it may be endless. Outcomes come in input order, or with `as_completed` as they are
        known. A request that breaks a rule is `Rejected` like one that the gateway refuses; nothing stops the batch
        or touches its other requests. When you stop iterating early, no further request is begun; those under way
        are still carried out, and logged.
        """
        return self._client.send_many(self.operation, requests, concurrency=concurrency, as_completed=as_completed)


class BulkCall(Generic[ResultT]):
    """Mount an operation class on a chapter for sending it many times."""

    def __init__(self, operation: Callable[..., Operation[ResultT]]) -> None:
        self.operation = operation
        self.__doc__ = self.doc_of(operation)

    @staticmethod
    def doc_of(operation: Callable[..., Any]) -> str:
        """The documentation of a bulk call: how it works, then the operation's own."""
        return f"{inspect.getdoc(cast('Any', BoundBulkCall).__call__)}\n\n{operation.__doc__}"

    @overload
    def __get__(self, chapter: None, owner: type) -> Self: ...
    @overload
    def __get__(self, chapter: Resource, owner: type) -> BoundBulkCall[ResultT]: ...
    def __get__(self, chapter: Resource | None, owner: type) -> Self | BoundBulkCall[ResultT]:
        if chapter is None:
            return self
        return BoundBulkCall(self.operation, chapter.client)
