"""What the catalogue says that an operation answers is read to the last member, in each form that may come."""

import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

import attrs
import pytest

from tests.unit.api.test_index_any_answer import REQUEST, blank
from tm_async.api.index import operations
from tm_async.core.annotations import Declared, fields
from tm_async.core.codec import is_base64, is_time
from tm_async.core.decode import decode
from tm_async.core.exchange import RawAnswer
from tm_async.core.operation import Operation, result_type
from tm_async.core.wire import wire_names
from tm_async.spec.shape import Shape, answer_shape

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
SECONDS = int(NOON.timestamp())
FORMS = ("documented", "other types", "milliseconds", "milliseconds as text", "as a date")

Pair = tuple[Any, Any]
"""What comes, and what it is read as."""


def moment(form: str) -> Pair:
    later = NOON + timedelta(milliseconds=5)
    return {
        "documented": (SECONDS, NOON),
        "other types": (str(SECONDS), NOON),
        "milliseconds": (SECONDS * 1000 + 5, later),
        "milliseconds as text": (str(SECONDS * 1000 + 5), later),
        "as a date": ("2026-12-01 20:00:00", NOON),
    }[form]


def plain(tp: Any, form: str) -> Pair:
    same = form == "documented"
    if tp is bool:
        return (True, True) if same else ({"other types": 1, "milliseconds": "1"}.get(form, "true"), True)
    if tp is int:
        return (7, 7) if same else ("7", 7)
    if tp is float:
        return 1.5, 1.5
    return ("12", "12") if same else (18357763596888459343, "18357763596888459343")


def value(said: Declared, shape: Shape, form: str) -> Pair:
    """One value of the documented kind, or as the gateway has it elsewhere."""
    if said.items is not None:
        came, read = value(said.items, shape.items or Shape(name="", kind="string"), form)
        return [came, came], (read, read)
    if attrs.has(said.tp):
        return members(said.tp, shape, form)
    if is_time(said):
        return moment(form)
    if is_base64(said) or "base64" in shape.note.lower():
        return (b64encode("周会".encode()).decode(), "周会") if form == "documented" else ("周会 1", "周会 1")
    if issubclass(said.tp, Enum):
        kind = int if issubclass(said.tp, int) else str
        known = [*(shape.enum or ())][-1:] if form == "documented" else ["997"]  # the sources list some, never all
        found = said.tp(kind((known or ["997"])[0]))
        return (found.value if form == "documented" else str(found.value)), found
    return plain(said.tp, form)


def members(cls: type[Any], shape: Shape, form: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """An object with all documented members, by the name that comes first where there are several."""
    known = {name: (own, said) for own, said in fields(cls).items() for name in wire_names(own, said.notes)[::-1]}
    came, read = dict[str, Any](), dict[str, Any]()
    for name, inner in shape.members.items():
        own, said = known.get(name, (None, None))
        if said is not None and own is not None and own not in read:
            came[name], read[own] = value(said, inner, form)
    return came, read


def differing(read: Any, wanted: Any, path: str = "") -> Iterator[str]:
    """Where what was read is not what came."""
    if isinstance(wanted, dict):
        yield from (f"{path}: {name} could not be read" for name in read.extra)
        for name, one in wanted.items():
            yield from differing(getattr(read, name), one, f"{path}.{name}")
    elif isinstance(wanted, tuple):
        yield from () if len(read) == len(wanted) else [f"{path}: {len(read)} rows"]
        for found, one in zip(read, wanted, strict=False):
            yield from differing(found, one, f"{path}[]")
    elif read != wanted or (type(read), isinstance(read, Enum)) != (type(wanted), isinstance(wanted, Enum)):
        yield f"{path}: {read!r}, not {wanted!r}"


ANSWERING = {
    name: cls
    for name, cls in operations().items()
    if result_type(cls) is not type(None) and answer_shape(cls.spec.catalogue_id) is not None
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("operation", ANSWERING.values(), ids=ANSWERING)
def test_every_documented_member_is_read(
    operation: type[Operation[Any]], form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shape, pick = answer_shape(operation.spec.catalogue_id), operation.spec.pick
    assert shape is not None
    shape = (shape.members[pick].items or shape) if pick else shape
    came, wanted = members(result_type(operation), shape, form)
    if operation.spec.envelope:  # any other code is a refusal
        came["code"] = wanted["code"] = 0
    body = json.dumps({pick: [came]} if pick else came).encode()
    monkeypatch.setattr(operation, "mismatch", lambda *_: None)
    result = decode(blank(operation), REQUEST, RawAnswer(200, (), body))
    wrong = list(differing(result, wanted))
    told = f"{operation.spec.id}, {form}: make its answer read what spec/operations has: {'; '.join(wrong)}"
    assert not wrong, told
    assert result.wire == came
    json.dumps(result.to_dict())
