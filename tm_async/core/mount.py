"""How an operation class becomes a method of a chapter: `create = Call(CreateMeeting)`.

The mounted call has the constructor's own signature, so that type checkers and editors show parameters, defaults
and result, and nothing is spelled twice.
"""

import inspect
from collections.abc import Callable, Coroutine
from typing import Any, Generic, ParamSpec, Protocol, Self, TypeVar, overload

from tm_async.core.operation import Operation
from tm_async.core.paging import PagedOperation, Paginator

__all__ = ["BoundCall", "BoundPages", "Call", "Pages", "Resource", "Sender"]

P = ParamSpec("P")
ResultT = TypeVar("ResultT")
PageT = TypeVar("PageT")
ItemT = TypeVar("ItemT")


class Sender(Protocol):
    """What a chapter needs of the client."""

    def send(self, operation: Operation[ResultT], /) -> Coroutine[Any, Any, ResultT]:
        """Send one operation and decode its answer."""
        ...


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
