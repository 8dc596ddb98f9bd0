"""Rules of extension apps."""

from collections.abc import Iterator
from typing import Any

from tm_async.core.validation import OWN_PAGE
from tm_async.errors import Violation

__all__ = ["toolbar_is_listed"]


def toolbar_is_listed(call: Any) -> Iterator[Violation]:
    """What stands in the tool bar is one of the apps (doc 1095/84398)."""
    if call.toolbar_sdkid and call.toolbar_sdkid not in {tool.tool_sdkid for tool in call.tool_list}:
        english, chinese = "must be the tool_sdkid of one in tool_list", "须为 tool_list 中某个应用的 tool_sdkid"
        yield Violation("toolbar_sdkid", "toolbar-is-listed", english, chinese, page=OWN_PAGE)
