"""Rules of recordings: share links, times, uploads; and the error codes that tell that one is gone, or not ready."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from tm_async.core.moments import instant
from tm_async.core.validation import Rule, about
from tm_async.errors import Violation

__all__ = [
    "GONE",
    "SHARE_PASSWORD",
    "VIDEO_SUFFIXES",
    "at_most_31_days",
    "end_of_link",
    "minutes_of_hunyuan",
    "nothing_beside_off",
    "password_or_approval",
    "size_of_type",
    "suffix_of_type",
]

GONE = frozenset({4049, 4051, 7001, 7003})
"""No such recording, or file, any more (doc 1095/51186, 51187, 53223)."""

SHARE_PASSWORD = Rule(
    name="share-password",
    holds=re.compile(r"[A-Za-z0-9]{4,8}\Z").match,
    limit=(4, 8),
    message="must be {limit[0]} to {limit[1]} letters and digits",
    message_zh="应为 {limit[0]} 至 {limit[1]} 位字母或数字",
)


@about("start_time", "end_time")
def at_most_31_days(query: Any) -> Iterator[Violation]:
    """A list that is not paged, so that a longer time can't be asked for piece by piece."""
    if instant(query.end_time) - instant(query.start_time) > timedelta(days=31).total_seconds():
        yield Violation("end_time", "span", "must be at most 31 days after start_time", "距 start_time 最多 31 天", 31)


def minutes_of_hunyuan(call: Any) -> Iterator[Violation]:
    """One model groups minutes; another one passes over what is asked for beyond the default (doc 1095/109458)."""
    if call.minute_type not in {None, 1} and call.llm not in {None, 1}:
        message, message_zh = "has an effect only with llm=1", "仅在 llm=1 时有效"
        yield Violation("minute_type", "minutes-of-hunyuan", message, message_zh)


def nothing_beside_off(sharing: Any) -> Iterator[Violation]:
    """A link that is off has no settings (vendor's Python SDK 1.0.10)."""
    if sharing.enable_sharing is not False:
        return
    for name in _SETTINGS:
        if getattr(sharing, name) is not None:
            yield Violation(
                name, "sharing-is-off", "must be left out with enable_sharing=False", "enable_sharing=False 时须省略"
            )


_SETTINGS = (
    "share_scope",
    "enable_password",
    "password",
    "enable_approve",
    "enable_sharing_expire",
    "sharing_expire",
    "allow_download",
    "allow_view_transcripts",
    "sharing_auth_type",
)


def password_or_approval(sharing: Any) -> Iterator[Violation]:
    """A password goes with its switch, and with no approval (doc 1095/52663)."""
    if sharing.enable_approve and sharing.enable_password:
        message, message_zh = "excludes enable_approve: give one of them", "与 enable_approve 互斥，只能开启其一"
        yield Violation("enable_password", "password-or-approval", message, message_zh)
    yield from _together(sharing, "enable_password", "password")


def end_of_link(sharing: Any) -> Iterator[Violation]:
    """The end of a link goes with its switch (vendor's Python SDK 1.0.10)."""
    yield from _together(sharing, "enable_sharing_expire", "sharing_expire")


def _together(sharing: Any, switch: str, value: str) -> Iterator[Violation]:
    """A value that is required while its switch is on, and forbidden otherwise."""
    if sharing.enable_sharing is False:
        return
    given = getattr(sharing, value) is not None
    if getattr(sharing, switch) and not given:
        yield Violation(value, "with-its-switch", f"is required with {switch}=True", f"{switch}=True 时必填")
    if given and not getattr(sharing, switch):
        yield Violation(value, "with-its-switch", f"needs {switch}=True", f"须同时设置 {switch}=True")


VIDEO_SUFFIXES = frozenset(["mp4", "flv", "mov", "avi", "wmv", "m4v", "3gp", "mpeg"])
"""Of video only; `ogg` may be either (doc 1095/106695)."""
_SUFFIXES = {
    "voice": frozenset(["m4a", "aiff", "wma", "ogg", "aac", "amr", "wav", "mp3"]),
    "video": VIDEO_SUFFIXES | {"ogg"},
}
_LARGEST = {"voice": 500 * 2**20, "video": 4 * 2**30}


def suffix_of_type(upload: Any) -> Iterator[Violation]:
    """The suffix of a file has to be one of its type (doc 1095/106695)."""
    allowed = _SUFFIXES.get(upload.file_type)
    if allowed is not None and upload.file_name.rpartition(".")[2].lower() not in allowed:
        listed = ", ".join(sorted(allowed))
        message = f"must end in a suffix of file_type {str(upload.file_type)!r}: {listed}"
        yield Violation("file_name", "suffix", message, f"后缀须与 file_type 相符：{listed}", listed)


def size_of_type(upload: Any) -> Iterator[Violation]:
    """Audio up to 500 MB, video up to 4 GB (doc 1095/106695), read as powers of 2: 20 MB is 20,971,520 bytes there."""
    most = _LARGEST.get(upload.file_type)
    if most is not None and upload.file_size > most:
        message, message_zh = f"is {upload.file_size} bytes, at most {most}", f"为 {upload.file_size} 字节，最多 {most}"
        yield Violation("file_size", "file-size", message, message_zh, most)
