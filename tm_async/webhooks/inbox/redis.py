"""An inbox in Redis, shared by processes on many machines (extra `redis`)."""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import AsyncGenerator, Mapping, Sequence
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final, Self

from attrs import evolve

from tm_async._util.redis_calls import RedisCalls
from tm_async._util.redis_client import client_of, require_redis
from tm_async.core.secret import SecretText
from tm_async.errors import ConfigurationError, InboxError, InboxUnavailable
from tm_async.storage.arguments import KEY_LIMIT, check_name, check_seconds, check_text
from tm_async.storage.sealing import hidden_keys
from tm_async.webhooks.delivery import Delivery
from tm_async.webhooks.inbox import redisscripts as scripts
from tm_async.webhooks.inbox.arguments import check_ages, check_claim, check_lease, check_record, handlers_of
from tm_async.webhooks.inbox.arrival import row_of
from tm_async.webhooks.inbox.kind import FORMAT, refusing
from tm_async.webhooks.inbox.protocol import Counts, HandlersOf, State, Task
from tm_async.webhooks.inbox.sealed import Bodies

if TYPE_CHECKING:
    from redis.asyncio import Redis

__all__ = ["RedisInbox"]

_PAGE: Final = 100
_SPREAD_TOGETHER: Final = 200
_TIDIED_TOGETHER: Final = 200
_LOOKED_AT_TOGETHER: Final = 2000
"""Tasks, of the deliveries that are tidied together: meanwhile Redis does nothing else."""
_PREFIX: Final = "tm_async:inbox:"
_PASSES: Final = re.compile("OOM|used memory|MISCONF|READONLY|read only|NOREPLICAS|MASTERDOWN|LOADING")
"""What Redis says in the middle of a script, too, before anything was changed."""
_BASE64: Final = "\x02"
"""Stands before a body that is no UTF-8 text: what follows the JSON may be anything."""


