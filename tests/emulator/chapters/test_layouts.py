"""How meetings look: layouts with people in their cells, those of devices, and backgrounds."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.emulator.calls import ask, code, operated, told
from tests.emulator.conftest import Caller

Pushed = Callable[[], Awaitable[list[dict[str, Any]]]]
OLD = {"userid": "tester", "instanceid": 1}
MD5 = "9e107d9d372bb6826bd81d3542a419d6"


class Stage:
    """A meeting of `tester` with the invitee `alice`."""

    def __init__(self, caller: Caller, meeting_id: str) -> None:
        self.caller, self.id = caller, meeting_id

    async def does(self, name: str, **values: Any) -> dict[str, Any]:
        return await told(self.caller, f"layouts.{name}", self.id, **{**operated(), **values})

    async def old(self, name: str, **values: Any) -> dict[str, Any]:
        return await told(self.caller, f"layouts.{name}", self.id, **OLD, **values)

    async def refused(self, name: str, **values: Any) -> tuple[int, int]:
        given = OLD if name.endswith(("many", "_background", "delete_backgrounds")) else operated()
        return code(await ask(self.caller, f"layouts.{name}", self.id, **{**given, **values}))


@pytest.fixture
async def stage(caller: Caller) -> Stage:
    return Stage(caller, (await caller.created(invitees=["alice"]))["meeting_id"])


def page(*people: str, template: str = "2", first: int = 1, **seat: Any) -> dict[str, Any]:
    seats = [{"grid_id": f"{n}", "grid_type": 1, "userid": who, **seat} for n, who in enumerate(people, first)]
    return {"layout_template_id": template, "user_seat_list": seats}


async def test_layouts_of_a_meeting(stage: Stage) -> None:
    templates = (await stage.does("list_templates", instanceid=None))["layout_template_list"]
    rules = [json.loads(one["render_rule"])["layout_items"] for one in templates]
    assert [[item["seat_id"] for item in rule] for rule in rules[:3]] == [[1], [1, 2], [1, 2, 3, 4]]
    added = await stage.does("add", layout_list=[{"page_list": [page("alice")]}, {"page_list": [page("tester")]}])
    first, second = (one["layout_id"] for one in added["layout_list"])
    assert added["selected_layout_id"] == first, "where there was none"
    assert await stage.refused("delete", layout_id=first) == (500, 20021)
    await stage.does("set_default", selected_layout_id=second)
    await stage.does("delete", layout_id=first)
    await stage.does("set_default", selected_layout_id="")
    await stage.does("modify", layout_id=second, page_list=[page("alice", "tester")], enable_set_default=True)
    shown = await stage.does("list")
    assert shown["selected_layout_id"] == second
    assert await stage.old("list", operator_id=None, operator_id_type=None) == shown, "the older form"
    assert code(await ask(stage.caller, "layouts.list", stage.id, instanceid=1)) == (400, 190004)
    ((only,),) = ([one["page_list"] for one in shown["layout_list"]],)
    assert [seat["userid"] for seat in only[0]["user_seat_list"]] == ["alice", "tester"]
    for name, more in (("modify", {"page_list": [page()]}), ("delete", {})):
        assert await stage.refused(name, layout_id="x", **more) == (500, 20012)
    await stage.does("set_default", selected_layout_id="")
    await stage.old("delete_many", layout_id_list=[second, second])
    assert (await stage.does("list"))["layout_number"] == 0


async def test_apps_in_cells_are_in_no_list(stage: Stage) -> None:
    app = {"layout_template_id": "1", "user_seat_list": [{"grid_id": "1", "grid_type": 3, "tool_sdkid": "app"}]}
    assert (await stage.does("add", layout_list=[]))["layout_number"] == 0
    (added,) = (await stage.does("add", layout_list=[{"page_list": [app]}]))["layout_list"]
    assert added["page_list"][0]["user_seat_list"][0]["tool_sdkid"] == "app"
    answer = await ask(stage.caller, "layouts.list", stage.id, **operated())  # its table has no grid_type 3
    (shown,) = answer.json()["layout_list"]
    assert shown["page_list"][0]["user_seat_list"] == [{"grid_id": "1", "grid_type": 3}]


async def test_the_first_entry_of_a_cell_counts(stage: Stage) -> None:
    twice = page("alice")["user_seat_list"] + page("tester")["user_seat_list"]
    pages = [{"layout_template_id": "1", "user_seat_list": twice}]
    (added,) = (await stage.does("add", layout_list=[{"page_list": pages}]))["layout_list"]
    assert [seat["userid"] for seat in added["page_list"][0]["user_seat_list"]] == ["alice"]


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([page("bob")], (500, 20020)),
        ([page("alice", template="9")], (400, 190004)),
        ([page("alice", "tester", template="1")], (400, 190004)),
        ([page("alice", "tester", grid_type=3, tool_sdkid="t")], (400, 190004)),
    ],
)
async def test_seats_that_cannot_be(stage: Stage, pages: list[dict[str, Any]], expected: tuple[int, int]) -> None:
    assert await stage.refused("add", layout_list=[{"page_list": pages}]) == expected
    assert (await stage.does("list"))["layout_list"] == []


async def test_during_the_meeting_people_inside_have_seats(stage: Stage) -> None:
    bob = stage.caller.emulator.meetings.join(stage.id, "bob")
    await stage.does("add", layout_list=[{"page_list": [page("bob")]}])
    (seat,) = page("", first=1)["user_seat_list"]
    named = {"layout_template_id": "1", "user_seat_list": [{**seat, "userid": None, "ms_open_id": bob.ms_open_id}]}
    await stage.does("add", layout_list=[{"page_list": [named]}])
    assert await stage.refused("add", layout_list=[{"page_list": [page("alice")]}]) == (500, 20020)


async def test_limits(stage: Stage) -> None:
    await stage.does("add", layout_list=[{"page_list": [page()]}] * 20, default_layout_order=20)
    assert await stage.refused("add", layout_list=[{"page_list": [page()]}]) == (400, 190004)
    other = Stage(stage.caller, (await stage.caller.created())["meeting_id"])
    assert await other.refused("add", layout_list=[{"page_list": [page()]}], default_layout_order=2) == (400, 190004)
    assert await other.refused("list", operator_id_type=2) == (400, 190004)
    assert await other.refused("list_advanced", operator_id_type=2) == (400, 190004)
    for who, expected in (("bob", (403, 9042)), ("nobody", (500, 190001))):
        assert await stage.refused("list", operator_id=who) == expected
    assert await stage.does("list", operator_id="admin")


async def test_layouts_of_devices(stage: Stage) -> None:
    acts = stage.caller.emulator
    acts.meetings.start(stage.id)
    first, second = (acts.mra.join(stage.id, name) for name in ("A", "B"))
    seats = [{"grid_id": "1", "grid_type": 1, "video_type": 3, "user_list": [{"userid": "tester"}]}]
    pages = [{"layout_template_id": "1", "user_seat_list": seats}]
    added = await stage.does("add_advanced", layout_list=[{"layout_name": name, "page_list": pages} for name in "XY"])
    x, y = (one["layout_id"] for one in added["layout_list"])

    async def seen(one: Any) -> tuple[Any, ...]:
        asked = {"user_ms_open_id": one.ms_open_id, "user_instance_id": one.instanceid}
        shown = await stage.does("get_applied", **asked)
        return shown["selected_layout_id"], shown["layout_type"]

    assert await seen(first) == ("", 0)
    await stage.does("apply", layout_id=x)
    await stage.does("apply", layout_id=y, user_list=[{"ms_open_id": first.ms_open_id, "instanceid": 9}])
    assert (await seen(first), await seen(second)) == ((y, 3), (x, 2))
    assert (await stage.does("list_advanced"))["selected_layout_id"] == x
    await stage.does("modify_advanced", layout_id=x, page_list=pages)
    assert await stage.refused("modify_advanced", layout_id=y, page_list=pages) == (400, 190004)
    assert await stage.refused("delete_advanced", layout_id_list=[y]) == (500, 20021)
    await stage.does("apply", layout_id="", user_list=[{"ms_open_id": first.ms_open_id, "instanceid": 9}])
    await stage.does("delete_advanced", layout_id_list=[y, "unknown"])
    assert [one["layout_id"] for one in (await stage.does("list_advanced"))["layout_list"]] == [x]
    assert await stage.refused("apply", layout_id=y) == (500, 20012)
    gone = {"user_ms_open_id": "x", "user_instance_id": 9}
    assert await stage.refused("get_applied", **gone) == (500, 202007)


async def test_backgrounds(stage: Stage, pushed: Pushed) -> None:
    images = [{"image_url": f"https://example.com/{n}.png", "image_md5": MD5} for n in range(3)]
    added = await stage.does("add_backgrounds", image_list=images, default_image_order=2)
    trace = stage.caller.emulator.journal[-1].trace
    first, second, third = (one["background_id"] for one in added["background_list"])
    assert added["selected_background_id"] == second
    (event,) = [one for one in await pushed() if one["event"] == "meeting.medium-uploaded"]
    assert event["trace_id"] == trace, "told under the trace of the call"
    assert [one["medium_url"] for one in event["payload"][0]["upload_info"]] == [one["image_url"] for one in images]
    assert await stage.refused("delete_background", background_id=second) == (500, 20021)
    await stage.old("set_default_background", selected_background_id=first)
    await stage.old("delete_background", background_id=second)
    await stage.old("set_default_background", selected_background_id="")
    await stage.old("delete_backgrounds", background_id_list=[first])
    shown = await stage.does("list_backgrounds")
    assert [one["background_id"] for one in shown["background_list"]] == [third]
    assert shown["selected_background_id"] == ""
    assert await stage.refused("set_default_background", selected_background_id=first) == (500, 20019)
    for values, expected in (
        ({"image_list": images * 2, "default_image_order": 7}, (400, 20026)),
        ({"image_list": images * 3}, (400, 190004)),
        ({"image_list": images * 2 + images[:1]}, (400, 20018)),
        ({"image_list": [{"image_url": "stage.png", "image_md5": MD5}]}, (500, 20013)),
    ):
        assert await stage.refused("add_backgrounds", **values) == expected
