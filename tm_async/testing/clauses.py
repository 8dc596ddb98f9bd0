"""What the contracts of token stores, ledgers and inboxes have in common."""

from collections.abc import Awaitable, Callable
from traceback import TracebackException
from typing import Any

import pytest

__all__ = ["Clauses", "PassTime", "with_variables"]

PassTime = Callable[[float], Awaitable[None]]
"""Lets so many seconds pass, without sleeping."""


class Clauses:
    """What a contract of something that is kept needs besides it."""

    limit = 20.0
    """Seconds after which what is done at once counts as stuck."""

    @pytest.fixture
    def pass_time(self) -> PassTime:
        """Lets leases and waits come nearer to their end; what needs it is skipped unless you override it."""
        pytest.skip("without a fixture `pass_time` nobody tests what happens when a lease or a wait ends")

    @pytest.fixture
    def broken(self) -> Any:
        """A handle on storage that can't be used; its test is skipped unless you override it."""
        pytest.skip("without a fixture `broken` nobody tests what comes out when the storage fails")


def with_variables(error: BaseException | None, seen: tuple[BaseException, ...] = ()) -> str:
    """The error and all that it came from, as a tool shows them that reports the variables in tracebacks."""
    if error is None or error in seen:
        return ""
    found = TracebackException(type(error), error, error.__traceback__, capture_locals=True)
    causes = [with_variables(one, (*seen, error)) for one in (error.__cause__, error.__context__)]
    return "".join([repr(error), *found.format(chain=False), *causes])
