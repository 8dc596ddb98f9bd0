"""Hot words, and whose live transcript is pushed."""

from typing import Any

import pytest

from tests.unit.api.helpers import broken
from tm_async.api.asr import SetHotWords, SetPush
from tm_async.api.shared import MeetingRoomId, RoomsId

WHO: dict[str, Any] = {"operator_id": "tester"}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"customize_words": ["会议", "hot word"]}, []),
        ({"customize_words": ["A1", "会a"]}, [(f"customize_words[{n}]", "hot-word") for n in (0, 1)]),
        ({"customize_words": ["a"] * 101}, [("customize_words", "own-words")]),
        ({"customize_words": ["a"] * 101, "meeting_id": "1"}, []),
        ({"customize_words": ["a"] * 501, "meeting_id": "1"}, [("customize_words", "entries")]),
    ],
)
def test_hot_words(given: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert broken(SetHotWords, **WHO, tag="", **given) == found


def test_a_rooms_device_may_be_meant() -> None:
    for device, kind in ((None, None), ("r", 3), (RoomsId("r"), 3), (MeetingRoomId("m"), 5)):
        push = SetPush(**WHO, meeting_id="1", is_open=True, target_rooms_id=device)
        assert push.target_rooms_id_type == kind
