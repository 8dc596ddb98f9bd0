"""Plans of seats: which template they take, who is found for them, what is sent, what is told. Played by a sender."""

import json
from base64 import b64encode
from collections.abc import Sequence
from typing import Any, cast

import pytest

from tm_async.api.layouts import (
    AddAdvancedLayouts,
    AddLayouts,
    AdvancedLayoutsInfo,
    ApplyLayout,
    AppSeat,
    Arranged,
    GridType,
    IntervalUnit,
    Layouts,
    LayoutsInfo,
    LayoutTemplate,
    LayoutTemplates,
    ListAdvancedLayouts,
    ListLayouts,
    ListTemplates,
    ModifyAdvancedLayout,
    ModifyLayout,
    Polling,
    SeatPage,
    SetDefaultLayout,
    VideoType,
)
from tm_async.api.meetings import ListRealtimeParticipants, Participant, RealtimeParticipantsPage
from tm_async.api.shared import MsOpenId, OpenId
from tm_async.errors import ApiError, UnreadableAnswer, ValidationError, WrongState


def template(number: int, cells: int) -> dict[str, Any]:
    rule = {"layout_items": [{"seat_id": cell} for cell in range(1, cells + 1)]}
    return {"layout_template_id": str(number), "render_rule": json.dumps(rule)}


def somebody(number: int, **members: Any) -> dict[str, Any]:
    name = b64encode(f"Person {number}".encode()).decode()
    return {"userid": f"u{number}", "ms_open_id": f"m{number}", "instanceid": 1, "user_name": name, **members}


GUEST = somebody(9, userid=None, open_id="o9")


class Gateway:
    """A meeting with its layouts. `spoils` changes what is shown of them."""

    def __init__(self, *inside: dict[str, Any]) -> None:
        self.inside = list(inside)
        self.templates = [template(3, 4), template(1, 1), template(2, 2)]
        self.calls: list[Any] = []
        self.shown: dict[str, list[Any]] = {}
        self.selected = ""
        self.refuses: type[ApiError] | None = None

    async def send(self, operation: Any) -> Any:
        self.calls.append(operation)
        return getattr(self, f"_{type(operation).__name__}")(operation)

    def _ListTemplates(self, _: ListTemplates) -> Any:  # noqa: N802
        return LayoutTemplates.from_wire({"layout_template_list": self.templates})

    def _ListRealtimeParticipants(self, _: ListRealtimeParticipants) -> Any:  # noqa: N802
        if self.refuses:
            raise self.refuses(190455, status=400)
        return RealtimeParticipantsPage.from_wire({"participants": self.inside, "total_page": 1})

    def _ListLayouts(self, _: ListLayouts) -> Any:  # noqa: N802
        return LayoutsInfo.from_wire(self._all())

    def _ListAdvancedLayouts(self, _: ListAdvancedLayouts) -> Any:  # noqa: N802
        return AdvancedLayoutsInfo.from_wire(self._all())

    def _all(self) -> dict[str, Any]:
        rows = [{"layout_id": each, "page_list": pages} for each, pages in self.shown.items()]
        return {"selected_layout_id": self.selected, "layout_list": rows}

    def _AddLayouts(self, call: AddLayouts) -> Any:  # noqa: N802
        ((new),) = call.layout_list
        layout_id = f"L{len(self.shown) + 1}"
        self.shown[layout_id] = wire(new.page_list)
        self.selected = layout_id
        return LayoutsInfo.from_wire({"layout_list": [{"layout_id": layout_id}]})

    def _ModifyLayout(self, call: ModifyLayout) -> None:  # noqa: N802
        self.shown[call.layout_id] = wire(call.page_list)
        if call.enable_set_default:
            self.selected = call.layout_id

    def _SetDefaultLayout(self, call: SetDefaultLayout) -> None:  # noqa: N802
        self.selected = call.selected_layout_id

    def _AddAdvancedLayouts(self, call: AddAdvancedLayouts) -> Any:  # noqa: N802
        (new,) = call.layout_list
        layout_id = f"A{len(self.shown) + 1}"
        self.shown[layout_id] = wire(new.page_list)
        return AdvancedLayoutsInfo.from_wire({"layout_list": [{"layout_id": layout_id}]})

    def _ModifyAdvancedLayout(self, call: ModifyAdvancedLayout) -> None:  # noqa: N802
        self.shown[call.layout_id] = wire(call.page_list)

    def _ApplyLayout(self, call: ApplyLayout) -> None:  # noqa: N802
        self.selected = call.layout_id

    def made(self) -> list[str]:
        """What was sent that is no reading, since it was last asked."""
        calls, self.calls = self.calls, []
        return [name for call in calls if not (name := type(call).__name__).startswith("List")]


