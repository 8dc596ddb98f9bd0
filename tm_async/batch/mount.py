"""How an operation class becomes a bulk call of a chapter: `create_many = BulkCall(lambda: chapter.CreateMeeting)`."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar, cast, overload

from tm_async.core.mount import Mount, Resource, Sender
from tm_async.core.operation import Operation
from tm_async.core.secret import hide_text

if TYPE_CHECKING:
    import inspect

    from tm_async.batch.ledger.opening import LedgerOrPath
    from tm_async.batch.outcomes import Outcomes
    from tm_async.batch.requests import Requests
    from tm_async.batch.send_many import Sending

__all__ = ["BoundBulkCall", "BulkCall", "BulkSender"]

ResultT = TypeVar("ResultT")
ResultT_co = TypeVar("ResultT_co", covariant=True)


class BulkSender(Sender, Protocol):
    """What a bulk call needs of the client."""

    def sending(self) -> "Sending":
        """How requests are sent, and looked up where their outcome is unclear."""
        ...


class BoundBulkCall(Protocol[ResultT_co]):
    """A mounted bulk call on one client: `async for outcome in tm.meetings.create_many(requests)`."""

    @property
    def operation(self) -> Callable[..., Operation[ResultT_co]]:
        """The class of the requests."""
        ...

    def __call__(
        self,
        requests: "Requests[Any]",
        *,
        concurrency: int = 16,
        as_completed: bool = False,
        ledger: "LedgerOrPath | None" = None,
        key: Callable[[Any], str | None] | None = None,
    ) -> "Outcomes[ResultT_co]":
        """Yield one outcome per request: `Created`, `Rejected` or `Unknown`.

        Awaited instead of iterated, it gives all outcomes in a list; cut off, its error has a note of what was created
        (`__notes__`). `requests` is an iterable or async iterable of
        operations, or of mappings of their arguments; it is read as places become free, so it may be endless.
        Outcomes come in input order, or with `as_completed` as they are known. A request that breaks a rule is
        `Rejected` like one that the gateway refuses; nothing stops the batch or touches its other requests. When
        you stop iterating early, no further request is begun; those under way are still carried out, and logged.
        What has no clear outcome is looked up before it is called `Unknown`. A request waits for quota as long as
        it must; its deadline begins after that.

        With a `ledger` (a path or URL as for `open_ledger`, or an open one of `tm_async.batch.ledger`) each request is
        written down before and after it is sent: a run that was broken off is gone on with by the next one, and what
        is finished is not sent again. `key` names a request, given as it came; without one (or for `None`) it is known
        by all that it says and how often that was said before. Keys are at most 500 characters. Raises `LedgerError`,
        before the first request, for a ledger that can't be used: a directory, say, or another program's file.
        """
        ...

    async def plan(
        self, requests: "Requests[Any]", ledger: "LedgerOrPath", *, key: Callable[[Any], str | None] | None = None
    ) -> int:
        """Write requests down in a ledger without sending them: for workers that do (`pending`).

        Returns how many were new. Raises `ValidationError` for the first one that breaks a rule, `LedgerConflict`
        where a key stands for another request, `LedgerError`.
        """
        ...

    def pending(
        self,
        ledger: "LedgerOrPath",
        *,
        concurrency: int = 16,
        unknown: bool = True,
        stop: Callable[[], bool] | None = None,
    ) -> "Outcomes[ResultT_co]":
        """Send what a ledger still has to do, and yield outcomes as they are known; `index` is the entry's position.

        Any number of workers may do so at the same time, in any number of processes. Ends when all has been tried, and
        nobody works on anything any more: what another worker holds is waited for, and taken over if its lease ends.
        What could not be sent (no connection, no more quota today) stays pending, and is not tried twice in a row.

        `unknown`: at the end, look once more for what has no clear outcome. `stop` is asked now and then; once it says
        true no further entry is begun. Raises `LedgerError`, also for the path of a file that is not there.
        """
        ...


_AS_CALLED = cast("Any", BoundBulkCall).__call__


class BulkCall(Mount, Generic[ResultT]):
    """Mount an operation class on a chapter for sending it many times. `load` gives the class, when it is needed."""

    def __init__(self, load: Callable[[], Callable[..., Operation[ResultT]]]) -> None:
        super().__init__(load)

    @cached_property
    def documentation(self) -> str:
        """How a bulk call works, then the operation's own documentation."""
        import inspect

        return f"{inspect.getdoc(_AS_CALLED)}\n\n{super().documentation}"

    @cached_property
    def signature(self) -> "inspect.Signature":
        """Of the bulk call, with what its operation gives."""
        import inspect

        from tm_async.batch.outcomes import Outcomes
        from tm_async.core.operation import result_type
        from tm_async.core.shown import Written

        result = cast("Any", Outcomes)[result_type(cast("Any", self.operation))]
        return inspect.signature(_AS_CALLED).replace(return_annotation=Written(result))

    @overload
    def __get__(self, chapter: None, owner: type) -> Self: ...
    @overload
    def __get__(self, chapter: Resource, owner: type) -> BoundBulkCall[ResultT]: ...
    def __get__(self, chapter: Resource | None, owner: type) -> Self | BoundBulkCall[ResultT]:
        return self if chapter is None else cast("BoundBulkCall[ResultT]", _OnOneClient(self, chapter).bound(chapter))

    def __call__(self, chapter: Resource, /, requests: "Requests[ResultT]", **options: Any) -> "Outcomes[ResultT]":
        """The bulk call of one chapter, as a plain function would have it."""
        return _OnOneClient(self, chapter)(chapter, requests, **options)


