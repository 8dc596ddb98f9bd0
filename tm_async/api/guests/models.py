"""The special guests of a meeting in an answer. What a request takes is `tm_async.api.meetings.Guest`."""

from tm_async.api.meetings.models import GuestInfo
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer

__all__ = ["GuestList"]


@answer
class GuestList(AnswerModel):
    """A meeting and its special guests."""

    meeting_id: str = ""
    meeting_code: str = ""
    subject: str = ""
    guests: tuple[GuestInfo, ...] = ()
