"""Compare an operation class with its documented operation: what differs, as (operation, member, kind)."""

from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from types import NoneType
from typing import Any

import attrs

from tm_async.core.annotations import Declared, fields
from tm_async.core.codec import members
from tm_async.core.operation import Operation, result_type
from tm_async.core.paging import Cursor, Numbered, PagedOperation
from tm_async.core.prepare import placement
from tm_async.core.wire import In, TimeFormat, wire_name, wire_names
from tm_async.spec.catalogue import Entry, entry

Difference = tuple[str, str, str]

_WIRE_TYPES: dict[type, str] = {str: "string", bool: "boolean", int: "integer", float: "number", bytes: "binary"}


def differences(operation: type[Operation[Any]]) -> list[Difference]:
    """Everything in which a class deviates from `spec/operations/`."""
    documented = entry(operation.spec.catalogue_id)
    found: list[tuple[str, str]] = []
    if operation.spec.method != documented.method:
        found.append(("", "method"))
    if operation.spec.path != documented.path:
        found.append(("", "path"))
    if documented.auth and set(documented.auth) != operation.spec.modes:
        found.append(("", "modes"))
    if not _same_paging(operation, documented.raw["pagination"]):
        found.append(("", "paging"))
    found += _request(operation, documented)
    found += _answer(operation, documented)
    return [(operation.spec.id, member, kind) for member, kind in found]


def _same_paging(operation: type[Operation[Any]], documented: dict[str, Any]) -> bool:
    if not issubclass(operation, PagedOperation):
        return documented["style"] is None
    paging = operation.paging
    if isinstance(paging, Numbered):
        ours: tuple[Any, ...] = ("page", paging.page, paging.last, paging.items)
        names: tuple[str, ...] = ("style", "page_param", "total_page_field", "items_field")
    else:
        assert isinstance(paging, Cursor)
        ours = ("cursor", *paging.fields[0], paging.more, paging.items)
        names = ("style", "cursor_param", "next_field", "has_more_field", "items_field")
    ways = (documented, documented.get("alt", {}))
    return any(ours == tuple(way.get(name) for name in names) for way in ways)


def _request(operation: type[Operation[Any]], documented: Entry) -> list[tuple[str, str]]:
    places = {wire_name(name, fields(operation)[name].notes): place for name, place in placement(operation).items()}
    sections = {
        In.PATH: documented.path_params,
        In.QUERY: documented.query,
        In.BODY: documented.body,
        In.HEADER: documented.headers,
    }
    found = []
    for place, section in sections.items():
        names = {name for name, where in places.items() if where is place}
        found += _fields(operation, [f for f in section if f["name"] in names or f["name"] not in places], "")
        found += [(f["name"], "placement") for f in section if f["name"] in places and f["name"] not in names]
        found += [(name, "not documented") for name in names - {f["name"] for f in section}]
    return found


def _on_the_wire(cls: type) -> dict[str, Declared]:
    return {wire_name(name, said.notes): said for name, said in fields(cls).items()}


def _fields(cls: type, documented: list[dict[str, Any]], prefix: str) -> list[tuple[str, str]]:
    ours = _on_the_wire(cls)
    found = []
    for field in documented:
        path = prefix + field["name"]
        said = ours.get(field["name"])
        if said is None:
            found.append((path, "not modelled"))
            continue
        if field["required"] and said.optional:
            found.append((path, "should be required"))
        if not field["required"] and not said.optional:
            found.append((path, "should be optional"))
        found += _value(said, field, path)
    return found


def _value(said: Declared, documented: dict[str, Any], path: str) -> list[tuple[str, str]]:
    wanted, plain = documented["type"], said.tp
    if said.items is not None:
        if wanted != "array":
            return [(path, "type")]
        item = documented.get("items", {})
        return _value(said.items, item, f"{path}[]") if item else []
    if said.model is not None:
        if wanted != "object":
            return [(path, "type")]
        known = {f["name"] for f in documented.get("fields", [])}
        extra = [(f"{path}.{name}", "not documented") for name in members(said.model) if name not in known]
        return _fields(said.model, documented.get("fields", []), f"{path}.") + extra
    if plain is datetime:
        kind = "string" if said.note(TimeFormat) is TimeFormat.SECONDS_TEXT else "integer"
        return [] if wanted == kind else [(path, "type")]
    if issubclass(plain, Enum):
        kind = int if issubclass(plain, int) else str
        missing = {kind(value) for value in documented.get("enum", {})} - {member.value for member in plain}
        return ([] if wanted == _WIRE_TYPES[kind] else [(path, "type")]) + ([(path, "enum")] if missing else [])
    if documented.get("enum"):
        return [(path, "enum not modelled")]
    return [] if _WIRE_TYPES[plain] == wanted else [(path, "type")]


