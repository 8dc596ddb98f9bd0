"""The columns of results in a spreadsheet: the user's own, then what became of the row."""

from collections.abc import Sequence

from tm_async.cli.results.result import Result
from tm_async.cli.words import in_chinese, printable, spoken

__all__ = ["HEADINGS", "headings", "result_cells"]

HEADINGS = (
    ("status", "meeting_code", "join_url", "time", "reason", "not_registered", "row"),
    ("状态", "会议号", "入会链接", "会议时间", "原因", "未注册", "行"),
)
"""In English and in Chinese. A file with all of them is a result, and not taken for a file of rows."""


def headings(own: Sequence[str]) -> list[str]:
    """The first row."""
    return [*own, *HEADINGS[in_chinese()]]


def result_cells(own: Sequence[str], result: Result) -> list[str]:
    """The row of a result."""
    reason = result.error.message if result.error else ""
    if result.error and result.error.trace_id:
        reason += f" ({spoken('trace')} {result.error.trace_id})"
    ours = (
        spoken(result.status),
        result.meeting_code or "",
        result.join_url or "",
        f"{result.start_time:%Y-%m-%d %H:%M %z}" if result.start_time else "",
        reason,
        "; ".join(result.user_non_registered),
        str(result.row),
    )
    return [result.cells.get(name, "") for name in own] + [printable(cell) for cell in ours]
