"""The entries of a ledger as rows and as results."""

import re
from collections import Counter

from attrs import evolve

from tm_async.api.meetings import CreateMeeting
from tm_async.batch.ledger import Entry
from tm_async.batch.recorded import outcome_of, recorded_error
from tm_async.batch.written import read_back
from tm_async.cli.reading.columns import KEY
from tm_async.cli.reading.flat import flat
from tm_async.cli.reading.row import Row
from tm_async.cli.results.result import Result
from tm_async.cli.results.totals import rows_of
from tm_async.cli.standing import Standing, number_of, own_key
from tm_async.cli.words import spoken
from tm_async.core.outcome import Unknown
from tm_async.core.parse import keep
from tm_async.errors import LedgerError

__all__ = ["counted", "result_of", "row_of"]


_MADE = re.compile("[0-9a-f]{32}-[0-9]+")
"""A key that was made from the row."""


def row_of(entry: Entry) -> Row:
    """The row that an entry stands for; without a request, if what is recorded is none."""
    number, key = number_of(entry), own_key(entry.key)
    try:
        request = read_back(entry.request, CreateMeeting)
    except LedgerError:
        return Row(number, "", key=key)
    own = {} if _MADE.fullmatch(key) else {KEY: key}
    return Row(number, request.subject, request.start_time, request, key=key, cells=own | flat(keep(request)))


def result_of(entry: Entry, standing: Standing) -> Result:
    """What is recorded of a row."""
    row = row_of(entry)
    if row.request is None:
        result = Result.of_bad_row(row)
    elif entry.state.final:
        result = Result.of_outcome(row, outcome_of(entry, row.request, entry.position))
    else:
        error = recorded_error(entry.outcome)
        result = Result.of_outcome(row, Unknown(index=entry.position, request=row.request, error=error))
        if not entry.outcome:
            result = evolve(result, error=None)
    return evolve(result, status=standing)


def counted(counts: Counter[Standing]) -> str:
    """The counts of a ledger in one line."""
    shown = (Standing.CREATED, Standing.REJECTED, Standing.UNKNOWN)
    others = (one for one in Standing if one not in shown and counts[one])
    text = ", ".join(f"{counts[one]:,} {spoken(one)}" for one in (*shown, *others))
    return spoken("{counts} of {rows}", counts=text, rows=rows_of(counts.total()))
