"""What no member can carry is named before anything is sent, in every operation."""

from typing import Any

import attrs
import pytest

from tm_async.api.index import operations
from tm_async.core.operation import Operation
from tm_async.core.parse import parse
from tm_async.errors import ValidationError

HOSTILE = {
    "half a character": "a\ud800",
    "half a character in a list": ["\ud800"],
    "half a character in an object": {"userid": "\ud800", "\ud800": 1},
    "a number without an end": 10**5000,
    "a negative one": -(10**5000),
    "one in a list": [10**5000],
    "one in an object": {"userid": 10**5000},
    "no name": {10**5000: 1},
    "no text": b"\xff",
}
OPERATIONS = operations().values()


def with_one(cls: type[Operation[Any]], name: str, value: object) -> dict[str, Any]:
    needed = {a.name: None for a in attrs.fields(cls) if a.init and a.default is attrs.NOTHING}
    return {**needed, name: value}


@pytest.mark.parametrize("cls", OPERATIONS, ids=lambda cls: cls.spec.id)
def test_each_member_names_it(cls: type[Operation[Any]]) -> None:
    given = [(kind, value, field) for kind, value in HOSTILE.items() for field in attrs.fields(cls) if field.init]
    for kind, value, field in given:
        if field.type is type(value):
            continue
        arguments = with_one(cls, field.name, value)
        for build in (lambda given: cls(**given), lambda given: parse(cls, given)):
            with pytest.raises(ValidationError) as caught:
                build(arguments)
            named = {violation.field.partition(".")[0].partition("[")[0] for violation in caught.value.violations}
            assert field.name in named, kind
            str(caught.value).encode()


@pytest.mark.parametrize(("number", "fits"), [(2**63 - 1, True), (-(2**63), True), (2**63, False)])
def test_how_long_an_integer_may_be(number: int, fits: bool) -> None:
    cls = operations()["meetings.cancel"]
    with pytest.raises(ValidationError) as caught:
        cls(**with_one(cls, "reason_code", number))
    assert ("integer" in {violation.rule for violation in caught.value.violations}) != fits
