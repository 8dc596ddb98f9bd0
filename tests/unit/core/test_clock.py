"""The gateway's clock, learnt from the `Date` of its answers."""

import time
from email.utils import formatdate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tm_async.core.clock import ClockOffset

NOW = 1_800_000_000.0


def date(seconds: float) -> str:
    return formatdate(seconds, usegmt=True)


def learnt(*samples: tuple[float, float]) -> ClockOffset:
    """From answers by gateways so many seconds ahead, each of which took so long."""
    offset, now = ClockOffset(), NOW
    for ahead, took in samples:
        offset.learn(date(now + took / 2 + ahead), now, now + took)
        now += took + 60
    return offset


@given(st.floats(-4000, 4000), st.lists(st.floats(0, 20), min_size=3, max_size=9))
def test_it_is_good_to_a_second(ahead: float, durations: list[float]) -> None:
    assert learnt(*[(ahead, took) for took in durations]).seconds == pytest.approx(ahead, abs=0.501)


@given(st.floats(-4000, 4000), st.floats(-1e6, 1e6), st.integers(0, 4))
def test_one_odd_answer_does_not_move_it(ahead: float, odd: float, where: int) -> None:
    samples = [(ahead, 0.1)] * 4
    samples.insert(where, (odd, 0.1))
    for count in range(3, 6):
        if count > where:
            assert learnt(*samples[:count]).seconds == pytest.approx(ahead, abs=0.51)


def test_nothing_is_corrected_before_three_answers_agree() -> None:
    assert learnt((500.0, 0.1), (500.0, 0.1)).seconds == 0.0
    offset = learnt((500.0, 0.1), (500.0, 0.1), (500.0, 0.1))
    assert offset.seconds == pytest.approx(500, abs=1)
    assert offset.wanted_from == pytest.approx(NOW + 120.3 + 30), "one more a while later"


def test_it_follows_a_clock_that_was_set() -> None:
    steady, moved = [(0.0, 0.1)] * 5, [(-300.0, 0.1)] * 3
    assert learnt(*steady, *moved[:2]).seconds == pytest.approx(0, abs=0.51)
    assert learnt(*steady, *moved).seconds == pytest.approx(-300, abs=0.51)


def test_a_gateway_that_names_no_date_is_asked_again_after_a_pause() -> None:
    offset = ClockOffset()
    offset.learn(None, NOW, NOW + 1)
    assert (offset.seconds, offset.wanted_from) == (0.0, NOW + 31)
    assert offset.refused(date(NOW + 900), NOW, NOW, 0.0), "and where it calls a time wrong, its date counts at once"


def test_what_another_call_corrected_stays_as_it_is() -> None:
    """Its answers agree by now; one refusal of a call that was sent before does not count for more than they do."""
    offset = ClockOffset()
    for _ in range(5):
        offset.learn(date(NOW + 900), NOW, NOW)
    known = offset.seconds
    assert offset.refused(date(NOW + 940), NOW, NOW, 0.0), "there is a better time than the one that it used"
    assert offset.seconds == known
    offset.learn(date(NOW + 940), NOW + 60, NOW + 60)
    assert offset.seconds == known, "the median of the five"


@pytest.mark.parametrize("took", [-1e-6, -3600.0])
def test_a_clock_set_back_during_a_call_teaches_nothing(took: float) -> None:
    offset = ClockOffset()
    for _ in range(5):
        offset.learn(date(NOW), NOW, NOW + took)
    assert (offset.seconds, offset.wanted_from) == (0.0, 0.0)
    assert not offset.refused(date(NOW + 900), NOW, NOW + took, 0.0)


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
@example("")
@example("Thu, 99 Jan 2026 99:99:99 GMT")
@example("Thu, 01 Jan 0001 00:00:00 +2359")
@example("Thu, 31 Dec 9999 23:59:59 -2359")
@example("1 Jan 99999999999999999999 0:0 GMT")
def test_any_date_is_read_or_left(text: str) -> None:
    offset = ClockOffset()
    offset.learn(text, NOW, NOW)
    assert offset.refused(text, NOW, NOW, 0.0) in (True, False)


def test_a_date_without_a_zone_is_gmt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        for text in (date(NOW).removesuffix(" GMT"), date(NOW).replace("GMT", "-0000")):
            offset = ClockOffset()
            for _ in range(3):
                offset.learn(text, NOW, NOW)
            assert offset.seconds == 0.5
    finally:
        monkeypatch.undo()
        time.tzset()


# --- refused for its time ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ahead", [-900.0, 900.0])
def test_a_refusal_corrects_it_at_once(ahead: float) -> None:
    offset = ClockOffset()
    assert offset.refused(date(NOW + ahead), NOW, NOW, 0.0)
    assert offset.seconds == ahead + 0.5
    assert offset.wanted_from == 0.0, "the next answers are heard"
    assert not offset.refused(date(NOW + ahead), NOW, NOW, ahead + 0.5), "this can't have been the reason any more"


def test_a_refusal_with_a_date_that_is_right_corrects_nothing() -> None:
    offset = learnt((0.0, 0.1), (0.0, 0.1), (0.0, 0.1))
    before = offset.seconds
    assert not offset.refused(date(NOW + 50), NOW, NOW, before)
    assert not offset.refused(None, NOW, NOW, before)
    assert offset.seconds == before


def test_calls_that_were_under_way_together_are_all_sent_again() -> None:
    """The first of them corrected the clock; the others were sent by the wrong one all the same."""
    offset = ClockOffset()
    before = offset.seconds
    for _ in range(5):
        assert offset.refused(date(NOW + 900), NOW, NOW, before)
    assert not offset.refused(date(NOW + 900), NOW, NOW, offset.seconds)


def test_a_wrong_date_with_a_refusal_is_corrected_by_the_next() -> None:
    offset = ClockOffset()
    assert offset.refused(date(NOW + 10**7), NOW, NOW, 0.0)
    offset.learn(date(NOW - 900), NOW, NOW)
    assert offset.refused(date(NOW - 900), NOW, NOW, offset.seconds)
    assert offset.seconds == -899.5
