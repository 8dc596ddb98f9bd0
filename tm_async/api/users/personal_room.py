"""The settings of a user's personal meeting room."""

from collections.abc import Collection
from typing import Annotated, ClassVar

from attrs import field

from tm_async import rules
from tm_async.api.meetings.models import MuteOnJoin, WatermarkType
from tm_async.api.shared import AK_SK, ByOperator, Device, Person, UserId, UserRef
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, operation
from tm_async.core.operation import Operation, Spec
from tm_async.core.wire import Base64Text, masked
from tm_async.rules import users

__all__ = ["GetPmiConfig", "PmiConfig", "SetPmiConfig"]


@answer
class PmiConfig(AnswerModel):
    """The settings of a personal meeting room."""

    pmi_code: str = ""
    """The number that people dial."""
    pmi_name: str = ""
    pmi_password: Base64Text | None = field(default=None, repr=masked)
    hosts: tuple[Person, ...] = ()
    """The page answers userids, the official SDKs objects; both read the same."""
    allow_in_before_host: bool | None = None
    allow_in_waiting_room: bool | None = None
    """`auto_in_waiting_room` of the request."""
    allow_multi_device: bool | None = None
    only_enterprise_user_allowed: bool | None = None
    mute_enable_type_join: MuteOnJoin | None = None
    watermark: bool | None = None
    water_mark_type: WatermarkType | None = None
    disable_note_capture: bool | None = None


@operation
class GetPmiConfig(Operation[PmiConfig]):
    """Look up the settings of a user's personal meeting room (doc 1095/61767)."""

    spec = Spec("users.get_pmi_config", "GET /v1/pmi-meetings/pmi-config", modes=AK_SK)

    userid: UserId
    instanceid: Device | None = None


@operation
class SetPmiConfig(ByOperator, Operation[None]):
    """Change the settings of one's personal meeting room (no page known).

    `operator_id` is whose room it is, as no other member names anybody. What is left out stays as it is, as far as the
    sources say.
    """

    spec = Spec("users.set_pmi_config", "PUT /v1/pmi-meetings/pmi-config", modes=AK_SK)

    instanceid: Device = Device.PC
    pmi_name: Annotated[str, users.PMI_NAME] | None = None
    """At most 36 wide, a Chinese character counting 2."""
    enable_password: bool | None = None
    pmi_password: Annotated[str, rules.PASSWORD] | None = field(default=None, repr=masked)
    """4 to 6 digits, plain as far as is known (answers have it as Base64)."""
    hosts: Collection[UserRef] | None = None
    allow_in_before_host: bool | None = None
    auto_in_waiting_room: bool | None = None
    """The answer calls it allow_in_waiting_room."""
    allow_multi_device: bool | None = None
    only_enterprise_user_allowed: bool | None = None
    mute_enable_type_join: MuteOnJoin | None = None
    watermark: bool | None = None
    water_mark_type: WatermarkType | None = None
    """Only with watermark."""
    disable_note_capture: bool | None = None
    """Only with watermark."""

    checks: ClassVar = (users.watermark_options,)
