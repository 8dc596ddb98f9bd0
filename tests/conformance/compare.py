"""Compare an operation class with its documented operation: what differs, as (operation, member, kind)."""

from datetime import datetime
from enum import Enum
from types import NoneType
from typing import Any, get_args, get_type_hints

import attrs

from tm_async.core.annotations import bare, is_list, is_union, item_of, notes, required, without_none
from tm_async.core.operation import Operation, result_type
from tm_async.core.paging import Cursor, Numbered, PagedOperation
from tm_async.core.prepare import placement
from tm_async.core.wire import In, TimeFormat, wire_name
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
    hints = get_type_hints(operation, include_extras=True)
    places = {wire_name(name, notes(hints[name])): place for name, place in placement(operation).items()}
    sections = {
        In.PATH: documented.path_params,
        In.QUERY: documented.query,
        In.BODY: documented.body,
        In.HEADER: documented.headers,
    }
    found = []
    for place, fields in sections.items():
        names = {name for name, where in places.items() if where is place}
        found += _fields(operation, [f for f in fields if f["name"] in names or f["name"] not in places], "")
        found += [(f["name"], "placement") for f in fields if f["name"] in places and f["name"] not in names]
        found += [(name, "not documented") for name in names - {f["name"] for f in fields}]
    return found


def _fields(cls: type, documented: list[dict[str, Any]], prefix: str) -> list[tuple[str, str]]:
    hints = {wire_name(name, notes(tp)): tp for name, tp in get_type_hints(cls, include_extras=True).items()}
    found = []
    for field in documented:
        path = prefix + field["name"]
        if field["name"] not in hints:
            found.append((path, "not modelled"))
            continue
        optional, tp = without_none(hints[field["name"]])
        if field["required"] and optional:
            found.append((path, "should be required"))
        if not field["required"] and not optional:
            found.append((path, "should be optional"))
        found += _value(tp, field, path)
    return found


def _value(tp: Any, documented: dict[str, Any], path: str) -> list[tuple[str, str]]:
    beside, plain = notes(tp), bare(tp)
    wanted = documented["type"]
    if is_list(plain):
        if wanted != "array":
            return [(path, "type")]
        item = documented.get("items", {})
        return _value(item_of(plain), item, f"{path}[]") if item else []
    if is_union(plain):
        models = [arg for arg in get_args(plain) if attrs.has(arg)]
        return _value(models[0], documented, path)
    if attrs.has(plain):
        if wanted != "object":
            return [(path, "type")]
        known = {f["name"] for f in documented.get("fields", [])}
        extra = [
            (f"{path}.{a.name}", "not documented") for a in attrs.fields(plain) if a.name not in known | _local(plain)
        ]
        return _fields(plain, documented.get("fields", []), f"{path}.") + extra
    if plain is datetime:
        return [] if wanted == ("string" if TimeFormat.SECONDS_TEXT in beside else "integer") else [(path, "type")]
    if issubclass(plain, Enum):
        kind = int if issubclass(plain, int) else str
        missing = {kind(value) for value in documented.get("enum", {})} - {member.value for member in plain}
        return ([] if wanted == _WIRE_TYPES[kind] else [(path, "type")]) + ([(path, "enum")] if missing else [])
    if documented.get("enum"):
        return [(path, "enum not modelled")]
    return [] if _WIRE_TYPES[plain] == wanted else [(path, "type")]


def _local(cls: type) -> set[str]:
    hints = get_type_hints(cls, include_extras=True)
    return {name for name, tp in hints.items() if In.NOWHERE in notes(tp)}


def _answer(operation: type[Operation[Any]], documented: Entry) -> list[tuple[str, str]]:
    """Answers are read leniently: only members that are documented and not modelled are differences."""
    fields = documented.raw["response"].get("fields", []) if documented.raw["response"] else []
    wanted = result_type(operation)
    if wanted is NoneType:
        return [(f"answer.{f['name']}", "not modelled") for f in fields]
    if operation.spec.pick:
        (picked,) = [f for f in fields if f["name"] == operation.spec.pick]
        fields = picked["items"]["fields"]
    return _members(wanted, fields, "answer.")


def _members(cls: type, documented: list[dict[str, Any]], prefix: str) -> list[tuple[str, str]]:
    hints = {wire_name(name, notes(tp)): tp for name, tp in get_type_hints(cls, include_extras=True).items()}
    found = []
    for field in documented:
        path = prefix + field["name"]
        if field["name"] not in hints:
            found.append((path, "not modelled"))
            continue
        tp = required(hints[field["name"]])
        tp = item_of(tp) if is_list(tp) else bare(tp)
        inner = field.get("fields") or field.get("items", {}).get("fields")
        if inner:
            found += _members(tp, inner, f"{path}.") if attrs.has(tp) else [(path, "type")]
        elif field.get("enum") and isinstance(tp, type) and issubclass(tp, Enum):
            kind = int if issubclass(tp, int) else str
            if {kind(value) for value in field["enum"]} - {member.value for member in tp}:
                found.append((path, "enum"))
    return found
