"""How well a meeting went and goes: grades and metrics."""

from datetime import UTC, datetime
from math import inf, nan
from typing import Any

import pytest

from tests.unit.api.helpers import answered, broken, sent
from tests.unit.api.playing import meetings, targets
from tm_async import Device
from tm_async.api.meetings import GetQos, GetQuality, Health, QualityGrade
from tm_async.api.shared import OperatorType
from tm_async.core.exchange import AuthMode
from tm_async.core.parse import parse

START = datetime.fromtimestamp(1_796_000_000, UTC)
QUALITY: dict[str, Any] = {"meeting_id": "1", "operator_id": "a", "start_time": START}
QOS: dict[str, Any] = {"meeting_id": "1", "operator_id": "a"}


def test_grades() -> None:
    path = "/v1/meetings/1/quality"
    assert sent(GetQuality(**QUALITY)) == (
        "GET",
        f"{path}?operator_id=a&operator_id_type=1&start_time=1796000000&page_size=50&page=1",
        None,
    )
    full = GetQuality(
        meeting_id="1",
        sub_meeting_id="7",
        operator_id="ms",
        operator_id_type=OperatorType.MS_OPEN_ID,
        instanceid=Device.MAC,
        start_time=START,
        page_size=1,
        page=2000,
    )
    assert sent(full)[1] == (
        f"{path}?operator_id=ms&sub_meeting_id=7&operator_id_type=4&instanceid=2"
        "&start_time=1796000000&page_size=1&page=2000"
    )


def test_metrics() -> None:
    path = "/v1/meetings/1/qos?operator_id=a&operator_id_type=1"
    assert sent(GetQos(**QOS)) == ("GET", path, None)
    full = GetQos(
        **QOS,
        to_operator_id="ms",
        key="network_upstream_packet_loss",
        min_value=0.5,
        max_value=100,
        page_size=20,
        page=3,
    )
    assert sent(full)[1] == (
        f"{path}&to_operator_id=ms&to_operator_id_type=4&key=network_upstream_packet_loss"
        "&min_value=0.5&max_value=100&page_size=20&page=3"
    )


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (0.0, "0"), (-3, "-3"), (1200, "1200"), (1200.0, "1200"), (0.25, "0.25")]
)
def test_bounds_on_a_metric(value: float, text: str) -> None:
    assert sent(GetQos(**QOS, min_value=value))[1].endswith(f"&min_value={text}")


def test_metrics_are_for_ak_sk_only() -> None:
    assert GetQos.spec.modes == {AuthMode.ENTERPRISE}
    assert GetQuality.spec.modes == frozenset(AuthMode)


def test_requests_from_text() -> None:
    asked = parse(GetQos, {"meeting_id": "1", "operator_id": "a", "min_value": "-0.5", "max_value": 7, "page": "2"})
    assert (asked.min_value, asked.max_value, asked.page) == (-0.5, 7.0, 2)
    asked = parse(GetQos, {"meeting_id": "1", "operator_id": "a", "min_value": "12"})
    assert asked.min_value == 12.0


def test_rules_of_grades() -> None:
    for good in ({"page": 1}, {"page": 2000}, {"page_size": 1}, {"page_size": 50}):
        assert broken(GetQuality, **QUALITY | good) == []
    for bad in ({"page": 0}, {"page": 2001}):
        assert broken(GetQuality, **QUALITY | bad) == [("page", "page-number")]
    for bad in ({"page_size": 0}, {"page_size": 51}):
        assert broken(GetQuality, **QUALITY | bad) == [("page_size", "page-size")]
    assert broken(GetQuality, **QUALITY | {"start_time": None, "sub_meeting_id": "", "meeting_id": ""}) == [
        ("meeting_id", "not-empty"),
        ("sub_meeting_id", "not-empty"),
        ("start_time", "required"),
    ]


def test_rules_of_metrics() -> None:
    for good in ({"page": 1}, {"page": 2001}, {"page_size": 20}, {"page_size": 100}, {"min_value": 1, "max_value": 1}):
        assert broken(GetQos, **QOS | good) == []
    for bad, rule in (
        ({"page": 0}, "page-number"),
        ({"page_size": 19}, "page-size"),
        ({"page_size": 101}, "page-size"),
        ({"key": ""}, "not-empty"),
        ({"to_operator_id": ""}, "not-empty"),
        ({"min_value": nan}, "finite"),
        ({"max_value": inf}, "finite"),
        ({"max_value": 10**400}, "finite"),
        ({"min_value": True}, "type"),
        ({"min_value": "1"}, "type"),
    ):
        assert broken(GetQos, **QOS | bad) == [(next(iter(bad)), rule)]
    assert broken(GetQos, **QOS, min_value=2, max_value=1.5) == [("max_value", "value-bounds")]
    assert broken(GetQos, **QOS, to_operator_id_type=OperatorType.MS_OPEN_ID) == [("to_operator_id", "to-operator")]


