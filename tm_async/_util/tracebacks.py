"""Errors of other libraries, without the frames in which requests and tokens are plain text."""

from collections.abc import Iterator
from typing import TypeVar, cast

__all__ = ["chain", "without_frames"]

ErrorT = TypeVar("ErrorT", bound=BaseException)


def chain(error: BaseException, *, outside: BaseException | None = None) -> Iterator[BaseException]:
    """The error and all that it came from: causes, contexts, members of groups; each once, without `outside`."""
    seen = {id(outside)}
    ahead: list[BaseException | None] = [error]
    while ahead:
        link = ahead.pop()
        if link is None or id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        ahead += [link.__cause__, link.__context__]
        if isinstance(link, BaseExceptionGroup):
            ahead += cast("BaseExceptionGroup[BaseException]", link).exceptions


def without_frames(error: ErrorT, *, outside: BaseException | None = None) -> ErrorT:
    """The error, and all that it came from, without tracebacks: a tool may report their variables.

    `outside`: what was handled already when the work began (`sys.exception()` at that time): it is the caller's.
    """
    for link in chain(error, outside=outside):
        link.__traceback__ = None
    return error
