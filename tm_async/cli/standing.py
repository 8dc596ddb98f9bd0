"""Where the rows of a batch stand, by its ledger: corrected and cancelled ones included, which a ledger knows not of.

A ledger never forgets, and what is finished there stays. So a row that is corrected, or created anew after it was
cancelled, is an entry of its own, whose label names the one that it takes the place of; and a cancellation is an entry
that stands for no meeting.
"""

import re
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from enum import StrEnum
from uuid import uuid4

from attrs import frozen

from tm_async.batch.ledger import Entry, Item, Ledger, State
from tm_async.core.jsonbytes import dump_any

__all__ = [
    "STEP",
    "Standing",
    "cancelled_keys",
    "counts_of",
    "current",
    "is_key_of_note",
    "is_note",
    "is_of_staff",
    "is_step",
    "label_of",
    "next_key",
    "note_cancelled",
    "number_of",
    "own_key",
    "replaced_by",
]

_CANCELLED = "cancelled"
"""The group and the label of entries that note a cancellation."""
_NOTED = "tm-async:cancelled:"
STEP = "tm-async:users:"
"""How keys begin of what `users sync` does: it stands for no meeting."""
_REVISION = re.compile(r"tm-async:([0-9]+):(.*)", re.DOTALL)
_LABEL = re.compile(r"([0-9]+) instead of (.*)", re.DOTALL)


class Standing(StrEnum):
    """Where a row stands."""

    CREATED = "created"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    PENDING = "pending"
    SENDING = "sending"
    CANCELLED = "cancelled"
    """It was created, and taken back by `batch cancel`."""


# --- entries ---------------------------------------------------------------------------------------------------------


def label_of(number: int, instead_of: str | None = None) -> str:
    """The label of the entry of a row, in place of the entry with another key if that is given."""
    return str(number) if instead_of is None else f"{number} instead of {instead_of}"


def number_of(entry: Entry) -> int:
    """The number of the row that an entry stands for."""
    digits = entry.label.partition(" ")[0]
    return int(digits) if digits.isdecimal() else entry.position + 1


def replaced_by(entry: Entry) -> str | None:
    """The key of the entry whose place this one takes, if any."""
    found = _LABEL.fullmatch(entry.label)
    return found[2] if found else None


def next_key(key: str) -> str:
    """The key of the entry that takes the place of the one with this key."""
    found = _REVISION.fullmatch(key)
    return f"tm-async:{int(found[1]) + 1}:{found[2]}" if found else f"tm-async:2:{key}"


def own_key(key: str) -> str:
    """The key that the row had at first."""
    found = _REVISION.fullmatch(key)
    return found[2] if found else key


def is_note(entry: Entry) -> bool:
    """Whether an entry stands for no row, but notes a cancellation."""
    return entry.group == _CANCELLED


def is_key_of_note(key: object) -> bool:
    """Whether that names such a note."""
    return isinstance(key, str) and key.startswith(_NOTED)


def is_step(entry: Entry) -> bool:
    """Whether an entry belongs to `users sync`."""
    return own_key(entry.key).startswith(STEP)


async def is_of_staff(ledger: Ledger) -> bool:
    """Whether a ledger is that of a staff list: its first entry tells. Raises `LedgerError`."""
    async for entry in ledger.entries():
        return is_step(entry)
    return False


async def note_cancelled(ledger: Ledger, entry: Entry) -> None:
    """Write down that the meeting of an entry does not exist any more. Raises `LedgerError`."""
    key = f"{_NOTED}{entry.key}"
    text = dump_any({"cancelled": entry.key}).decode()
    await ledger.add([Item(key=key, request=text, label=_CANCELLED, group=_CANCELLED)])
    for noted in await ledger.claim(uuid4().hex, lease=60, keys=[key]):
        await ledger.record(noted, State.CREATED)


# --- the whole -------------------------------------------------------------------------------------------------------


async def cancelled_keys(ledger: Ledger) -> set[str]:
    """The keys of entries whose meetings were cancelled."""
    return {entry.key.removeprefix(_NOTED) async for entry in ledger.entries(group=_CANCELLED)}


@frozen
class _Past:
    """What of a ledger does not count any more."""

    cancelled: set[str]
    replaced: Mapping[str, State]
    """States by key."""


async def _past(ledger: Ledger) -> _Past:
    cancelled = await cancelled_keys(ledger)
    counts = await ledger.counts()
    if not (cancelled or counts[State.REJECTED]):  # nothing else is ever replaced
        return _Past(cancelled, {})
    named = [key async for entry in ledger.entries() if (key := replaced_by(entry)) is not None]
    replaced: dict[str, State] = {}
    for begin in range(0, len(named), 500):
        entries = await ledger.get(named[begin : begin + 500])
        replaced |= {key: entry.state for key, entry in entries.items()}
    return _Past(cancelled, replaced)


async def current(ledger: Ledger, *states: State) -> AsyncIterator[tuple[Entry, Standing]]:
    """The entries that count, each with where it stands: one for each row."""
    past = await _past(ledger)
    async for entry in ledger.entries(*states):
        if not is_note(entry) and entry.key not in past.replaced:
            gone = entry.key in past.cancelled
            yield entry, Standing.CANCELLED if gone else Standing(entry.state)


async def counts_of(ledger: Ledger) -> Counter[Standing]:
    """How many rows stand where."""
    past = await _past(ledger)
    counts = Counter({Standing(state): count for state, count in (await ledger.counts()).items()})
    async for note in ledger.entries(group=_CANCELLED):
        counts[Standing(note.state)] -= 1
    counts.subtract(Counter(Standing(state) for state in past.replaced.values()))
    gone = len(past.cancelled - past.replaced.keys())
    counts[Standing.CREATED] -= gone
    counts[Standing.CANCELLED] += gone
    return counts
