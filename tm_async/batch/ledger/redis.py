"""A ledger in Redis, shared by processes on many machines (extra `redis`)."""

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from itertools import count, islice
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Self

from attrs import evolve

from tm_async._util.redis_calls import RedisCalls
from tm_async._util.redis_client import client_of, require_redis
from tm_async.batch.ledger import redisscripts as scripts
from tm_async.batch.ledger.arguments import (
    KEY_LIMIT,
    check_claim,
    check_group,
    check_items,
    check_keys,
    check_lease,
    check_name,
    check_seconds,
    check_text,
    conflict,
    dump,
    load,
    load_claimed,
    pieces,
)
from tm_async.batch.ledger.protocol import Entry, Item, State
from tm_async.core.secret import SecretText
from tm_async.errors import ConfigurationError, LedgerError, LedgerUnavailable

if TYPE_CHECKING:
    from redis.asyncio import Redis

__all__ = ["RedisLedger"]

_PIECE = 200
_STAGED = 600_000
"""Milliseconds that items on their way into the ledger are kept when whoever adds them is gone."""


class RedisLedger:
    """Keeps a ledger called `name` in Redis, through a `redis.asyncio.Redis` that you made and close.

    The clock is Redis's. `prefix` comes before the names of all keys; they share one hash tag, so that a cluster holds
    them in one place. `timeout`: seconds that any one step takes at most (10); then, and when Redis can't be reached or
    refuses, methods raise `LedgerUnavailable`. One event loop: in another one they raise `ConfigurationError`, until
    `aclose`. Adding and reading go in pieces; what is added becomes visible in one step, which holds Redis up for
    about a second per 100,000 items.

    A ledger is only as durable as its database, and a forgotten claim is a meeting that may be created twice. Redis
    keeps its promise through a crash with `appendonly yes` and `appendfsync always` only: with `everysec` it forgets
    about the last second, with snapshots the last minutes, with neither everything. A replica that takes over forgets
    what had not reached it. Keys must not be evicted: `maxmemory-policy noeviction`.
    """

    _name = _where = "?"  # what a traceback's variables show of one that was refused

    def __init__(self, client: "Redis", *, name: str, prefix: str = "tm_async:ledger:", timeout: float = 10.0) -> None:
        require_redis("RedisLedger")
        check_name("a ledger", name)
        check_text("the prefix", prefix, limit=KEY_LIMIT)
        check_seconds("`timeout`", timeout)
        if "{" in prefix or "}" in prefix:
            raise ConfigurationError(f"the prefix of a ledger can't have braces, they mark the hash tag: {prefix!r}")
        self._client: Any = client
        self._opened = False
        self._name = name
        self._timeout = timeout
        tag = name.replace("%", "%25").replace("{", "%7B").replace("}", "%7D")
        self._base = f"{prefix}{{{tag}}}:"
        parts = ("meta", "records", "requests", "workers", *(str(state) for state in State), "groups", "queue")
        self._keys = [f"{self._base}{part}" for part in parts]
        self._calls = RedisCalls("RedisLedger", client, timeout, unavailable=LedgerUnavailable, meaning=self._damage_of)
        self._where = self._calls.where

    @classmethod
    def from_url(cls, url: str, *, name: str, prefix: str = "tm_async:ledger:", timeout: float = 10.0) -> Self:
        """A ledger with a client of its own, for example `redis://:password@host:6379/0`; `aclose` closes it.

        Raises `ConfigurationError` for an unusable URL, which it does not show, and when redis is not installed.
        """
        url = SecretText(url)  # a traceback shows variables
        ledger = cls(client_of("RedisLedger", url, timeout), name=name, prefix=prefix, timeout=timeout)
        ledger._opened = True
        return ledger

    async def add(self, items: Sequence[Item], /) -> int:
        """Add the items that are not there yet. Raises `LedgerConflict`."""
        given = check_items(items)
        own = token_hex(16)
        number = count(1)
        for piece in pieces(given, _PIECE):
            rows = [(next(number), item.key, item.label, item.group, SecretText(item.request)) for item in piece]
            await self._do(scripts.STAGE, _STAGED, *(part for row in rows for part in row), own=own)
        added, *clashing = await self._do(scripts.ADD, self._remember, len(given), own=own)
        if clashing:
            raise conflict([_text(key) for key in clashing])
        return int(added)

    async def claim(
        self, worker: str, /, *, lease: float, limit: int = 1, keys: Sequence[str] | None = None
    ) -> list[Entry]:
        """Take items to be sent: those that were claimed least first, and of them by position."""
        limit, among = check_claim(worker, lease, limit, keys)
        wanted = [0] if among is None else [1, *among]
        doubtful, rows, time = await self._do(scripts.CLAIM, self._remember, worker, lease, limit, *wanted)
        at, claimed = float(time), zip(_entries(rows, claimed=True), doubtful, strict=True)
        return [evolve(entry, claimed_at=at, doubtful=bool(int(one))) for entry, one in claimed]

    async def renew(self, worker: str, /, *, lease: float) -> None:
        """Keep what this worker holds for `lease` more seconds."""
        check_lease(worker, lease)
        await self._do(scripts.RENEW, worker, lease)

    async def record(
        self, entry: Entry, state: State, /, *, outcome: Mapping[str, object] | None = None, until: float | None = None
    ) -> bool:
        """Say what became of a claimed entry; false if the claim is not the last one, or was recorded already."""
        said = dump(entry.key, state, outcome, until)
        own, ended = token_hex(16), "" if until is None else repr(float(until))
        return bool(await self._do(scripts.RECORD, own, entry.key, entry.claims, str(state), said, ended))

    async def get(self, keys: Sequence[str], /) -> dict[str, Entry]:
        """The entries of these keys, as far as there are such. Many are read in pieces, not in one step."""
        wanted = iter(check_keys(keys))
        found: dict[str, Entry] = {}
        while piece := list(islice(wanted, _PIECE)):
            found |= {entry.key: entry for entry in _entries(await self._do(scripts.GET, *piece))}
        return found

    async def entries(self, *states: State, group: str | None = None) -> AsyncGenerator[Entry, None]:
        """Every entry in one of these states (default: every entry), of one group if that is given, by position."""
        check_group(group)
        among = [str(state) for state in dict.fromkeys(states or State)]
        last: int | None = -1
        while last is not None:
            if group is None:
                page = _entries(await self._do(scripts.PAGE, last, _PIECE, *among))
                last = page[-1].position if len(page) == _PIECE else None
            else:  # a page may have nothing in these states, and others follow
                seen, rows = await self._do(scripts.GROUP, group, last, _PIECE, *among)
                page, last = _entries(rows), None if int(seen) < 0 else int(seen)
            for entry in page:
                yield entry

    async def counts(self) -> dict[State, int]:
        """How many entries are in each state."""
        found = await self._do(scripts.COUNTS, *(str(state) for state in State))
        return {state: int(count) for state, count in zip(State, found, strict=True)}

    async def aclose(self) -> None:
        """Close the client that `from_url` made; a client of yours stays open. Another event loop may follow."""
        if self._opened:
            self._calls.stay_in_one_loop()
            await self._client.aclose()
        self._calls.leave_loop()

    @property
    def _remember(self) -> int:
        """Milliseconds that Redis remembers an answer: the client repeats no command after `timeout`."""
        return int(self._timeout * 2000) + 1000

    async def _do(self, script: str, *arguments: str | float, own: str = "") -> Any:
        """The answer of a script, in time."""
        keys = [*self._keys, f"{self._base}call:{own or token_hex(16)}"]
        return await self._calls.ask(lambda: self._client.eval(script, len(keys), *keys, *arguments))

    def _damage_of(self, answer: str) -> LedgerError | None:
        if "TMSTAGED" in answer:
            reason = "adding took longer than items on their way are kept (TMSTAGED); nothing was added"
            return LedgerUnavailable(f"{self._where}: ledger {self._name!r}: {reason}")
        meaning = _damage(answer)
        return LedgerError(f"{self._where}: ledger {self._name!r}: {meaning}") if meaning else None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"RedisLedger({self._where!r}, name={self._name!r})"


