"""Layouts and backgrounds: what is refused before anything is sent. What is sent is in the samples."""

from typing import Any

import pytest

from tests.unit.api.helpers import broken, sent
from tm_async.api.layouts import (
    AddAdvancedLayouts,
    AddBackgrounds,
    AddLayouts,
    AdvancedPage,
    AdvancedSeat,
    ApplyLayout,
    BackgroundImage,
    DeleteLayout,
    GetAppliedLayout,
    GridType,
    LayoutPage,
    LayoutTarget,
    NewAdvancedLayout,
    NewLayout,
    Polling,
    Seat,
    SeatUser,
    VideoType,
)
from tm_async.api.shared import Device, MsOpenId

WHO: dict[str, Any] = {"meeting_id": "100001", "operator_id": "tester"}


def layout(*seats: Seat) -> NewLayout:
    return NewLayout(page_list=[LayoutPage(layout_template_id="1", user_seat_list=seats)])


SEATS = "layout_list[0].page_list[0].user_seat_list"


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({"layout_list": []}, [("layout_list", "not-empty")]),
        ({"layout_list": [NewLayout(page_list=[])]}, [("layout_list[0].page_list", "not-empty")]),
        ({"layout_list": [layout()], "default_layout_order": 2}, [("default_layout_order", "order")]),
        ({"layout_list": [layout(Seat(grid_id="1"), Seat(grid_id="1"))]}, [(f"{SEATS}[1].grid_id", "cell-once")]),
        (
            {"layout_list": [layout(Seat(grid_id="1", grid_type=GridType.APP))]},
            [(f"{SEATS}[0].tool_sdkid", "needed-with-grid_type")],
        ),
        (
            {"layout_list": [layout(Seat(grid_id="1", tool_sdkid="t"))]},
            [(f"{SEATS}[0].tool_sdkid", "only-with-grid_type")],
        ),
        (
            {"layout_list": [layout(*(Seat(grid_id=n, grid_type=GridType.APP, tool_sdkid="t") for n in "12"))]},
            [(SEATS, "one-app")],
        ),
    ],
)
def test_layouts(given: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    assert broken(AddLayouts, **WHO, **given) == problems


ALICE, BOB = SeatUser(userid="alice"), SeatUser(userid="bob")


@pytest.mark.parametrize(
    ("seat", "page", "problems"),
    [
        ({"grid_type": GridType.APP}, {}, [(f"{SEATS}[0].grid_type", "no-app")]),
        ({"video_type": VideoType.NAMED}, {}, [(f"{SEATS}[0].user_list", "needed-with-video_type")]),
        ({"user_list": [ALICE]}, {}, [(f"{SEATS}[0].user_list", "only-with-video_type")]),
        ({"video_type": VideoType.NAMED, "user_list": [ALICE, BOB]}, {}, [(f"{SEATS}[0].user_list", "one-a-cell")]),
        (
            {"video_type": VideoType.NAMED, "user_list": [SeatUser()]},
            {},
            [(f"{SEATS}[0].user_list[0].userid", "somebody")],
        ),
        (
            {"video_type": VideoType.NAMED, "user_list": [ALICE, BOB]},
            {"enable_polling": True, "polling_setting": Polling(polling_interval=1_000_000)},
            [("layout_list[0].page_list[0].polling_setting.polling_interval", "between")],
        ),
        (
            {},
            {"enable_polling": True},
            [("layout_list[0].page_list[0].polling_setting", "needed-with-enable_polling")],
        ),
    ],
)
def test_layouts_of_devices(seat: dict[str, Any], page: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    pages = [AdvancedPage(layout_template_id="1", user_seat_list=[AdvancedSeat(grid_id="1", **seat)], **page)]
    assert broken(AddAdvancedLayouts, **WHO, layout_list=[NewAdvancedLayout(page_list=pages)]) == problems


def test_backgrounds_and_devices() -> None:
    image = BackgroundImage(image_url="https://example.com/1.png", image_md5="56S65L6L")
    assert broken(AddBackgrounds, **WHO, image_list=[image], default_image_order=2) == [
        ("image_list[0].image_md5", "md5"),
        ("default_image_order", "order"),
    ]
    target = LayoutTarget(ms_open_id="m", instanceid=Device.VOIP_SIP)
    assert broken(ApplyLayout, **WHO, layout_id="1", user_list=[target] * 21) == [("user_list", "entries")]
    for device, sound in ((1, True), (22, True), (5, False), (8, False), (Device.HARMONYOS_PC, False)):
        target = LayoutTarget(ms_open_id="m", instanceid=Device(device))
        wrong = [] if sound else [("user_list[0].instanceid", "layout-device")]
        assert broken(ApplyLayout, **WHO, layout_id="1", user_list=[target]) == wrong


def test_where_things_travel() -> None:
    query = "?operator_id=tester&operator_id_type=1&instanceid=1"
    assert sent(DeleteLayout(**WHO, layout_id="7")) == ("DELETE", f"/v1/meetings/100001/layouts/7{query}", None)
    asked = GetAppliedLayout(
        meeting_id="100001", operator_id=MsOpenId("m"), user_ms_open_id="a+b=", user_instance_id=Device.VOIP_SIP
    )
    assert sent(asked)[1].endswith(
        "operator_id=m&operator_id_type=4&instanceid=1&user_ms_open_id=a%2Bb%3D&user_instance_id=9"
    )
    person = SeatUser(userid="alice", username="示例")
    seat = AdvancedSeat(grid_id="1", video_type=VideoType.NAMED, user_list=[person])
    pages = [AdvancedPage(layout_template_id="1", user_seat_list=[seat])]
    _, _, body = sent(AddAdvancedLayouts(**WHO, layout_list=[NewAdvancedLayout(page_list=pages)]))
    assert body["layout_list"][0]["page_list"][0]["user_seat_list"][0]["user_list"][0]["username"] == "56S65L6L"


def test_what_is_gone_after_an_unclear_answer_was_deleted() -> None:
    gone = DeleteLayout(operator_id="tester", meeting_id="1", layout_id="7")
    assert [gone.counts_as_done_again(code) for code in (20012, 20021)] == [True, False]
    assert not gone.counts_as_done(20012)
