"""Rules of speech recognition."""

import re
from collections.abc import Iterator
from typing import Any

from tm_async.core.validation import Rule
from tm_async.errors import Violation

__all__ = ["HOT_WORD", "own_words"]

_WORD = re.compile(r"[\u4e00-\u9fff]{1,10}|[A-Za-z][A-Za-z ]{0,19}")

HOT_WORD = Rule(
    name="hot-word",
    holds=_WORD.fullmatch,
    limit=(10, 20),
    message="must be at most {limit[0]} Chinese characters or {limit[1]} letters, not mixed, without digits and signs",
    message_zh="最多 {limit[0]} 个汉字或 {limit[1]} 个字母，不可混用，不含数字和符号",
)
"""That spaces are allowed between letters is not said."""


def own_words(call: Any) -> Iterator[Violation]:
    """Words for everything of a creator's are fewer (doc 1095/106033)."""
    if call.meeting_id is None and call.record_file_id is None and len(call.customize_words) > 100:
        count = len(call.customize_words)
        message = f"has {count} entries, at most 100 without meeting_id and record_file_id"
        message_zh = f"有 {count} 项，未指定 meeting_id 或 record_file_id 时最多 100 项"
        yield Violation("customize_words", "own-words", message, message_zh, 100)
