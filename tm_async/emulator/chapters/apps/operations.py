"""Extension apps of meetings (doc 1095/84398 to 84400).

Chosen where the documentation is silent: everybody who is registered may look; a third party's app is shown the code
that was bound with it, the enterprise's own the first one.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tm_async.emulator.chapters.meetings.operations.reach import meeting_of, own
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.chapter import Chapter
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["apps", "bind_toolkit", "get_toolkit", "get_unique_code"]

apps: Chapter[Any] = Chapter("apps")

BEGUN = 190452


@apps.does("bind_toolkit")
def bind_toolkit(
    asked: Asked,
    *,
    meeting_id: str,
    tool_list: Sequence[Mapping[str, Any]],
    toolbar_sdkid: str | None = None,
    auto_open_sdkid: str | None = None,
) -> None:
    """By the creator, before the meeting runs; what was bound is replaced."""
    meeting = own(asked, meeting_id, admin=False)
    if meeting.is_running:
        raise Refused(BEGUN, f"meeting {meeting.id} runs")
    known = {tool["tool_sdkid"] for tool in tool_list}
    for name, sdk_id in (("toolbar_sdkid", toolbar_sdkid), ("auto_open_sdkid", auto_open_sdkid)):
        if sdk_id and sdk_id not in known:
            raise Refused(190004, f"{name} {sdk_id[:40]!r} is none of tool_list")
    chosen = {"toolbar_sdkid": toolbar_sdkid, "auto_open_sdkid": auto_open_sdkid}
    given = {name: value for name, value in chosen.items() if value is not None}
    asked.state.apps.bind(meeting.id, {"tool_list": list(tool_list), **given})


@apps.does("get_toolkit")
def get_toolkit(asked: Asked, *, meeting_id: str) -> Mapping[str, Any]:
    """What was bound, as it was given."""
    return asked.state.apps.of(meeting_of(asked, meeting_id).id)


@apps.does("get_unique_code")
def get_unique_code(asked: Asked, *, meeting_id: str) -> Mapping[str, Any]:
    """Empty where nothing was bound."""
    tools = asked.state.apps.of(meeting_of(asked, meeting_id).id)["tool_list"]
    app = asked.call.people.app
    codes = [one["unique_code"] for one in tools if one.get("unique_code") and app in {None, one["tool_sdkid"]}]
    return {"unique_code": codes[0] if codes else ""}