def _entries(rows: list[bytes | str], *, claimed: bool = False) -> list[Entry]:
    """Each from key, record and request. Takes them out of `rows`: an error's traceback has nothing of them."""
    texts = [SecretText(_text(row)) for row in rows]
    rows.clear()
    threes = zip(texts[0::3], texts[1::3], texts[2::3], strict=True)
    return [_entry(str.__str__(key), record, request, claimed=claimed) for key, record, request in threes]


def _entry(key: str, record: SecretText, request: SecretText, *, claimed: bool) -> Entry:
    try:
        found: dict[str, Any] = json.loads(record)
        since, until = found.get("since"), found.get("until")
        return Entry(
            key=key,
            position=int(found["position"]),
            request=str.__str__(request),
            label=found["label"],
            group=found["group"],
            state=State(found["state"]),
            claims=int(found["claims"]),
            worker=found.get("worker"),
            since=None if since is None else float(since),
            until=None if until is None else float(until),
            outcome=(load_claimed if claimed else load)(key, found["outcome"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        found = {}  # a traceback shows variables
    raise LedgerError(f"the record of {key!r} is damaged")


def _damage(message: str) -> str:
    """What no other attempt mends; empty: something else."""
    if message.startswith("TMFORMAT"):
        advice = f"this version of tm_async reads {scripts.FORMAT}; use the version that made it"
        return f"has format {message.partition(' ')[2].split()[0]}, {advice}"
    if "WRONGTYPE" in message:
        return "what stands in its place is something else; choose another name or prefix"
    if "user_script" in message:
        return "damaged, or keys of it were removed"
    return ""


def _text(value: bytes | str) -> str:
    """What is no UTF-8 is damaged, and is no JSON then either."""
    return value.decode(errors="replace") if isinstance(value, bytes) else value
