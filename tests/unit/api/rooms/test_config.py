"""The settings of a room, as an answer shows them."""

import pytest

from tests.unit.api.helpers import answered
from tm_async.api.rooms import GetRoomConfig


@pytest.mark.parametrize("name", ["download_record", "dowload_record"])
def test_both_spellings_of_a_setting(name: str) -> None:
    asked = GetRoomConfig(operator_id="admin", meeting_room_id="1")
    config = answered(asked, {"record_settings": {name: True, "share_record": 0}})
    assert config.record_settings.download_record is True
    assert config.record_settings.extra == {}
