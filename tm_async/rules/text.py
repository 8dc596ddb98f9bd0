"""Rules on text: lengths as the vendor counts them, digits, zone names."""

import re
from functools import lru_cache
from unicodedata import category, east_asian_width

from tm_async.core.validation import Rule

__all__ = [
    "HOST_KEY",
    "LOCATION",
    "MEETING_CODE",
    "NEW_PASSWORD",
    "NOT_BLANK",
    "NOT_EMPTY",
    "PASSWORD",
    "SUBJECT",
    "TIME_ZONE",
    "subject_bytes",
    "width",
    "without_separators",
]


def subject_bytes(text: str) -> int:
    """Length of a subject in the vendor's bytes: 2 for a Latin letter, 2 to 4 for a Chinese character.

    That is the length in UTF-16 (doc 1095/42417). Half a surrogate pair counts 2 as well.
    """
    return len(text.encode("utf-16-le", "surrogatepass"))


def width(text: str) -> int:
    """Width of a text where a Chinese character counts 2 and a Latin letter 1."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


_DASHES = "\N{SWUNG DASH}\N{SUPERSCRIPT MINUS}\N{SUBSCRIPT MINUS}\N{MINUS SIGN}"
"""What Unicode calls a dash and has in other categories than that of dashes."""


def without_separators(text: str) -> str:
    """A number as people type, print or copy it, without its spaces and dashes: all that Unicode has of them."""
    if text.isascii() and text.isalnum():
        return text
    return "".join(one for one in text if not (one.isspace() or one in _DASHES or category(one) in {"Pd", "Cf"}))


@lru_cache(maxsize=1024)
def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (ValueError, OSError):  # not a key at all, or a folder of the database
        return False
    except KeyError:
        return not _has_zone_data()
    return True


@lru_cache(maxsize=1)
def _has_zone_data() -> bool:
    """Without a zone database on the machine nothing can be said about names."""
    from zoneinfo import available_timezones

    return bool(available_timezones())


SUBJECT = Rule(
    name="subject-length",
    holds=lambda text: len(text) > 0 and (len(text) <= 128 or subject_bytes(text) <= 512),
    limit=512,
    actual=subject_bytes,
    message="is {actual} bytes, counted as 2 per Latin letter and 2 to 4 per Chinese character; allowed: 1 to {limit}",
    message_zh="长度为 {actual} 字节（拉丁字母计 2 字节，汉字计 2 至 4 字节），应为 1 至 {limit} 字节",
    page="1095/42417",
)

LOCATION = Rule(
    name="location-width",
    holds=lambda text: width(text) <= 36,
    limit=36,
    actual=width,
    message="is {actual} wide, at most {limit} (a Chinese character counts 2)",
    message_zh="宽度为 {actual}，最多 {limit}（一个汉字计 2，即 18 个汉字或 36 个字母）",
    page="1095/42417",
)

PASSWORD = Rule(
    name="password-digits",
    holds=re.compile(r"[0-9]{4,6}\Z").match,
    limit=(4, 6),
    message="must be 4 to 6 digits",
    message_zh="应为 4 至 6 位数字",
)

NEW_PASSWORD = Rule(
    name="new-password-digits",
    holds=re.compile(r"(?:[0-9]{4,6})?\Z").match,
    limit=(4, 6),
    message="must be 4 to 6 digits, or empty to remove it",
    message_zh="应为 4 至 6 位数字，或为空以取消密码",
    page="1095/42424",
)

HOST_KEY = Rule(
    name="host-key-digits",
    holds=re.compile(r"[0-9]{6}\Z").match,
    limit=6,
    message="must be exactly 6 digits",
    message_zh="应为 6 位数字",
    page="1095/42417",
)

TIME_ZONE = Rule(
    name="time-zone-name",
    holds=_is_zone,
    actual=lambda name: name,
    message="{actual!r} is not a known time zone name, for example Asia/Shanghai",
    message_zh="{actual!r} 不是已知的时区名称，例如 Asia/Shanghai",
    page="1095/42417",
)

MEETING_CODE = Rule(
    name="meeting-code-digits",
    holds=re.compile(r"[0-9]+\Z").match,
    actual=lambda code: code,
    message="{actual!r} must be digits (a meeting code has 9; spaces and dashes are removed)",
    message_zh="{actual!r} 应为数字（会议号为 9 位；空格和短横线会被去掉）",
    page="1095/42421",
)

NOT_EMPTY = Rule(
    name="not-empty",
    holds=bool,
    message="must not be empty",
    message_zh="不能为空",
    page=None,
)

NOT_BLANK = Rule(
    name="not-blank",
    holds=str.strip,
    message="must not be blank",
    message_zh="不能为空或仅含空格",
)
