"""Rules of votes in meetings."""

from collections.abc import Iterator
from typing import Any

from tm_async.core.validation import OWN_PAGE
from tm_async.errors import Violation

__all__ = ["POLL_DELETED", "POLL_ENDED", "meeting_is_named", "theme_or_poll"]

POLL_DELETED, POLL_ENDED = 300102, 300104
"""Of a poll or theme, and of a poll (doc 1095/76825)."""


def theme_or_poll(call: Any) -> Iterator[Violation]:
    """One of them is deleted (doc 1095/55320)."""
    if call.poll_theme_id is None and call.poll_id is None:
        english, chinese = "this or poll_id is required", "poll_theme_id 与 poll_id 须提供其一"
        yield Violation("poll_theme_id", "theme-or-poll", english, chinese, page=OWN_PAGE)


def meeting_is_named(call: Any) -> Iterator[Violation]:
    """By its id or by its code (official docs, 2021)."""
    if call.meeting_id is None and call.meeting_code is None:
        english, chinese = "this or meeting_code is required", "meeting_id 与 meeting_code 须提供其一"
        yield Violation("meeting_id", "meeting-is-named", english, chinese)
