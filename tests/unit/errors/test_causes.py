"""Errors on their way out lose the frames in which secrets are plain, wherever these hang."""

import sys
import traceback
from collections.abc import Callable

import pytest

from tm_async.errors import ConnectionFailed
from tm_async.errors.causes import as_cause

CANARY = "canary-at-1"


def fail(kind: type[Exception] = OSError) -> None:
    """What a library does: it has the request as plain bytes among its variables."""
    wire = CANARY.encode()
    raise kind(len(wire))


def caught(work: Callable[[], None]) -> Exception:
    try:
        work()
    except Exception as error:  # noqa: BLE001
        return error
    raise AssertionError


def chained() -> None:
    try:
        fail()
    except OSError as error:
        raise ConnectionFailed("gone") from error


def both() -> None:
    """The cause is not the context."""
    cause = caught(chained)
    try:
        fail(KeyError)
    except KeyError:
        raise ValueError("later") from cause


def hidden() -> None:
    try:
        fail()
    except OSError:
        raise ValueError("later") from None


def group() -> None:
    raise ExceptionGroup("many", [caught(fail), ExceptionGroup("inner", [caught(both), caught(hidden)])])


def in_circles() -> None:
    error = caught(both)
    assert error.__cause__ is not None
    error.__cause__.__context__ = error
    raise error


def links(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    ahead: list[BaseException | None] = [error]
    while ahead:
        link = ahead.pop()
        if link is not None and link not in found:
            found.append(link)
            ahead += [link.__cause__, link.__context__, *getattr(link, "exceptions", ())]
    return found


def variables(error: BaseException) -> str:
    frames = [frame for link in links(error) for frame, _ in traceback.walk_tb(link.__traceback__)]
    return "".join(repr(frame.f_locals) for frame in frames)


@pytest.mark.parametrize(
    ("work", "number"), [(fail, 1), (chained, 2), (both, 4), (hidden, 2), (group, 9), (in_circles, 4)]
)
def test_no_frame_is_left_anywhere(work: Callable[[], None], number: int) -> None:
    error = caught(work)
    assert CANARY in variables(error)
    assert len(links(error)) == number
    assert as_cause(error) is error
    assert not [link for link in links(error) if link.__traceback__ is not None]
    assert len(links(error)) == number, "what it came from is still told"


def test_a_note_tells_the_place_of_what_is_not_ours() -> None:
    (note,) = as_cause(caught(fail)).__notes__
    assert "test_causes.py" in note
    assert CANARY not in note
    assert not hasattr(as_cause(caught(chained)), "__notes__")


def test_what_the_caller_was_handling_already_is_the_callers() -> None:
    """Releasing a lock fails while an error of the caller's goes through it: that one keeps its place in the code."""
    try:
        chained()
    except ConnectionFailed as callers:
        outside = sys.exception()
        error = caught(both)
        assert callers in links(error)
        as_cause(error, outside=outside)
        assert callers.__traceback__ is not None
        assert callers.__cause__ is not None
        assert callers.__cause__.__traceback__ is not None
        left = [link for link in links(error) if link.__traceback__ is not None]
        assert left == [callers, callers.__cause__]
