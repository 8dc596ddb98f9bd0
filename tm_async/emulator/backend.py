"""Everything that one emulated gateway remembers, and the controls on it."""

import itertools
from collections.abc import Callable, Iterable
from functools import partial
from random import Random

from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.chapters.pstn.life import hung_up
from tm_async.emulator.chapters.recordings.recorder import record
from tm_async.emulator.chapters.users.user import User
from tm_async.emulator.clock import Clock
from tm_async.emulator.gateway.faults import Faults
from tm_async.emulator.gateway.journal import Journal
from tm_async.emulator.gateway.quotas import Quotas
from tm_async.emulator.gateway.signature import Account, Verifier
from tm_async.emulator.kernel.identities import Identities, PeopleAs
from tm_async.emulator.oauth.registry import Registry
from tm_async.emulator.state import State
from tm_async.emulator.webhooks.outbox import Outbox

__all__ = ["Backend"]


class Backend:
    """State, faults, journal and clock of one gateway. Both control planes call this object."""

    def __init__(
        self,
        *,
        account: Account,
        seed: int,
        users: Iterable[User],
        clock: Callable[[], float],
        people_as: PeopleAs,
        enforce_quotas: bool,
        journal_length: int,
    ) -> None:
        self.account = account
        self.clock = Clock(clock)
        self._people_as: PeopleAs = people_as
        self.verifier = Verifier(account)
        self.journal = Journal(journal_length)
        self.outbox = Outbox(self.clock, seed, journal_length)
        self.clock.told = self.outbox.wake
        self._seed = seed
        self._users = tuple(users)
        self._enforce_quotas = enforce_quotas
        self._traces = itertools.count(1)
        self._start()

    def _start(self) -> None:
        self.rng = Random(self._seed)  # noqa: S311 - reproducible on purpose
        self.state = State(self._users, self.rng)
        self.state.news.send_by(self.outbox.put)
        self.state.news.listen(partial(hung_up, self.state))
        self.state.news.listen(partial(record, self.state))
        self.people = Identities(self.state.users, self._people_as)
        self.registry = Registry(self._seed, self.state.users, self._people_as, self.state.news)
        self.faults = Faults(self.rng)
        self.quotas = Quotas() if self._enforce_quotas else None

    def reset(self) -> None:
        """Back to the beginning: users as constructed, and the same ids and codes once more."""
        self._start()
        self.verifier.replays.clear()
        self.journal.clear()
        self.outbox.clear()
        self.clock.offset = 0.0

    def meeting(self, meeting_id: str) -> Meeting:
        """The meeting that a test's act is about; `ValueError` for an unknown one."""
        meeting = self.state.meetings.get(meeting_id)
        if meeting is None:
            raise ValueError(f"meeting_id: {meeting_id!r} is not known")
        return meeting

    def next_trace(self) -> str:
        """A new value of `X-Tc-Trace`; never repeats, not even after a reset."""
        return f"{self._seed & 0xFFFFFFFF:08x}{next(self._traces):024x}"
