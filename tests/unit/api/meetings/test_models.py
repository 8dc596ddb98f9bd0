"""Meetings as answers show them: the names of members differ between the sources."""

from typing import Any

import pytest

from tests.unit.api.helpers import answered
from tm_async.api.meetings import EnrollmentsImported, GetMeeting, InviteesReplaced, Meeting, Settings

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


@pytest.mark.parametrize("answer", [Meeting, InviteesReplaced, EnrollmentsImported])
@pytest.mark.parametrize(
    "form", [["bob", "7"], ["bob", 7], [{"userid": "bob"}, {"userid": 7}], [{"userid": "bob"}, "7"]]
)
def test_who_is_not_registered_in_either_form_of_people(answer: Any, form: list[Any]) -> None:
    shown = answer.from_wire({"user_non_registered": form})
    assert (shown.user_non_registered, shown.extra) == (("bob", "7"), {})
    assert shown.to_dict()["user_non_registered"] == ["bob", "7"]
