"""A call that was checked and can be sent, or shown without sending it."""

from collections.abc import Mapping
from typing import Any, Protocol

import attrs

from tm_async.api.index import operations
from tm_async.cli.calls.unmodelled import Parts, place
from tm_async.client.client import TencentMeeting
from tm_async.core.exchange import BOTH_MODES, AuthMode, Gateway, RawAnswer, Request
from tm_async.core.operation import Operation
from tm_async.core.parse import parse
from tm_async.core.prepare import prepare, prepare_raw
from tm_async.spec.catalogue import Entry

__all__ = ["Planned", "plan"]


class Planned(Protocol):
    """One call, ready to go."""

    def request(self, gateway: Gateway) -> Request:
        """What would be sent."""
        ...

    async def send(self, tm: TencentMeeting) -> RawAnswer:
        """Send it. Raises the errors of `tm_async.errors`."""
        ...


def plan(entry: Entry, data: Mapping[str, Any]) -> Planned:
    """Check one flat object of an operation's members. Raises `ValidationError`.

    Operations that have a class are held to all its rules, the others to the catalogue.
    """
    cls = operations().get(entry.id)
    if cls is not None and cls.spec.documented_as is None:
        return _Modelled(parse(cls, data))
    return _Unmodelled(entry, place(entry, data))


@attrs.frozen
class _Modelled:
    operation: Operation[Any]

    def request(self, gateway: Gateway) -> Request:
        return prepare(self.operation, gateway)

    async def send(self, tm: TencentMeeting) -> RawAnswer:
        return (await tm.exchange(self.operation)).raw


@attrs.frozen
class _Unmodelled:
    entry: Entry
    parts: Parts

    def request(self, gateway: Gateway) -> Request:
        parts = self.parts
        modes = frozenset(AuthMode(mode) for mode in self.entry.auth) or BOTH_MODES
        return prepare_raw(gateway, self.entry.method, self.entry.path, parts.path, parts.query, parts.body, modes)

    async def send(self, tm: TencentMeeting) -> RawAnswer:
        parts = self.parts
        answer = await tm.request(
            self.entry.method, self.entry.path, path_params=parts.path, query=parts.query, json=parts.body
        )
        return answer.raw
