"""Rules of votes in meetings."""

from collections.abc import Iterator
from typing import Any

from tm_async.core.validation import OWN_PAGE
from tm_async.errors import Violation

__all__ = [
    "POLL_DELETED",
    "POLL_ENDED",
    "POLL_RUNS",
    "meeting_is_named",
    "options_or_questions",
    "single_or_multiple",
    "theme_or_poll",
]

POLL_DELETED, POLL_ENDED = 300102, 300104
"""Of a poll or theme, and of a poll (doc 1095/76825)."""
POLL_RUNS = 300107
"""Of a theme (doc 1095/76820)."""


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


def single_or_multiple(question: Any) -> Iterator[Violation]:
    """A question has its options as `single` or as `multiple`."""
    if (question.single is None) is (question.multiple is None):
        english, chinese = "give the options as single or as multiple", "选项须以 single 或 multiple 之一提供"
        yield Violation("single", "single-or-multiple", english, chinese)


def options_or_questions(poll: Any) -> Iterator[Violation]:
    """A poll has options, as `single` or as `multiple`, or else `questions`."""
    if sum(given is not None for given in (poll.single, poll.multiple, poll.questions)) != 1:
        english = "give the options as single or as multiple, or several questions"
        yield Violation("single", "options-or-questions", english, "选项须以 single、multiple 或 questions 之一提供")
