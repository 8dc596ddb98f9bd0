"""An entry as a row of an SQL database."""

from collections.abc import Sequence
from typing import Any, Final

from tm_async.batch.ledger.arguments import load
from tm_async.batch.ledger.protocol import Entry, State
from tm_async.errors import LedgerError

__all__ = ["COLUMNS", "entry_of"]

COLUMNS: Final = 'key, position, state, claims, worker, since, until, label, "group", outcome, request'


def entry_of(row: Sequence[Any], *, claimed_at: float | None = None, doubtful: bool = False) -> Entry:
    """The entry in a row of these columns. Raises `LedgerError` for a damaged one."""
    key, position, state, claims, worker, since, until, label, group, outcome, request = row
    if state not in set(State):
        raise LedgerError(f"the state of {key!r} is damaged: {state!r}")
    return Entry(
        key=key,
        position=position,
        request=request,
        label=label,
        group=group,
        state=State(state),
        claims=claims,
        worker=worker,
        since=since,
        until=until,
        claimed_at=claimed_at,
        doubtful=doubtful,
        outcome=load(key, outcome),
    )
