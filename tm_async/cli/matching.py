"""The rows of a file held against its ledger: what is there, what is new, and what is new in the place of something."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from attrs import evolve, field, frozen

from tm_async.api.meetings import CreateMeeting
from tm_async.batch.keyed import items_of
from tm_async.batch.ledger import Entry, Item, Ledger, State
from tm_async.batch.written import members_of
from tm_async.cli.reading.row import Row
from tm_async.cli.standing import cancelled_keys, is_note, label_of, next_key, number_of, replaced_by
from tm_async.errors import LedgerError

__all__ = ["Matched", "match_rows"]

_PIECE = 500
_LIKE = ("userid", "subject", "start_time", "end_time")
"""Of these members two are the same in a row that was edited, as far as one can tell."""


@frozen
class Matched:
    """What a file is to its ledger."""

    items: Sequence[Item] = field(repr=False)
    """One for each good row, in order."""
    keys: Mapping[int, str]
    """By the row's number, for every good row; its entry's key."""
    settled: frozenset[int]
    """Numbers of rows that are finished: nothing will be sent for them."""
    corrected: Sequence[int]
    """Numbers of rows that take the place of a rejected one."""
    again: Sequence[int]
    """Numbers of rows whose meetings were cancelled, and that are to be created anew."""
    changed: Sequence[tuple[int, str]]
    """Numbers of rows that look like edited ones whose meetings were created, and the codes of those."""


async def match_rows(ledger: Ledger, rows: Iterable[Row]) -> Matched:
    """Hold every good row against the ledger. Nothing is added. Raises `LedgerError`."""
    numbered = [one async for one in _items(rows)]
    there = await _entries(ledger, [item.key for _, item in numbered])
    cancelled = await cancelled_keys(ledger)
    found = [(number, *await _current(ledger, item, there, cancelled)) for number, item in numbered]
    used = {item.key for _, item in numbered} | {item.key for _, item, *_ in found}
    lost = await _lost(ledger, numbered, used) if any(entry is None for _, _, entry, _ in found) else {}
    items: list[Item] = []
    corrected: list[int] = []
    changed: list[tuple[int, str]] = []
    for number, item, entry, before in found:
        old = None if entry is not None or before is not None else _edited(lost.get(number), item)
        instead = old.key if old is not None and old.state is State.REJECTED else before
        if old is not None and old.state is State.CREATED and old.key not in cancelled:
            changed.append((number, _code(old)))
        if entry is None and instead is not None and instead not in cancelled:
            corrected.append(number)
        items.append(evolve(item, label=label_of(number, instead)))
    return Matched(
        items,
        {number: item.key for number, item, *_ in found},
        frozenset(number for number, _, entry, _ in found if entry is not None and entry.state.final),
        corrected,
        [number for number, _, entry, instead in found if entry is None and instead in cancelled],
        changed,
    )


async def _items(rows: Iterable[Row]) -> AsyncIterator[tuple[int, Item]]:
    begun: list[Row] = []

    def requests() -> Iterator[CreateMeeting]:
        for row in rows:
            if row.request is not None:
                begun[:] = [row]
                yield row.request

    async for one in items_of(CreateMeeting, requests(), key=lambda _: begun[0].key):
        if one.item is not None:
            yield begun[0].number, one.item


async def _entries(ledger: Ledger, keys: Sequence[str]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for begin in range(0, len(keys), _PIECE):
        found |= await ledger.get(keys[begin : begin + _PIECE])
    return found


async def _current(
    ledger: Ledger, item: Item, there: Mapping[str, Entry], cancelled: set[str]
) -> tuple[Item, Entry | None, str | None]:
    """The item under the key that counts now, its entry, and the key whose place it takes."""
    entry, instead = there.get(item.key), None
    while entry is not None and (entry.state is State.REJECTED or entry.key in cancelled):
        upcoming = next_key(entry.key)
        following = (await ledger.get([upcoming])).get(upcoming)
        if following is None and entry.key not in cancelled and entry.request == item.request:
            break  # it was rejected as it is
        instead, item, entry = entry.key, evolve(item, key=upcoming), following
    return item, entry, instead


async def _lost(ledger: Ledger, numbered: Iterable[tuple[int, Item]], used: set[str]) -> dict[int, Entry]:
    """Finished entries that the file does not have any more, by the number of the row in which they were.

    Of rows that say the same, which entry is whose is known by nobody: those numbers count that are left.
    """
    now: defaultdict[str, set[int]] = defaultdict(set)
    for number, item in numbered:
        now[item.request].add(number)
    then: defaultdict[str, set[int]] = defaultdict(set)
    gone: dict[str, list[Entry]] = {}
    replaced: dict[str, int] = {}
    async for entry in ledger.entries():
        if (key := replaced_by(entry)) is not None:
            replaced[key] = number_of(entry)
        if entry.state.final and not is_note(entry):
            then[entry.request].add(number_of(entry))
            if entry.key not in used:
                gone.setdefault(entry.request, []).append(entry)
    lost: dict[int, Entry] = {}
    for request, entries in gone.items():
        taken = {replaced[entry.key] for entry in entries if entry.key in replaced}
        left = [entry for entry in entries if entry.key not in replaced]
        lost |= dict(zip(sorted(then[request] - now[request] - taken), left, strict=False))
    return lost


def _edited(entry: Entry | None, item: Item) -> Entry | None:
    """The entry, if the item looks like an edition of it."""
    if entry is None:
        return None
    try:
        first, second = (members_of(text, CreateMeeting) for text in (entry.request, item.request))
    except LedgerError:  # somebody else's entry
        return None
    return entry if sum(first.get(name) == second.get(name) for name in _LIKE) >= 2 else None


def _code(entry: Entry) -> str:
    result = cast("dict[str, Any]", entry.outcome.get("result") or {})
    return str(result.get("meeting_code", "?"))