def wire(pages: Any) -> list[Any]:
    """Parts of a request as an answer shows them."""
    return [shown(page) for page in pages]


def shown(value: Any) -> Any:
    if isinstance(value, tuple):
        return [shown(one) for one in value]
    if not hasattr(value, "__attrs_attrs__"):
        return value
    members = {one.name: shown(getattr(value, one.name)) for one in value.__attrs_attrs__}
    if isinstance(members.get("username"), str) and "grid_id" not in members:
        members["username"] = b64encode(members["username"].encode()).decode()
    return {name: member for name, member in members.items() if member is not None}


async def arrange(gateway: Gateway, *pages: Any, **options: Any) -> Arranged:
    plan = [page if isinstance(page, SeatPage) else SeatPage(page) for page in pages]
    return await Layouts(gateway).arrange("100001", plan, userid="tester", **options)


async def problems(gateway: Gateway, *pages: Any, **options: Any) -> list[tuple[str, str, Any]]:
    with pytest.raises(ValidationError) as refused:
        await arrange(gateway, *pages, **options)
    assert gateway.made() == [], "nothing was changed"
    assert refused.value.operation == "layouts.arrange"
    return [(one.field, one.rule, one.limit) for one in refused.value.violations]


def seats(gateway: Gateway, layout_id: str, page: int = 0) -> dict[str, Any]:
    said = gateway.shown[layout_id][page]["user_seat_list"]
    return {seat.pop("grid_id"): seat for seat in [dict(one) for one in said]}


# --- templates --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (["u1"], "1"),
        (["u1", None], "2"),
        (["u1", "u2", "u3"], "3"),
        ({"3": "u1"}, "3"),
        (SeatPage(["u1"], template="2"), "2"),
        (SeatPage([], template="3"), "3"),
    ],
)
async def test_the_template_with_the_fewest_cells_that_has_the_seats(page: Any, expected: str) -> None:
    gateway = Gateway()
    arranged = await arrange(gateway, page)
    assert arranged
    assert gateway.shown[arranged.layout_id][0]["layout_template_id"] == expected


FOUR = {"layout_template_id": "4", "render_rule": "{}"}


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (["u1"] * 5, ("plan[0].seats", "seats", 4)),
        (SeatPage(["u1", "u2"], template="1"), ("plan[0].seats", "seats", 1)),
        ({"7": "u1"}, ("plan[0].seats", "cell", ["1", "2", "3", "4"])),
        (SeatPage({"2": "u1"}, template="1"), ("plan[0].seats", "cell", ["1"])),
        (SeatPage(["u1"], template="9"), ("plan[0].template", "template", ["3", "1", "2", "4"])),
        (SeatPage(["u1"], template="4"), ("plan[0].seats", "seats-by-cell", None)),
    ],
)
async def test_a_plan_with_more_than_its_template_is_refused_before_anything_is_added(page: Any, expected: Any) -> None:
    gateway = Gateway()
    gateway.templates.append(FOUR)
    assert await problems(gateway, page) == [expected]


async def test_what_is_said_of_too_many_seats() -> None:
    with pytest.raises(ValidationError, match=r"plan\[1\]\.seats: has 5 seats, template '3' has 4") as refused:
        await arrange(Gateway(), ["u1"], ["u1"] * 5)
    assert refused.value.violations[0].message_zh == "有 5 个座席，而模板 '3' 只有 4 个宫格"


async def test_a_template_that_does_not_say_its_cells_is_taken_by_cell() -> None:
    gateway = Gateway()
    gateway.templates = [FOUR]
    assert await arrange(gateway, SeatPage([], template="4"))
    arranged = await arrange(gateway, SeatPage({"12": "u1"}, template="4"))
    assert list(seats(gateway, arranged.layout_id)) == ["12"]
    gateway.made()
    assert await problems(gateway, ["u1"]) == [("plan[0].seats", "seats-by-cell", None)]


