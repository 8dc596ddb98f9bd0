"""Rules of changing meetings and invitees."""

from collections.abc import Iterator
from typing import Any

from tm_async.core.rule import Rule
from tm_async.errors import Violation

__all__ = ["ALL_INVITEES", "hosts_include_creator"]

ALL_INVITEES = Rule(
    name="all-invitees-count",
    holds=lambda invitees: len(invitees) <= 2000,
    limit=2000,
    actual=len,
    message="has {actual} entries, at most {limit}",
    message_zh="有 {actual} 人，最多 {limit} 人",
    page="1095/63659",
)


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
