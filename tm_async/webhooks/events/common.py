"""What belongs to no family: tokens that were asked for, results of jobs."""

from attrs import field

from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer
from tm_async.core.wire import Moment, masked
from tm_async.webhooks.events.base import Event
from tm_async.webhooks.events.spec import named, page

__all__ = ["CommonJobResults", "NotifyInfo", "NotifyValue", "StsTokenIssued", "TokenInfo"]


@answer
class TokenInfo(AnswerModel):
    """The token."""

    req_id: str = ""
    """Of the call that asked for it."""
    sts_token: str = field(default="", repr=masked)
    expire_ts: Moment | None = None


_NO_TOKEN = TokenInfo.from_wire({})


@answer
class StsTokenIssued(Event):
    """An STS-Token that was asked for. It comes in no other way."""

    spec = named("common.sts-token", page("1095/127651"))

    token_info: TokenInfo = _NO_TOKEN


@answer
class NotifyValue(AnswerModel):
    """One thing that is said of what a job made. The keys beyond `file_name` and ids are not documented."""

    key: str = ""
    value: str = ""


@answer
class NotifyInfo(AnswerModel):
    """What a job made."""

    success: tuple[tuple[NotifyValue, ...], ...] = ()
    """For each thing, what is said of it."""


@answer
class CommonJobResults(Event):
    """A job is done: uploading a recording, say, whose id is in here only."""

    spec = named("common.job-results", page("1095/106697"))

    business_code: str | None = None
    """`record.file-upload`, for example."""
    job_id: str = ""
    job_status: int | None = None
    """1 it is done, 2 it failed."""
    error_msg: str = ""
    notify_info: NotifyInfo | None = None
