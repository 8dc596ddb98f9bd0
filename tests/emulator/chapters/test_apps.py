"""Extension apps: bound by the creator, before the meeting begins."""

from typing import Any

from tests.emulator.calls import ask, code, told
from tests.emulator.conftest import Caller


def tool(number: str, **more: Any) -> dict[str, Any]:
    return {"tool_appid": "200000164", "tool_sdkid": number, **more}


async def test_what_is_bound_is_shown(caller: Caller) -> None:
    meeting, who = str((await caller.created(hosts=["alice"]))["meeting_id"]), {"userid": "tester", "instanceid": 1}
    assert await told(caller, "apps.get_toolkit", meeting, **who) == {"tool_list": []}
    assert await told(caller, "apps.get_unique_code", meeting, **who) == {"unique_code": ""}
    first, second = [tool("1")], [tool("2", unique_code="order-42", visible_type=1), tool("3")]
    assert await told(caller, "apps.bind_toolkit", meeting, **who, tool_list=first) == {}
    assert await told(caller, "apps.bind_toolkit", meeting, **who, tool_list=second, toolbar_sdkid="3") == {}
    shown = await told(caller, "apps.get_toolkit", meeting, **who)
    assert shown == {"tool_list": second, "toolbar_sdkid": "3"}
    assert await told(caller, "apps.get_unique_code", meeting, **who) == {"unique_code": "order-42"}


async def test_who_may_when(caller: Caller) -> None:
    meeting, who = str((await caller.created(hosts=["alice"]))["meeting_id"]), {"userid": "tester", "instanceid": 1}
    given = {"tool_list": [tool("1")]}
    assert code(await ask(caller, "apps.bind_toolkit", meeting, **{**who, "userid": "alice"}, **given))[1] == 9042
    wrong = {**given, "auto_open_sdkid": "2"}
    assert code(await ask(caller, "apps.bind_toolkit", meeting, **who, **wrong)) == (400, 190004)
    caller.emulator.meetings.start(meeting)
    assert code(await ask(caller, "apps.bind_toolkit", meeting, **who, **given)) == (500, 190452)
