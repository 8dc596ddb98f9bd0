"""What Excel, WPS and people write into a table, as text: encodings, separators, headings, cells."""

import io
from datetime import UTC, datetime, timedelta
from itertools import chain, repeat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.test_rows import problems, problems_of, request, table
from tm_async.api.meetings import CreateMeeting
from tm_async.cli.reading.columns import KEY, kinds
from tm_async.cli.reading.csv_cells import csv_cells
from tm_async.cli.reading.encoding import encoding_of
from tm_async.cli.reading.header import ALIASES, aliases_help, column_named
from tm_async.cli.reading.options import Options
from tm_async.cli.reading.problem import FileProblem
from tm_async.cli.reading.row import Row
from tm_async.cli.reading.rows import Format, read_rows
from tm_async.cli.staff.reading import read_staff

NINE = datetime(2026, 12, 1, 1, tzinfo=UTC)
CHINESE = (
    "主题,创建人,开始时间,时长,时区,邀请人,密码\n周会,tester,2026年12月1日 9:00,60,Asia/Shanghai,alice，bob,123456\n"
)


def rows(content: str | bytes, form: Format = Format.CSV, **options: object) -> list[Row]:
    file = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    return list(read_rows(file, form, Options(**options)))  # type: ignore[arg-type]


def only(content: str | bytes, **options: object) -> CreateMeeting:
    (row,) = rows(content, **options)
    assert row.request is not None, problems(row)
    return row.request


# --- encodings and separators ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "gb2312", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_encodings(encoding: str, ends: str) -> None:
    meeting = only(CHINESE.replace("\n", ends).encode(encoding))
    assert meeting.subject == "周会"
    assert meeting.start_time == NINE
    assert meeting.invitees == ("alice", "bob")
    assert meeting.password == "123456"


def test_damaged_utf8_is_not_taken_for_gbk() -> None:
    """Every pair of bytes would be some Chinese character."""
    content = "subject,会议,周会\n".encode() * 3
    refused = 0
    for at in range(len(content)):
        damaged = content[:at] + b"\xb0" + content[at + 1 :]
        try:
            damaged.decode("gb18030")
            damaged.decode("utf-8")
        except UnicodeDecodeError as error:
            if error.encoding == "utf-8":
                refused += 1
                with pytest.raises(FileProblem, match="is not UTF-8 text"):
                    encoding_of(io.BytesIO(damaged))
    assert refused > 10


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=200))
def test_chinese_in_gb18030_is_read_or_refused_and_never_garbled(text: str) -> None:
    content = f"{text}\n".encode("gb18030")
    try:
        assert content.decode(encoding_of(io.BytesIO(content))) == f"{text}\n" or content.decode("utf-8")
    except FileProblem as problem:
        assert "GB18030" in str(problem)


@pytest.mark.parametrize(
    ("first", "separator"), [("", ","), ("", ";"), ("", "\t"), ("sep=;\n", ";"), ("sep=\t\r\n", "\t"), ("sep=|\n", "|")]
)
def test_separators(first: str, separator: str) -> None:
    assert only(first + CHINESE.replace(",", separator)).time_zone == "Asia/Shanghai"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_headings_that_span_lines(separator: str) -> None:
    """As the template has them, saved as CSV."""
    text = '"主题\nsubject","创建人\nuserid","开始时间\nstart_time","时长\nduration_minutes"\n'
    text += "s,tester,2026-12-01T09:00+08:00,60\n"
    (row,) = rows(text.replace(",", separator))
    assert row.number == 2
    assert row.request is not None
    assert row.request.start_time == NINE


def test_a_stray_quote_among_the_headings_takes_no_time() -> None:
    """All the file is one heading then; counting its quotes anew with each line took a minute for 5 MB."""
    lines = iter(['userid,subject,start_time,"duration_minutes\n', *["t,s,2037-01-01,60\n"] * 100_000])
    with pytest.raises(FileProblem, match="row 1 is not CSV: field larger than field limit"):
        list(csv_cells(lines))
    assert len(list(lines)) > 90_000


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("userid" + "," * 16_384, "has more than 16,384 columns"),
        ("userid," + "x" * 1_000_000, "has headings of more than 1,000,000 characters"),
        ('userid,"' + "," * 500_000, "row 1 is not CSV"),
        ("userid," + "x" * 100_000, r"has an unknown column 'x{60}\.\.\.' \(column 2\)"),
    ],
)
def test_headings_that_can_not_be_meant(tmp_path: Path, header: str, problem: str) -> None:
    with pytest.raises(FileProblem, match=problem) as raised:
        rows(f"{header}\n")
    file = tmp_path / "staff.csv"
    file.write_text(f"{header}\n")
    with pytest.raises(FileProblem, match=problem):
        read_staff(str(file), Format.CSV, Options())
    assert len(str(raised.value)) < 200
    assert column_named("subject" + " " * 200) is None


