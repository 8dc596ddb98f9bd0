"""Personal join links that carry data of the caller's (doc 1095/64851)."""

from collections.abc import Callable, Mapping
from typing import Any

from tm_async.emulator.chapters.meetings.operations.callers import check_role, checked
from tm_async.emulator.chapters.meetings.operations.operators import asked, known, operator
from tm_async.emulator.chapters.meetings.state import PERSONAL, Meeting
from tm_async.emulator.kernel.call import Answer, Call
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["HANDLERS", "create_link", "list_links"]

DATA = 256  # bytes (vendor's Python SDK 1.0.10)


def create_link(call: Call) -> Answer:
    """`POST /v1/meetings/customer-short-url`."""
    cleaned = checked(call)
    body = cleaned.value
    data = body["customer_data"]
    meeting = _reached(call, body, body["meeting_id"])
    if (size := len(data.encode("utf-8", "surrogatepass"))) > DATA:
        raise Refused(190004, f"customer_data has {size} bytes, at most {DATA}")
    link = _shown(data, call.state.links.make(meeting.id, data))
    return Answer(value={"meeting_short_url_customer_data": link}, committed=True, ignored=tuple(cleaned.ignored))


def list_links(call: Call) -> Answer:
    """`GET /v1/meetings/{meeting_id}/customer-short-url`."""
    meeting = _reached(call, asked(call), call.params["meeting_id"])
    links = [_shown(data, url) for data, url in call.state.links.of(meeting.id).items()]
    return Answer(value={"meeting_short_url_customer_data": links})


HANDLERS: Mapping[str, Callable[[Call], Answer]] = {
    "meetings.create_customer_url": create_link,
    "meetings.list_customer_urls": list_links,
}


def _reached(call: Call, values: Mapping[str, Any], meeting_id: str) -> Meeting:
    """Doc 1095/64851 lists 190004 and 9042 and does not say for whom; the creator and administrators are let in."""
    userid, meeting = operator(call, values), known(call, meeting_id)
    check_role(call, meeting, userid)
    if meeting.meeting_type == PERSONAL:
        raise Refused(190004, f"meeting {meeting.id} has a personal meeting number, which has no such links")
    return meeting


def _shown(data: str, url: str) -> dict[str, str]:
    return {"customer_data": data, "meeting_short_url": url}
