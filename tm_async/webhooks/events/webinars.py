"""Webinars beyond what they share with meetings. Changes of roles are with the participants."""

from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer
from tm_async.webhooks.events.base import MeetingEvent
from tm_async.webhooks.events.spec import copy, named, page

__all__ = ["WarmUpInfo", "WebinarWarmUpUploaded"]


@answer
class WarmUpInfo(AnswerModel):
    """What became of the warm-up material."""

    upload_status: bool | None = None
    error_msg: str = ""
    warm_up_picture: str = ""
    warm_up_video: str = ""


@answer
class WebinarWarmUpUploaded(MeetingEvent):
    """The warm-up picture or video that came by the API was processed. There is no operator."""

    spec = named("webinar.warm-up-uploaded", page("1095/79826", "2024-07"), copy("2022-23"))

    warm_up_info: WarmUpInfo | None = None
