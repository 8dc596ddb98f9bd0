"""The first row of a table: which column each heading stands for, in English or in Chinese."""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from unicodedata import normalize

from tm_async.cli.reading.columns import DURATION, KEY, SERIES, kinds
from tm_async.cli.reading.problem import FileProblem, shortened
from tm_async.cli.words import spoken

__all__ = ["ALIASES", "aliases_help", "column_named", "known_headings", "meant", "read_header"]

ALIASES: Mapping[str, tuple[str, ...]] = {
    "userid": ("创建人", "创建者", "发起人", "预定人", "会议创建人", "用户ID"),
    "subject": ("主题", "会议主题", "会议名称", "标题"),
    "start_time": ("开始时间", "会议开始时间", "开始"),
    "end_time": ("结束时间", "会议结束时间", "结束"),
    DURATION: ("时长", "会议时长", "时长(分钟)", "分钟"),
    "time_zone": ("时区",),
    "hosts": ("主持人", "会议主持人"),
    "invitees": ("邀请人", "受邀人", "被邀请人", "邀请成员", "参会人", "参会人员", "与会人", "参会成员"),
    "guests": ("嘉宾", "会议嘉宾"),
    "password": ("密码", "会议密码", "入会密码"),
    "location": ("地点", "会议地点"),
    SERIES: ("重复", "周期", "重复规则", "周期规则"),
    KEY: ("编号", "唯一编号"),
    "host_key": ("主持人密钥",),
    "enable_host_key": ("启用主持人密钥",),
    "enable_live": ("开启直播",),
    "enable_enroll": ("开启报名",),
    "settings.mute_enable_join": ("入会静音", "成员入会时静音"),
    "settings.allow_unmute_self": ("允许自我解除静音",),
    "settings.allow_in_before_host": ("允许主持人前入会", "允许成员在主持人进会前加入"),
    "settings.auto_in_waiting_room": ("等候室", "开启等候室"),
    "settings.auto_record_type": ("自动录制",),
    "settings.only_enterprise_user_allowed": ("仅企业内部用户入会",),
}
"""Chinese headings. Whatever has none goes by its name in the API."""

_NOTE = re.compile(r"\*|必填|选填|可选|required|optional", re.IGNORECASE)
"""Words in a heading that say nothing about which column it is."""

_LONGEST = 200
"""Characters; a heading of more stands for no column."""


@cache
def _known() -> Mapping[str, str]:
    return known_headings((*kinds(), DURATION, SERIES, KEY), ALIASES)


def known_headings(names: Iterable[str], aliases: Mapping[str, Iterable[str]]) -> Mapping[str, str]:
    """The columns by their names and aliases, for `meant`."""
    found = {name: name for name in names} | {alias: name for name, others in aliases.items() for alias in others}
    return {_plain(alias): name for alias, name in found.items()}


def _plain(text: str) -> str:
    return re.sub(r"\s", "", normalize("NFKC", text)).casefold()


def column_named(heading: str) -> str | None:
    """The column of a meeting that a heading stands for."""
    return meant(heading, _known())


def meant(heading: str, known: Mapping[str, str]) -> str | None:
    """The column that a heading stands for: its name, an alias, or both one after the other (`主题 subject`)."""
    if len(heading) > _LONGEST:
        return None
    if found := known.get(_plain(heading)):
        return found
    parts = re.split(r"[\s/()]+", _NOTE.sub(" ", normalize("NFKC", heading)))
    columns = {known.get(_plain(part)) for part in parts if part}
    return columns.pop() if len(columns) == 1 else None


def aliases_help() -> str:
    """The Chinese headings, a column a line."""
    return "\n".join(f"  {name:<16}  {', '.join(aliases)}" for name, aliases in ALIASES.items())


def read_header(header: Sequence[str], *, ignore_unknown: bool) -> list[str | None]:
    """The column of each heading; `None`: it is to be ignored. Raises `FileProblem` for a row that can't be meant."""
    if not any(header):
        raise FileProblem(
            spoken("has no header row: the first row names the columns, such as userid,subject,start_time,end_time")
        )
    columns = [column_named(heading) if heading else None for heading in header]
    if "subject" in columns and _is_result(header):
        raise FileProblem(
            spoken("is the result of a batch: correct the file that it was made from, and run that again")
        )
    for position, (heading, column) in enumerate(zip(header, columns, strict=True), 1):
        if heading and column is None and not ignore_unknown:
            raise FileProblem(_unknown(heading, position))
        if column is not None and columns.index(column) != position - 1:
            raise FileProblem(spoken("has the column {name} twice", name=repr(column)))
    needed = [name for name in ("userid", "subject", "start_time") if name not in columns]
    if "end_time" not in columns and DURATION not in columns:
        needed.append(spoken("end_time (or {duration})", duration=DURATION))
    if needed:
        names = ", ".join(needed)
        raise FileProblem(
            spoken("lacks the column {names}", names=names)
            if len(needed) == 1
            else spoken("lacks the columns {names}", names=names)
        )
    return columns


def _is_result(header: Sequence[str]) -> bool:
    from tm_async.cli.results.columns import HEADINGS

    return any(set(headings) <= set(header) for headings in HEADINGS)


def _unknown(heading: str, position: int) -> str:
    heading = shortened(heading)
    close = get_close_matches(_plain(heading), _known(), n=1)
    hint = ""
    if close:
        name = _known()[close[0]]
        other = "" if name == close[0] else f"{name}, "
        hint = spoken("; did you mean {name}?", name=f"{close[0]!r}" if not other else f"{close[0]!r} ({name})")
    problem = spoken("has an unknown column {heading} (column {position})", heading=repr(heading), position=position)
    return f"{problem}{hint}{spoken('; --ignore-unknown passes such columns by')}"