@pytest.mark.parametrize(
    "rule", ["", "{", "[]", "3", "null", '{"layout_items": 3}', '{"layout_items": [1]}', "[" * 9999]
)
def test_a_rule_of_another_form_says_no_cells(rule: str) -> None:
    assert LayoutTemplate.from_wire({"layout_template_id": "1", "render_rule": rule}).cells == ()


# --- people -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [MsOpenId("m9"), OpenId("o9"), "Person 9", Participant.from_wire(GUEST)])
async def test_a_guest_by_any_name(who: Any) -> None:
    gateway = Gateway(somebody(1), GUEST)
    arranged = await arrange(gateway, [who])
    assert arranged
    assert seats(gateway, arranged.layout_id)["1"] == {"grid_type": 1, "ms_open_id": "m9", "username": "Person 9"}


async def test_somebody_of_the_enterprise_sits_by_their_userid() -> None:
    gateway = Gateway(somebody(1), {**somebody(1), "instanceid": 4})
    arranged = await arrange(gateway, ["Person 1"])
    assert seats(gateway, arranged.layout_id)["1"] == {"grid_type": 1, "userid": "u1"}


async def test_who_is_not_inside_has_no_seat_until_they_are() -> None:
    gateway = Gateway(somebody(1))
    first = await arrange(gateway, ["u1", "u2", "u2"])
    assert not first
    assert [(one.who, one.reason) for one in first.missed] == [("u2", "not inside")]
    assert list(seats(gateway, first.layout_id)) == ["1"]
    gateway.inside.append(somebody(2))
    second = await arrange(gateway, ["u1", "u2", "u2"], layout_id=first.layout_id)
    assert second
    assert (second.layout_id, list(seats(gateway, first.layout_id))) == (first.layout_id, ["1", "2", "3"])


@pytest.mark.parametrize("refuses", [None, WrongState])
async def test_before_the_meeting_seats_are_for_userids(refuses: Any) -> None:
    gateway = Gateway()
    gateway.refuses = refuses
    arranged = await arrange(gateway, ["u1", OpenId("o9"), Participant.from_wire(somebody(2))])
    assert [one.who for one in arranged.missed] == ["o9"]
    assert {cell: seat["userid"] for cell, seat in seats(gateway, arranged.layout_id).items()} == {"1": "u1", "3": "u2"}


async def test_nobody_is_looked_for_where_nobody_is_named() -> None:
    gateway = Gateway()
    await arrange(gateway, [GridType.SHARED_SCREEN, AppSeat("tool"), None])
    assert not any(isinstance(call, ListRealtimeParticipants) for call in gateway.calls)
    assert seats(gateway, "L1") == {"1": {"grid_type": 2}, "2": {"grid_type": 3, "tool_sdkid": "tool"}}


# --- what is changed --------------------------------------------------------------------------------------------------


async def test_the_same_plan_once_more_changes_nothing() -> None:
    gateway = Gateway(somebody(1), GUEST)
    plan = ["u1", GridType.SHARED_SCREEN, "Person 9", AppSeat("tool")], [VideoType.ANYBODY]
    first = await arrange(gateway, *plan)
    assert (first.changed, gateway.made()) == (True, ["AddLayouts"])
    second = await arrange(gateway, *plan)
    assert (second.layout_id, second.changed, gateway.made()) == (first.layout_id, False, [])
    gateway.selected = ""
    third = await arrange(gateway, *plan)
    assert (third.layout_id, third.changed, gateway.made()) == (first.layout_id, True, ["SetDefaultLayout"])


async def test_another_plan_is_added_or_put_in_the_place_of_one() -> None:
    gateway = Gateway(somebody(1), somebody(2))
    first = await arrange(gateway, ["u1"])
    second = await arrange(gateway, ["u2"])
    assert first.layout_id != second.layout_id
    gateway.made()
    changed = await arrange(gateway, ["u1", "u2"], layout_id=first.layout_id)
    assert (changed.layout_id, gateway.selected, gateway.made()) == (first.layout_id, first.layout_id, ["ModifyLayout"])
    again = await arrange(gateway, ["u1", "u2"], layout_id=first.layout_id)
    assert not again.changed


