"""How well a meeting goes: grades of the past, metrics of the moment."""

from tm_async.api.shared import Device
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer
from tm_async.core.wire import OpenIntEnum

__all__ = [
    "AudioQos",
    "DeviceQos",
    "Health",
    "MeetingQuality",
    "NetworkQos",
    "ParticipantQos",
    "ParticipantQuality",
    "QosPage",
    "QualityGrade",
    "VideoQos",
]


class Health(OpenIntEnum):
    """`quality`: of a meeting or of somebody in it, all in all."""

    NO_DATA = 0
    HEALTHY = 1
    ALARM = 2


class QualityGrade(OpenIntEnum):
    """The grade of one thing, such as `audio_quality`."""

    NO_DATA = 0
    GOOD = 1
    FAIR = 2
    MEDIUM = 3
    POOR = 4


@answer
class ParticipantQuality(AnswerModel):
    """How well a meeting went for somebody on one device."""

    userid: str | None = None
    """Of the enterprise's own users. People from elsewhere have none."""
    open_id: str | None = None
    ms_open_id: str | None = None
    """The id in this meeting, which everybody has."""
    instanceid: Device | None = None
    quality: Health | None = None
    audio_quality: QualityGrade | None = None
    video_quality: QualityGrade | None = None
    screen_share_quality: QualityGrade | None = None
    network_quality: QualityGrade | None = None
    problems: tuple[str, ...] = ()


@answer
class MeetingQuality(AnswerModel):
    """How well a meeting went, and one page of how well it went for its people, in the order in which they came."""

    meeting_id: str = ""
    quality: Health | None = None
    audio_quality: QualityGrade | None = None
    video_quality: QualityGrade | None = None
    screen_share_quality: QualityGrade | None = None
    network_quality: QualityGrade | None = None
    problems: tuple[str, ...] = ()
    participants: tuple[ParticipantQuality, ...] = ()
    """Somebody on two devices stands here twice."""
    total_count: int | None = None
    total_page: int | None = None
    current_page: int | None = None
    current_size: int | None = None


@answer
class AudioQos(AnswerModel):
    """Sound. The vendor sends numbers as text, in a form that is not documented."""

    upstream_bitrate: str | None = None
    """kbit/s."""
    downstream_bitrate: str | None = None
    """kbit/s."""
    mic_volume: str | None = None
    """dB."""
    loudspeaker_volume: str | None = None
    """dB."""


@answer
class VideoQos(AnswerModel):
    """The camera's picture, or a shared screen."""

    upstream_bitrate: str | None = None
    """kbit/s."""
    downstream_bitrate: str | None = None
    """kbit/s."""
    upstream_framerate: str | None = None
    """Pictures a second."""
    downstream_framerate: str | None = None
    """Pictures a second."""
    upstream_resolution: str | None = None
    downstream_resolution: str | None = None


@answer
class NetworkQos(AnswerModel):
    """The network."""

    upstream_bindwidth: str | None = None
    """kbit/s. The vendor's spelling."""
    downstream_bindwidth: str | None = None
    """kbit/s. The vendor's spelling."""
    upstream_packet_loss: str | None = None
    """Per cent."""
    downstream_packet_loss: str | None = None
    """Per cent."""
    network_delay: str | None = None
    """Milliseconds."""


@answer
class DeviceQos(AnswerModel):
    """The metrics of one device."""

    instanceid: Device | None = None
    audio: AudioQos | None = None
    video: VideoQos | None = None
    share_screen: VideoQos | None = None
    network: NetworkQos | None = None


@answer
class ParticipantQos(AnswerModel):
    """The metrics of somebody in a meeting."""

    ms_open_id: str = ""
    """The id in this meeting."""
    nick_name: str = ""
    qos_details: tuple[DeviceQos, ...] = ()
    """One for each device."""


@answer
class QosPage(AnswerModel):
    """One page of the metrics of the people in a meeting."""

    participants: tuple[ParticipantQos, ...] = ()
    total_count: int | None = None
    total_page: int | None = None
    current_page: int | None = None
    current_size: int | None = None
