"""Locks of threads across a fork: a child would get one that a thread of its parent holds, and nobody would free it."""

import os
from collections.abc import Callable
from threading import Lock
from weakref import WeakSet

__all__ = ["Forked", "whole_in_children"]


class Forked:
    """Something with a lock, for which a fork waits: so a child finds it whole, and the lock free."""

    def __init__(self) -> None:
        self.lock = Lock()

    def begin_anew(self) -> None:
        """In the child: leave behind what belongs to the threads and event loops of the parent."""


_known: WeakSet[Forked] = WeakSet()
_held: list[Forked] = []


def whole_in_children(one: Forked) -> None:
    """See to it. Forget it when nothing else refers to it."""
    _known.add(one)


def _before() -> None:
    for one in list(_known):
        one.lock.acquire()
        _held.append(one)


def _after(in_child: bool) -> Callable[[], None]:
    def free() -> None:
        while _held:
            one = _held.pop()
            if in_child:
                one.begin_anew()
            one.lock.release()

    return free


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_parent=_after(False), after_in_child=_after(True))