async def test_all_that_is_wrong_is_told_at_once() -> None:
    plan: Any = [["alice"], SeatPage([5]), SeatPage([AppSeat("a"), AppSeat("b")])]  # type: ignore[list-item]
    with pytest.raises(ValidationError) as refused:
        await Layouts(Gateway()).arrange("100001", plan, userid="tester")
    assert [one.rule for one in refused.value.violations] == ["page", "seat", "one-app"]


async def test_on_devices() -> None:
    gateway = Gateway(somebody(1), GUEST)
    turns = Polling(polling_interval=2, polling_interval_unit=IntervalUnit.MINUTE)
    plan = [SeatPage([["u1", "Person 9"], VideoType.SPEAKER, GridType.SHARED_SCREEN, VideoType.ANYBODY], turns=turns)]
    first = await arrange(gateway, *plan, devices=True)
    assert first, first.differences
    assert gateway.made() == ["AddAdvancedLayouts", "ApplyLayout"]
    people = [{"userid": "u1"}, {"ms_open_id": "m9", "username": b64encode(b"Person 9").decode()}]
    assert seats(gateway, first.layout_id) == {
        "1": {"grid_type": 1, "video_type": 3, "user_list": people},
        "2": {"grid_type": 1, "video_type": 1},
        "3": {"grid_type": 2},
        "4": {"grid_type": 1, "video_type": 2},
    }
    assert not (await arrange(gateway, *plan, devices=True)).changed
    other = await arrange(gateway, ["u1"], devices=True, layout_id=first.layout_id)
    assert (other.layout_id, gateway.made()) == (first.layout_id, ["ModifyAdvancedLayout"]), "it was in use"
    gateway.selected = ""
    await arrange(gateway, [VideoType.SPEAKER], devices=True, layout_id=first.layout_id)
    assert gateway.made() == ["ModifyAdvancedLayout", "ApplyLayout"]


async def test_the_original_one_again() -> None:
    gateway = Gateway()
    await arrange(gateway, ["u1"])
    gateway.made()
    await Layouts(gateway).restore_default("100001", userid="tester")
    assert (gateway.selected, gateway.made()) == ("", ["SetDefaultLayout"])
    await Layouts(gateway).restore_default("100001", userid="tester", devices=True)
    (call,) = gateway.calls
    assert isinstance(call, ApplyLayout)
    assert (call.layout_id, call.user_list) == ("", None)


# --- what is read back ------------------------------------------------------------------------------------------------


def spoiled(pages: Sequence[Any], **members: Any) -> list[Any]:
    return [{**pages[0], **members}, *pages[1:]]


ONE = {"grid_id": "1", "grid_type": 1}
ALICE, SHARED = {**ONE, "userid": "u1"}, {"grid_id": "2", "grid_type": 2}
BEYOND = Polling(polling_interval=0)
LONGEST = (1, 999_999)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, []),
        ({"layout_template_id": "3"}, ["page 0: template 2 is wanted, template 3 is there"]),
        ({"user_seat_list": [ONE, SHARED]}, ["page 0, cell 1: u1 is wanted, anybody is there"]),
        ({"user_seat_list": [ALICE]}, ["page 0, cell 2: the shared screen is wanted, anybody is there"]),
        (
            {"user_seat_list": [{**ONE, "userid": "u2"}, SHARED, {**ONE, "grid_id": "3", "username": "B"}]},
            ["page 0, cell 1: u1 is wanted, u2 is there", "page 0, cell 3: anybody is wanted, B is there"],
        ),
    ],
)
async def test_what_differs_is_told(members: dict[str, Any], expected: list[str]) -> None:
    class Other(Gateway):
        def _AddLayouts(self, call: AddLayouts) -> Any:  # noqa: N802
            answer = super()._AddLayouts(call)
            self.shown = {each: spoiled(pages, **members) for each, pages in self.shown.items()}
            return answer

    arranged = await arrange(Other(), ["u1", GridType.SHARED_SCREEN])
    assert [str(one) for one in arranged.differences] == expected
    assert bool(arranged) is not bool(expected)