def test_blank_lines_are_not_kept() -> None:
    table = csv_cells(chain(repeat("\n", 1000), [";;\n", "userid;subject\n", "t;s\n"]))
    assert [next(table) for _ in range(1001)] == [(number, []) for number in range(1, 1002)]
    assert list(table) == [(1002, ["userid", "subject"]), (1003, ["t", "s"])]


def test_rows_are_counted_as_a_spreadsheet_does() -> None:
    text = f"sep=;\n;;;\n{CHINESE.replace(',', ';')};;;;;;\n{CHINESE.splitlines()[1].replace(',', ';')};;;\n;;;\n"
    assert [row.number for row in rows(text)] == [3, 5]


def test_json_lines_in_any_encoding() -> None:
    line = '{"userid":"tester","subject":"周会","start_time":"2026-12-01T09:00","end_time":"2026-12-01T10:00","x":1}'
    for encoding in ("utf-16", "gbk", "utf-8-sig"):
        (row,) = rows(line.encode(encoding), Format.JSONL, ignore_unknown=True, time_zone="Asia/Shanghai")
        assert row.request is not None
        assert (row.request.subject, row.request.start_time) == ("周会", NINE)


# --- headings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("column", "aliases"), ALIASES.items())
def test_chinese_headings(column: str, aliases: tuple[str, ...]) -> None:
    assert column in {*kinds(), "duration_minutes", "recurrence", KEY}
    for alias in aliases:
        assert column_named(alias) == column
        assert column_named(f" {alias}\n{column} ") == column
        assert column_named(f"{alias}（必填）") == column
        assert column_named(f"{alias}*") == column
        assert alias in aliases_help()


def test_no_heading_means_two_columns() -> None:
    aliases = [alias for names in ALIASES.values() for alias in names]
    assert len(aliases) == len(set(aliases))
    assert column_named("主题 密码") is None
    assert column_named("备注") is None
    assert column_named("") is None


@pytest.mark.parametrize(
    ("heading", "hint"),
    [
        ("start", r"'start' \(column 5\); did you mean 'start_time'\?"),
        ("会议主提", r"'会议主提' \(column 5\); did you mean '会议主题' \(subject\)\?"),
        ("备注", r"'备注' \(column 5\); --ignore-unknown passes such columns by\Z"),
    ],
)
def test_an_unknown_column_is_named_with_the_nearest_one(heading: str, hint: str) -> None:
    text = f"userid,subject,start_time,end_time,{heading}\ntester,s,2026-12-01T09:00Z,2026-12-01T10:00Z,x\n"
    with pytest.raises(FileProblem, match=hint):
        rows(text)
    (row,) = rows(text, ignore_unknown=True)
    assert row.request is not None
    assert row.cells[heading] == "x"


def test_the_result_of_a_batch_is_no_file_of_rows() -> None:
    for ours in (
        "status,meeting_code,join_url,time,reason,not_registered,row",
        "状态,会议号,入会链接,会议时间,原因,未注册,行",
    ):
        with pytest.raises(FileProblem, match="is the result of a batch"):
            rows(f"userid,subject,start_time,end_time,{ours}\n", ignore_unknown=True)


def test_a_zone_for_all_rows_that_name_none() -> None:
    text = "userid,subject,start_time,duration_minutes,time_zone\na,s,2026-12-01 9:00,5,\na,s,2026-12-01 9:00,5,UTC\n"
    first, second = rows(text, time_zone="Asia/Shanghai")
    assert first.request is not None
    assert second.request is not None
    assert (first.request.start_time, first.request.time_zone) == (NINE, "Asia/Shanghai")
    assert second.request.time_zone == "UTC"


# --- cells -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "46357.375",
        "2026年12月1日 9:00",
        "2026年12月1日9:00",
        "2026年12月1日 9时00分",
        "2026年12月1日 9点",
        "2026年12月1日 上午9:00",
        "2026/12/1 9:00",
        "2026/12/1 9:00 AM",
        "2026.12.1 9:00:00",
        "2026/12/1　９：００",
    ],
)
def test_times_as_spreadsheets_show_them(text: str) -> None:
    assert request(start_time=text, time_zone="Asia/Shanghai").start_time == NINE


