"""Rules of webinars."""

from collections.abc import Iterator
from typing import Any

from tm_async.core.validation import OWN_PAGE
from tm_async.errors import Violation

__all__ = ["activity_page_off", "both_times", "something_to_warm_up", "which_webinar"]


def which_webinar(call: Any) -> Iterator[Violation]:
    """A webinar is named by its id or by its code."""
    if call.meeting_id is None and call.meeting_code is None:
        message, message_zh = "give meeting_id or meeting_code", "请提供 meeting_id 或 meeting_code"
        yield Violation("meeting_id", "which-webinar", message, message_zh, page=OWN_PAGE)


def activity_page_off(webinar: Any) -> Iterator[Violation]:
    """Cover and description stand on the activity page. What it is by default, no page says."""
    for name in ("cover_url", "description"):
        if webinar.activity_page is False and getattr(webinar, name) is not None:
            message, message_zh = "has an effect only with activity_page=true", "仅在 activity_page=true 时有效"
            yield Violation(name, "activity-page", message, message_zh, page=OWN_PAGE)


def both_times(call: Any) -> Iterator[Violation]:
    """Start and end go together, or are left out (doc 1095/61964)."""
    for name, other in (("start_time", "end_time"), ("end_time", "start_time")):
        if getattr(call, name) is None and getattr(call, other) is not None:
            yield Violation(name, "both-times", f"is required with {other}", f"设置 {other} 时必填", page=OWN_PAGE)


def something_to_warm_up(call: Any) -> Iterator[Violation]:
    """A call that sets nothing can't be meant. The page does not say so."""
    names = ("warm_up_picture", "warm_up_video", "allow_participants_invite_others")
    if all(getattr(call, name) is None for name in names):
        message, message_zh = "give this or another setting", "请至少提供一项设置"
        yield Violation("warm_up_picture", "something-to-warm-up", message, message_zh)
