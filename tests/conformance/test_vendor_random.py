"""Random inputs of every operation that the vendor's SDK has: both send the same, whatever is in it.

`python -m tests.conformance` tries as many as one likes.
"""

from random import Random
from typing import Any

import attrs
import pytest

from tests.conformance import vendor
from tests.conformance.__main__ import main
from tests.conformance.known import COMPARED, differing
from tests.conformance.random_inputs import drawn
from tm_async.api.meetings import CancelMeeting, CreateMeeting
from tm_async.core.operation import Operation
from tm_async.spec.catalogue import entry

ROUNDS = 3


@pytest.mark.parametrize("name", COMPARED)
def test_the_vendor_sends_the_same(name: str) -> None:
    for number in range(ROUNDS):
        assert differing(drawn(COMPARED[name], Random(f"{name} {number}"))) == {}


def test_the_same_seed_makes_the_same_input() -> None:
    one, same, other = (drawn(CreateMeeting, Random(seed)) for seed in ("7", "7", "8"))
    assert one == same
    assert one != other


def _leaves(value: Any) -> list[Any]:
    if attrs.has(type(value)):
        return [leaf for a in attrs.fields(type(value)) for leaf in _leaves(getattr(value, a.name))]
    return [leaf for item in value for leaf in _leaves(item)] if isinstance(value, tuple) else [value]


def test_inputs_are_of_every_kind() -> None:
    made: list[Operation[Any]] = [drawn(CreateMeeting, Random(seed)) for seed in range(60)]
    for name in (a.name for a in attrs.fields(CreateMeeting) if a.default is None):
        assert {getattr(one, name) is None for one in made} == {True, False}, name
    assert {len(one.invitees or ()) for one in made} >= {0, 1, 2, 6}
    leaves = [leaf for one in made for leaf in _leaves(one)]
    texts = "".join(leaf for leaf in leaves if isinstance(leaf, str))
    assert set("张😀\"'/%+&\n\\") <= set(texts)


def test_every_member_of_an_enum_is_drawn() -> None:
    drawn_ones = {one.instanceid for one in (drawn(CancelMeeting, Random(seed)) for seed in range(200))}
    assert drawn_ones >= set(type(next(iter(drawn_ones))))


def test_the_command_shows_what_differs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--operation", "meetings.cancel", "--rounds", "3", "--seed", "1", "--seed", "2"]) == 0
    assert "0 differences in 6 random inputs of 1 operation" in capsys.readouterr().out
    assert entry("meetings.cancel").method == "POST"
    monkeypatch.setattr(vendor, "ours", lambda _: attrs.evolve(vendor.theirs(_), method="PUT"))
    assert main(["--operation", "meetings.cancel", "--rounds", "1", "--seed", "5"]) == 1
    shown = capsys.readouterr().out
    assert "meetings.cancel, seed 5, round 0: method" in shown
