"""Live streams."""

from attrs import field

from tm_async.api.meetings.models import LiveWatermarkOption
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer
from tm_async.core.wire import Base64Text, OpenIntEnum, masked
from tm_async.webhooks.events.base import MeetingEvent
from tm_async.webhooks.events.spec import copy, named, page

__all__ = [
    "EventWatermarkOption",
    "LiveConfigUpdate",
    "LiveConfigUpdated",
    "LiveStarted",
    "LiveStopped",
    "LiveWatermarkUpdate",
    "PushStream",
    "WatermarkImage",
]


class EventWatermarkOption(OpenIntEnum):
    """`watermark_opt` of the event. Calls have other numbers under this name (doc 1095/63549, 1095/49222)."""

    DEFAULT = 0
    CUSTOM = 1
    NONE = 2


class LiveStarted(MeetingEvent):
    """The live stream began."""

    spec = named("meeting.live-started", page("1095/59456", "2025-07"), copy("2021-11"))


class LiveStopped(MeetingEvent):
    """The live stream ended."""

    spec = named("meeting.live-stopped", copy("2021-11"))


@answer
class WatermarkImage(AnswerModel):
    """A picture of a watermark."""

    watermark_url: str = ""
    watermark_pos_x: int | None = None
    watermark_pos_y: int | None = None
    watermark_width: int | None = None
    watermark_height: int | None = None
    raw_name: Base64Text = ""
    """Decoded: Base64 in the sample, which no text says. The name of a file has a dot, which Base64 has not."""


@answer
class LiveWatermarkUpdate(AnswerModel):
    """The watermark of a live stream."""

    watermark_opt: EventWatermarkOption | None = None
    live_watermark_image: tuple[WatermarkImage, ...] = ()

    @property
    def option(self) -> LiveWatermarkOption | None:
        """The same as calls count it; `None` for a custom one, which calls can't make, and for unknown numbers."""
        same = {"DEFAULT": LiveWatermarkOption.DEFAULT, "NONE": LiveWatermarkOption.NONE}
        return None if self.watermark_opt is None else same.get(self.watermark_opt.name)


@answer
class PushStream(AnswerModel):
    """A platform that the stream is pushed to; in a sample only."""

    platform_type: int | None = None
    push_address: str = field(default="", repr=masked)
    """Who has it can push."""


@answer
class LiveConfigUpdate(AnswerModel):
    """The configuration after the change."""

    live_subject: Base64Text = ""
    """Base64 on the wire."""
    live_summary: Base64Text = ""
    """Base64 on the wire."""
    live_password: str | None = field(default=None, repr=masked)
    """Plain on the wire."""
    enable_live_im: bool | None = None
    enable_live_replay: bool | None = None
    live_watermark: LiveWatermarkUpdate | None = None
    push_stream_info: tuple[PushStream, ...] = ()


@answer
class LiveConfigUpdated(MeetingEvent):
    """The configuration of the live stream changed."""

    spec = named("meeting.live-config-update", page("1095/63549", "2025-07"), copy("2021-11"))

    live_config: LiveConfigUpdate | None = None
