"""Which kinds of id somebody or something may be named by: those that the catalogue lists, and no others."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tm_async.api.index import operations
from tm_async.api.shared import OperatorType
from tm_async.core.annotations import fields
from tm_async.core.operation import Operation
from tm_async.core.validation import Rule, violations
from tm_async.core.wire import wire_name
from tm_async.spec.shape import Shape, request_shape

ACTING = {name: cls for name, cls in operations().items() if "operator_id_type" in fields(cls)}
ALL = {int(kind) for kind in OperatorType}


def listed(name: str) -> set[int]:
    """What the request's members list; everything, where they do not say."""
    shape = request_shape(name)
    found = [place.members.get("operator_id_type") for place in (shape.query, shape.body) if place]
    return {int(kind) for member in found if member for kind in member.enum or ()} or ALL


def taken(cls: type[Operation[Any]]) -> set[int]:
    """What is no violation, whatever else is one."""
    found = set(ALL)
    for kind in ALL:
        operation = object.__new__(cls)
        for name in fields(cls):
            object.__setattr__(operation, name, OperatorType(kind) if name == "operator_id_type" else None)
        if any(one.field == "operator_id_type" for one in violations(operation)):
            found.remove(kind)
    return found


@pytest.mark.parametrize("cls", ACTING.values(), ids=ACTING)
def test_the_listed_kinds_are_taken_and_no_others(cls: type[Operation[Any]]) -> None:
    ours, documented = taken(cls), listed(cls.spec.catalogue_id)
    told = f"{cls.spec.id}: operator_id_type takes {sorted(ours)}, spec/operations lists {sorted(documented)}"
    assert ours == documented, f"{told}: make the two the same"


def others(cls: type[Any], members: Mapping[str, Shape], path: str = "") -> Iterator[tuple[str, set[int], set[int]]]:
    """Each kind of an id other than that of who acts, in parts, too: what is taken, and what is listed."""
    for name, said in fields(cls).items():
        shape, item = members.get(wire_name(name, said.notes)), said.items or said
        if shape is None or name == "operator_id_type":
            continue
        if item.model is not None:
            yield from others(item.model, (shape.items or shape).members, f"{path}{name}.")
        elif said.tp is OperatorType:
            rules = [note for note in said.notes if isinstance(note, Rule)]
            known = {int(kind) for kind in shape.enum or ()} or ALL
            yield f"{path}{name}", {kind for kind in ALL if all(rule.holds(kind) for rule in rules)}, known


@pytest.mark.parametrize("name", operations())
def test_of_other_ids_too(name: str) -> None:
    cls = operations()[name]
    shape = request_shape(cls.spec.catalogue_id)
    members = {**shape.query.members, **(shape.body.members if shape.body else {})}
    told = [
        f"{name}: {path} takes {sorted(ours)}, spec/operations lists {sorted(documented)}: make the two the same"
        for path, ours, documented in others(cls, members)
        if ours != documented
    ]
    assert not told, "\n".join(told)