def _answer(operation: type[Operation[Any]], documented: Entry) -> list[tuple[str, str]]:
    """What is documented has to be modelled, and as what it is; one may model more than is documented."""
    fields = documented.raw["response"].get("fields", []) if documented.raw["response"] else []
    wanted = result_type(operation)
    if wanted is NoneType:
        return [(f"answer.{f['name']}", "not modelled") for f in fields]
    if operation.spec.pick:
        (picked,) = [f for f in fields if f["name"] == operation.spec.pick]
        fields = picked["items"]["fields"]
    return _members(wanted, fields, "answer.")


def _members(cls: type, documented: list[dict[str, Any]], prefix: str) -> list[tuple[str, str]]:
    ours = {other: said for name, said in fields(cls).items() for other in wire_names(name, said.notes)}
    ours |= _on_the_wire(cls)  # a member's own name wins
    found = []
    for field in documented:
        path = prefix + field["name"]
        said = ours.get(field["name"])
        if said is None:
            found.append((path, "not modelled"))
            continue
        tp = (said.items or said).tp
        inner = field.get("fields") or field.get("items", {}).get("fields")
        if inner:
            found += _members(tp, inner, f"{path}.") if attrs.has(tp) else [(path, "type")]
        elif field.get("enum") and isinstance(tp, type) and issubclass(tp, Enum):
            kind = int if issubclass(tp, int) else str
            if {kind(value) for value in field["enum"]} - {member.value for member in tp}:
                found.append((path, "enum"))
        if not _may_be_read_as(said, field):
            found.append((path, "type"))
    return found


def _may_be_read_as(said: Declared, documented: dict[str, Any]) -> bool:
    """Whether what is documented is what the annotation says; answers are read from numbers and text alike."""
    wanted = documented["type"]
    if said.items is not None or wanted == "array":
        items = documented.get("items")
        return said.items is not None and wanted == "array" and (not items or _may_be_read_as(said.items, items))
    if said.model is not None or wanted == "object":
        return (said.model is not None or said.tp is Any) and wanted == "object"
    if said.tp is datetime:
        return wanted in ("integer", "string")
    if said.tp is int and documented.get("unit"):  # a span of time, of which nobody wants the text
        return wanted in ("integer", "string")
    if said.tp is bool:
        return wanted == "boolean" or documented.get("enum", {}).keys() == {"0", "1"}
    kind = next((kind for kind in (bool, int, float, str) if issubclass(said.tp, kind)), object)
    return _WIRE_TYPES.get(kind) == wanted


def enums_of(operation: type[Operation[Any]]) -> Iterator[tuple[type[Enum], set[Any]]]:
    """Each enum in request and answer, with the values that the catalogue lists where it stands."""
    documented = entry(operation.spec.catalogue_id)
    asked = [*documented.path_params, *documented.query, *documented.body, *documented.headers]
    yield from _enums(operation, asked)
    answer, wanted = documented.answer, result_type(operation)
    if operation.spec.pick:
        answer = next(field["items"]["fields"] for field in answer if field["name"] == operation.spec.pick)
    if wanted is not NoneType:
        yield from _enums(wanted, answer)


def _enums(cls: type, documented: list[dict[str, Any]]) -> Iterator[tuple[type[Enum], set[Any]]]:
    known = {field["name"]: field for field in documented}
    for name, said in fields(cls).items():
        field = next((known[other] for other in wire_names(name, said.notes) if other in known), {})
        inner, items = said.items or said, field.get("items", {})
        if inner.model is not None:
            yield from _enums(inner.model, field.get("fields") or items.get("fields", []))
        elif isinstance(inner.tp, type) and issubclass(inner.tp, Enum):
            kind = int if issubclass(inner.tp, int) else str
            yield inner.tp, {kind(value) for value in {**items.get("enum", {}), **field.get("enum", {})}}
