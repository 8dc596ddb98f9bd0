"""Until when a worker may believe that what it claimed is its own."""

import pytest

from tm_async._util import clocks
from tm_async.batch.lease import HeldLease


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time that goes on while the machine sleeps. No event loop is asked: its time does not."""
    now = [100.0]
    monkeypatch.setattr(clocks, "elapsed", lambda: now[0])
    return now


def test_it_ends_by_the_time_when_it_was_asked_for(at: list[float]) -> None:
    """Not when the answer came: the ledger counts from some moment in between."""
    lease = HeldLease(15)
    assert not lease.holds(lease.term)
    at[0] = 104
    lease.extended(100)
    at[0] = 114.9
    assert lease.holds(lease.term)
    at[0] = 115
    assert not lease.holds(lease.term)


def test_it_is_never_made_shorter(at: list[float]) -> None:
    lease = HeldLease(15)
    lease.extended(100)
    lease.extended(90)
    at[0] = 114
    assert lease.holds(1)


def test_what_was_claimed_before_it_ended_is_not_its_own_any_more(at: list[float]) -> None:
    lease = HeldLease(15)
    lease.extended(100)
    before = lease.term
    at[0] = 110
    lease.extended(110)
    assert lease.term == before, "it was renewed in time"
    at[0] = 125
    lease.extended(125)
    assert not lease.holds(before)
    assert lease.holds(lease.term)
    assert not lease.holds(None), "what was never claimed"


def test_an_answer_that_took_longer_than_the_lease(at: list[float]) -> None:
    lease = HeldLease(15)
    at[0] = 120
    lease.extended(100)
    assert not lease.holds(lease.term)
