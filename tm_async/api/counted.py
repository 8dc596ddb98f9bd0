"""The counters that lists with numbered pages answer."""

from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer

__all__ = ["Counted"]


@answer
class Counted(AnswerModel):
    """One page of a list."""

    total_count: int | None = None
    """Rows of all pages."""
    total_page: int | None = None
    """The number of the last page."""
    current_page: int | None = None
    current_size: int | None = None
    """Rows of this page."""
