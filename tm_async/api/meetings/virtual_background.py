"""One virtual background for everybody in a meeting, or for some."""

from collections.abc import Iterable
from typing import Annotated, ClassVar

from attrs import Factory, field, frozen

from tm_async import rules
from tm_async.api.shared import Device, OperatorType, User, UserId, UserRef, as_tuple
from tm_async.core.answer import AnswerModel
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.wire import OpenIntEnum
from tm_async.rules import virtual_background

__all__ = ["BackgroundJob", "BackgroundScope", "SetVirtualBackground"]


class BackgroundScope(OpenIntEnum):
    """`type`: whose background it is."""

    EVERYBODY = 0
    CHOSEN = 1
    """Those in `users`."""


@frozen(kw_only=True, slots=False, repr=False)
class BackgroundJob(AnswerModel):
    """The job that sets a background."""

    job_id: str = ""


def _user_ids(users: Iterable[UserRef] | None) -> tuple[str, ...] | None:
    given = as_tuple(users)
    if isinstance(given, tuple):
        return tuple(one.userid if isinstance(one, User) else one for one in given)
    return given  # nothing, or no collection: the rules will say so


def _scope(background: "SetVirtualBackground") -> BackgroundScope:
    return BackgroundScope.CHOSEN if background.users else BackgroundScope.EVERYBODY


@frozen(kw_only=True)
class SetVirtualBackground(Operation[BackgroundJob]):
    """Set one virtual background for a meeting that has not started (doc 1095/101948).

    Only the creator may, and only where the enterprise allows virtual backgrounds (500033, 500034). The image is
    fetched afterwards: whether that went well comes as an event with the job's id. In a webinar it is for all guests,
    without `users`.
    """

    spec = Spec(
        id="meetings.set_virtual_background",
        method="POST",
        path="/v1/meetings/{meeting_id}/virtual-background",
        doc="1095/101948",
        repeat=Repeat.SAFE,
    )

    meeting_id: Annotated[str, rules.NOT_EMPTY]
    operator_id: Annotated[str, rules.USERID]
    operator_id_type: OperatorType = OperatorType.USERID
    """1 userid, 2 open id."""
    instanceid: Device = Device.PC
    image: str | None = None
    """URL of a picture of 1920x1080, below 10 MB, jpg, jpeg or png. Left out: the page says that the background stays
    as it is, the official SDKs that it is the room's default. Empty text: none any more, says the page.
    """
    users: tuple[UserId, ...] | None = field(default=None, converter=_user_ids)
    """Whose background it is; everybody's if left out. User ids; of a `User` its id is sent."""
    type: BackgroundScope = field(default=Factory(_scope, takes_self=True))
    """Set to 1 by users, else to 0."""

    checks: ClassVar = (virtual_background.users_are_chosen,)