async def test_awaiting_gives_the_meetings_grades_and_iterating_its_peoples() -> None:
    answers = (
        {"quality": 2, "participants": [{"ms_open_id": "x"}], "total_page": 2},
        {"quality": 2, "participants": [{"ms_open_id": "y"}], "total_page": 2},
    )
    chapter, _ = meetings(*answers)
    assert (await chapter.get_quality(**QUALITY)).quality is Health.ALARM
    chapter, transport = meetings(*answers)
    assert [row.ms_open_id async for row in chapter.get_quality(**QUALITY)] == ["x", "y"]
    assert [target[-6:] for target in targets(transport)] == ["page=1", "page=2"]


async def test_metrics_page_by_page() -> None:
    chapter, transport = meetings(
        {"participants": [{"ms_open_id": "x"}], "total_page": 2},
        {"participants": [{"ms_open_id": "y"}], "total_page": 2},
    )
    assert [row.ms_open_id async for row in chapter.get_qos(**QOS, page_size=20)] == ["x", "y"]
    assert [target[-12:] for target in targets(transport)] == ["page_size=20", "ze=20&page=2"]


def test_an_answer_with_grades() -> None:
    page = answered(
        GetQuality(**QUALITY),
        {
            "meeting_id": "1",
            "quality": 1,
            "audio_quality": 1,
            "video_quality": "2",
            "screen_share_quality": 0,
            "network_quality": 9,
            "problems": ["high delay"],
            "total_count": 2,
            "total_page": 1,
            "current_page": 1,
            "current_size": 2,
            "participants": [
                {
                    "userid": "a",
                    "open_id": "o",
                    "ms_open_id": "ms",
                    "instanceid": "1",
                    "quality": 2,
                    "audio_quality": 3,
                    "video_quality": 4,
                    "screen_share_quality": 0,
                    "network_quality": 4,
                    "problems": ["audio", "network"],
                },
                {"instanceid": "PC", "problems": None},
            ],
        },
    )
    assert (page.quality, page.audio_quality, page.video_quality) == (
        Health.HEALTHY,
        QualityGrade.GOOD,
        QualityGrade.FAIR,
    )
    assert page.screen_share_quality is QualityGrade.NO_DATA
    assert page.network_quality == 9
    assert page.network_quality is not None
    assert not page.network_quality.documented
    assert page.problems == ("high delay",)
    first, second = page.participants
    assert (first.userid, first.open_id, first.ms_open_id, first.instanceid) == ("a", "o", "ms", Device.PC)
    assert (first.quality, first.audio_quality, first.video_quality) == (
        Health.ALARM,
        QualityGrade.MEDIUM,
        QualityGrade.POOR,
    )
    assert first.problems == ("audio", "network")
    assert (second.userid, second.instanceid, second.quality, second.problems) == (None, None, None, ())
    assert second.extra == {"instanceid": "PC"}
    assert answered(GetQuality(**QUALITY), {}).participants == ()


def test_an_answer_with_metrics() -> None:
    video = {
        "upstream_bitrate": "800",
        "downstream_bitrate": 900,
        "upstream_framerate": "25",
        "downstream_framerate": "24",
        "upstream_resolution": "1280x720",
        "downstream_resolution": "640x360",
    }
    page = answered(
        GetQos(**QOS),
        {
            "total_count": 1,
            "total_page": 1,
            "current_page": 1,
            "current_size": 1,
            "participants": [
                {
                    "ms_open_id": "ms",
                    "nick_name": "dGVzdA==",
                    "qos_details": [
                        {
                            "instanceid": 2,
                            "audio": {
                                "upstream_bitrate": "40",
                                "downstream_bitrate": "41",
                                "mic_volume": "-30",
                                "loudspeaker_volume": "-20",
                            },
                            "video": video,
                            "share_screen": video,
                            "network": {
                                "upstream_bindwidth": "1000",
                                "downstream_bindwidth": "2000",
                                "upstream_packet_loss": "0.1",
                                "downstream_packet_loss": 0.5,
                                "network_delay": "30",
                            },
                        },
                        {"audio": "none"},
                    ],
                },
                {},
            ],
        },
    )
    first, second = page.participants
    assert (first.ms_open_id, first.nick_name) == ("ms", "dGVzdA=="), "not documented as Base64 here"
    mac, other = first.qos_details
    assert mac.instanceid is Device.MAC
    assert mac.audio is not None
    assert mac.video is not None
    assert mac.network is not None
    assert (mac.audio.upstream_bitrate, mac.audio.mic_volume, mac.audio.loudspeaker_volume) == ("40", "-30", "-20")
    assert (mac.video.upstream_bitrate, mac.video.downstream_bitrate) == ("800", "900")
    assert (mac.video.upstream_framerate, mac.video.downstream_resolution) == ("25", "640x360")
    assert mac.share_screen == mac.video
    assert (mac.network.upstream_bindwidth, mac.network.network_delay) == ("1000", "30")
    assert (mac.network.upstream_packet_loss, mac.network.downstream_packet_loss) == ("0.1", "0.5")
    assert (other.instanceid, other.audio, other.video) == (None, None, None)
    assert other.extra == {"audio": "none"}
    assert (second.ms_open_id, second.nick_name, second.qos_details) == ("", "", ())
