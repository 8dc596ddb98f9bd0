"""Which kinds of id who acts may be named by: those that the catalogue lists for the operation, and no others."""

from typing import Any

import pytest

from tm_async.api.index import operations
from tm_async.api.shared import OperatorType
from tm_async.core.annotations import fields
from tm_async.core.operation import Operation
from tm_async.core.validation import violations
from tm_async.spec.shape import request_shape

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
    assert taken(cls) == listed(cls.spec.catalogue_id)
