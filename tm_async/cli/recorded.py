"""The rows of a file in a ledger, and the entries of a ledger as rows."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from attrs import evolve

from tm_async.api.meetings import CreateMeeting
from tm_async.batch.ledger import Entry, Ledger, State
from tm_async.batch.ledgered import items_of
from tm_async.batch.recorded import outcome_of, recorded_error
from tm_async.cli.reading.row import Row
from tm_async.cli.results.result import Result
from tm_async.core.outcome import Unknown
from tm_async.core.parse import restore

__all__ = ["add_rows", "counted", "line_of", "row_of"]


async def add_rows(ledger: Ledger, rows: Iterable[Row]) -> int:
    """Add the good rows, labelled with their numbers; how many were not there yet.

    In one transaction, so that a run which ends meanwhile leaves no half of a file behind.
    """
    begun: list[Row] = []

    def requests() -> Iterator[CreateMeeting]:
        for row in rows:
            if row.request is not None:
                begun[:] = [row]
                yield row.request

    keyed = items_of(CreateMeeting, requests(), key=lambda _: begun[0].key)
    items = [evolve(one.item, label=str(begun[0].number)) async for one in keyed if one.item is not None]
    return await ledger.add(items)


def row_of(entry: Entry) -> Row:
    """The row that an entry stands for; without a request, if what is recorded is none."""
    number = int(entry.label) if entry.label.isdecimal() else entry.position + 1
    try:
        request = restore(CreateMeeting, json.loads(entry.request))
    except (ValueError, TypeError):  # a ValidationError is a ValueError
        return Row(number, "", key=entry.key)
    return Row(number, request.subject, request.start_time, request, key=entry.key)


def line_of(entry: Entry) -> dict[str, Any]:
    """An entry as a line of the output: like a result, and `pending` or `sending` where there is none."""
    row, state = row_of(entry), entry.state
    if row.request is None:
        result = Result.of_bad_row(row)
    elif state.final:
        result = Result.of_outcome(row, outcome_of(entry, row.request, entry.position))
    else:
        error = recorded_error(entry.outcome)
        result = Result.of_outcome(row, Unknown(index=entry.position, request=row.request, error=error))
        if not entry.outcome:
            result = evolve(result, error=None)
    return {**result.as_json(), "status": str(state)}


def counted(counts: dict[State, int]) -> str:
    """The counts of a ledger in one line."""
    shown = [f"{counts[state]:,} {state}" for state in (State.CREATED, State.REJECTED, State.UNKNOWN)]
    shown += [f"{counts[state]:,} {state}" for state in (State.PENDING, State.SENDING) if counts[state]]
    total = sum(counts.values())
    return f"{', '.join(shown)} of {total:,} row{'' if total == 1 else 's'}"
