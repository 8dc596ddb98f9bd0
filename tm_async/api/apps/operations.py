"""Extension apps of a meeting, bound to it before it begins."""

from collections.abc import Collection
from typing import Annotated, ClassVar

from tm_async import rules
from tm_async.api.shared import Device, MeetingId, Switch, UserId
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import Part, answer, mixin, operation, part
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.wire import OpenIntEnum
from tm_async.rules import apps
from tm_async.rules.limits import characters, only_with

__all__ = [
    "BindToolkit",
    "GetToolkit",
    "GetUniqueCode",
    "Tool",
    "ToolInfo",
    "Toolkit",
    "UniqueCode",
    "VisibleTo",
    "VisibleToInfo",
    "VisibleType",
]


class VisibleType(OpenIntEnum):
    """`visible_type`: who may see an app."""

    EVERYBODY = 0
    OWN_COMPANY = 1
    GIVEN_USERS = 2


@part
class VisibleTo(Part):
    """Who may see an app: a user of a company, or without one everybody there."""

    visible_appid: str | None = None
    """The company."""
    visible_openid: str | None = None
    """Wins over `visible_userid`."""
    visible_userid: str | None = None


@part
class Tool(Part):
    """An app in a meeting."""

    tool_appid: Annotated[str, rules.NOT_EMPTY]
    """AppId of its owner."""
    tool_sdkid: Annotated[str, rules.NOT_EMPTY]
    """Its id."""
    enable_add_robot: Switch | None = None
    """Whether it may bring in bots; the gateway's default is 0."""
    enable_customer_data: Switch | None = None
    """Whether it may read customer data; the gateway's default is 0."""
    is_shield_creator: bool | None = None
    """Hide it from the creator."""
    unique_code: Annotated[str, characters(128)] | None = None
    """A code of your own, at most 128 characters, for `get_unique_code`."""
    visible_type: VisibleType | None = None
    """The gateway's default is 0, everybody."""
    visible_list: Collection[VisibleTo] | None = None
    """With type 2 only."""

    checks: ClassVar = (only_with("visible_list", "visible_type", 2),)


@answer
class VisibleToInfo(AnswerModel):
    """Who may see an app."""

    visible_appid: str = ""
    visible_openid: str = ""
    visible_userid: str = ""


@answer
class ToolInfo(AnswerModel):
    """An app that is bound to a meeting."""

    tool_appid: str = ""
    tool_sdkid: str = ""
    enable_add_robot: Switch | None = None
    enable_customer_data: Switch | None = None
    is_shield_creator: bool | None = None
    unique_code: str = ""
    visible_type: VisibleType | None = None
    visible_list: tuple[VisibleToInfo, ...] = ()


@answer
class Toolkit(AnswerModel):
    """The apps of a meeting."""

    tool_list: tuple[ToolInfo, ...] = ()
    toolbar_sdkid: str = ""
    """The one in the tool bar."""
    auto_open_sdkid: str = ""
    """The one that opens by itself."""


@answer
class UniqueCode(AnswerModel):
    """The code that was bound with the app that asks."""

    unique_code: str = ""
    """Empty where nothing was bound."""


@mixin
class _OfMeeting:
    meeting_id: MeetingId
    """Never the code."""
    userid: UserId
    instanceid: Device = Device.PC


@operation
class BindToolkit(_OfMeeting, Operation[None]):
    """Bind extension apps to a meeting (doc 1095/84398). The creator only, before it begins (190452, users say).

    What was bound before is replaced.
    """

    spec = Spec("apps.bind_toolkit", "POST /v1/app/toolkit", repeat=Repeat.SAFE)
    checks: ClassVar = (apps.toolbar_is_listed,)

    tool_list: Collection[Tool]
    toolbar_sdkid: str | None = None
    """The one of `tool_list` that stands in the tool bar."""
    auto_open_sdkid: str | None = None
    """The one that opens by itself; it needs a web page of its own."""


@operation
class GetToolkit(_OfMeeting, Operation[Toolkit]):
    """List the extension apps of a meeting (doc 1095/84399)."""

    spec = Spec("apps.get_toolkit", "GET /v1/app/toolkit")


@operation
class GetUniqueCode(_OfMeeting, Operation[UniqueCode]):
    """Look up the code that was bound to a meeting with the app that asks (doc 1095/84400)."""

    spec = Spec("apps.get_unique_code", "GET /v1/app/unique-code")
