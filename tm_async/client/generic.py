"""`tm.call` and `tm-async call`: any documented operation by its id, checked before anything is sent."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from attrs import evolve, frozen

from tm_async._util.near import near
from tm_async.api.index import operation as found
from tm_async.core.catalogued import Parts, place
from tm_async.core.exchange import BOTH_MODES, AuthMode, Gateway, RawAnswer, Request
from tm_async.core.given import given
from tm_async.core.jsonbytes import load
from tm_async.core.operation import Operation
from tm_async.core.parse import parse
from tm_async.core.prepare import prepare, prepare_raw
from tm_async.errors import ValidationError, Violation
from tm_async.spec.catalogue import Entry, entries

__all__ = ["Unmodelled", "checked", "class_of", "json_of", "request_of"]


@frozen
class Unmodelled:
    """A call of an operation that has no class, its members where they travel."""

    entry: Entry
    parts: Parts


def checked(
    operation: str, members: Mapping[str, Any], more: Mapping[str, Any] = MappingProxyType({})
) -> Operation[Any] | Unmodelled:
    """Check one flat object of the members of an operation, path, query and body alike. Raises `ValidationError`.

    Operations that have a class are held to all its rules, the others to the names and types of the catalogue.
    """
    given("operation", operation, str)
    members = {**given("members", members, Mapping), **more}
    cls = class_of(operation)
    if cls is not None:
        return parse(cls, members)
    entry = entries().get(operation)
    if entry is None:
        close = near(operation, entries())
        hint, hint_zh = (f"; did you mean {close}?", f"；是否想写 {close}？") if close else ("", "")
        message, message_zh = f"{operation!r} is not documented{hint}", f"没有 {operation!r} 这个接口{hint_zh}"
        raise ValidationError([Violation("operation", "unknown-operation", message, message_zh)])
    return Unmodelled(entry, place(entry, members))


def class_of(operation: str) -> type[Operation[Any]] | None:
    """The class that is the whole of a documented operation; `None` where there is none, or where several share it."""
    cls = found(operation)
    return cls if cls is not None and cls.spec.documented_as is None else None


def request_of(call: Operation[Any] | Unmodelled, gateway: Gateway) -> Request:
    """What is sent. Raises `ValidationError`."""
    if isinstance(call, Operation):
        return prepare(call, gateway)
    entry, parts = call.entry, call.parts
    modes = frozenset(AuthMode(mode) for mode in entry.auth) or BOTH_MODES
    request = prepare_raw(gateway, entry.method, entry.path, parts.path, parts.query, parts.body, modes)
    return evolve(request, operation=entry.id)


def json_of(answer: RawAnswer) -> Any:
    """The JSON of an answer to a call that was done; `{}` where it is empty, or says that there was nothing to do."""
    return load(answer.body) if 200 <= answer.status < 300 and answer.body.strip() else {}
