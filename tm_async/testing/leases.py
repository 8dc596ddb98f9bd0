"""What a ledger has to do about claims, many at once and those whose lease ends: a part of `LedgerContract`."""

import asyncio

import pytest

from tm_async.batch.ledger.protocol import Item, Ledger, State
from tm_async.testing.clauses import Clauses, PassTime

__all__ = ["FINAL", "LeaseContract", "items"]

FINAL = [State.CREATED, State.REJECTED]


def items(*keys: str) -> list[Item]:
    """Items with these keys, each with a request, a label and a group of its own."""
    return [Item(key=key, request=f"request {key}", label=f"label {key}", group=f"group {key}") for key in keys]


@pytest.mark.asyncio
class LeaseContract(Clauses):
    """Subclass `LedgerContract`, which has these tests and all others."""

    @pytest.fixture
    def other(self, ledger: Ledger) -> Ledger:
        """A second handle on the same storage; the ledger itself unless you override it."""
        return ledger

    async def test_a_lease_that_ended(self, ledger: Ledger, other: Ledger, pass_time: PassTime) -> None:
        """Another worker gets the item and has to look first; who had it can't record any more."""
        await ledger.add(items("a", "b"))
        (first,) = await ledger.claim("w", lease=60)
        await pass_time(59)
        assert [entry.key for entry in await other.claim("v", lease=60, limit=5)] == ["b"]
        await pass_time(2)
        (second,) = await other.claim("v", lease=60, limit=5)
        assert (second.key, second.worker, second.claims, second.doubtful) == ("a", "v", 2, True)
        assert second.since == first.since
        assert second.until is not None
        for state in (State.PENDING, *FINAL, State.UNKNOWN):
            assert await ledger.record(first, state) is False
        assert (await ledger.get(["a"]))["a"].state is State.SENDING
        assert await other.record(second, State.CREATED)
        assert await ledger.record(first, State.PENDING) is False

    async def test_a_claim_tells_when_it_was(self, ledger: Ledger) -> None:
        """By the clock of `since` and `until`, so that nobody needs another one to count what has passed since then."""
        await ledger.add(items("a"))
        (entry,) = await ledger.claim("w", lease=60)
        if entry.claimed_at is None:
            pytest.skip("it does not tell: what is doubtful is waited for as if it had been under way just now")
        assert entry.since is not None
        assert abs(entry.claimed_at - entry.since) < 1e-3
        await ledger.record(entry, State.UNKNOWN)
        (again,) = await ledger.claim("w", lease=60, keys=["a"])
        assert again.since is not None
        assert again.until is not None
        assert again.claimed_at is not None
        assert again.since <= again.until <= again.claimed_at < again.since + self.limit
        assert (await ledger.get(["a"]))["a"].claimed_at is None

    async def test_a_takeover_by_key(self, ledger: Ledger, pass_time: PassTime) -> None:
        """The same, for those that were asked for."""
        await ledger.add(items("a", "b"))
        await ledger.claim("w", lease=60, limit=2)
        await pass_time(61)
        (entry,) = await ledger.claim("v", lease=60, limit=5, keys=["b"])
        assert (entry.key, entry.doubtful) == ("b", True)

    async def test_what_was_lost_comes_again(self, ledger: Ledger, pass_time: PassTime) -> None:
        """After what was never claimed."""
        await ledger.add(items("a", "b", "c"))
        await ledger.claim("w", lease=60, keys=["b"])
        await pass_time(61)
        claimed = await ledger.claim("v", lease=60, limit=5)
        assert [(entry.key, entry.doubtful) for entry in claimed] == [("a", False), ("c", False), ("b", True)]

    async def test_a_late_record_is_good(self, ledger: Ledger, pass_time: PassTime) -> None:
        """If nobody took the claim over."""
        await ledger.add(items("a"))
        (entry,) = await ledger.claim("w", lease=60)
        await pass_time(1000)
        assert await ledger.record(entry, State.CREATED)

    async def test_a_worker_gets_its_own_again(self, ledger: Ledger, pass_time: PassTime) -> None:
        """After its lease has ended: with a new number, and it has to look, too."""
        await ledger.add(items("a"))
        (first,) = await ledger.claim("w", lease=60)
        await pass_time(61)
        (second,) = await ledger.claim("w", lease=60)
        assert (second.claims, second.doubtful, second.since) == (2, True, first.since)
        assert await ledger.record(first, State.CREATED) is False

    async def test_a_renewed_lease(self, ledger: Ledger, other: Ledger, pass_time: PassTime) -> None:
        """Keeps all that this worker holds, also when it had ended, and nothing of another's."""
        await ledger.add(items("a", "b", "c"))
        await ledger.claim("w", lease=60, limit=2)
        await ledger.claim("u", lease=60)
        for _ in range(3):
            await pass_time(50)
            await other.renew("w", lease=60)
        assert [entry.key for entry in await other.claim("v", lease=60, limit=5)] == ["c"]
        await pass_time(61)
        await ledger.renew("w", lease=60)
        assert [entry.key for entry in await other.claim("x", lease=60, limit=5)] == ["c"]

    async def test_what_was_lost_stays_lost(self, ledger: Ledger, other: Ledger, pass_time: PassTime) -> None:
        """A renewal that comes late takes nothing back."""
        await ledger.add(items("a"))
        (first,) = await ledger.claim("w", lease=60)
        await pass_time(61)
        (second,) = await other.claim("v", lease=60)
        await ledger.renew("w", lease=600)
        assert (await ledger.get(["a"]))["a"].worker == "v"
        assert await ledger.record(first, State.CREATED) is False
        await pass_time(61)
        (third,) = await other.claim("x", lease=60)
        assert third.claims == second.claims + 1

    async def test_a_lease_never_becomes_shorter(self, ledger: Ledger, pass_time: PassTime) -> None:
        """Neither by another claim nor by a renewal; a claim makes it longer, for all that the worker holds."""
        await ledger.add(items("a", "b", "c"))
        await ledger.claim("w", lease=600)
        await ledger.claim("w", lease=10)
        await ledger.renew("w", lease=10)
        await pass_time(500)
        assert [entry.key for entry in await ledger.claim("v", lease=50, limit=5)] == ["c"]
        await ledger.add(items("d"))
        await ledger.claim("w", lease=600)
        await pass_time(300)
        assert [entry.key for entry in await ledger.claim("v", lease=50, limit=5)] == ["c"]

    @pytest.mark.parametrize("state", FINAL)
    async def test_what_is_final_stays(self, state: State, ledger: Ledger, pass_time: PassTime) -> None:
        """Nobody claims it, also after the lease, also by key."""
        await ledger.add(items("a"))
        (entry,) = await ledger.claim("w", lease=60)
        await ledger.record(entry, state)
        await pass_time(61)
        assert await ledger.claim("v", lease=60, limit=5) == []
        assert await ledger.claim("v", lease=60, limit=5, keys=["a"]) == []

    async def test_many_callers_at_once(self, ledger: Ledger, other: Ledger) -> None:
        """Whatever a driver or a database has room for at a time: the others wait for their turn."""
        keys = [f"k{number}" for number in range(300)]
        async with asyncio.timeout(self.limit):
            await ledger.add(items(*keys))
            claimed = await asyncio.gather(*(ledger.claim("w", lease=60, keys=[key]) for key in keys))
            entries = [entry for one in claimed for entry in one]
            said = await asyncio.gather(*(ledger.record(entry, State.CREATED) for entry in entries))
            found = await asyncio.gather(*(other.get([key]) for key in keys))
        assert (len(entries), sum(said)) == (300, 300)
        assert {entry.state for one in found for entry in one.values()} == {State.CREATED}
