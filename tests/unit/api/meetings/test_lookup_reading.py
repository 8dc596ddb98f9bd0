"""How much of a long list is read for calls of unclear outcome: counted, in a list of many rows that are alike."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from attrs import define, field

from tests.conftest import START, meeting
from tests.unit.api.meetings.test_lookup import row
from tm_async import Recurrence, TencentMeeting
from tm_async._util import clocks
from tm_async._util.clocks import Doubt
from tm_async.client.reconcile import Looking
from tm_async.core.exchange import RawAnswer, Request
from tm_async.core.lookup import Others, Readings
from tm_async.core.outcome import Absent, Found, Undecided

PAGE = 20
NOW = START.timestamp() - 86400


class Nobody:
    """Signs nothing."""

    modes = frozenset[str]()

    async def authorize(self, request: Request, now: float) -> tuple[tuple[str, str], ...]:
        return ()

    async def rejected(self, error: Exception, headers: Any) -> bool:
        return False


@define
class List:
    """A user's list as the pages describe it: by start, then by the time of the last change."""

    rows: list[tuple[int, int, str]] = field(factory=list[tuple[int, int, str]])
    reads: int = 0

    def add(self, *ids: str, later: int = 0) -> None:
        for each in ids:
            self.rows.append((int(START.timestamp()) + later, int(NOW) * 1000 + len(self.rows), each))
        self.rows.sort()

    async def exchange(self, request: Request, headers: Any, timeout: Any) -> RawAnswer:
        self.reads += 1
        asked = {
            name: int(value[0])
            for name, value in parse_qs(urlsplit(request.target).query).items()
            if value[0].isdigit()
        }
        ahead = [each for each in self.rows if each[:2] >= (asked["pos"], asked.get("cursory", 0))]
        shown, following = ahead[:PAGE], ahead[PAGE : PAGE + 1]
        rows = [row(name, datetime.fromtimestamp(start, UTC)) for start, _, name in shown]
        page: dict[str, Any] = {"meeting_info_list": rows, "remaining": len(following)}
        for start, changed, _ in following:
            page |= {"next_pos": start, "next_cursory": changed}
        return RawAnswer(200, (), json.dumps(page).encode())

    async def aclose(self) -> None:
        pass


@define
class World:
    """A list, what is known of the calls of a batch, and a clock that moves when somebody waits."""

    list: List = field(factory=List)
    claimed: set[str] = field(factory=set[str])
    unclear: int = 0
    now: float = 1000.0

    def looking(self, transport: Any = None) -> Looking:
        async def sleep(seconds: float) -> None:
            self.now += seconds

        tm = TencentMeeting(Nobody(), transport=transport or self.list, quotas=None, clock=lambda: NOW)  # type: ignore[arg-type]
        return Looking(tm, lambda: NOW, 30.0, sleep=sleep)

    async def others(self) -> Others:
        return Others(frozenset(self.claimed), self.unclear)

    def reads(self) -> int:
        """Since this was asked before."""
        before, self.list.reads = self.list.reads, 0
        return before


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()
    monkeypatch.setattr(clocks, "elapsed", lambda: made.now)
    return made


async def test_more_matches_than_calls_decide_at_once(world: World) -> None:
    world.list.add(*map(str, range(4000)))
    assert await world.looking().settle(meeting(), Doubt(999, 1000)) == Undecided("20 matches for one call")
    assert world.reads() == 1


@pytest.mark.parametrize("rows", [400, 4000])
async def test_those_that_were_made(world: World, rows: int) -> None:
    """Each is the only one that nobody claims, behind all the others: the list is read once, and then read on."""
    looking, kept, reads = world.looking(), Readings(), list[int]()
    ours = [f"ours {number}" for number in range(10)]
    world.list.add(*map(str, range(rows)))
    world.claimed = {str(number) for number in range(rows)}
    world.list.add(*(f"later {number}" for number in range(50)), later=60)
    for name in ours:
        world.list.add(name)
        found = await looking.once(meeting(), Doubt(999, 1000), world.others, kept=kept)
        assert isinstance(found, Found)
        assert found.result.meeting_id == name
        world.claimed.add(name)
        reads.append(world.reads())
    assert reads[0] <= rows / PAGE + 4
    assert max(reads[1:]) <= 5  # what is behind their start is read again: they may stand before it


