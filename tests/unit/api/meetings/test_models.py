"""Meetings as answers show them: the names of members differ between the sources."""

import pytest

from tests.unit.api.helpers import answered
from tm_async.api.meetings import GetMeeting, Settings

ASKING = GetMeeting(meeting_id="5", userid="tester")


@pytest.mark.parametrize("name", ["has_more_sub_meeting", "has_more_sub_meetings"])
def test_both_spellings_of_more_occurrences(name: str) -> None:
    meeting = answered(ASKING, {"meeting_info_list": [{"meeting_id": "5", name: 1}]})
    assert meeting.has_more_sub_meeting == 1
    assert meeting.extra == {}


@pytest.mark.parametrize("value", [True, False])
@pytest.mark.parametrize("name", ["only_enterprise_user_allowed", "only_allow_enterprise_user_join"])
def test_both_names_of_the_old_switch_say_the_same(name: str, value: bool) -> None:
    """Creations answer the one, queries the other, and a sample of queries the first again."""
    shown = answered(ASKING, {"meeting_info_list": [{"meeting_id": "5", "settings": {name: value}}]}).settings
    assert shown.only_enterprise_user_allowed is shown.only_allow_enterprise_user_join is value
    assert shown.extra == {}
    assert Settings.of(shown).only_enterprise_user_allowed is value
