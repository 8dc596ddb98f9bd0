"""Several observers as one watch, and none of them can harm the call."""

import asyncio
import os
import traceback
import weakref
from collections.abc import Sequence

from tm_async._util.logs import logger
from tm_async.observe.protocol import Attempt, CallInfo, Observer, Wait, Watch

__all__ = ["watch"]

_log = logger("tm_async.observe")

# A real cancellation reaches a task where it awaits, never inside a plain method: one that an observer raises is the
# observer's own mistake, and would make the call look cancelled. KeyboardInterrupt and SystemExit pass through.
_IGNORED = (Exception, asyncio.CancelledError)

_reported: dict[int, object] = {}
"""The observers that failed, by identity. Held, weakly where possible, so that no other one can have the same id."""


def watch(observers: Sequence[Observer], call: CallInfo, /) -> Watch | None:
    """Tell all observers that a call begins; `None` if none of them wants to hear more.

    They are told in order, and of the end in the reverse order, as nested `with` blocks are. What one raises is
    logged at WARNING the first time (class and place, never the message) and otherwise ignored.
    """
    begun = [one for observer in observers if (one := _begin(observer, call)) is not None]
    if not begun:
        return None
    return begun[0] if len(begun) == 1 else _Several(begun)


def _begin(observer: Observer, call: CallInfo) -> "_Guarded | None":
    try:
        found = observer.begins(call)
    except _IGNORED as error:
        _report(observer, error)
        return None
    return None if found is None else _Guarded(observer, found)


class _Guarded:
    """A watch whose failures are nobody else's."""

    __slots__ = ("_observer", "_watch")

    def __init__(self, observer: Observer, found: Watch) -> None:
        self._observer, self._watch = observer, found

    def waited(self, why: Wait, seconds: float, /) -> None:
        try:
            self._watch.waited(why, seconds)
        except _IGNORED as error:
            _report(self._observer, error)

    def attempted(self, attempt: Attempt, /) -> None:
        try:
            self._watch.attempted(attempt)
        except _IGNORED as error:
            _report(self._observer, error)

    def ended(self, error: BaseException | None, /) -> None:
        try:
            self._watch.ended(error)
        except _IGNORED as own:
            _report(self._observer, own)


class _Several:
    __slots__ = ("_watches",)

    def __init__(self, watches: Sequence[_Guarded]) -> None:
        self._watches = watches

    def waited(self, why: Wait, seconds: float, /) -> None:
        for one in self._watches:
            one.waited(why, seconds)

    def attempted(self, attempt: Attempt, /) -> None:
        for one in self._watches:
            one.attempted(attempt)

    def ended(self, error: BaseException | None, /) -> None:
        for one in reversed(self._watches):
            one.ended(error)


def _report(observer: Observer, error: BaseException) -> None:
    key = id(observer)
    if key in _reported:
        return
    try:
        _reported[key] = weakref.ref(observer, lambda _: _reported.pop(key, None))
    except TypeError:  # its class has slots and no place for weak references
        _reported[key] = observer
    frame = traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__), lookup_lines=False)[-1]
    _log.warning(
        "observer %s failed with %s at %s:%s; this is not logged again",
        type(observer).__name__,
        type(error).__name__,
        os.path.basename(frame.filename),
        frame.lineno,
    )
