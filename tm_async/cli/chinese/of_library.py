"""The Chinese for errors of the library that a user of the command meets first; the others stay as logs have them."""

import re
from collections.abc import Mapping

__all__ = ["ERRORS"]

ERRORS: Mapping[re.Pattern[str], str] = {
    re.compile(r"set the environment variables? (.+)"): r"请设置环境变量 \1",
    re.compile(r"(.+) (?:is|are) in the ledger with another request; nothing was added"): (
        r"\1 已在账本中，但内容不同；没有添加任何内容"
    ),
    re.compile(r"no event '(.+)' is known; did you mean (.+)\?"): r"没有事件 '\1'；是否想写 \2？",
    re.compile(r"no event '(.+)' is known"): r"没有事件 '\1'",
    re.compile(r"the webhook's (Token|EncodingAESKey) must be (\d+) letters and digits, .+"): (
        r"Webhook 的 \1 必须是 \2 个字母和数字"
    ),
    re.compile(r"(.+): can't be opened or created \((.+)\)"): r"\1：无法打开或创建（\2）",
}
