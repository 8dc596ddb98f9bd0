"""What nobody has read: the answers of calls whose pages were seen without them."""

from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer

__all__ = ["Unread"]


@answer
class Unread(AnswerModel):
    """An answer of which no source has the members: `wire` has what came."""