async def test_what_devices_are_not_known_to_show_is_told_all_the_same() -> None:
    seats = [{"grid_id": "1", "grid_type": 3}, {"grid_id": "2", "grid_type": 1, "user_list": [{}]}]

    class Other(Gateway):
        def _AddAdvancedLayouts(self, call: AddAdvancedLayouts) -> Any:  # noqa: N802
            answer = super()._AddAdvancedLayouts(call)
            self.shown = {each: spoiled(pages, user_seat_list=seats) for each, pages in self.shown.items()}
            return answer

    arranged = await arrange(Other(), [VideoType.SPEAKER, None], devices=True)
    assert [str(one) for one in arranged.differences] == [
        "page 0, cell 1: the speaker is wanted, app is there",
        "page 0, cell 2: anybody is wanted, somebody is there",
    ]


async def test_another_layout_in_use_is_told() -> None:
    class Stubborn(Gateway):
        def _AddLayouts(self, call: AddLayouts) -> Any:  # noqa: N802
            answer = super()._AddLayouts(call)
            self.selected = ""
            return answer

    arranged = await arrange(Stubborn(), ["u1"])
    assert [str(one) for one in arranged.differences] == ["layout: layout L1 is wanted, the original layout is there"]


# --- plans that can't be ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pages", "devices", "expected"),
    [
        ([], False, [("plan", "not-empty", None)]),
        ([[]], False, [("plan[0].seats", "not-empty", None)]),
        ([["u1", 5, GridType.VIDEO, ["u1", 5]]], True, [(f"plan[0].seats[{n}]", "seat", None) for n in (1, 2, 3)]),
        ([{"2": VideoType.SPEAKER}], False, [("plan[0].seats['2']", "devices-only", None)]),
        ([[["u1", "u2"]]], False, [("plan[0].seats[0]", "devices-only", None)]),
        ([SeatPage(["u1"], turns=Polling(polling_interval=1))], False, [("plan[0].turns", "devices-only", None)]),
        ([SeatPage(["u1"], turns=BEYOND)], True, [("plan[0].turns.polling_interval", "between", LONGEST)]),
        ([["u1"], [["u1", "u2"]]], True, [("plan[1].seats[0].user_list", "one-a-cell", 1)]),
        ([{"2": AppSeat("a")}], True, [("plan[0].seats['2'].grid_type", "no-app", None)]),
        ([[AppSeat("a"), AppSeat("b")]], False, [("plan[0].seats", "one-app", 1)]),
        ([[AppSeat("")]], False, [("plan[0].seats[0].tool_sdkid", "not-empty", None)]),
        ([SeatPage("alice")], False, [("plan[0]", "page", None)]),
        ([SeatPage(cast("Any", 5))], False, [("plan[0]", "page", None)]),
        ([[""]], False, [("plan[0].seats[0]", "seat", None)]),
    ],
)
async def test_what_no_meeting_can_show(pages: list[Any], devices: bool, expected: list[Any]) -> None:
    gateway = Gateway()
    assert await problems(gateway, *pages, devices=devices) == expected
    assert gateway.calls == [], "nothing was asked"


async def test_a_page_is_no_plan() -> None:
    with pytest.raises(ValidationError, match=r"plan: must be a list of pages: \[SeatPage\(\[\.\.\.\]\)\]"):
        await Layouts(Gateway()).arrange("100001", cast("Any", SeatPage(["u1"])), userid="tester")


@pytest.mark.parametrize("devices", [False, True])
@pytest.mark.parametrize("added", [[], [{}], [{"layout_id": ""}], None])
async def test_an_answer_without_the_new_layout(devices: bool, added: Any) -> None:
    """Nothing is put in use by an id that nobody has: an empty one would bring back the original layout."""

    class Silent(Gateway):
        def _AddLayouts(self, _: AddLayouts) -> Any:  # noqa: N802
            return LayoutsInfo.from_wire({"layout_list": added})

        def _AddAdvancedLayouts(self, _: AddAdvancedLayouts) -> Any:  # noqa: N802
            return AdvancedLayoutsInfo.from_wire({"layout_list": added})

    gateway = Silent(somebody(1))
    with pytest.raises(UnreadableAnswer, match="the answer has no layout_id") as caught:
        await arrange(gateway, ["u1"], devices=devices)
    assert caught.value.outcome_unknown
    assert gateway.made() == ["AddAdvancedLayouts" if devices else "AddLayouts"]
