"""Errors of other libraries, without the frames in which requests and tokens are plain text."""

from typing import TypeVar, cast

__all__ = ["without_frames"]

ErrorT = TypeVar("ErrorT", bound=BaseException)


def without_frames(error: ErrorT, *, outside: BaseException | None = None) -> ErrorT:
    """The error, and all that it came from, without tracebacks: a tool may report their variables.

    `outside`: what was handled already when the work began (`sys.exception()` at that time): it is the caller's.
    """
    seen = {id(outside)}
    ahead: list[BaseException | None] = [error]
    while ahead:
        link = ahead.pop()
        if link is None or id(link) in seen:
            continue
        seen.add(id(link))
        link.__traceback__ = None
        ahead += [link.__cause__, link.__context__]
        if isinstance(link, BaseExceptionGroup):
            ahead += cast("BaseExceptionGroup[BaseException]", link).exceptions
    return error
