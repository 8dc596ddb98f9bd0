"""Rules of MRA devices."""

from tm_async.core.device import Device
from tm_async.core.validation import OWN_PAGE, Rule

__all__ = ["MRA_DEVICE"]

MRA_DEVICE = Rule(
    name="mra-device",
    holds=lambda device: device == Device.VOIP_SIP,
    limit=9,
    message="must be {limit} (VOIP_SIP), the type of MRA devices",
    message_zh="必须为 {limit}（VOIP_SIP，即 MRA 设备）",
    page=OWN_PAGE,
)
