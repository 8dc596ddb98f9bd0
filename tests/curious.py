"""A caller who looks at everything that an answer or an event has: no look may fail, and none shows a secret."""

import json
from collections.abc import Iterator
from typing import Any

import attrs

from tm_async.core.annotations import fields
from tm_async.core.answer import AnswerModel
from tm_async.core.wire import masked, wire_names

__all__ = ["CANARY", "read_everything", "secret_names", "with_canaries"]

CANARY = "canary-7Hq2vXw9"
"""Stands in the place of each secret of an answer."""


def read_everything(value: Any) -> None:
    """Look at every member, compare, write it down in every way that there is."""
    if isinstance(value, AnswerModel):
        repr(value)
        hash(value)
        assert isinstance(value.extra, dict)
        for name in dir(type(value)):
            if not name.startswith("_"):
                read_everything(getattr(value, name))
        again = type(value).from_wire(value.wire)
        assert value == value, "whatever was read"  # noqa: PLR0124
        assert (value == again) == (again == value)
        assert value != 7
        assert dict(value) == value.to_dict()
        json.dumps(value.to_dict())
        assert not _shown(value)
    elif isinstance(value, tuple):
        for item in value:
            read_everything(item)


def _shown(value: AnswerModel) -> bool:
    """Whether a secret is shown: then no other member has the same text, which a mutation may have put there."""
    members: Any = attrs.fields(type(value))  # type: ignore[misc]
    open_ones = [a.name for a in members if a.repr is not masked]
    return CANARY in f"{value!r} {value.to_dict()}" and not any(
        CANARY in repr(getattr(value, name)) for name in open_ones
    )


def with_canaries(value: Any, names: frozenset[str]) -> Any:
    """JSON with a canary in the place of every text of these names."""
    if isinstance(value, dict):
        return {
            name: CANARY if name in names and isinstance(one, str) else with_canaries(one, names)
            for name, one in value.items()
        }
    return [with_canaries(one, names) for one in value] if isinstance(value, list) else value


def secret_names(cls: type[Any] = AnswerModel) -> Iterator[str]:
    """The names on the wire of what answers hide, in all classes that were loaded."""
    for one in cls.__subclasses__():
        if attrs.has(one):
            said = fields(one)
            hidden = (a.name for a in attrs.fields(one) if a.repr is masked)
            yield from (name for member in hidden for name in wire_names(member, said[member].notes))
        yield from secret_names(one)
