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
from tm_async.api.meetings.lookup import candidates
from tm_async.core.exchange import RawAnswer
from tm_async.core.lookup import Sighting
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
    operation: CreateMeeting, *pages: Any, now: datetime = BEFORE, since: datetime | None = None
) -> Sighting:
    chapter, transport = meetings(*pages)
    sent = now if since is None else since
    seen = await candidates.look(chapter.client, operation, sent.timestamp(), now.timestamp())
    assert len(transport.requests) == len(pages)
    return seen


async def matches(operation: CreateMeeting, shown: dict[str, Any], now: datetime = BEFORE) -> bool:
    return bool((await look(operation, page(shown), now=now)).matches)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, True),
        ({"meeting_code": "123456789", "status": "MEETING_STATE_STARTED"}, True),
        ({"subject": "周会 2"}, False),  # renamed, or another one
        ({"subject": None}, False),
        ({"type": 1}, False),
        ({"type": None}, True),
        ({"meeting_type": 1}, False),
        ({"meeting_type": 5}, True),
        ({"meeting_type": None}, True),
        ({"join_meeting_role": "invitee"}, False),  # somebody else's, with the same name
        ({"join_meeting_role": "hoster"}, False),
        ({"join_meeting_role": None}, True),
        ({"start_time": seconds(START + timedelta(seconds=1))}, False),
        ({"end_time": seconds(END + timedelta(minutes=1))}, False),
        ({"start_time": None, "end_time": None}, True),
        ({"start_time": "soon"}, True),  # can't be read: it does not speak against it
        ({"meeting_id": None}, False),  # nothing could be done with it
    ],
)
async def test_one_scheduled_meeting(changes: dict[str, Any], wanted: bool) -> None:
    assert await matches(meeting(), row(**changes)) == wanted


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Pacific/Chatham"])
async def test_a_time_zone_is_another_word_for_the_same_moment(zone: str) -> None:
    local = meeting(start_time=START.astimezone(ZoneInfo(zone)), end_time=END.astimezone(ZoneInfo(zone)))
    assert await matches(local, row())
    assert candidates.likeness(local) == candidates.likeness(meeting())


async def test_whose_list_is_read_and_from_where() -> None:
    chapter, transport = meetings(page(), page())
    await candidates.look(chapter.client, meeting(userid="alice"), BEFORE.timestamp(), BEFORE.timestamp())
    quick = meeting(userid="alice", **QUICK)
    await candidates.look(chapter.client, quick, BEFORE.timestamp(), BEFORE.timestamp())
    first, second = targets(transport)
    assert "userid=alice" in first
    assert f"pos={int(START.timestamp()) - 60}" in first
    assert f"pos={int(BEFORE.timestamp()) - 120}" in second, "a quick one starts when it is made"


async def test_all_pages_up_to_where_it_would_stand() -> None:
    first = page(row("1"), row("2", subject="x"), more=1, **NEXT)
    seen = await look(meeting(), first, page(row("3"), row("1")))
    assert sorted(seen.matches) == ["1", "3"], "a row that comes twice is one meeting"
    beyond = page(row("1"), row("9", START + 2 * DAY), more=1, **NEXT)
    assert list((await look(meeting(), beyond)).matches) == ["1"], "the rest is not read"


async def test_a_list_that_can_not_be_read_says_nothing() -> None:
    """An error, never an absence."""
    with pytest.raises(PermissionDenied):
        await look(meeting(), RawAnswer(403, (), b'{"error_info":{"error_code":9042}}'))
    for broken in (page(row(), more=1), {"meeting_info_list": "x", "remaining": 0}):
        with pytest.raises(PagingStalled):
            await look(meeting(), broken)


@pytest.mark.parametrize(("now", "blind"), [(START - DAY, False), (START, True), (END, True), (END + DAY, True)])
async def test_a_meeting_that_may_be_over_can_not_be_seen(now: datetime, blind: bool) -> None:
    seen = await look(meeting(), page(), now=now)
    assert (seen.blind is not None) == blind
    assert (await look(meeting(), page(row()), now=now)).matches, "but if it is seen, it is"


# --- quick meetings ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("started", "wanted"), [(-130, False), (-59, True), (0, True), (5, True), (65, True), (130, False)]
)
async def test_a_quick_meeting_starts_when_it_is_made(started: float, wanted: bool) -> None:
    """Whatever time was asked for. It was sent at 0 and looked for at 10 s."""
    sent = START + 3 * DAY
    shown = page(row(start=sent + timedelta(seconds=started), type=1))
    seen = await look(meeting(**QUICK), shown, since=sent, now=sent + timedelta(seconds=10))
    assert bool(seen.matches) == wanted


async def test_a_quick_meeting_that_would_be_over_can_not_be_seen() -> None:
    """A run that was broken off goes on the next day: an empty list is no leave to make it again."""
    for later, blind in ((timedelta(minutes=59), False), (timedelta(hours=1), True), (DAY, True)):
        seen = await look(meeting(**QUICK), page(), since=BEFORE, now=BEFORE + later)
        assert (seen.blind is not None) == blind


# --- series -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "changes", "wanted"),
    [
        (START, {}, True),
        (START + 3 * DAY, {}, True),  # its next occurrence
        (START + 120 * DAY + timedelta(hours=1), {}, True),  # summer time ended where it was made
        (START + 120 * DAY - timedelta(hours=1), {}, True),
        (START + timedelta(hours=2), {}, False),
        (START - DAY, {}, False),
        (START, {"meeting_type": 0}, False),
        (START, {"subject": "other"}, False),
        (START + DAY, {"end_time": seconds(START + DAY + timedelta(hours=2))}, False),
    ],
)
async def test_a_series_stands_at_its_next_occurrence(start: datetime, changes: dict[str, Any], wanted: bool) -> None:
    assert await matches(meeting(**SERIES), row(start=start, **({"meeting_type": 1} | changes))) == wanted


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
        assert (one.userid, one.subject) == (other.userid, other.subject)


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
