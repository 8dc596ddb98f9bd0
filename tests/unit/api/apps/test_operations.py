"""Extension apps: what is refused before it is sent. The rest is in the samples."""

from tests.unit.api.helpers import broken
from tm_async.api.apps import BindToolkit, Tool, VisibleTo, VisibleType


def test_the_tool_bar_has_one_of_the_apps() -> None:
    tool = Tool(tool_appid="2", tool_sdkid="1")
    who = {"meeting_id": "1", "userid": "tester", "tool_list": [tool]}
    assert broken(BindToolkit, **who, toolbar_sdkid="3") == [("toolbar_sdkid", "toolbar-is-listed")]
    BindToolkit(meeting_id="1", userid="tester", tool_list=[tool], toolbar_sdkid="1")


def test_the_code_is_not_longer_than_it_may_be() -> None:
    tool = Tool(tool_appid="2", tool_sdkid="1", unique_code="x" * 129)
    problems = [("tool_list[0].unique_code", "characters")]
    assert broken(BindToolkit, meeting_id="1", userid="tester", tool_list=[tool]) == problems


def test_who_is_listed_sees_an_app_of_that_type_only() -> None:
    for kind, problems in ((None, 1), (VisibleType.OWN_COMPANY, 1), (VisibleType.GIVEN_USERS, 0)):
        tool = Tool(tool_appid="2", tool_sdkid="1", visible_type=kind, visible_list=[VisibleTo(visible_userid="a")])
        found = broken(BindToolkit, meeting_id="1", userid="tester", tool_list=[tool])
        assert found == [("tool_list[0].visible_list", "only-with-visible_type")] * problems
