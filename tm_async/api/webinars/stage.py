"""What goes before a webinar: what the audience sees until it begins, and the preparation of those on the stage."""

from typing import Annotated, ClassVar

from tm_async import rules
from tm_async.api.shared import ByOperator, Device, MeetingId
from tm_async.api.unread import Unread
from tm_async.core.declare import operation
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.wire import Named, Seconds
from tm_async.rules import lists, pages, webinars

__all__ = ["ListPreparationLog", "SetWarmUp"]


@operation
class SetWarmUp(ByOperator, Operation[None]):
    """Set what the audience sees in the 15 minutes before a webinar (no page known). For clients of 3.3.0 or newer.

    It is fetched afterwards: whether that went well comes as an event (`WebinarWarmUpUploaded`). Known from pages of
    the vendor's of 2022 and 2023.
    """

    spec = Spec("webinars.set_warm_up", "POST /v1/webinars/{meeting_id}/warm-up", repeat=Repeat.SAFE)

    meeting_id: MeetingId
    instanceid: Device = Device.PC
    warm_up_picture: Annotated[str, rules.NOT_EMPTY] | None = None
    """URL of a png or jpg of at most 5 MB; 1280x720 is advised. Goes before the video."""
    warm_up_video: Annotated[str, rules.NOT_EMPTY] | None = None
    """URL of an mp4 of at most 1 GB; 1280x720 is advised."""
    allow_participants_invite_others: bool | None = None
    """The gateway's default is true."""

    checks: ClassVar = (webinars.something_to_warm_up,)


@operation
class ListPreparationLog(ByOperator, Operation[Unread]):
    """Look up who was in a webinar's preparation, and when (doc 1095/94207). The creator and super administrators may.

    Nobody has read the answer: its rows and counters are in `wire`, and its pages are asked for one by one.
    """

    spec = Spec("webinars.list_preparation_log", "GET /v1/meetings/{meetingId}/prepare-mode/details")

    meeting_id: Annotated[str, Named("meetingId"), rules.NOT_EMPTY]
    sub_meeting_id: Annotated[str, rules.NOT_EMPTY] | None = None
    """The occurrence of a series."""
    start_time: Seconds | None = None
    end_time: Seconds | None = None
    page: Annotated[int, pages.PAGE] | None = None
    page_size: Annotated[int, lists.page_size(100, least=20)] | None = None
    """20 to 100. The gateway's default is 20."""

    checks: ClassVar = (lists.end_not_before_start,)