class RedisInbox:
    """Keeps an inbox called `name` in Redis, through a `redis.asyncio.Redis` that you made and close.

    The clock is Redis's. `store_keys`: Fernet keys, the first encrypts bodies, all decrypt. `prefix` comes before the
    names of all keys; they share one hash tag, so that a cluster holds them in one place. `timeout`: seconds that any
    one step takes at most (10); then, and when Redis can't be reached or refuses, methods raise `InboxUnavailable`. One
    event loop: in another one they raise `ConfigurationError`, until `aclose`.

    An inbox is only as durable as its database, and a forgotten event was acknowledged: the platform does not send it
    again. Redis keeps its promise through a crash with `appendonly yes` and `appendfsync always` only: with `everysec`
    it forgets about the last second, with snapshots the last minutes, with neither everything. A replica that takes
    over forgets what had not reached it. Keys must not be evicted: `maxmemory-policy noeviction`.
    """

    _name = _where = "?"  # what a traceback's variables show of one that was refused

    def __init__(
        self,
        client: "Redis",
        *,
        name: str = "webhooks",
        store_keys: Sequence[str] = (),
        prefix: str = _PREFIX,
        timeout: float = 10.0,
    ) -> None:
        require_redis("RedisInbox")
        self._bodies = Bodies("RedisInbox", store_keys)
        del store_keys  # a traceback shows variables
        check_name("an inbox", name)
        check_text("the prefix", prefix, limit=KEY_LIMIT)
        check_seconds("`timeout`", timeout)
        if "{" in prefix or "}" in prefix:
            raise ConfigurationError(f"the prefix of an inbox can't have braces, they mark the hash tag: {prefix!r}")
        self._client: Any = client
        self._opened = False
        self._name, self._timeout = name, timeout
        tag = name.replace("%", "%25").replace("{", "%7B").replace("}", "%7D")
        self._base = f"{prefix}{{{tag}}}:"
        self._keys = [f"{self._base}{part}" for part in scripts.PARTS]
        self._calls = RedisCalls("RedisInbox", client, timeout, unavailable=InboxUnavailable, meaning=self._damage)
        self._where = self._calls.where

    @classmethod
    def from_url(
        cls,
        url: str,
        *,
        name: str = "webhooks",
        store_keys: Sequence[str] = (),
        prefix: str = _PREFIX,
        timeout: float = 10.0,
    ) -> Self:
        """An inbox with a client of its own, for example `redis://:password@host:6379/0`; `aclose` closes it.

        Raises `ConfigurationError` for an unusable URL, which it does not show, and when redis is not installed.
        """
        url = SecretText(url)  # a traceback shows variables
        keys = hidden_keys(store_keys)
        del store_keys
        client = client_of("RedisInbox", url, timeout)
        inbox = cls(client, name=name, store_keys=keys, prefix=prefix, timeout=timeout)
        inbox._opened = True
        return inbox

    async def accept(self, delivery: Delivery, /) -> None:
        """Store a delivery; nothing, if one with its content key is there. Raises `InboxUnavailable`."""
        row = row_of(delivery, self._bodies)
        events = [part for one in row.events for part in (one.key, one.place, one.subject, one.happened)]
        with refusing():
            head = (row.key, row.event, repr(float(row.received)), row.key_name)
            await self._do(scripts.ACCEPT, *head, _stored(row.body), *events)

    async def claim(
        self,
        worker: str,
        /,
        *,
        lease: float,
        free: Mapping[str, int],
        handlers: HandlersOf,
        keys: Sequence[str] | None = None,
    ) -> list[Task]:
        """Take tasks to be handled: for each handler in `free` at most that many, those first that were due first."""
        free, wanted = check_claim(worker, lease, free, keys)
        among: list[str | int] = [0] if wanted is None else [1, *wanted]
        await self._spread(handlers, among)
        rooms = [part for pair in free.items() for part in pair]
        head = (int(self._timeout * 2000) + 1000, worker, lease, len(free))
        late, rows = await self._do(scripts.CLAIM, *head, *rooms, *among)
        found = [evolve(task, late=bool(int(one))) for task, one in zip(self._tasks(rows), late, strict=True)]
        return sorted(found, key=lambda task: task.number)

    async def renew(self, worker: str, /, *, lease: float) -> None:
        """Keep what this worker holds for `lease` more seconds."""
        check_lease(worker, lease)
        await self._do(scripts.RENEW, worker, lease)

    async def record(
        self, task: Task, state: State, /, *, after: float = 0.0, error: str = "", counts: bool = True
    ) -> bool:
        """Say what became of a claimed task; false if the claim is not the last one, or was recorded already."""
        check_record(state, after, error)
        own = token_hex(16)
        said = (own, task.number, task.claims, str(state), after, error, int(not counts))
        return bool(await self._do(scripts.RECORD, *said, own=own))

    async def tasks(self, *states: State) -> AsyncGenerator[Task, None]:
        """Every task in one of these states (default: every task), by arrival."""
        among = [str(state) for state in dict.fromkeys(states or State)]
        last = 0
        while True:
            page = self._tasks(await self._do(scripts.PAGE, last, _PAGE, *among))
            for task in page:
                yield task
            if len(page) < _PAGE:
                return
            last = page[-1].number

    async def revive(self, numbers: Sequence[int], /) -> int:
        """Have tasks that are `DONE` or `DEAD` handled again; in pieces, if there are many. How many that were."""
        pieces = [numbers[start : start + 1000] for start in range(0, len(numbers), 1000)]
        return sum([int(await self._do(scripts.REVIVE, *piece)) for piece in pieces])

    async def counts(self) -> Counts:
        """How many tasks are in each state, by handler."""
        answer = await self._do(scripts.COUNTS)
        found: dict[str, dict[State, int]] = {}
        for field, count in zip(answer[0::2], answer[1::2], strict=True):
            handler, _, state = _text(field).rpartition("\0")
            found.setdefault(handler, {})[State(state)] = int(count)
        return found

    async def tidy(self, *, bodies: float, keys: float) -> int:
        """Forget what is old, in many small steps; how many deliveries were changed."""
        check_ages(bodies, keys)
        changed = 0
        for what, age in (("all", keys), ("body", bodies)):
            passed = 0  # those that wait, however old they are, have to be passed by
            while passed >= 0:
                some, passed = await self._do(scripts.TIDY, what, age, passed, _TIDIED_TOGETHER, _LOOKED_AT_TOGETHER)
                changed += some
        await self._do(scripts.IDLE, bodies, keys)
        return changed

    async def aclose(self) -> None:
        """Close the client that `from_url` made; a client of yours stays open. Another event loop may follow."""
        if self._opened:
            self._calls.stay_in_one_loop()
            await self._client.aclose()
        self._calls.leave_loop()

    async def _spread(self, handlers: HandlersOf, among: Sequence[str | int]) -> None:
        fresh = [_text(part) for part in await self._do(scripts.FRESH, _SPREAD_TOGETHER, *among)]
        spread: list[str | int] = []
        for number, event in zip(fresh[0::2], fresh[1::2], strict=True):
            names = handlers_of(handlers, event)
            spread += [number, len(names), *names]
        if spread:
            await self._do(scripts.SPREAD, *spread)

    async def _do(self, script: str, *arguments: str | bytes | float, own: str = "") -> Any:
        """The answer of a script, in time."""
        keys = [*self._keys, f"{self._base}call:{own or token_hex(16)}"]
        return await self._calls.ask(lambda: self._client.eval(script, len(keys), *keys, *arguments))

    def _damage(self, message: str) -> Exception | None:
        """What no other attempt mends."""
        said = ""
        if message.startswith("TMFORMAT"):
            advice = f"this version of tm_async reads {FORMAT}; use the version that made it"
            said = f"has format {message.partition(' ')[2].split()[0]}, {advice}"
        elif "WRONGTYPE" in message:
            said = "what stands in its place is something else; choose another name or prefix"
        elif "user_script" in message and not _PASSES.search(message):
            said = "damaged, or keys of it were removed"
        return InboxError(f"{self._where}: inbox {self._name!r}: {said}") if said else None

    def _tasks(self, rows: list[Any]) -> list[Task]:
        """Each from task, delivery and body. Takes them out of `rows`: an error's traceback has nothing of them."""
        texts = [None if row is None else SecretText(_text(row)) for row in rows]
        rows.clear()
        return [self._task(*three) for three in zip(texts[0::3], texts[1::3], texts[2::3], strict=True)]

    def _task(self, record: SecretText | None, delivery: SecretText | None, body: SecretText | None) -> Task:
        try:
            found: dict[str, Any] = json.loads(record or "")
            came: dict[str, Any] = json.loads(delivery or "")
            names = ("key", "delivery", "place", "subject", "handler", "claims", "attempts", "error")
            return Task(
                number=int(found["number"]),
                event=came["event"],
                happened=int(found["happened"]),
                state=State(found["state"]),
                due=float(found["due"]),
                worker=found.get("worker"),
                received=float(came["received"]),
                key_name=came["key_name"],
                body=self._bodies.get(found["delivery"], None if body is None else _kept(body)),
                **{name: found[name] for name in names},
            )
        except (ValueError, TypeError, KeyError, AttributeError):
            pass
        raise InboxError(f"{self._where}: inbox {self._name!r}: the record of an event is damaged")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"RedisInbox({self._where!r}, name={self._name!r})"


def _stored(body: bytes) -> SecretText:
    """Text, such that a client which decodes answers can read it, too."""
    try:
        return SecretText(body.decode())
    except UnicodeDecodeError:
        return SecretText(_BASE64 + b64encode(body).decode())


def _kept(text: SecretText) -> bytes:
    return b64decode(text[1:]) if text.startswith(_BASE64) else text.encode()


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
