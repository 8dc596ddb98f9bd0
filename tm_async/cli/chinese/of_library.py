"""The Chinese for errors of the library that a user of the command meets first; the others stay as logs have them."""

import re
from collections.abc import Mapping

__all__ = ["ERRORS"]

ERRORS: Mapping[re.Pattern[str], str] = {
    re.compile(r"set the environment variables? (.+)"): r"请设置环境变量 \1",
    re.compile(r"(.+) (?:is|are) in the ledger with another request; nothing was added"): (
        r"\1 已在账本中，但内容不同；没有添加任何内容"
    ),
    re.compile(r"(.+): can't be opened or created \((.+)\)"): r"\1：无法打开或创建（\2）",
}
