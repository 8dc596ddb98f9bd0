"""How an operation class becomes a method of a chapter: `create = Call(lambda: chapter.CreateMeeting)`.

The mounted call has the constructor's own signature, so that type checkers and editors show parameters, defaults,
result and the class's documentation, and nothing is spelled twice. At run time it is a bound method like any other, a
coroutine function with a name, a signature and a documentation of its own; the class behind it is loaded when the
call is first made, or looked at.
"""

from collections.abc import Callable, Coroutine
from functools import cached_property
from types import CodeType, MethodType
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, Protocol, Self, TypeVar, cast, overload

from tm_async.core.operation import Operation
from tm_async.errors import ValidationError

if TYPE_CHECKING:
    import inspect

    from tm_async.core.paging import PagedOperation, Paginator

__all__ = ["BoundCall", "BoundPages", "Call", "Mount", "Pages", "Resource", "Sender", "told"]

P = ParamSpec("P")
ResultT = TypeVar("ResultT")
ResultT_co = TypeVar("ResultT_co", covariant=True)
PageT = TypeVar("PageT")
ItemT = TypeVar("ItemT")


class Sender(Protocol):
    """What a chapter needs of the client."""

    def send(self, operation: Operation[ResultT], /) -> Coroutine[Any, Any, ResultT]:
        """Send one operation and decode its answer."""
        ...


def told(error: Exception, operation: Any) -> Exception:
    """What is wrong with the arguments of a call, without the frames that have them."""
    if not isinstance(error, ValidationError):
        from tm_async.core.shown import tell_parameters  # which is much, and of no use for violations

        if not tell_parameters(error, operation):
            return error
    return error.with_traceback(None)


class Resource:
    """A chapter of the API: a group of mounted calls on one client."""

    def __init__(self, client: Sender) -> None:
        self.client = client


async def _coroutine() -> None: ...  # lends its code's flags


class _Shown:
    """A member that every mount has, and that its documentation string must not hide."""

    def __init__(self, read: "Callable[[Mount], Any]") -> None:
        self._read = read

    def __get__(self, mount: "Mount | None", owner: type) -> Any:
        return self if mount is None else self._read(mount)


class Mount:
    """What all mounts share: they look like functions to `inspect`, so that a bound one is a coroutine function."""

    # What `inspect` asks of an object to treat it as a function.
    __name__: str = "?"
    __qualname__: str = "?"
    __code__: CodeType = _coroutine.__code__
    __defaults__ = None
    __kwdefaults__ = None
    __annotations__: dict[str, Any] = {}

    def __init__(self, load: Callable[[], Callable[..., Operation[Any]]]) -> None:
        self._load = load

    __signature__: Any

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.__doc__ = cast("Any", _Shown(lambda mount: mount.documentation))
        cls.__signature__ = _Shown(lambda mount: mount.signature)

    def __set_name__(self, owner: type, name: str) -> None:
        self.__name__, self.__qualname__, self.__module__ = name, f"{owner.__qualname__}.{name}", owner.__module__

    @cached_property
    def operation(self) -> type[Operation[Any]]:
        """The class behind it."""
        return cast("type[Operation[Any]]", self._load())

    @cached_property
    def documentation(self) -> str:
        """The operation's documentation, what its parameters mean, and the vendor's page."""
        from tm_async.core.shown import documentation

        return documentation(self.operation)

    @cached_property
    def signature(self) -> "inspect.Signature":
        """Of the method before it is bound: `self`, then the parameters with plain types, and the result."""
        from tm_async.core.shown import signature

        return signature(self.operation)

    def bound(self, chapter: Resource) -> Any:
        """The method of one chapter."""
        called: Any = self  # and no `cast` here and below: each call would pay for it
        return MethodType(called, chapter)


class BoundCall(Protocol[P, ResultT_co]):
    """A mounted call on one client: `await tm.meetings.create(...)`. `.operation` is the class behind it."""

    @property
    def operation(self) -> Callable[P, Operation[ResultT_co]]:
        """The class behind it."""
        ...

    # No documentation here: editors then show the operation's.
    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Coroutine[Any, Any, ResultT_co]: ...  # noqa: D102


class Call(Mount, Generic[P, ResultT]):
    """Mount an operation class on a chapter. `load` gives the class, when it is needed."""

    def __init__(self, load: Callable[[], Callable[P, Operation[ResultT]]]) -> None:
        super().__init__(load)

    @overload
    def __get__(self, chapter: None, owner: type) -> Self: ...
    @overload
    def __get__(self, chapter: Resource, owner: type) -> BoundCall[P, ResultT]: ...
    def __get__(self, chapter: Resource | None, owner: type) -> Self | BoundCall[P, ResultT]:
        method: Self | BoundCall[P, ResultT] = self if chapter is None else self.bound(chapter)
        return method

    async def __call__(self, chapter: Resource, /, *args: P.args, **kwargs: P.kwargs) -> ResultT:
        """Build the operation, which checks its rules, and send it."""
        try:
            built = self.operation(*args, **kwargs)
        except (TypeError, ValidationError) as error:
            del args, kwargs  # a traceback shows variables, also while the call is under way
            raise told(error, self.operation)  # noqa: B904 - it is that error
        del args, kwargs
        result: ResultT = await chapter.client.send(built)
        return result


class BoundPages(Protocol[P, PageT, ItemT]):
    """A mounted list on one client: `async for row in tm.meetings.list(...)`. `.operation` is the class behind it."""

    @property
    def operation(self) -> "Callable[P, PagedOperation[PageT, ItemT]]":
        """The class behind it."""
        ...

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> "Paginator[PageT, ItemT]": ...  # noqa: D102


class Pages(Mount, Generic[P, PageT, ItemT]):
    """Mount an operation class whose answer is one page of a list. `load` gives the class, when it is needed."""

    def __init__(self, load: "Callable[[], Callable[P, PagedOperation[PageT, ItemT]]]") -> None:
        super().__init__(load)

    @overload
    def __get__(self, chapter: None, owner: type) -> Self: ...
    @overload
    def __get__(self, chapter: Resource, owner: type) -> BoundPages[P, PageT, ItemT]: ...
    def __get__(self, chapter: Resource | None, owner: type) -> Self | BoundPages[P, PageT, ItemT]:
        method: Self | BoundPages[P, PageT, ItemT] = self if chapter is None else self.bound(chapter)
        return method

    def __call__(self, chapter: Resource, /, *args: P.args, **kwargs: P.kwargs) -> "Paginator[PageT, ItemT]":
        """A list of which nothing is read yet. It is built, and checks its rules, when somebody reads."""
        from tm_async.core.paging import Paginator

        return Paginator(_Later(cast("Any", self.operation), args, kwargs), chapter.client)


class _Later:
    """As `functools.partial`, whose `repr` shows the arguments: a traceback shows variables."""

    __slots__ = ("args", "func", "kwargs")

    def __init__(self, func: "Callable[..., Any]", args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.func, self.args, self.kwargs = func, args, kwargs

    def __call__(self) -> Any:
        return self.func(*self.args, **self.kwargs)
