"""Personal join links that carry data of the caller's (doc 1095/64851)."""

from collections.abc import Mapping
from typing import Any

from tm_async.emulator.chapters.meetings.chapter import meetings
from tm_async.emulator.chapters.meetings.operations.reach import meeting_of, own
from tm_async.emulator.chapters.meetings.state import PERSONAL, Meeting
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["create_customer_url", "list_customer_urls"]


@meetings.does("create_customer_url", unnamed=True)
def create_customer_url(asked: Asked, *, meeting_id: str, customer_data: str) -> Mapping[str, Any]:
    """The same data give the same link."""
    meeting = _reached(asked, meeting_id)
    link = _shown(customer_data, asked.state.links.make(meeting.id, customer_data))
    return {"meeting_short_url_customer_data": link}


@meetings.does("list_customer_urls", unnamed=True)
def list_customer_urls(asked: Asked, *, meeting_id: str) -> Mapping[str, Any]:
    """All links of a meeting."""
    links = asked.state.links.of(_reached(asked, meeting_id).id)
    return {"meeting_short_url_customer_data": [_shown(data, url) for data, url in links.items()]}


def _reached(asked: Asked, meeting_id: str) -> Meeting:
    """Doc 1095/64851 lists 190004 and 9042 and does not say for whom; the creator and administrators are let in.

    The SDKs have `operator_id` as required, while other vendors' clients send none: then the enterprise itself asks.
    """
    meeting = own(asked, meeting_id) if asked.operator else meeting_of(asked, meeting_id)
    if meeting.meeting_type == PERSONAL:
        raise Refused(190004, f"meeting {meeting.id} has a personal meeting number, which has no such links")
    return meeting


def _shown(data: str, url: str) -> dict[str, str]:
    return {"customer_data": data, "meeting_short_url": url}