class _OnOneClient(Mount, Generic[ResultT]):
    """What `BoundBulkCall` promises, for one client."""

    def __init__(self, mount: BulkCall[ResultT], chapter: Resource) -> None:
        super().__init__(lambda: mount.operation)
        self._mount = mount
        self._client = cast("BulkSender", chapter.client)
        self.__name__, self.__qualname__, self.__module__ = mount.__name__, mount.__qualname__, mount.__module__

    @cached_property
    def documentation(self) -> str:
        return self._mount.documentation

    @cached_property
    def signature(self) -> "inspect.Signature":
        return self._mount.signature

    def __call__(
        self,
        _: Resource,
        /,
        requests: "Requests[ResultT]",
        *,
        concurrency: int = 16,
        as_completed: bool = False,
        ledger: "LedgerOrPath | None" = None,
        key: Callable[[Any], str | None] | None = None,
        **unknown: Any,
    ) -> "Outcomes[ResultT]":
        from tm_async.batch.outcomes import Outcomes
        from tm_async.batch.requests import check_requests

        if unknown:
            from tm_async.core.shown import unexpected

            raise unexpected(self.__qualname__, next(iter(unknown)), [*self.signature.parameters][1:])
        ledger = hide_text(ledger)  # a traceback shows variables, and a URL may have a password
        check_requests(requests)
        _check_key(key, ledger)
        operation, sending = self._mount.operation, self._client.sending()
        ways: dict[str, Any] = {"concurrency": concurrency, "as_completed": as_completed}
        if ledger is None:
            from tm_async.batch.send_many import send_many

            left: list[Any] = []
            return Outcomes(send_many(sending, operation, requests, left=left.append, **ways), left)
        from tm_async.batch.keyed import items_of
        from tm_async.batch.resumable import send_recorded

        return Outcomes(send_recorded(sending, items_of(operation, requests, key), ledger, **ways))

    async def plan(
        self, requests: "Requests[ResultT]", ledger: "LedgerOrPath", *, key: Callable[[Any], str | None] | None = None
    ) -> int:
        from tm_async.batch.keyed import plan
        from tm_async.batch.requests import check_requests

        ledger = hide_text(ledger)  # a traceback shows variables
        check_requests(requests)
        _check_key(key, ledger)
        return await plan(self._mount.operation, requests, ledger, key)

    def pending(
        self,
        ledger: "LedgerOrPath",
        *,
        concurrency: int = 16,
        unknown: bool = True,
        stop: Callable[[], bool] | None = None,
    ) -> "Outcomes[ResultT]":
        from tm_async.batch.outcomes import Outcomes
        from tm_async.batch.resumable import send_pending

        ledger = hide_text(ledger)  # a traceback shows variables
        cls = cast("type[Operation[ResultT]]", self._mount.operation)
        sending = self._client.sending()
        return Outcomes(send_pending(sending, cls, ledger, concurrency=concurrency, unknown=unknown, stop=stop))

    plan.__doc__ = cast("Any", BoundBulkCall).plan.__doc__
    pending.__doc__ = cast("Any", BoundBulkCall).pending.__doc__


def _check_key(key: object, ledger: object) -> None:
    """Raise `ConfigurationError` for a key that would be of no use."""
    from tm_async._util.arguments import check_function
    from tm_async.errors import ConfigurationError

    if key is not None:
        check_function("key", key, "a function of the request that gives a text")
        if ledger is None:
            raise ConfigurationError("key names requests in a ledger, and there is none: give ledger as well")
