"""Rules of changing meetings and invitees."""

from collections.abc import Iterator
from typing import Any

from tm_async.errors import Violation

__all__ = ["hosts_include_creator"]


def hosts_include_creator(modify: Any) -> Iterator[Violation]:
    """A list of hosts has to have `userid` in it; an empty one clears the hosts (doc 1095/42424)."""
    if modify.hosts and modify.userid not in [getattr(host, "userid", host) for host in modify.hosts]:
        yield Violation(
            "hosts",
            "hosts-with-userid",
            "must have userid in it, or be empty",
            "应包含 userid，或为空列表",
            page="1095/42424",
        )
