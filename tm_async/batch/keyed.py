"""The requests of a batch with their places in a ledger: by a key of the caller's, or by all that they say."""

from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from typing import Any, TypeVar, cast

from attrs import field, frozen

from tm_async.batch.bounded import each
from tm_async.batch.ledger.opening import LedgerOrPath, opened
from tm_async.batch.ledger.protocol import Item
from tm_async.batch.occurrences import Occurrences
from tm_async.batch.requests import Requests, build
from tm_async.batch.written import written
from tm_async.core.lookup import lookup_of
from tm_async.core.operation import Operation
from tm_async.errors import ConfigurationError, ValidationError

__all__ = ["Keyed", "items_of", "plan"]

ResultT = TypeVar("ResultT")
Key = Callable[[Any], str | None]

_CHUNK = 500
"""Items that are added at a time."""


@frozen
class Keyed:
    """One request of a batch with its place in a ledger."""

    request: object = field(repr=False)
    item: Item | None = field(default=None, repr=False)
    built: Operation[Any] | None = field(default=None, repr=False)
    error: ValidationError | None = None
    """Of a request that breaks a rule: it has no item."""


async def plan(
    operation: Callable[..., Operation[Any]], requests: Requests[Any], ledger: LedgerOrPath, key: Key | None = None
) -> int:
    """Add requests to a ledger without sending them; the number of those that were not there.

    Raises `ValidationError` for the first request that breaks a rule, `LedgerConflict`; those before it are added.
    """

    added, waiting = 0, list[Item]()
    async with opened(ledger) as book:
        async for keyed in items_of(operation, requests, key):
            if keyed.item is None:
                raise cast("ValidationError", keyed.error)
            waiting.append(keyed.item)
            if len(waiting) == _CHUNK:
                added += await book.add(waiting)
                waiting = []
        return added + (await book.add(waiting) if waiting else 0)


async def items_of(
    operation: Callable[..., Operation[ResultT]], requests: Requests[ResultT], key: Key | None = None
) -> AsyncIterator[Keyed]:
    """Requests with their items, in order.

    `key` gets the request as it was given. Without a key an item is identified by its operation and all that the
    request says, and by how many requests before it say the same.
    """
    with Occurrences() as seen:
        async for given in each(requests):
            try:
                built = build(operation, given)
            except ValidationError as error:
                yield Keyed(given, error=error)
                continue
            text = written(built)
            name = None if key is None else key(given)
            if name is None:
                digest = sha256(text.encode()).digest()[:16]
                name = f"{digest.hex()}-{seen.count(digest)}"
            elif not isinstance(name, str):  # pyright: ignore[reportUnnecessaryIsInstance] - the caller's function
                raise ConfigurationError(f"a key must be text, not {type(name).__name__}")
            yield Keyed(given, Item(key=name, request=text, group=_group(built)), built)


def _group(operation: Operation[Any]) -> str:
    place = lookup_of(type(operation)).likeness(operation).place
    return sha256(repr(place).encode()).hexdigest()[:16]
