"""Values of `tm_async._util.values` behave as attrs' own, and their classes have no source for what nobody asks."""

import pickle
from typing import Any

import attrs
import pytest

from tm_async._util import values
from tm_async.core.exchange import Gateway


def _made(frozen: Any) -> Any:
    @frozen
    class Point:
        x: int
        y: int = attrs.field(default=0, repr=lambda number: f"<{number}>")
        secret: str = attrs.field(default="s", repr=False)
        check: object = attrs.field(default=None, eq=False)

    @frozen(kw_only=True, slots=False)
    class Place(Point):
        name: str = "here"

        def __repr__(self) -> str:
            return f"at {self.name}"

    @frozen
    class Nothing:
        pass

    @frozen
    class Holder:
        inside: list[Any] = attrs.field(factory=list[Any])

    return Point, Place, Nothing, Holder


OURS, THEIRS = _made(values.frozen), _made(attrs.frozen)


@pytest.mark.parametrize("number", range(len(OURS)))
def test_the_class_is_as_attrs_makes_it(number: int) -> None:
    ours, theirs = OURS[number], THEIRS[number]
    assert [one.name for one in attrs.fields(ours)] == [one.name for one in attrs.fields(theirs)]
    assert hasattr(ours, "__slots__") is hasattr(theirs, "__slots__")
    assert ours.__match_args__ == theirs.__match_args__


def _some(point: Any, place: Any, nothing: Any, holder: Any) -> list[Any]:
    return [
        *(point(1), point(1, 2), point(2), point(1, 0, "t"), point(1, 0, "s", "checked"), point(1, 0, "s", [])),
        *(place(x=1), place(x=1, name="there"), nothing(), holder(), holder([1])),
    ]


def test_comparison_hash_and_repr_are_as_those_of_attrs() -> None:
    ours, theirs = _some(*OURS), _some(*THEIRS)
    assert [repr(one) for one in ours] == [repr(one) for one in theirs]
    equal = [[one == other for other in ours] for one in ours]
    assert equal == [[one == other for other in theirs] for one in theirs]
    hashed = [one for one in ours if not isinstance(one, OURS[3])]
    assert all(hash(one) == hash(other) for one in hashed for other in hashed if one == other)
    assert len(set(hashed)) == len(set(map(repr, hashed))) - 1  # one tells by `repr` what is not compared
    assert ours[0] != theirs[0]


def test_what_holds_itself_is_shown() -> None:
    one = OURS[3]()
    one.inside.append(one)
    assert repr(one) == "Holder(inside=[...])"


def test_a_value_can_t_be_changed_and_travels() -> None:
    gateway: Any = Gateway("https://api.meeting.qq.com")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        gateway.origin = "elsewhere"
    assert attrs.evolve(gateway, prefix="/x").prefix == "/x"
    assert pickle.loads(pickle.dumps(gateway)) == gateway
