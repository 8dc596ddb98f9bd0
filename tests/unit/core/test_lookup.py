"""What can be concluded from one look at a list, given what is known of calls that are alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import meeting
from tm_async import GetMeeting
from tm_async.api.meetings.lookup import candidates
from tm_async.core.lookup import Others, Sighting, conclude, lookup_of
from tm_async.core.outcome import Absent, Found, Undecided
from tm_async.errors import ConfigurationError

IDS = st.sampled_from("abcdef")


@pytest.mark.parametrize(
    ("seen", "blind", "others", "wanted"),
    [
        ("", None, Others(), Absent()),
        ("", "it is over", Others(), Undecided("it is over")),
        ("a", None, Others(), Found("a")),
        ("a", "it is over", Others(), Found("a")),
        ("ab", None, Others(), Undecided("2 matches for one call")),
        ("a", None, Others(claimed="a"), Absent()),
        ("a", "it is over", Others(claimed="a"), Undecided("it is over")),
        ("ab", None, Others(claimed="a"), Found("b")),
        ("a", None, Others(unclear=1), Undecided("1 matches for 2 calls that are alike")),
        ("ab", None, Others(unclear=1), Found("a")),
        ("abc", None, Others(unclear=1), Undecided("3 matches for 2 calls that are alike")),
        ("", None, Others(unclear=1), Absent()),
        ("", None, Others(busy=True), Absent()),
        ("a", None, Others(busy=True), Undecided("one that is alike is under way")),
        ("a", None, Others(claimed="a", busy=True), Absent()),
        ("", None, Others(forgotten=True), Absent()),
        ("a", None, Others(forgotten=True), Undecided("there were more that are alike than are remembered")),
        ("a", None, Others(claimed="a", forgotten=True), Absent()),
    ],
)
def test_conclusions(seen: str, blind: str | None, others: Others, wanted: object) -> None:
    assert conclude(Sighting({one: one for one in seen}, blind=blind), others) == wanted


NEARLY = Undecided("something is nearly what was asked for: its subject")


@pytest.mark.parametrize(
    ("seen", "nearly", "others", "wanted"),
    [
        ("", "x", Others(), NEARLY),
        ("", "xy", Others(claimed="y"), NEARLY),
        ("", "x", Others(claimed="x"), Absent()),  # another call made it, and that is known
        ("a", "x", Others(), Found("a")),
        ("a", "x", Others(claimed="a"), NEARLY),
        ("", "x", Others(unclear=1), NEARLY),
        ("a", "x", Others(unclear=1), Found("a")),  # "A" and "a" were sent, and both are there
        ("ab", "x", Others(unclear=1), Found("a")),
        ("a", "xy", Others(unclear=1), Undecided("1 matches for 2 calls that are alike")),
        ("ab", "x", Others(unclear=2), Undecided("2 matches for 3 calls that are alike")),
        ("", "x", Others(busy=True), Undecided("one that is alike is under way")),
    ],
)
def test_what_is_nearly_it_is_no_match_and_no_absence(seen: str, nearly: str, others: Others, wanted: object) -> None:
    sighting = Sighting({one: one for one in seen}, dict.fromkeys(nearly, "its subject"))
    assert conclude(sighting, others) == wanted


@given(
    st.sets(IDS),
    st.sets(IDS),
    st.sets(IDS),
    st.integers(0, 4),
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, "b"]),
)
def test_what_always_holds(
    seen: set[str], near: set[str], claimed: set[str], unclear: int, busy: bool, forgotten: bool, blind: str | None
) -> None:
    near -= seen
    sighting = Sighting({one: one for one in seen}, dict.fromkeys(near, "x"), blind)
    said = conclude(sighting, Others(claimed, unclear, busy=busy, forgotten=forgotten))
    free, left = seen - claimed, near - claimed
    match said:
        case Found(one):
            assert one in free
            assert 1 + unclear in (len(free), len(free | left))
            assert not busy
            assert not forgotten
        case Absent():
            assert not free | left
            assert blind is None
        case Undecided(reason):
            assert reason


@given(st.sets(IDS, min_size=1))
def test_unclear_calls_that_share_what_is_there_get_one_each(made: set[str]) -> None:
    """As many matches as calls: one after the other takes one, and nobody takes another's."""
    claimed: list[str] = []
    for left in reversed(range(len(made))):
        said = conclude(Sighting({one: one for one in made}), Others(claimed, left))
        assert isinstance(said, Found)
        claimed.append(said.result)
    assert sorted(claimed) == sorted(made)


def test_who_can_be_looked_for() -> None:
    assert lookup_of(type(meeting())) is candidates
    with pytest.raises(ConfigurationError, match=r"meetings.get: there is no documented way"):
        lookup_of(GetMeeting)
