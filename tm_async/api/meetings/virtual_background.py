"""One virtual background for everybody in a meeting, or for some."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from attrs import Factory, field

from tm_async.api.shared import ByOperator, Device, MeetingId, User, UserId, UserRef
from tm_async.core.annotations import Converted
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, operation
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.wire import OpenIntEnum
from tm_async.rules import virtual_background

__all__ = ["BackgroundJob", "BackgroundScope", "SetVirtualBackground"]


class BackgroundScope(OpenIntEnum):
    """`type`: whose background it is."""

    EVERYBODY = 0
    CHOSEN = 1
    """Those in `users`."""


@answer
class BackgroundJob(AnswerModel):
    """The job that sets a background."""

    job_id: str = ""


def _user_id(user: Any) -> Any:
    return user.userid if isinstance(user, User) else user


if TYPE_CHECKING:
    UserIdOf = UserRef
else:
    UserIdOf = Annotated[UserId, Converted(_user_id, takes=UserRef)]


def _scope(background: "SetVirtualBackground") -> BackgroundScope:
    return BackgroundScope.CHOSEN if background.users else BackgroundScope.EVERYBODY


@operation
class SetVirtualBackground(ByOperator, Operation[BackgroundJob]):
    """Set one virtual background for a meeting that has not started (doc 1095/101948).

    Only the creator may, and only where the enterprise allows virtual backgrounds (500033, 500034). The image is
    fetched afterwards: whether that went well comes as an event with the job's id. In a webinar it is for all guests,
    without `users`.
    """

    spec = Spec(
        "meetings.set_virtual_background", "POST /v1/meetings/{meeting_id}/virtual-background", repeat=Repeat.SAFE
    )

    meeting_id: MeetingId
    instanceid: Device = Device.PC
    image: str | None = None
    """URL of a picture of 1920x1080, below 10 MB, jpg, jpeg or png. Left out: the page says that the background stays
    as it is, the official SDKs that it is the room's default. Empty text: none any more, says the page.
    """
    users: Collection[UserIdOf] | None = None
    """Whose background it is; everybody's if left out. User ids; of a `User` its id is sent."""
    type: BackgroundScope = field(default=Factory(_scope, takes_self=True))
    """Set to 1 by users, else to 0."""

    checks: ClassVar = (virtual_background.users_are_chosen,)
