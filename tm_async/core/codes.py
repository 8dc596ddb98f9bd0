"""What an error code becomes: the class of the error, and whether sending again can help."""

from tm_async import errors
from tm_async.errors import ApiError, Retry
from tm_async.spec import codes
from tm_async.spec.catalogue import match

__all__ = ["CodeEntry", "look_up"]

CodeEntry = tuple[type[ApiError], Retry, str]
"""The error class, the advice on retries, and the meaning."""

_UNLISTED: CodeEntry = (ApiError, Retry.NO, "")


def look_up(number: int, method: str, path: str) -> CodeEntry:
    """What a normalised code means that came from a path, whose operation decides where numbers are reused."""
    found = match(method, path) if codes.is_reused(number) else None
    code = codes.look_up(number, found[0].id if found else None)
    if code is None:
        return _UNLISTED
    kind: type[ApiError] = getattr(errors, code.kind)
    return kind, Retry[code.retry.upper()], code.meaning
