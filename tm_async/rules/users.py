"""Rules of users and their accounts, and the error codes that tell what an earlier attempt did."""

import re
from collections.abc import Iterator
from typing import Any

from attrs import evolve

from tm_async.core.validation import Rule
from tm_async.errors import Violation
from tm_async.rules import people
from tm_async.rules.text import width

__all__ = [
    "AREA",
    "HAS_AI_ALREADY",
    "HAS_NO_AI",
    "NEW_USERID",
    "PHONE_CODE",
    "PMI_NAME",
    "REMINDED_TODAY",
    "UNKNOWN",
    "VERIFICATION_SENT_TODAY",
    "phone_or_email",
    "receiver_when_handed_over",
    "token_to_bind_again",
    "watermark_options",
]

UNKNOWN = 20001
"""No such user (doc 1095/43679)."""
REMINDED_TODAY = 15101
"""Invited to activate today (doc 1095/88673)."""
VERIFICATION_SENT_TODAY = 500119
"""Asked to verify today (doc 1095/109023)."""
HAS_AI_ALREADY = (500058, 500111, 500112)
"""Has an AI account (doc 1095/108996)."""
HAS_NO_AI = 500059
"""Has no AI account (doc 1095/108997)."""

_FORBIDDEN = re.compile(r"[\s\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff!*'();:@&=+$,/?#\[\]]|^\.\.?$")
"""The last: what the path of a later call can't have."""

NEW_USERID = Rule(
    name="new-userid",
    holds=lambda userid: len(userid.encode()) <= 40 and userid.isprintable() and not _FORBIDDEN.search(userid),
    limit=40,
    message="must be at most {limit} bytes without Chinese or invisible characters, spaces and !*'();:@&=+$,/?#[], "
    "and not . or ..",
    message_zh="最多 {limit} 字节，且不能含中文、不可见字符、空格及 !*'();:@&=+$,/?#[]，也不能是 . 或 ..",
)

AREA = evolve(people.AREA, page="1095/43675")

PHONE_CODE = Rule(
    name="phone-code",
    holds=re.compile(r"[0-9]{6}\Z").match,
    limit=6,
    message="must be exactly 6 digits",
    message_zh="应为 6 位数字",
)

PMI_NAME = Rule(
    name="pmi-name-width",
    holds=lambda text: width(text) <= 36,
    limit=36,
    actual=width,
    message="is {actual} wide, at most {limit} (a Chinese character counts 2)",
    message_zh="宽度为 {actual}，最多 {limit}（一个汉字计 2，即 18 个汉字或 36 个字母）",
)


def phone_or_email(user: Any) -> Iterator[Violation]:
    """A new user needs a phone, or an e-mail address where that opens the log-in (doc 1095/43675)."""
    if user.phone is None and user.email is None:
        yield Violation("phone", "phone-or-email", "give phone or email", "请提供 phone 或 email", page="1095/43675")


def receiver_when_handed_over(call: Any) -> Iterator[Violation]:
    """Handing over needs a receiver; erasing has none (doc 1095/104847)."""
    hands_over = call.data_process == "2"
    if hands_over and call.receiver_id is None:
        yield Violation(
            "receiver_id", "receiver", "is required with data_process=2", "data_process=2 时必填", page="1095/104847"
        )
    asked = {"receiver_id": call.receiver_id, "transfer_data": call.transfer_data not in (None, "0")}  # 0: the default
    for name, is_asked in asked.items():
        if not hands_over and is_asked:
            yield Violation(
                name,
                "receiver",
                "has an effect only with data_process=2",
                "仅在 data_process=2 时有效",
                page="1095/104847",
            )


def token_to_bind_again(call: Any) -> Iterator[Violation]:
    """Another phone is bound with a token from the present one (doc 1095/122367)."""
    if call.type == 2 and call.token is None:
        yield Violation("token", "phone-token", "is required with type=2", "type=2 时必填", page="1095/122367")


def watermark_options(config: Any) -> Iterator[Violation]:
    """The kind of watermark, and notes that can't be captured, count with a watermark (the official SDKs)."""
    for name in ("water_mark_type", "disable_note_capture"):
        if config.watermark is False and getattr(config, name):
            yield Violation(name, "watermark", "has an effect only with watermark=true", "仅在 watermark=true 时有效")
