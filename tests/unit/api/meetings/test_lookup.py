"""Which rows of the creator's list can be the meeting that a call of unclear outcome made."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import START, meeting
from tests.strategies import creates
from tests.unit.api.playing import meetings, targets
from tm_async import CreateMeeting, Recurrence
from tm_async.api.meetings import MeetingKind
from tm_async.api.meetings.alike import Fit, fold
from tm_async.api.meetings.lookup import candidates
from tm_async.core.exchange import RawAnswer
from tm_async.core.lookup import Others, Sighting, conclude
from tm_async.core.outcome import Absent, Undecided
from tm_async.errors import PagingStalled, PermissionDenied

END = START + timedelta(hours=1)
DAY = timedelta(days=1)
BEFORE = START - timedelta(days=2)
NEXT = {"next_pos": int(START.timestamp()), "next_cursory": int(START.timestamp()) * 1000}
QUICK: dict[str, Any] = {"type": MeetingKind.QUICK}
SERIES: dict[str, Any] = {"recurring_rule": Recurrence.daily(count=30)}


def seconds(moment: datetime | str) -> str:
    return moment if isinstance(moment, str) else str(int(moment.timestamp()))


def row(meeting_id: str = "5", start: datetime = START, end: datetime | None = None, **changes: Any) -> dict[str, Any]:
    """A row of the list as the gateway shows it; a change to `None` leaves a member out."""
    shown = {
        "meeting_id": meeting_id, "subject": "周会", "type": 0, "meeting_type": 0, "join_meeting_role": "creator",
        "start_time": seconds(start), "end_time": seconds(end or start + timedelta(hours=1)),
    } | changes  # fmt: skip
    return {name: value for name, value in shown.items() if value is not None}


def page(*rows: dict[str, Any], more: int = 0, **cursor: Any) -> dict[str, Any]:
    return {"meeting_info_list": list(rows), "remaining": more, **cursor}


async def look(
    operation: CreateMeeting,
    *pages: Any,
    now: datetime = BEFORE,
    since: datetime | None = None,
    all_of_it: bool = False,
) -> Sighting:
    chapter, transport = meetings(*pages)
    sent = now if since is None else since
    seen = await candidates.look(chapter.client, operation, sent.timestamp(), now.timestamp(), all_of_it=all_of_it)
    assert len(transport.requests) == len(pages)
    return seen


async def fit(operation: CreateMeeting, shown: dict[str, Any], now: datetime = BEFORE) -> Fit:
    """What a row is taken for."""
    seen = await look(operation, page(shown), now=now)
    assert len(seen.matches) + len(seen.nearly) <= 1
    return Fit.SAME if seen.matches else Fit.NEARLY if seen.nearly else Fit.OTHER


async def matches(operation: CreateMeeting, shown: dict[str, Any], now: datetime = BEFORE) -> bool:
    return await fit(operation, shown, now) is Fit.SAME


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, Fit.SAME),
        ({"meeting_code": "123456789", "status": "MEETING_STATE_STARTED"}, Fit.SAME),
        ({"type": None}, Fit.SAME),
        ({"meeting_type": 5}, Fit.SAME),
        ({"meeting_type": None}, Fit.SAME),
        ({"join_meeting_role": None}, Fit.SAME),
        ({"subject": "周会 2"}, Fit.NEARLY),  # another one, or the gateway put something in
        ({"subject": "周"}, Fit.NEARLY),  # cut
        ({"subject": None}, Fit.NEARLY),
        ({"subject": ""}, Fit.NEARLY),
        ({"type": 1}, Fit.NEARLY),
        ({"meeting_type": 1}, Fit.NEARLY),
        ({"join_meeting_role": "invitee"}, Fit.NEARLY),  # somebody else's with the same name, or it is shown so
        ({"join_meeting_role": "hoster"}, Fit.NEARLY),
        ({"start_time": None, "end_time": None}, Fit.NEARLY),
        ({"end_time": None}, Fit.NEARLY),
        ({"start_time": "soon"}, Fit.NEARLY),  # can't be read: it does not speak against it
        ({"meeting_id": None}, Fit.NEARLY),  # nothing could be done with it, but it is there
        ({"subject": "例会"}, Fit.OTHER),
        ({"start_time": seconds(START + timedelta(seconds=1))}, Fit.OTHER),
        ({"end_time": seconds(END + timedelta(minutes=1))}, Fit.OTHER),
        ({"subject": None, "start_time": seconds(START + DAY), "end_time": seconds(END + DAY)}, Fit.OTHER),
    ],
)
async def test_one_scheduled_meeting(changes: dict[str, Any], wanted: Fit) -> None:
    assert await fit(meeting(), row(**changes)) is wanted


@pytest.mark.parametrize("micros", [1, 500_000, 999_999])
async def test_fractions_of_a_second_are_not_sent_and_not_compared(micros: int) -> None:
    """`datetime.now(UTC) + timedelta(days=1)`, as everybody writes it."""
    precise = meeting(
        start_time=START + timedelta(microseconds=micros), end_time=END + timedelta(microseconds=999_999 - micros)
    )
    assert await matches(precise, row())
    assert precise == meeting()
    assert candidates.likeness(precise) == candidates.likeness(meeting())


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (30, 0),  # cut to the minute
        (30, 60),  # rounded
        (59, 0),
        (1, 60),
    ],
)
async def test_times_that_were_set_to_minutes(asked: int, shown: int) -> None:
    start = START + timedelta(seconds=asked)
    operation = meeting(start_time=start, end_time=start + timedelta(hours=1))
    there = row(start=START + timedelta(seconds=shown))
    assert await fit(operation, there) is Fit.NEARLY
    assert await fit(operation, row(start=START + timedelta(seconds=120))) is Fit.OTHER


async def test_why_it_is_only_nearly_it() -> None:
    seen = await look(meeting(), page(row(subject="", join_meeting_role="hoster")))
    assert seen.nearly == {"5": "its subject and creator may have been changed"}


async def test_rows_without_an_id_are_told_from_those_of_others() -> None:
    """Nobody can have claimed them."""
    seen = await look(meeting(), page(row(None)))  # type: ignore[arg-type]
    assert conclude(seen, Others(claimed={""})) == Undecided(
        "something is nearly what was asked for: its id may have been changed"
    )


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Pacific/Chatham"])
async def test_a_time_zone_is_another_word_for_the_same_moment(zone: str) -> None:
    local = meeting(start_time=START.astimezone(ZoneInfo(zone)), end_time=END.astimezone(ZoneInfo(zone)))
    assert await matches(local, row())
    assert candidates.likeness(local) == candidates.likeness(meeting())


async def test_whose_list_is_read_and_from_where() -> None:
    chapter, transport = meetings(page(), page())
    at = BEFORE.timestamp()
    await candidates.look(chapter.client, meeting(userid="alice"), at, at, all_of_it=True)
    quick = meeting(userid="alice", **QUICK)
    await candidates.look(chapter.client, quick, at, at, all_of_it=True)
    first, second = targets(transport)
    assert "userid=alice" in first
    assert f"pos={int(START.timestamp()) - 60}" in first
    assert f"pos={int(at) - 360}" in second, "a quick one starts when it is made"


async def test_it_is_read_from_before_the_start_also_when_clocks_change() -> None:
    """A minute before 03:00 the clocks of that night show 01:59; 02:59 would be an hour later, and past the meeting."""
    start = datetime(2027, 3, 28, 3, tzinfo=ZoneInfo("Europe/Berlin"))
    chapter, transport = meetings(page())
    asked = meeting(start_time=start, end_time=start + timedelta(hours=1))
    await candidates.look(chapter.client, asked, BEFORE.timestamp(), BEFORE.timestamp(), all_of_it=True)
    (target,) = targets(transport)
    assert f"pos={int(start.timestamp()) - 60}" in target


async def test_all_pages_up_to_where_it_would_stand() -> None:
    first = page(row("1"), row("2", subject="例会"), more=1, **NEXT)
    seen = await look(meeting(), first, page(row("3"), row("1")))
    assert sorted(seen.matches) == ["1", "3"], "a row that comes twice is one meeting"
    beyond = page(row("1"), row("9", START + 2 * DAY), more=1, **NEXT)
    assert list((await look(meeting(), beyond)).matches) == ["1"], "the rest is not read"


FAR = START + 9 * DAY


@pytest.mark.parametrize(
    ("first", "all_of_it"),
    [
        (page(row("8", FAR), row("9", FAR - DAY), more=1, **NEXT), False),  # the latest first
        (page(row("8", FAR), row("7", START - DAY), row("9", FAR), more=1, **NEXT), False),  # in no order
        (page(row("8", FAR, start_time=None), row("9", FAR), more=1, **NEXT), False),  # who knows
        (page(row("8", FAR), row("9", FAR), more=1, **NEXT), True),  # in order so far, but it must be certain
    ],
)
async def test_the_order_of_the_list_is_not_taken_on_trust(first: dict[str, Any], all_of_it: bool) -> None:
    assert list((await look(meeting(), first, page(row("1")), all_of_it=all_of_it)).matches) == ["1"]


async def test_the_order_goes_on_from_page_to_page() -> None:
    first = page(row("1", START), row("2", START + DAY), more=1, **NEXT)
    after = {"next_pos": NEXT["next_pos"] + 5, "next_cursory": NEXT["next_cursory"] + 5}
    back = page(row("3", START), row("9", FAR), more=1, **after)
    assert list((await look(meeting(), first, back, page(row("4")))).matches) == ["1", "3", "4"]


async def test_a_list_that_can_not_be_read_says_nothing() -> None:
    """An error, never an absence."""
    with pytest.raises(PermissionDenied):
        await look(meeting(), RawAnswer(403, (), b'{"error_info":{"error_code":9042}}'))
    for broken in (page(row(), more=1), {"meeting_info_list": "x", "remaining": 0}):
        with pytest.raises(PagingStalled):
            await look(meeting(), broken)


@pytest.mark.parametrize(
    ("now", "blind"),
    [
        (START - DAY, False),
        (START - timedelta(seconds=61), False),
        (START - timedelta(seconds=60), True),  # the gateway may have cut seconds off
        (START, True),
        (END, True),
        (END + DAY, True),
    ],
)
async def test_a_meeting_that_may_be_over_can_not_be_seen(now: datetime, blind: bool) -> None:
    seen = await look(meeting(), page(), now=now)
    assert (seen.blind is not None) == blind
    assert (await look(meeting(), page(row()), now=now)).matches, "but if it is seen, it is"


# --- quick meetings ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("started", "wanted"),
    [
        (-361, Fit.OTHER),
        (-301, Fit.NEARLY),  # if the gateway's clock is that far behind
        (-61, Fit.NEARLY),
        (-59, Fit.SAME),
        (0, Fit.SAME),
        (5, Fit.SAME),
        (65, Fit.SAME),
        (130, Fit.NEARLY),
        (371, Fit.OTHER),
    ],
)
async def test_a_quick_meeting_starts_when_it_is_made(started: float, wanted: Fit) -> None:
    """Whatever time was asked for. It was sent at 0 and looked for at 10 s."""
    sent = START + 3 * DAY
    shown = page(row(start=sent + timedelta(seconds=started), type=1))
    seen = await look(meeting(**QUICK), shown, since=sent, now=sent + timedelta(seconds=10))
    assert (bool(seen.matches), bool(seen.nearly)) == (wanted is Fit.SAME, wanted is Fit.NEARLY)


async def test_a_quick_meeting_is_as_long_as_it_is_whatever_the_clocks_do() -> None:
    """From 01:58 to 03:02 it is four minutes in the night in which the clocks are set forward."""
    start = datetime(2027, 3, 28, 1, 58, tzinfo=ZoneInfo("Europe/Berlin"))
    asked = meeting(start_time=start, end_time=start.replace(hour=3, minute=2), **QUICK)
    assert (await look(asked, page(), now=BEFORE + timedelta(minutes=2), since=BEFORE)).blind is not None
    assert (await look(asked, page(), now=BEFORE + timedelta(minutes=1), since=BEFORE)).blind is None


async def test_a_quick_meeting_that_may_be_over_can_not_be_seen() -> None:
    """It has begun at once, and its host may end it. A run that was broken off goes on the next day."""
    for later, blind in ((timedelta(minutes=4), False), (timedelta(minutes=5), True), (DAY, True)):
        seen = await look(meeting(**QUICK), page(), since=BEFORE, now=BEFORE + later)
        assert (seen.blind is not None) == blind


@pytest.mark.parametrize(
    ("rule", "blind"),
    [
        (Recurrence.daily(count=1), True),
        (Recurrence.daily(until=START + timedelta(hours=3)), True),
        (Recurrence.daily(count=2), False),
        (Recurrence.daily(until=START + 3 * DAY), False),
    ],
)
async def test_a_series_of_one_that_has_begun_may_be_over(rule: Recurrence, blind: bool) -> None:
    now = START + timedelta(minutes=10)
    seen = await look(meeting(recurring_rule=rule), page(), since=START - DAY, now=now)
    assert (seen.blind is not None) == blind


@pytest.mark.parametrize(
    ("shown", "why"),
    [
        ({"meeting_number": 1, "remaining": 0}, "counts more meetings than it shows"),
        ({"meeting_number": 1, "remaining": 0, "meeting_info_list": None}, "counts more meetings than it shows"),
        (page(row("7", subject="x")) | {"meeting_number": 2}, "counts more meetings than it shows"),
        ({"meeting_info_list": [row("7", subject="x"), None], "remaining": 0}, "a row of the list can't be read"),
        ({"meeting_info_list": [row("7", subject="x"), "5"], "remaining": 0}, "a row of the list can't be read"),
        ({"meeting_info_list": [], **NEXT}, "does not say whether there is more"),
        ({"data": page()}, "is something else"),
        ({"error_code": 0, "message": "ok"}, "is something else"),
    ],
)
async def test_a_page_that_does_not_show_what_it_stands_for(shown: dict[str, Any], why: str) -> None:
    """The meeting may be what is missing, so it is not absent."""
    seen = conclude(await look(meeting(), shown, all_of_it=True), Others())
    assert isinstance(seen, Undecided)
    assert why in seen.reason


@pytest.mark.parametrize("shown", [{}, page(), {"meeting_number": 0}, {"remaining": 0}])
async def test_a_list_that_is_empty(shown: dict[str, Any]) -> None:
    assert conclude(await look(meeting(), shown, all_of_it=True), Others()) == Absent()


@pytest.mark.parametrize("subject", ["5ZGo5Lya", "%E5%91%A8%E4%BC%9A", "\\u5468\\u4f1a"])
async def test_a_subject_in_another_writing(subject: str) -> None:
    assert await fit(meeting(), row(subject=subject)) is Fit.NEARLY


async def test_a_series_as_long_by_the_clock_on_the_wall() -> None:
    """Its first span crosses the night in which clocks are set forward; the row is another day's."""
    zone = ZoneInfo("America/New_York")
    start = datetime(2027, 3, 14, 1, 30, tzinfo=zone)
    asked = meeting(
        start_time=start,
        end_time=start.replace(hour=3),
        time_zone="America/New_York",
        recurring_rule=Recurrence.weekdays(count=5),
    )
    monday = start + DAY
    shown = row(start=monday, end=monday.replace(hour=3), meeting_type=1)
    assert await fit(asked, shown) is Fit.NEARLY
    assert await fit(asked, row(start=monday, end=monday.replace(hour=4), meeting_type=1)) is Fit.OTHER