@pytest.mark.parametrize(("text", "hour"), [("下午3:30", 15), ("上午12:30", 0), ("下午12:30", 12)])
def test_the_halves_of_a_day(text: str, hour: int) -> None:
    start = request(start_time=f"2026年12月1日 {text}", time_zone="UTC").start_time
    assert (start.hour, start.minute) == (hour, 30)


@given(st.datetimes(datetime(1971, 1, 2), datetime(2099, 12, 31)))  # noqa: DTZ001 - days have no zone
def test_every_day_number_reads_back_to_the_second(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    days = (moment - datetime(1899, 12, 30)) / timedelta(days=1)  # noqa: DTZ001
    if days != int(days):
        read = request(start_time=repr(days), duration_minutes="5", time_zone="UTC").start_time
        assert read.replace(tzinfo=None) == moment


@pytest.mark.parametrize("text", ["46357", "2026-12-01", "2026年12月1日", "2026/12/1"])
def test_a_date_alone_is_no_time(text: str) -> None:
    assert problems_of(start_time=text) == [
        f"start_time: {text!r} is a date without a time; midnight is 2027-01-05T00:00"
    ]


@pytest.mark.parametrize("column", ["guests", "invitees", "userid", "password"])
def test_a_number_that_the_spreadsheet_cut_is_refused(column: str) -> None:
    text = "86-1.38E+10 Wang" if column == "guests" else "1.38E+10"
    assert problems_of(**{column: text}) == [
        f"{column}: 1.38E+10 is a number that the spreadsheet has cut: make the column text, and type it in anew"
    ]


@pytest.mark.parametrize(
    "text", ["alice;bob", "alice；bob", "alice,bob", "alice， bob", "alice、bob", "alice\nbob", "alice;,bob;"]
)
def test_people(text: str) -> None:
    assert request(invitees=text).invitees == ("alice", "bob")
    assert request(hosts=text).hosts == ("alice", "bob")


@pytest.mark.parametrize("text", ["alice bob", "alice|bob", "alice/bob", "Alice <a@example.com>", "“alice bob”"])
def test_what_cannot_be_one_user_id(text: str) -> None:
    (problem,) = problems_of(invitees=text)
    assert problem == f"invitees: {text!r} can't be one user id; separate people by ; or ,"
    (problem,) = problems_of(userid="alice，bob")
    assert problem.startswith("userid: 'alice，bob' can't be one user id")
    line = '{"userid":"t","subject":"s","start_time":"1799114400","end_time":"1799118000","invitees":["a，b"]}'
    (row,) = rows(line, Format.JSONL)
    assert problems(row) == ["invitees: 'a，b' can't be one user id; separate people by ; or ,"]


@pytest.mark.parametrize(
    ("text", "minutes"), [("90", 90), ("90分钟", 90), ("90 min", 90), ("1:30", 90), ("01:30:00", 90), ("60.0", 60)]
)
def test_durations(text: str, minutes: int) -> None:
    meeting = request(duration_minutes=text)
    assert meeting.end_time - meeting.start_time == timedelta(minutes=minutes)


@pytest.mark.parametrize(("text", "value"), [("是", True), ("否", False), ("yes", True), ("No", False)])
def test_truths(text: str, value: bool) -> None:
    assert request(enable_live=text).enable_live is value


@pytest.mark.parametrize(
    ("text", "kind", "count"),
    [("每天 x5", 0, 5), ("每个工作日x10", 1, 10), ("每周 7次", 2, 7), ("每两周 x4", 3, 4), ("每月 ×3", 4, 3)],
)
def test_series_in_chinese(text: str, kind: int, count: int) -> None:
    rule = request(recurrence=text).recurring_rule
    assert rule is not None
    assert (rule.recurring_type, rule.until_count) == (kind, count)


def test_a_series_until_a_chinese_date() -> None:
    rule = request(recurrence="每周 至 2027年2月28日").recurring_rule
    assert rule is not None
    assert rule.until_date == datetime.fromisoformat("2027-02-28T23:59:59+08:00")


def test_no_secret_is_among_the_users_own_columns() -> None:
    (row,) = rows(table(password="123456", host_key="654321", enable_host_key="true"))
    assert row.request is not None
    assert (row.cells["password"], row.cells["host_key"]) == ("***", "***")
    line = '{"userid":"t","subject":"s","password":"123456","live_config":{"live_password":"987"},"hosts":["a","b"]}'
    (row,) = rows(line, Format.JSONL)
    assert row.cells == {
        "userid": "t",
        "subject": "s",
        "password": "***",
        "live_config.live_password": "***",
        "hosts": "a; b",
    }
