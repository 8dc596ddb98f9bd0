"""An entry as a row of an SQL database."""

from collections.abc import Sequence
from typing import Any, Final

from tm_async.batch.ledger.arguments import load, load_claimed
from tm_async.batch.ledger.protocol import Entry, State
from tm_async.errors import LedgerError

__all__ = ["COLUMNS", "entry_of"]

COLUMNS: Final = 'key, position, state, claims, worker, since, until, label, "group", outcome, request'


def entry_of(row: Sequence[Any], *, claimed_at: float | None = None, doubtful: bool = False) -> Entry:
    """The entry in a row of these columns. Raises `LedgerError`; for a past outcome not if it is being claimed."""
    key, position, state, claims, worker, since, until, label, group, outcome, request = row
    if state not in set(State):
        raise LedgerError(f"the state of {key!r} is damaged: {state!r}")
    texts = all(isinstance(value, str) for value in (key, label, group, request))
    numbers = isinstance(position, int) and isinstance(claims, int)
    if not (texts and numbers and all(value is None or isinstance(value, int | float) for value in (since, until))):
        raise LedgerError(f"the record of {key!r} is damaged")
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
        outcome=(load if claimed_at is None else load_claimed)(key, outcome),
    )