# --- series -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "changes", "wanted"),
    [
        (START, {}, Fit.SAME),
        (START + 3 * DAY, {}, Fit.SAME),  # its next occurrence
        (START + 120 * DAY + timedelta(hours=1), {}, Fit.SAME),  # summer time ended where it was made
        (START + 120 * DAY - timedelta(hours=1), {}, Fit.SAME),
        (START + timedelta(hours=2), {}, Fit.NEARLY),
        (START, {"meeting_type": 0}, Fit.NEARLY),
        (START - DAY, {}, Fit.OTHER),
        (START, {"subject": "other"}, Fit.OTHER),
        (START + DAY, {"end_time": seconds(START + DAY + timedelta(hours=2))}, Fit.OTHER),
    ],
)
async def test_a_series_stands_at_its_next_occurrence(start: datetime, changes: dict[str, Any], wanted: Fit) -> None:
    assert await fit(meeting(**SERIES), row(start=start, **({"meeting_type": 1} | changes))) is wanted


async def test_a_series_is_looked_for_to_the_end_of_the_list() -> None:
    first = page(row("9", START + 40 * DAY), more=1, **NEXT)
    seen = await look(meeting(**SERIES), first, page(row("1", START + 50 * DAY, meeting_type=1)))
    assert list(seen.matches) == ["1"]


