r"""The protocol of a ledger: what became of each item of a batch, written down before and after it is sent.

```text
            claim                     record
PENDING ------------> SENDING ------------------> CREATED | REJECTED      final
   ^                     |  \------------------> UNKNOWN                  it may or may not exist
   |      record         |                           |
   +---------------------+ <-------------------------+ claim by key
```

An item is claimed before it is sent, so that a run which ends at any moment leaves `SENDING` behind, never a sent
item that looks untouched. A claim belongs to a worker whose lease must be renewed; once the lease has ended, another
worker may claim the item, and learns from `doubtful` that it may have been sent. A claim that was taken over can't
record anything any more.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

from attrs import field, frozen

__all__ = ["Entry", "Item", "Ledger", "State"]


class State(StrEnum):
    """Where an item stands."""

    PENDING = "pending"
    """Not sent, or certainly not carried out."""
    SENDING = "sending"
    """Claimed: it may be on its way, or may have been when its worker ended."""
    CREATED = "created"
    REJECTED = "rejected"
    """Certainly not created, and sending it again unchanged is of no use."""
    UNKNOWN = "unknown"
    """It may or may not have been carried out, and looking it up did not settle that."""

    @property
    def final(self) -> bool:
        """Whether nothing more is done about it."""
        return self in (State.CREATED, State.REJECTED)


@frozen(kw_only=True)
class Item:
    """What a producer puts into a ledger."""

    key: str
    """Identifies the item in its ledger: the caller's own key, or one made from the row."""
    request: str = field(repr=False)
    """The request as JSON text. It holds what is sent, passwords of meetings included."""
    label: str = ""
    """What people call it: a row's number. Not compared."""
    group: str = ""
    """Equal for items whose results can't be told apart afterwards. Not compared."""

    @property
    def digest(self) -> str:
        """Tells requests apart without showing them: the hex SHA-256 of `request` in UTF-8."""
        return sha256(self.request.encode()).hexdigest()


@frozen(kw_only=True)
class Entry:
    """An item as its ledger has it."""

    key: str
    position: int
    """Its place in the order in which items were added, from 0, unique in the ledger; gaps are allowed."""
    request: str = field(repr=False)
    label: str = ""
    group: str = ""
    state: State = State.PENDING
    claims: int = 0
    """How often it was claimed. A claim is known by this number: it fences off whoever held it before."""
    worker: str | None = None
    """Who claimed it last."""
    since: float | None = None
    """UNIX seconds of the ledger's clock when the first attempt of unclear outcome may have begun; `None`: none did.

    Set by `claim` unless it is set already; cleared when `PENDING`, `CREATED` or `REJECTED` is recorded.
    """
    until: float | None = None
    """When such an attempt may have been under way last: what `record(UNKNOWN)` said (if nothing: the time then), or
    the end of the lease that a claim took over. `None` while the first claim is still going on; cleared as `since`.
    """
    claimed_at: float | None = None
    """Of an entry that `claim` returned: when that was, by the clock of `since` and `until`, so that how long ago those
    are is no matter of this machine's clock. `None`: not told; then `until` counts as just now.
    """
    doubtful: bool = False
    """Of an entry that `claim` returned: it may have been sent before. Look before sending it."""
    outcome: Mapping[str, object] = field(factory=dict[str, object])
    """What was recorded: a JSON object. Holds no request and no secret."""


class Ledger(Protocol):
    """A durable record of the items of one batch, shared by the workers that have it open.

    Every method is one transaction: it has happened when it returns, and survives a `kill -9` of every worker; if its
    caller is cancelled, it happens or not, never half. Only `get` and `entries` may read many entries in pieces. The
    clock is the database's where it has one. Raises `LedgerError`; `LedgerUnavailable` where the database can't be
    reached; both are safe to repeat. Raises `ConfigurationError` for arguments out of range or that can't be stored:
    an empty worker, keys, groups and workers of more than 500 characters, text with NUL or half a surrogate pair, an
    outcome that is no JSON.
    """

    async def add(self, items: Sequence[Item], /) -> int:
        """Add the items that are not there yet, in order; the number of those added.

        Adding is all or nothing. Raises `LedgerConflict` if a key is there, or twice in `items`, with another request.
        """
        ...

    async def claim(
        self, worker: str, /, *, lease: float, limit: int = 1, keys: Sequence[str] | None = None
    ) -> list[Entry]:
        """Take items to be sent: at most `limit`, those that were claimed least first, and of them by position.

        Without `keys`: those that are pending, or were being sent by a worker whose lease has ended. With `keys`: of
        these items, also the unknown ones. Never one that a worker with a lease holds, and no final one. Each becomes
        `SENDING`, with this worker, whose lease now ends not before `lease` seconds from now, and `claims` one higher.
        The lease is one for all that the worker holds; it never becomes shorter. `doubtful` is true unless it was
        pending. Two workers never get the same claim.
        """
        ...

    async def renew(self, worker: str, /, *, lease: float) -> None:
        """Everything that this worker holds stays its own for `lease` more seconds. What it lost stays lost."""
        ...

    async def record(
        self, entry: Entry, state: State, /, *, outcome: Mapping[str, object] | None = None, until: float | None = None
    ) -> bool:
        """Say what became of a claimed entry; `SENDING` is no such thing.

        False, and nothing is changed, if the claim is not the entry's last one any more, or was recorded already.
        A claim whose lease has ended but that nobody took over is still good.
        """
        ...

    async def get(self, keys: Sequence[str], /) -> dict[str, Entry]:
        """The entries of these keys, as far as there are such."""
        ...

    def entries(self, *states: State, group: str | None = None) -> AsyncIterator[Entry]:
        """Every entry in one of these states (default: every entry), of one group if that is given, by position.

        May be many: they are read as they are asked for, and not in one transaction.
        """
        ...

    async def counts(self) -> dict[State, int]:
        """How many entries are in each state; states without entries included."""
        ...

    async def aclose(self) -> None:
        """Close what this opened. Claims stay: a lease ends by itself."""
        ...
