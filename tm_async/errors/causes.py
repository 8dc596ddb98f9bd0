"""An error of another library, fit to be shown as what ours came from."""

import traceback
from typing import TypeVar

from tm_async._util.tracebacks import without_frames
from tm_async.errors.base import TencentMeetingError

__all__ = ["as_cause"]

ErrorT = TypeVar("ErrorT", bound=BaseException)


def as_cause(error: ErrorT, *, outside: BaseException | None = None) -> ErrorT:
    """The error without the frames of other libraries, and of ours, in which headers and bodies are plain bytes.

    A tool that reports tracebacks with their variables would show tokens. All that the error came from loses its
    tracebacks, too: causes, contexts and the members of groups. Where the error is not one of this package, and so
    maybe somebody's bug, the places in the code are kept as a note. `outside`: what was handled already when the work
    began (`sys.exception()` at that time); that error and what it came from are the caller's, and stay as they are.
    """
    if error.__traceback__ is not None and not isinstance(error, TencentMeetingError):
        error.add_note("".join(traceback.format_tb(error.__traceback__)).rstrip())
    return without_frames(error, outside=outside)
