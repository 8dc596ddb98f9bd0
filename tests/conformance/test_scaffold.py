"""Drafts of operations are Python that can be pasted: what they use they import, and secrets they mask."""

import pytest

from spec.scaffold import draft
from tm_async.spec.catalogue import entries

UNREAD = {
    "asr.export_details",
    "audit.list_admin_log",
    "cli_observed.get_minutes",
    "cli_observed.get_transient_minutes",
    "cli_observed.search_meetings",
    "cli_observed.search_minutes",
    "corp_resources.list_bookers",
    "recordings.get_transcript",
    "webinars.list_preparation_log",
}
"""Their answers, or rows, are documented in words only, or not at all: a person names them."""


@pytest.mark.parametrize("operation", sorted(entries().keys() - UNREAD))
def test_a_draft_runs_as_it_is(operation: str) -> None:
    exec(compile(draft(operation), operation, "exec", dont_inherit=True), {"__name__": "drafted"})  # noqa: S102


def test_what_a_draft_has_of_a_secret() -> None:
    drafted = draft("live.get_push_addresses")
    assert 'push_password: str = field(default="", repr=masked)' in drafted
    assert "\nfrom tm_async.core.wire import OpenIntEnum, masked\n" in drafted
