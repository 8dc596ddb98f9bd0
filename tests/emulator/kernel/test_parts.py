"""Collections, limits and pages, each by itself."""

from typing import ClassVar

import pytest
from attrs import evolve, frozen

from tm_async.emulator.kernel.collection import Collection
from tm_async.emulator.kernel.limits import beyond
from tm_async.emulator.kernel.pages import page_of
from tm_async.emulator.kernel.refusals import Refused
from tm_async.spec.shape import Limits


@frozen
class Thing:
    name: str
    colour: str | None = None


class Things(Collection[Thing]):
    record = Thing
    key, unknown, taken = "name", 1, 2
    unique: ClassVar = {"colour": 3}


def test_keys_and_unique_values() -> None:
    things = Things([Thing("a", "red"), Thing("b"), Thing("c")])
    for refused, number in ((lambda: things.add(Thing("a")), 2), (lambda: things.add(Thing("d", "red")), 3)):
        with pytest.raises(Refused) as raised:
            refused()
        assert raised.value.number == number
    with pytest.raises(Refused) as raised:
        things.find("x")
    assert raised.value.number == 1
    things.put(evolve(things["a"], colour="blue"))
    things.put(Thing("b", "red"))  # which is free again
    assert things.find("red", "colour") == Thing("b", "red")
    things.remove("b")
    things.add(Thing("d", "red"))
    assert list(things) == ["a", "c", "d"], "a change keeps the place"
    with pytest.raises(Refused):
        things.find("", "colour")


@pytest.mark.parametrize(
    ("value", "limits", "problem"),
    [
        ("abc", Limits(max_length=3), None),
        ("abcd", Limits(max_length=3), "has 4 characters, at most 3"),
        ("", Limits(min_length=1), "has 0 characters, at least 1"),
        ("会议", Limits(max_bytes=5), "has 6 bytes, at most 5"),
        ("会议a", Limits(max_width=4), "is 5 wide, at most 4"),
        ("12a", Limits(pattern="[0-9]+"), "is not as documented: [0-9]+"),
        (0, Limits(minimum=1), "is 0, at least 1"),
        (3, Limits(minimum=1, maximum=3), None),
        ([1, 2], Limits(max_items=1), "has 2 elements, at most 1"),
    ],
)
def test_limits(value: object, limits: Limits, problem: str | None) -> None:
    assert beyond(value, limits) == problem


def test_pages_by_number_have_the_documented_counters() -> None:
    assert page_of("departments.list", {"page": 2, "page_size": 2}, "abc") == {
        "total_count": 3, "total_page": 2, "current_page": 2, "current_size": 1, "department_list": ["c"],
    }  # fmt: skip
    assert page_of("users.list", {"page": 1, "page_size": 2}, "abc")["users"] == ["a", "b"]
    assert page_of("users.list", {"page": 10**18, "page_size": 20}, "abc")["users"] == []


def test_pages_from_a_position_on() -> None:
    page = page_of("users.list_advanced", {"size": 2}, "abc")
    assert (page["has_remaining"], page["users"]) == (True, ["a", "b"])
    page = page_of("users.list_advanced", {"size": 2, "pos": page["next_pos"]}, "abc")
    assert page == {"has_remaining": False, "users": ["c"]}
