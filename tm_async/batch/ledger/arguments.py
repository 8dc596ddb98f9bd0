"""What every ledger asks of its arguments, before anything is done.

All ledgers refuse the same, so that a batch can move from one to another.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tm_async.batch.ledger.protocol import Item, State
from tm_async.core.secret import SecretText
from tm_async.errors import ConfigurationError, LedgerConflict, LedgerError
from tm_async.storage.arguments import KEY_LIMIT, check_name, check_seconds, check_text

__all__ = [
    "KEY_LIMIT",
    "check_claim",
    "check_group",
    "check_items",
    "check_keys",
    "check_lease",
    "check_name",
    "check_seconds",
    "check_text",
    "conflict",
    "dump",
    "load",
    "load_claimed",
    "pieces",
]

_SHOWN = 5
_TIMES = 1e12
"""UNIX seconds lie below it: more is a mistake, such as milliseconds or worse."""
_MOST = 2**31 - 1
_PIECE = 4_000_000
"""Characters of requests and labels that are sent to a database in one piece."""


def check_items(items: Sequence[Item]) -> list[Item]:
    """The items, each key once. Raises `LedgerConflict` for a key that comes with different requests."""
    found: dict[str, Item] = {}
    clashing: dict[str, None] = {}
    for item in items:
        check_text("the key of an item", item.key, limit=KEY_LIMIT)
        check_text(f"the label of item {item.key!r}", item.label)
        check_text(f"the group of item {item.key!r}", item.group, limit=KEY_LIMIT)
        check_text(f"the request of item {item.key!r}", SecretText(item.request))
        if found.setdefault(item.key, item).request != item.request:
            clashing[item.key] = None
    if clashing:
        raise conflict(list(clashing), "twice in what is to be added, with different requests")
    return list(found.values())


def pieces(items: Sequence[Item], most: int) -> Iterator[list[Item]]:
    """The items in pieces of at most `most`, and of few megabytes unless one item is larger."""
    piece, size = list[Item](), 0
    for item in items:
        weight = len(item.request) + len(item.label)
        if piece and (len(piece) == most or size + weight > _PIECE):
            yield piece
            piece, size = [], 0
        piece.append(item)
        size += weight
    if piece:
        yield piece


def check_claim(worker: str, lease: float, limit: int, keys: Sequence[str] | None) -> tuple[int, list[str] | None]:
    """The limit, not more than databases count to, and each key once. Raises `ConfigurationError`."""
    check_lease(worker, lease)
    if limit < 0:
        raise ConfigurationError(f"the limit of a claim can't be {limit}")
    return min(limit, _MOST), None if keys is None else check_keys(keys)


def check_keys(keys: Iterable[str]) -> list[str]:
    """Each key once. Raises `ConfigurationError` for one that no item can have."""
    found = list(dict.fromkeys(keys))
    for key in found:
        check_text("a key", key, limit=KEY_LIMIT)
    return found


def check_group(group: str | None) -> None:
    """Raises `ConfigurationError` for one that no item can have."""
    check_text("a group", group or "", limit=KEY_LIMIT)


def check_lease(worker: str, lease: float) -> None:
    """Raises `ConfigurationError`."""
    check_name("a worker", worker)
    check_seconds("a lease", lease)


def dump(key: str, state: State, outcome: Mapping[str, object] | None, until: float | None) -> str:
    """The outcome as ASCII JSON. Raises `ConfigurationError` for what can't be recorded."""
    check_keys([key])
    if state is State.SENDING:
        raise ConfigurationError("SENDING is what a claim makes of an item, it can't be recorded")
    if until is not None and not -_TIMES < until < _TIMES:
        raise ConfigurationError(f"`until` is UNIX seconds, not {until}")
    try:
        return json.dumps(dict(outcome or {}), allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        reason = f"{type(error).__name__}: {error}"
    raise ConfigurationError(f"the outcome is not a JSON object ({reason})")


def load(key: str, outcome: str) -> dict[str, object]:
    """What `dump` made. Raises `LedgerError`, which does not show it."""
    try:
        found: object = json.loads(outcome)
        if isinstance(found, dict):
            return {str(name): value for name, value in found.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    except (ValueError, TypeError, RecursionError):
        pass
    raise LedgerError(f"the outcome of {key!r} is damaged: it is not a JSON object")


def load_claimed(key: str, outcome: str) -> dict[str, object]:
    """The same for an entry that is to be sent: a damaged outcome of the past does not keep it from that."""
    try:
        return load(key, outcome)
    except LedgerError:
        return {}


def conflict(keys: Sequence[str], how: str = "in the ledger with another request") -> LedgerConflict:
    """The error that names these keys; its text names the first ones."""
    shown = ", ".join(repr(key) for key in keys[:_SHOWN])
    more = f" and {len(keys) - _SHOWN} more" if len(keys) > _SHOWN else ""
    verb = "is" if len(keys) == 1 else "are"
    return LedgerConflict(f"{shown}{more} {verb} {how}; nothing was added", keys=keys)
