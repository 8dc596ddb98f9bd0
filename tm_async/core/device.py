"""The types of devices, as requests, answers and events number them."""

from tm_async.core.wire import OpenIntEnum

__all__ = ["Device"]


class Device(OpenIntEnum):
    """`instanceid`: the caller's device type. It has no effect on joining; 1 is fine (doc 1095/42417)."""

    PSTN = 0
    PC = 1
    MAC = 2
    ANDROID = 3
    IOS = 4
    WEB = 5
    IPAD = 6
    ANDROID_PAD = 7
    MINI_PROGRAM = 8
    VOIP_SIP = 9
    LINUX = 10
    VISION_PRO = 12
    ROOMS_WINDOWS = 20
    ROOMS_MACOS = 21
    ROOMS_ANDROID = 22
    CONTROLLER_WINDOWS = 30
    CONTROLLER_ANDROID = 32
    CONTROLLER_IOS = 33
    HARMONYOS_PHONE = 81
    HARMONYOS_TABLET = 82
    HARMONYOS_PC = 83
    HARMONYOS_COCKPIT = 84
    HARMONYOS_AR_VR = 86