@pytest.mark.parametrize("rows", [400, 4000])
async def test_those_that_were_not(world: World, rows: int) -> None:
    """That they are absent takes one reading of all of it: begun late enough, it tells of every one."""
    looking, kept = world.looking(), Readings()
    world.list.add(*map(str, range(rows)))
    world.claimed = {str(number) for number in range(rows)}
    for _ in range(10):
        assert await looking.settle(meeting(), Doubt(999, 1000), world.others, kept=kept) == Absent()
    assert world.reads() <= 2 * (rows / PAGE + 1) + 10
    later = Doubt(world.now, world.now + 1)
    assert await looking.settle(meeting(), later, world.others, kept=kept) == Absent()
    assert world.reads() >= rows / PAGE  # what was read before that one was over tells nothing of it


@pytest.mark.parametrize(
    "other",
    [
        lambda: meeting(subject="Another"),
        lambda: meeting(subject="周会 "),
        lambda: meeting(userid="alice"),
        lambda: meeting(recurring_rule=Recurrence.daily(count=2)),
    ],
)
async def test_what_was_read_for_one_is_not_taken_for_another(world: World, other: Callable[[], Any]) -> None:
    looking, kept = world.looking(), Readings()
    world.list.add("1", "2")
    assert await looking.once(meeting(), Doubt(999, 1000), world.others, kept=kept) == Undecided(
        "2 matches for one call"
    )
    world.reads()
    await looking.once(other(), Doubt(999, 1000), world.others, kept=kept)
    assert world.reads() == 1


async def test_a_list_that_is_not_in_order_is_read_anew(world: World) -> None:
    kept = Readings()
    world.list.add(*map(str, range(100)))
    world.claimed = {str(number) for number in range(100)}
    shown = world.list.exchange

    async def shuffled(request: Request, headers: Any, timeout: Any) -> RawAnswer:
        answer = json.loads((await shown(request, headers, timeout)).body)
        answer["meeting_info_list"][0]["start_time"] = str(int(START.timestamp()) + 60 * (100 - world.list.reads))
        return RawAnswer(200, (), json.dumps(answer).encode())

    transport: Any = type("Shuffled", (), {"exchange": staticmethod(shuffled), "aclose": world.list.aclose})()
    looking = world.looking(transport)
    for _ in range(2):
        await looking.once(meeting(), Doubt(999, 1000), world.others, kept=kept)
        assert world.reads() == 5
    assert not kept


async def test_a_list_that_shows_the_newest_first_is_read_anew(world: World) -> None:
    """Or what is new would stand where nobody looks."""
    kept, start = Readings(), int(START.timestamp())
    world.list.rows = [(start, int(NOW) * 1000 - number, str(number)) for number in range(100)]

    async def backwards(request: Request, headers: Any, timeout: Any) -> RawAnswer:
        world.list.reads += 1
        at = request.target.partition("cursory=")[2]
        begin = next((n for n, each in enumerate(world.list.rows) if str(each[1]) == at), 0)
        shown, following = world.list.rows[begin : begin + PAGE], world.list.rows[begin + PAGE : begin + PAGE + 1]
        page: dict[str, Any] = {"meeting_info_list": [row(name) for _, _, name in shown], "remaining": len(following)}
        for pos, changed, _ in following:
            page |= {"next_pos": pos, "next_cursory": changed}
        return RawAnswer(200, (), json.dumps(page).encode())

    world.claimed = {str(number) for number in range(100)}
    transport: Any = type("Backwards", (), {"exchange": staticmethod(backwards), "aclose": world.list.aclose})()
    assert await world.looking(transport).once(meeting(), Doubt(999, 1000), world.others, kept=kept) == Absent()
    assert world.reads() == 5
    world.list.rows.insert(0, (start, int(NOW) * 1000 + 1, "ours"))
    found = await world.looking(transport).once(meeting(), Doubt(999, 1000), world.others, kept=kept)
    assert isinstance(found, Found)
    assert found.result.meeting_id == "ours"


async def test_what_turns_out_to_be_others_decides_nothing(world: World) -> None:
    """They were made known while the list was read."""
    world.list.add(*map(str, range(100)))
    asked: list[Others] = [Others(), Others(frozenset(map(str, range(100))))]

    async def others() -> Others:
        return asked.pop(0)

    seen: object = await world.looking().once(meeting(), Doubt(999, 1000), others)
    assert seen == Undecided("what was seen belongs to others by now", again=True)
    assert world.reads() == 1


def test_the_last_few_lists_are_remembered() -> None:
    kept = Readings()
    for number in range(100):
        kept[number] = number
    assert (len(kept), 99 in kept, 0 in kept) == (64, True, False)
