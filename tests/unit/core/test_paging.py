"""Lists that come in pages: the next page, the last one, pages that go nowhere, windows of time."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_async import TencentMeeting
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, operation
from tm_async.core.exchange import RawAnswer
from tm_async.core.mount import Pages, Resource
from tm_async.core.operation import Spec, result_type
from tm_async.core.paging import Cursor, Numbered, PagedOperation, Walk, Window
from tm_async.core.wire import Seconds
from tm_async.errors import NotFound, PagingStalled
from tm_async.transport.fake import FakeTransport


@answer
class Row(AnswerModel):
    id: str = ""


@answer
class Rows(AnswerModel):
    rows: tuple[Row, ...] = ()
    total_page: int | None = None
    next_pos: int | None = None
    next_cursory: int | None = None
    remaining: int | None = None


def spec(name: str) -> Spec:
    return Spec(f"tests.{name}", f"GET /v1/{name}")


@operation
class ByNumber(PagedOperation[Rows, Row]):
    """A numbered list (doc 1095/1)."""

    spec = spec("numbered")
    paging: ClassVar = Numbered(items="rows")

    userid: str
    page: int = 1


@operation
class ByCursor(PagedOperation[Rows, Row]):
    """A list with a cursor of two parts (doc 1095/1)."""

    spec = spec("cursor")
    paging: ClassVar = Cursor(
        items="rows", key=("id",), more="remaining", fields=(("pos", "next_pos"), ("cursory", "next_cursory"))
    )

    userid: str
    pos: int | None = None
    cursory: int | None = None


@operation
class History(PagedOperation[Rows, Row]):
    """A list over at most ten days (doc 1095/1)."""

    spec = spec("history")
    paging: ClassVar = Numbered(items="rows")
    window: ClassVar = Window(longest=timedelta(days=10), key=("id",))

    start_time: Seconds | None = None
    end_time: Seconds | None = None
    page: int = 1


class Lists(Resource):
    numbered = Pages(lambda: ByNumber)
    by_cursor = Pages(lambda: ByCursor)
    history = Pages(lambda: History)


class Nobody:
    async def authorize(self, request: Any, now: float) -> Any:
        return ()

    async def rejected(self, error: Any, headers: Any) -> bool:
        return False


def lists(*answers: Any) -> tuple[Lists, FakeTransport]:
    transport = FakeTransport(*answers)
    return Lists(TencentMeeting(Nobody(), transport=transport)), transport


def rows(*ids: object, **more: Any) -> dict[str, Any]:
    return {"rows": [{"id": str(one)} for one in ids], **more}


def targets(transport: FakeTransport) -> list[str]:
    return [request.target for request, _ in transport.requests]


async def test_numbered_pages_read_like_one_list() -> None:
    chapter, transport = lists(rows(1, 2, total_page=3), rows(3, 4, total_page=3), rows(5, total_page=3))
    assert [row.id async for row in chapter.numbered(userid="a")] == ["1", "2", "3", "4", "5"]
    assert targets(transport) == [f"/v1/numbered?userid=a&page={number}" for number in (1, 2, 3)]


async def test_a_cursor_of_two_parts_is_carried_and_the_filters_are_sent_again() -> None:
    chapter, transport = lists(
        rows(1, 2, remaining=1, next_pos=10, next_cursory=7), rows(2, 3, remaining=0, next_pos=0, next_cursory=0)
    )
    assert [row.id async for row in chapter.by_cursor(userid="a")] == ["1", "2", "3"], "a repeated row comes once"
    assert targets(transport) == ["/v1/cursor?userid=a", "/v1/cursor?userid=a&pos=10&cursory=7"]


async def test_awaiting_gives_the_first_page_as_it_came() -> None:
    chapter, transport = lists(rows(1, 2, total_page=3))
    page = await chapter.numbered(userid="a")
    assert ([row.id for row in page.rows], page.total_page) == (["1", "2"], 3)
    assert len(transport.requests) == 1


async def test_pages_and_collect() -> None:
    answers = rows(1, 2, total_page=2), rows(3, total_page=2)
    chapter, _ = lists(*answers)
    assert [len(page.rows) async for page in chapter.numbered(userid="a").pages()] == [2, 1]
    chapter, _ = lists(*answers)
    assert [row.id for row in await chapter.numbered(userid="a").collect()] == ["1", "2", "3"]
    for limit, asked in ((0, 0), (1, 1), (2, 1), (3, 2), (9, 2)):
        chapter, transport = lists(*answers)
        assert len(await chapter.numbered(userid="a").collect(limit=limit)) == min(limit, 3)
        assert len(transport.requests) == asked


async def test_nothing_is_asked_for_before_somebody_looks() -> None:
    chapter, transport = lists()
    listed = chapter.numbered(userid="a")
    assert repr(listed) == "<list ByNumber>"
    assert not transport.requests


async def test_one_list_can_be_walked_again() -> None:
    chapter, _ = lists(*[rows(1, total_page=1)] * 2)
    listed = chapter.numbered(userid="a")
    assert [row.id async for row in listed] == [row.id async for row in listed]


async def test_an_error_on_a_later_page_is_that_pages() -> None:
    gone = RawAnswer(500, (), b'{"error_info": {"error_code": 9003}}')
    chapter, _ = lists(rows(1, total_page=2), gone)
    listed = aiter(chapter.numbered(userid="a"))
    assert (await anext(listed)).id == "1"
    with pytest.raises(NotFound):
        await anext(listed)


@pytest.mark.parametrize(
    ("pages", "words"),
    [
        ([rows(1, remaining=1, next_pos=5), rows(2, remaining=1, next_pos=5)], "leads back to 5, None"),
        ([rows(1, remaining=1, next_pos=5), rows(1, remaining=1, next_pos=6)], "only rows that came before"),
        ([rows(1, 2, remaining=1, next_pos=5), rows(2, 1, remaining=1, next_pos=6)], "only rows that came before"),
        ([{"rows": "1", "remaining": 0}], "says in rows can't be read"),
        ([{"rows": [], "remaining": "some"}], "says in remaining can't be read"),
        ([rows(1, remaining=1)], "not from where"),
        ([rows(remaining=1, next_pos=pos) for pos in range(1, 22)], "page after page .* has no rows"),
    ],
)
async def test_pages_that_go_nowhere_end_with_an_error(pages: list[Any], words: str) -> None:
    chapter, _ = lists(*pages)
    with pytest.raises(PagingStalled, match=words) as caught:
        await chapter.by_cursor(userid="a").collect()
    assert caught.value.operation == "tests.cursor"


async def test_pages_of_which_a_filter_leaves_nothing() -> None:
    empty = [rows(remaining=1, next_pos=pos) for pos in range(6, 26)]
    chapter, _ = lists(rows(1, remaining=1, next_pos=5), *empty, rows(2))
    assert [row.id for row in await chapter.by_cursor(userid="a").collect()] == ["1", "2"]


async def test_a_number_of_pages_that_can_not_be_is_none() -> None:
    chapter, transport = lists(rows(1, 2, total_page=0), rows(3, total_page=0), rows(total_page=0))
    assert [row.id for row in await chapter.numbered(userid="a").collect()] == ["1", "2", "3"]
    assert len(transport.requests) == 3


async def test_the_rows_before_that_error_are_given() -> None:
    chapter, _ = lists(rows(1, remaining=1, next_pos=5), rows(2, remaining=1, next_pos=5))
    listed = aiter(chapter.by_cursor(userid="a"))
    assert [(await anext(listed)).id, (await anext(listed)).id] == ["1", "2"]
    with pytest.raises(PagingStalled):
        await anext(listed)


@pytest.mark.parametrize("size", [1, 2, 50])
async def test_numbered_pages_that_never_end(size: int) -> None:
    chapter, transport = lists(*[rows(*range(size), total_page=10**9)] * 20)
    with pytest.raises(PagingStalled, match="same rows"):
        await chapter.numbered(userid="a").collect()
    assert len(transport.requests) <= 8


async def test_a_few_rows_may_be_alike() -> None:
    chapter, _ = lists(*[rows("", total_page=4)] * 4)
    assert len(await chapter.numbered(userid="a").collect()) == 4


async def test_rows_that_can_not_be_told_apart_are_all_given() -> None:
    chapter, _ = lists({"rows": [{}, {}, {"id": "1"}, {"id": "1"}], "remaining": 0})
    assert [row.id async for row in chapter.by_cursor(userid="a")] == ["", "", "1"]


async def test_one_row_that_can_not_be_read_hides_no_other() -> None:
    chapter, _ = lists({"rows": [{"id": "1"}, None, 5, {"id": "2"}], "total_page": 1})
    page = await chapter.numbered(userid="a")
    assert [row.id for row in page.rows] == ["1", "2"]
    assert page.extra == {"rows": [{"id": "1"}, None, 5, {"id": "2"}]}


async def test_a_cursor_of_zero_is_none() -> None:
    chapter, transport = lists(rows(1, remaining=1, next_pos=7, next_cursory=0), rows(2, remaining=0))
    assert len(await chapter.by_cursor(userid="a").collect()) == 2
    assert targets(transport)[1] == "/v1/cursor?userid=a&pos=7"


@pytest.mark.parametrize("last", [{}, {"total_page": "3.0"}, {"total_page": None}])
async def test_a_list_that_does_not_say_how_long_it_is_is_read_to_its_end(last: dict[str, Any]) -> None:
    chapter, _ = lists(rows(1, 2, **last), rows(3, **last), rows(**last))
    assert [row.id async for row in chapter.numbered(userid="a")] == ["1", "2", "3"]


async def test_a_window_is_not_longer_where_clocks_are_set_back() -> None:
    new_york = ZoneInfo("America/New_York")
    start, end = datetime(2025, 10, 28, tzinfo=new_york), datetime(2025, 11, 10, tzinfo=new_york)
    pieces = list(History.window.pieces(History(start_time=start, end_time=end)))
    assert [piece.end_time - piece.start_time for piece in pieces] == [timedelta(days=10), timedelta(days=3, hours=1)]


DAY = datetime(2026, 11, 1, tzinfo=UTC)


async def test_a_long_time_is_asked_for_in_pieces_that_touch() -> None:
    chapter, transport = lists(
        rows(1, 2, total_page=2), rows(3, total_page=2), rows(3, 4, total_page=1), rows(5, total_page=1)
    )
    found = chapter.history(start_time=DAY, end_time=DAY + timedelta(days=25))
    assert [row.id async for row in found] == ["1", "2", "3", "4", "5"]
    start = int(DAY.timestamp())
    spans = [(0, 10, 1), (0, 10, 2), (10, 20, 1), (20, 25, 1)]
    assert targets(transport) == [
        f"/v1/history?start_time={start + a * 86400}&end_time={start + b * 86400}&page={page}" for a, b, page in spans
    ]


async def test_each_piece_has_its_own_pages() -> None:
    """The second one has a page 2 as well, which leads back to nowhere."""
    chapter, transport = lists(
        rows(1, total_page=2), rows(2, total_page=2), rows(3, total_page=2), rows(4, total_page=2)
    )
    found = chapter.history(start_time=DAY, end_time=DAY + timedelta(days=15))
    assert [row.id async for row in found] == ["1", "2", "3", "4"]
    assert [target[-6:] for target in targets(transport)] == ["page=1", "page=2"] * 2


async def test_a_page_to_begin_with_counts_for_the_first_piece_only() -> None:
    chapter, transport = lists(rows(1, total_page=2), rows(2, total_page=1))
    found = chapter.history(start_time=DAY, end_time=DAY + timedelta(days=15), page=2)
    assert [row.id async for row in found] == ["1", "2"]
    assert [target[-6:] for target in targets(transport)] == ["page=2", "page=1"]


@pytest.mark.parametrize("given", [{}, {"start_time": DAY}, {"end_time": DAY}])
async def test_an_open_span_is_left_to_the_gateway(given: dict[str, Any]) -> None:
    chapter, transport = lists(rows(1, 1, total_page=1))
    assert len(await chapter.history(**given).collect()) == 2, "rows of one piece are not compared"
    assert len(transport.requests) == 1


@given(st.integers(1, 4000), st.integers(1, 10**6))
def test_pieces_cover_the_whole_time_and_none_is_too_long(days: int, seconds: int) -> None:
    end = DAY + timedelta(days=days, seconds=seconds)
    window = History.window
    pieces = list(window.pieces(History(start_time=DAY, end_time=end)))
    assert (pieces[0].start_time, pieces[-1].end_time) == (DAY, end)
    assert all(one.end_time == other.start_time for one, other in pairwise(pieces))
    assert all(timedelta(0) < piece.end_time - piece.start_time <= window.longest for piece in pieces)


@given(st.lists(st.lists(st.integers(0, 5), max_size=3), min_size=1, max_size=8), st.data())
def test_a_walk_always_ends(pages: list[list[int]], data: st.DataObject) -> None:
    """Whatever the pages say, and whatever cursors they give."""
    walk, steps = Walk(ByCursor(userid="a")), 0
    cursors = st.integers(0, 3) | st.none()
    try:
        while walk.next is not None:
            ids = pages[steps % len(pages)]
            steps += 1
            page = Rows.from_wire(
                {**rows(*ids), "remaining": data.draw(st.integers(0, 3)), "next_pos": data.draw(cursors)}
            )
            walk.take(page)
    except PagingStalled:
        pass
    assert steps <= 6


def test_a_mounted_list_looks_like_its_operation() -> None:
    chapter, _ = lists()
    assert chapter.numbered.__doc__ is not None
    assert chapter.numbered.__doc__.startswith(str(ByNumber.__doc__))
    assert isinstance(Lists.numbered, Pages)
    assert chapter.numbered.operation is ByNumber
    assert repr(chapter.numbered(userid="a")) == "<list ByNumber>"
    assert result_type(ByNumber) is Rows
