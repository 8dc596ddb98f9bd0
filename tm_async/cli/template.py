"""`tm-async batch template`: a spreadsheet to fill in, with headings in both languages and an example."""

from datetime import datetime, timedelta
from pathlib import Path

import click
from attrs import frozen

from tm_async._util.csvfile import csv_line, csv_start
from tm_async.cli.reading.columns import DURATION, KEY, SERIES
from tm_async.cli.reading.header import ALIASES
from tm_async.cli.reading.problem import FileProblem
from tm_async.cli.results.output import refuse_overwriting
from tm_async.cli.results.sheets import new_workbook
from tm_async.cli.speaking import Command
from tm_async.cli.words import spoken

__all__ = ["template"]

_ROWS = 1000
"""Rows that have drop-downs."""
_ZONES: tuple[str, ...] = (
    *("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Tokyo", "Asia/Singapore", "Europe/London", "Europe/Berlin"),
    *("America/New_York", "America/Los_Angeles", "UTC"),
)
_YES_NO = ("是", "否")


@frozen
class _Column:
    """One column of the template."""

    name: str
    help: str
    help_zh: str
    example: str = ""
    choices: tuple[str, ...] = ()
    strict: bool = True
    """Whether nothing but the choices will do."""
    width: int = 16

    @property
    def alias(self) -> str:
        """The Chinese heading."""
        return ALIASES[self.name][0]


_COLUMNS = (
    _Column("subject", "Required.", "必填。", "示例 Example: 周会", width=32),
    _Column("userid", "Required. The creator's user id.", "必填。创建人的用户 ID。", "tester"),
    _Column("start_time", "Required. A date and a time.", "必填。日期和时间。", width=20),
    _Column(DURATION, "Required. Minutes.", "必填。分钟数。", "60"),
    _Column("time_zone", "Where the start is meant.", "开始时间所在的时区。", _ZONES[0], _ZONES, strict=False),
    _Column("invitees", "User ids, separated by ;", "用户 ID，用分号分隔。", "alice; bob", width=28),
    _Column("hosts", "User ids, separated by ;", "用户 ID，用分号分隔。"),
    _Column("password", "4 to 6 digits.", "4 至 6 位数字。"),
    _Column("location", "Shown in the invitation.", "显示在邀请中。"),
    _Column(
        SERIES,
        "How often: weekly x7, or weekly until 2027-12-31.",
        "重复方式：weekly x7，或 weekly until 2027-12-31；也可写 每周 x7。",
        choices=("daily x5", "weekdays x10", "weekly x7", "biweekly x4", "monthly x3"),
        strict=False,
        width=22,
    ),
    _Column("guests", "86-13800000000 Name; ...", "86-13800000000 姓名; ……", width=24),
    _Column("settings.mute_enable_join", "Everyone joins muted.", "成员入会时静音。", choices=_YES_NO),
    _Column("settings.auto_in_waiting_room", "A waiting room.", "开启等候室。", choices=_YES_NO),
    _Column("settings.allow_in_before_host", "Join before the host.", "允许在主持人前入会。", choices=_YES_NO),
    _Column(
        "settings.auto_record_type",
        "Recorded from the start: none, local or cloud.",
        "自动录制：none 不录，local 本地，cloud 云端。",
        choices=("none", "local", "cloud"),
    ),
    _Column(KEY, "Your own name of the row, unique; not sent.", "行的唯一编号，不发送。"),
)


@click.command(cls=Command, short_help="Make a spreadsheet to fill in.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="A new file: .xlsx, or .csv."
)
@click.option("--force", is_flag=True, help="Overwrite the --out file.")
def template(out: Path, force: bool) -> None:
    """Write a spreadsheet for "batch create": headings in English and Chinese, drop-downs, an example, explanations.

    Fill in rows below the example, and delete that. Columns that you don't need may be deleted, too; the other members
    of a meeting may be added by their names.
    """
    if out.suffix.lower() not in {".xlsx", ".csv"}:
        raise click.UsageError(spoken("The template is a spreadsheet: name a file .xlsx or .csv."))
    refuse_overwriting(out, out / "none", force=force)
    start = (datetime.now().astimezone() + timedelta(days=7)).replace(hour=10, minute=0, second=0, microsecond=0)
    try:
        if out.suffix.lower() == ".csv":
            out.write_bytes(_csv(start.replace(tzinfo=None)))
        else:
            _write_workbook(out, start.replace(tzinfo=None))
    except OSError as error:
        raise FileProblem(spoken("{out} can't be written: {error}", out=out, error=error.strerror or error)) from None
    click.echo(spoken("{out} is ready. Then: tm-async batch create {out} --dry-run", out=out), err=True)


def _csv(start: datetime) -> bytes:
    cells = [f"{start:%Y-%m-%d %H:%M}" if column.name == "start_time" else column.example for column in _COLUMNS]
    return csv_start([f"{column.alias} {column.name}" for column in _COLUMNS]) + csv_line(cells)


def _write_workbook(out: Path, start: datetime) -> None:
    with out.open("wb") as file, new_workbook(file) as book:
        text = book.add_format({"num_format": "@"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        number = book.add_format({"num_format": "0"})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DDEBF7", "border": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("会议 Meetings")
        sheet.freeze_panes(1, 1)
        sheet.set_row(0, 34)
        for at, column in enumerate(_COLUMNS):
            look = {"start_time": moment, DURATION: number}.get(column.name, text)
            sheet.set_column(at, at, column.width, look)
            sheet.write_string(0, at, f"{column.alias}\n{column.name}", bold)
            sheet.write_comment(0, at, f"{column.help_zh}\n{column.help}", {"x_scale": 1.6})
            if column.name == "start_time":
                sheet.write_datetime(1, at, start, moment)
            elif column.name == DURATION:
                sheet.write_number(1, at, int(column.example), number)
            elif column.example:
                sheet.write_string(1, at, column.example, text)
            if limits := _limits(column):
                sheet.data_validation(1, at, _ROWS, at, limits)
        explained = book.add_worksheet("说明 Help")
        explained.set_column(0, 0, 30)
        explained.set_column(1, 3, 44)
        explained.write_row(0, 0, ("列 Column", "说明", "Meaning", "可选值 Choices"), bold)
        for at, column in enumerate(_COLUMNS, 1):
            row = (f"{column.alias} {column.name}", column.help_zh, column.help, ", ".join(column.choices))
            explained.write_row(at, 0, row, wrapped)


def _limits(column: _Column) -> dict[str, object] | None:
    """What Excel lets be typed into a column."""
    if column.choices:
        style = "stop" if column.strict else "information"
        return {"validate": "list", "source": list(column.choices), "error_type": style, "show_error": column.strict}
    if column.name == DURATION:
        return {"validate": "integer", "criteria": ">", "value": 0}
    return None
