r"""The protocol of an inbox: events that were acknowledged, and how far each handler is with each of them.

```text
 accept                      claim              record
--------> one task per --> NEW ----> LEASED ----------------> DONE | DEAD
          handler           ^  \        |  \
                            |   \       |   `--> SENT        a broker has it
                            +----\------+          |
                             record    record      |
                                  <----------------+ claim by key, or when `due` is over
```

A delivery is stored once, however often it comes. Each of its events becomes one task per handler as soon as a worker
says which handlers it has. A task is leased before its handler runs, so that a process which ends at any moment leaves
`LEASED` behind; when that worker's lease has ended, another one takes the task. A claim that was taken over can't
record anything any more.

Tasks of one handler and one subject form a lane: one at a time, by `happened`, then by arrival. A task that waits for
its next attempt holds up its lane, and no other.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from attrs import field, frozen

from tm_async.webhooks.delivery import Delivery

__all__ = ["Counts", "HandlersOf", "Inbox", "State", "Task"]

HandlersOf = Callable[[str], Iterable[str]]
"""The names of the handlers of an event's name. Pure and quick: it is asked inside a transaction, in any thread."""


class State(StrEnum):
    """Where a task stands."""

    NEW = "new"
    """To be handled, not before `due`; again, if `attempts` is not 0."""
    SENT = "sent"
    """A broker took it. If nothing becomes of it until `due`, it is to be sent again."""
    LEASED = "leased"
    """A worker has it, or had it when it ended."""
    DONE = "done"
    DEAD = "dead"
    """Given up after too many attempts; `error` says why."""


Counts = Mapping[str, Mapping[State, int]]
"""How many tasks are in each state, by handler; those under `""` have not been given to handlers yet."""


@frozen(kw_only=True)
class Task:
    """An event for one handler, as its inbox has it."""

    number: int
    """Its place in the order of arrival, unique in the inbox; gaps are allowed."""
    key: str
    """The event's content key (`Event.key`)."""
    delivery: str
    """The content key of the delivery that it came in."""
    place: int = 0
    """Its place in the delivery's payload, from 0."""
    event: str
    """The event's name."""
    subject: str = ""
    """What it is about, for its lane: a meeting's id. Empty: it has no lane, and waits for no other."""
    happened: int = 0
    """When it happened: milliseconds of UNIX time by the platform's clock, or when it came where that is not said."""
    handler: str = ""
    """Empty: no worker has said yet which handlers it has."""
    state: State = State.NEW
    claims: int = 0
    """How often it was claimed. A claim is known by this number: it fences off whoever held it before."""
    attempts: int = 0
    """How often its handler began, the present time included."""
    due: float = 0.0
    """UNIX seconds by the inbox's clock before which it is not claimed."""
    worker: str | None = None
    """Who claimed it last."""
    error: str = ""
    """What the last attempt failed with: the class of the error. Never its text, which may have anything in it."""
    late: bool = False
    """Of a task that `claim` returned: a later one of its lane was handled before it."""
    received: float = 0.0
    """When it came, in UNIX seconds by the receiver's clock."""
    key_name: str = ""
    """The name of the webhook key that its signature fits."""
    body: bytes | None = field(default=None, repr=False)
    """The decrypted body of the delivery; `None` where it is not kept any more, or no store key opens it."""


class Inbox(Protocol):
    """A durable store of events, shared by the receivers and workers that have it open.

    Every method is one transaction: it has happened when it returns, and survives a `kill -9` of every process; if its
    caller is cancelled, it happens or not, never half. Only `tasks` reads in pieces, and what no worker has seen before
    may be spread over its handlers in a step of its own. The clock is the database's where it has one. Raises
    `InboxError`; `InboxUnavailable` for what may pass. Both are safe to repeat. Raises `ConfigurationError` for
    arguments out of range.
    """

    async def accept(self, delivery: Delivery, /) -> None:
        """Store a delivery; nothing, if one with its content key is there. Acknowledge it when this has returned.

        Raises `InboxUnavailable` where it can't be stored, whatever the reason: the platform will send it again.
        """
        ...

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
        """Take tasks to be handled: for each handler in `free` at most that many, those first that were due first.

        First, events that no worker has seen yet are spread over their `handlers`; one without any is done. Taken is
        what is at the front of its lane and `NEW` or `SENT` and due, or leased by a worker whose lease has ended. With
        `keys`: of these events only, and what is `SENT` also before it is due. Each becomes `LEASED`, with this worker,
        whose lease now ends not before `lease` seconds from now, and `claims` and `attempts` one higher. The lease is
        one for all that the worker holds; it never becomes shorter. Two workers never get the same claim.
        """
        ...

    async def renew(self, worker: str, /, *, lease: float) -> None:
        """Everything that this worker holds stays its own for `lease` more seconds. What it lost stays lost."""
        ...

    async def record(
        self, task: Task, state: State, /, *, after: float = 0.0, error: str = "", counts: bool = True
    ) -> bool:
        """Say what became of a claimed task; `LEASED` is no such thing.

        `after`: seconds until it is due, for `NEW` and `SENT`. `counts=False`: this was no attempt. False, and nothing
        is changed, if the claim is not the task's last one any more, or was recorded already. A claim whose lease has
        ended but that nobody took over is still good.
        """
        ...

    def tasks(self, *states: State) -> AsyncIterator[Task]:
        """Every task in one of these states (default: every task), by arrival. Read as they are asked for."""
        ...

    async def revive(self, numbers: Sequence[int], /) -> int:
        """Have tasks that are `DONE` or `DEAD` handled again, as if for the first time; how many that were.

        Those whose body is not kept any more stay as they are.
        """
        ...

    async def counts(self) -> Counts:
        """How many tasks are in each state, by handler; states without tasks are left out."""
        ...

    async def tidy(self, *, bodies: float, keys: float) -> int:
        """Forget bodies older than `bodies` seconds of what is `DONE`, and everything older than `keys` seconds.

        What is still to be handled is kept whatever its age, and a dead letter keeps its body. Does a piece at a time;
        how many deliveries it has changed: 0 when nothing is left to do.
        """
        ...

    async def aclose(self) -> None:
        """Close what this opened. Claims stay: a lease ends by itself."""
        ...
