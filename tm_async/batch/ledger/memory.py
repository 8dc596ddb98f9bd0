"""A ledger in this process's memory, for tests and examples."""

import time
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from heapq import heappop, heappush
from typing import NoReturn, Self

from attrs import evolve

from tm_async.batch.ledger.arguments import (
    check_claim,
    check_group,
    check_items,
    check_keys,
    check_lease,
    conflict,
    dump,
    load,
)
from tm_async.batch.ledger.protocol import Entry, Item, State

__all__ = ["MemoryLedger"]


class MemoryLedger:
    """Forgets everything when the process ends: no ledger for real meetings. `clock` gives UNIX seconds."""

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._entries: dict[str, Entry] = {}
        self._leases: dict[str, float] = {}
        self._pending: list[tuple[int, int, str]] = []
        """A heap: claims, position, key. What was claimed by key is still in it."""
        self._sending: set[str] = set()
        self._groups: dict[str, list[str]] = {}

    async def add(self, items: Sequence[Item], /) -> int:
        """Add the items that are not there yet. Raises `LedgerConflict`."""
        given = check_items(items)
        there = self._entries
        if clashing := [one.key for one in given if one.key in there and there[one.key].request != one.request]:
            raise conflict(clashing)
        fresh = [item for item in given if item.key not in there]
        for item in fresh:
            place = len(there)
            self._put(Entry(key=item.key, position=place, request=item.request, label=item.label, group=item.group))
            self._groups.setdefault(item.group, []).append(item.key)
        return len(fresh)

    async def claim(
        self, worker: str, /, *, lease: float, limit: int = 1, keys: Sequence[str] | None = None
    ) -> list[Entry]:
        """Take items to be sent: those that were claimed least first, and of them by position."""
        limit, wanted = check_claim(worker, lease, limit, keys)
        now = self._clock()
        found = self._open_ones(now, limit) if wanted is None else self._open_among(now, wanted)
        taken = sorted(found, key=lambda entry: (entry.claims, entry.position))[:limit]
        claimed = [self._take(entry, worker, now) for entry in taken]
        if claimed:
            self._extend(worker, now + lease)
        return claimed

    async def renew(self, worker: str, /, *, lease: float) -> None:
        """Keep what this worker holds for `lease` more seconds."""
        check_lease(worker, lease)
        self._extend(worker, self._clock() + lease)

    async def record(
        self, entry: Entry, state: State, /, *, outcome: Mapping[str, object] | None = None, until: float | None = None
    ) -> bool:
        """Say what became of a claimed entry; false if the claim is not the last one, or was recorded already."""
        said = load(entry.key, dump(entry.key, state, outcome, until))
        found = self._entries.get(entry.key)
        if found is None or found.state is not State.SENDING or found.claims != entry.claims:
            return False
        unknown = state is State.UNKNOWN
        ended = (self._clock() if until is None else until) if unknown else None
        since = found.since if unknown else None
        self._put(evolve(found, state=state, outcome=said, since=since, until=ended))
        return True

    async def get(self, keys: Sequence[str], /) -> dict[str, Entry]:
        """The entries of these keys, as far as there are such."""
        return {key: _copy(self._entries[key]) for key in check_keys(keys) if key in self._entries}

    async def entries(self, *states: State, group: str | None = None) -> AsyncGenerator[Entry, None]:
        """Every entry in one of these states (default: every entry), of one group if that is given, by position."""
        check_group(group)
        for key in list(self._entries) if group is None else list(self._groups.get(group, ())):
            entry = self._entries[key]
            if not states or entry.state in states:
                yield _copy(entry)

    async def counts(self) -> dict[State, int]:
        """How many entries are in each state."""
        found = dict.fromkeys(State, 0)
        for entry in self._entries.values():
            found[entry.state] += 1
        return found

    async def aclose(self) -> None:
        """Nothing is open. What is in it stays."""

    def _open_ones(self, now: float, limit: int) -> list[Entry]:
        pending: list[Entry] = []
        while self._pending and len(pending) < limit:
            claims, _, key = heappop(self._pending)
            entry = self._entries[key]
            if entry.state is State.PENDING and entry.claims == claims and entry not in pending[-1:]:
                pending.append(entry)
        for entry in pending:
            heappush(self._pending, (entry.claims, entry.position, entry.key))
        ended = [self._entries[key] for key in self._sending]
        return pending + [entry for entry in ended if self._lease_end(entry) <= now]

    def _open_among(self, now: float, keys: Iterable[str]) -> list[Entry]:
        found = [self._entries[key] for key in keys if key in self._entries]
        return [
            entry
            for entry in found
            if entry.state in {State.PENDING, State.UNKNOWN}
            or (entry.state is State.SENDING and self._lease_end(entry) <= now)
        ]

    def _take(self, entry: Entry, worker: str, now: float) -> Entry:
        until = entry.until
        if entry.state is State.SENDING:
            ended = self._lease_end(entry)
            until = ended if until is None else max(until, ended)
        since = now if entry.since is None else entry.since
        claims = entry.claims + 1
        taken = evolve(entry, state=State.SENDING, worker=worker, claims=claims, since=since, until=until)
        self._put(taken)
        return evolve(_copy(taken), claimed_at=now, doubtful=entry.state is not State.PENDING)

    def _put(self, entry: Entry) -> None:
        self._entries[entry.key] = entry
        self._sending.discard(entry.key)
        if entry.state is State.PENDING:
            heappush(self._pending, (entry.claims, entry.position, entry.key))
        elif entry.state is State.SENDING:
            self._sending.add(entry.key)

    def _lease_end(self, entry: Entry) -> float:
        return self._leases[str(entry.worker)]

    def _extend(self, worker: str, end: float) -> None:
        self._leases[worker] = max(end, self._leases.get(worker, end))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"MemoryLedger(<{len(self._entries)} entries>)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("MemoryLedger holds secrets and can't be pickled")


def _copy(entry: Entry) -> Entry:
    """Whoever changes the outcome of what they were given changes nothing here."""
    return evolve(entry, outcome=deepcopy(dict(entry.outcome)))
