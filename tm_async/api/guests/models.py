"""The special guests of a meeting in an answer. What a request takes is `tm_async.api.meetings.Guest`."""

from attrs import frozen

from tm_async.api.meetings.models import GuestInfo
from tm_async.core.answer import AnswerModel

__all__ = ["GuestList"]


@frozen(kw_only=True, slots=False, repr=False)
class GuestList(AnswerModel):
    """A meeting and its special guests."""

    meeting_id: str = ""
    meeting_code: str = ""
    subject: str = ""
    guests: tuple[GuestInfo, ...] = ()