# --- what is alike ----------------------------------------------------------------------------------------------------


@given(creates(), creates())
def test_likeness_is_plain_and_can_be_compared(one: CreateMeeting, other: CreateMeeting) -> None:
    """A ledger writes it down."""
    assert candidates.likeness(one) == candidates.likeness(one)
    if candidates.likeness(one) == candidates.likeness(other):
        assert repr(candidates.likeness(one)) == repr(candidates.likeness(other))
        assert (one.userid, fold(one.subject)) == (other.userid, fold(other.subject))


def test_what_a_gateway_may_make_alike_is_alike() -> None:
    """Or two of a batch would not know of each other, and one be taken for the other."""
    own = candidates.likeness(meeting(subject="Weekly sync 周会"))
    for subject in ("  weekly SYNC 周会", "ＷＥＥＫＬＹ ＳＹＮＣ 周会", "Weekly sync 🎉 周会!", "weeklysync周会"):
        assert candidates.likeness(meeting(subject=subject)) == own
    later = meeting(subject="Weekly sync 周会", start_time=START + timedelta(seconds=59))
    assert candidates.likeness(later) == own
    cut = candidates.likeness(meeting(subject="Weekly"))
    assert cut != own
    assert cut.place == own.place


SHAPES = st.fixed_dictionaries(
    {"start_time": st.sampled_from([START, START + DAY, START + timedelta(hours=1)])},
    optional={"type": st.sampled_from([0, 1, *MeetingKind]), "recurring_rule": st.just(Recurrence.daily(count=9))},
).filter(lambda shape: not ("recurring_rule" in shape and shape.get("type") == 1))
LENGTHS = st.sampled_from([timedelta(minutes=30), timedelta(hours=1)])


@given(SHAPES, LENGTHS, SHAPES, LENGTHS)
async def test_a_match_is_always_alike(
    a: dict[str, Any], a_lasts: timedelta, b: dict[str, Any], b_lasts: timedelta
) -> None:
    """What a look for one request would take for its own, of what another made, is alike: or nobody would know."""
    first = meeting(**a, end_time=a["start_time"] + a_lasts)
    second = meeting(**b, end_time=b["start_time"] + b_lasts)
    quick, series = second.type == 1, second.recurring_rule is not None
    start = BEFORE if quick else second.start_time
    shown = row(start=start, end=start + b_lasts, type=int(second.type), meeting_type=int(series))
    if await matches(first, shown):
        assert candidates.likeness(first) == candidates.likeness(second)
        assert repr(candidates.likeness(first)) == repr(candidates.likeness(second))


def test_a_ledger_keeps_nothing_secret() -> None:
    assert not {"password", "host_key", "settings", "live_config"} & set(candidates.kept)
