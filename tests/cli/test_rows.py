"""Rows of a file become requests, or say everything that is wrong with them. No loop, no socket."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.conftest import GOOD, HEADER
from tm_async.api.meetings import AutoRecord, CreateMeeting, Guest, RecurrenceKind
from tm_async.cli.reading.problem import FileProblem
from tm_async.cli.reading.row import Row
from tm_async.cli.reading.rows import Format, read_rows
from tm_async.cli.words import describe
from tm_async.core.codec import to_wire

START = datetime(2027, 1, 5, 2, tzinfo=UTC)


def rows(text: str | bytes, form: Format = Format.CSV) -> list[Row]:
    return list(read_rows(io.BytesIO(text if isinstance(text, bytes) else text.encode()), form))


def table(**cells: str) -> str:
    """A file with one row: a good one, with changes."""
    given = {"userid": "tester", "subject": "s", "start_time": "2027-01-05T10:00+08:00", "duration_minutes": "60"}
    cells = given | cells
    text = io.StringIO()
    writer = csv.DictWriter(text, list(cells))
    writer.writeheader()
    writer.writerow(cells)
    return text.getvalue()


def request(**cells: str) -> CreateMeeting:
    (row,) = rows(table(**cells))
    assert row.request is not None, problems(row)
    return row.request


def problems(row: Row) -> list[str]:
    assert (row.request is None) == bool(row.problems)
    return [describe(problem) for problem in row.problems]


def problems_of(**cells: str) -> list[str]:
    (row,) = rows(table(**cells))
    return problems(row)


# --- good rows ---------------------------------------------------------------------------------------------------


def test_a_row_with_everything() -> None:
    meeting = request(
        subject=" 周会 ",
        start_time="2027-01-05 10:00",
        time_zone="Asia/Shanghai",
        hosts="alice",
        invitees="bob; carol；dave;",
        guests="86-13800000000 王芳;1-2025550123",
        password="123456",
        location="三楼",
        recurrence="Weekly X7",
        instanceid="5",
        enable_host_key="TRUE",
        host_key="012345",
        **{
            "settings.auto_record_type": "cloud",
            "settings.mute_enable_join": "false",
            "settings.mute_enable_type_join": "2",
        },
    )
    assert meeting.subject == "周会"
    assert meeting.start_time == START
    assert meeting.end_time == START + timedelta(hours=1)
    assert meeting.time_zone == "Asia/Shanghai"
    assert meeting.hosts == ("alice",)
    assert meeting.invitees == ("bob", "carol", "dave")
    assert meeting.guests == (
        Guest(area="86", phone_number="13800000000", guest_name="王芳"),
        Guest(area="1", phone_number="2025550123"),
    )
    assert meeting.password == "123456"
    assert meeting.host_key == "012345"
    assert meeting.enable_host_key is True
    assert meeting.instanceid == 5
    assert meeting.settings is not None
    assert meeting.settings.auto_record_type == AutoRecord.CLOUD
    assert meeting.settings.mute_enable_join is False
    assert meeting.settings.mute_enable_type_join == 2
    assert meeting.recurring_rule is not None
    assert meeting.recurring_rule.recurring_type == RecurrenceKind.WEEKLY
    assert meeting.recurring_rule.until_count == 7
    assert meeting.meeting_type == 1


@pytest.mark.parametrize(
    ("text", "kind", "count"),
    [("daily x5", 0, 5), ("weekdays ×10", 1, 10), ("weekly x 7", 2, 7), ("biweekly *4", 3, 4), ("monthly x3", 4, 3)],
)
def test_series_by_count(text: str, kind: int, count: int) -> None:
    rule = request(recurrence=text).recurring_rule
    assert to_wire(rule) == {"recurring_type": kind, "until_type": 1, "until_count": count}


def test_a_series_ends_with_the_last_day_where_the_meeting_is() -> None:
    rule = request(recurrence="weekly until 2027-02-28").recurring_rule
    assert rule is not None
    assert rule.until_date == datetime.fromisoformat("2027-02-28T23:59:59+08:00")
    rule = request(recurrence="weekly until 2027-02-28", time_zone="America/New_York").recurring_rule
    assert rule is not None
    assert rule.until_date == datetime.fromisoformat("2027-02-28T23:59:59-05:00")


@pytest.mark.parametrize(
    ("start", "end"),
    [("2027-03-28 01:30", "2027-03-28T04:30+02:00"), ("2027-10-31 01:30", "2027-10-31T02:30+01:00")],
)
def test_a_duration_across_a_change_of_clocks(start: str, end: str) -> None:
    asked = request(start_time=start, duration_minutes="120", time_zone="Europe/Berlin")
    assert asked.end_time.timestamp() - asked.start_time.timestamp() == 120 * 60
    assert asked.end_time.isoformat(timespec="minutes") == end


def test_end_time_instead_of_a_duration() -> None:
    assert request(duration_minutes="", end_time="2027-01-05T11:30+08:00").end_time == START + timedelta(minutes=90)


def test_files_as_spreadsheets_leave_them() -> None:
    lines = [f"{HEADER},,", f"{GOOD},,", ",,,,,,,,,,", "", f"{GOOD},,"]
    found = rows(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    assert [row.number for row in found] == [2, 5]
    assert all(row.request for row in found)


def test_a_cell_may_span_lines_and_hold_commas() -> None:
    found = rows(f'{HEADER}\ntester,"one,\ntwo",2027-01-05T10:00Z,,60,,,,\n{GOOD}\n')
    assert [(row.number, row.subject) for row in found] == [(2, "one,\ntwo"), (3, "周会")]


# --- bad rows ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"password": "12a4"}, ["password: must be 4 to 6 digits (doc 1095/42417)"]),
        ({"start_time": "soon"}, ["start_time: 'soon' must be an ISO 8601 date and time, like 2027-01-05T10:00+08:00"]),
        ({"start_time": ""}, ["start_time: is required"]),
        ({"start_time": "", "recurrence": "daily x5"}, ["start_time: is required"]),
        ({"duration_minutes": ""}, ["end_time: is required"]),
        ({"duration_minutes": "1h"}, ["duration_minutes: must be a whole number of minutes, at least 1"]),
        ({"duration_minutes": "0"}, ["duration_minutes: must be a whole number of minutes, at least 1"]),
        ({"end_time": "2027-01-05T11:00Z"}, ["duration_minutes: give end_time or duration_minutes, not both"]),
        ({"end_time": "2027-01-05T09:00+08:00", "duration_minutes": ""}, ["end_time: must be after start_time"]),
        ({"enable_live": "maybe"}, ["enable_live: must be true or false"]),
        ({"settings.auto_asr": "1"}, ["settings.auto_asr: must be true or false"]),
        ({"guests": "86-138 A; 13800000000"}, ["guests: guest 2 must be written as 86-13800000000 Name"]),
        (
            {"time_zone": "Mars/Base"},
            ["time_zone: 'Mars/Base' is not a known time zone name, for example Asia/Shanghai (doc 1095/42417)"],
        ),
        (
            {"time_zone": "Mars/Base", "start_time": "2027-01-05T10:00"},
            ["time_zone: 'Mars/Base' is not a known time zone name, for example Asia/Shanghai (doc 1095/42417)"],
        ),
        (
            {"recurrence": "daily x201"},
            ["recurrence: gives 201 occurrences, at most 200 for this kind of series (doc 1095/42417)"],
        ),
        ({"recurrence": "weekly until 2026-12-31"}, ["recurrence: must not be before start_time"]),
        (
            {"settings.open_asr_view": "1"},
            ["settings.open_asr_view: has an effect only with auto_asr=true (doc 1095/42417)"],
        ),
    ],
)
def test_what_is_wrong_with_a_row(cells: dict[str, str], expected: list[str]) -> None:
    assert problems_of(**cells) == expected


@pytest.mark.parametrize("text", ["daily", "hourly x5", "custom x5", "daily 5", "weekly until", "weekly until May"])
def test_what_is_no_series(text: str) -> None:
    (problem,) = problems_of(recurrence=text)
    assert problem.startswith("recurrence: '")


def test_everything_wrong_with_a_row_comes_at_once() -> None:
    found = problems_of(
        password="1", location="x" * 40, start_time="soon", recurrence="often", **{"settings.auto_asr": "?"}
    )
    assert [problem.partition(":")[0] for problem in found] == [
        "start_time",
        "settings.auto_asr",
        "password",
        "location",
    ]


def test_no_password_is_repeated() -> None:
    found = problems_of(password="S3CRET", host_key="S3CRET", enable_host_key="true")
    assert len(found) == 2
    assert "S3CRET" not in "".join(found)


@pytest.mark.parametrize("row", ["tester,x", f"{GOOD},surplus"])
def test_ragged_rows(row: str) -> None:
    good, bad = rows(f"{HEADER}\n{GOOD}\n{row}\n")
    assert good.request is not None
    (problem,) = problems(bad)
    assert problem.startswith(f"has {row.count(',') + 1} cells, the header has 9")


def test_a_cell_without_a_column_name() -> None:
    (row,) = rows(f"{HEADER},\n{GOOD},x\n")
    assert problems(row) == ["has a cell in a column without a name"]


def test_chinese_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LC_MESSAGES", "zh_CN.UTF-8")
    assert problems_of(password="1", duration_minutes="-5") == [
        "duration_minutes: 应为整数分钟，至少为 1",
        "password: 应为 4 至 6 位数字（文档 1095/42417）",
    ]
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert problems_of(password="1") == ["password: must be 4 to 6 digits (doc 1095/42417)"]


# --- files that can't be read ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "has no header row"),
        ("\n\n", "has no header row"),
        (f"{HEADER}\n", "has no rows"),
        (f"{HEADER}\n,,,,,,,,\n", "has no rows"),
        ("userid,subject,start,end_time\n", r"unknown column 'start' \(column 3\); did you mean 'start_time'"),
        (f"{HEADER},zzz\n", r"unknown column 'zzz' \(column 10\); --ignore-unknown passes such columns by\Z"),
        (f"{HEADER},recurring_rule.until_count\n", "unknown column"),
        (f"{HEADER},subject\n", "the column 'subject' twice"),
        ("userid,start_time\n", r"lacks the columns subject, end_time \(or duration_minutes\)"),
        (f'{HEADER}\n{GOOD}\n"open', "row 3 is not CSV: unexpected end of data"),
        (f"{HEADER}\n{GOOD}\n".encode()[:-30] + b"\xff\n", "line 2 is not UTF-8 text, nor is the file GB18030"),
        (f"{HEADER}\n{GOOD}\n".encode("utf-16")[:-1], "line 2 is not UTF-16 text"),
        (f"{HEADER}\n{GOOD}\n\0".encode(), "line 3 is not UTF-8 text"),
    ],
)
def test_files_that_cannot_be_read(text: str | bytes, problem: str) -> None:
    with pytest.raises(FileProblem, match=problem):
        rows(text)


def test_an_empty_jsonl_file() -> None:
    with pytest.raises(FileProblem, match="has no rows"):
        rows("\n \n", Format.JSONL)


# --- JSON lines --------------------------------------------------------------------------------------------------


def line(**changes: Any) -> str:
    given = {"userid": "tester", "subject": "s", "start_time": "1799114400", "end_time": 1799118000}
    return json.dumps(given | changes)


def test_json_lines_in_the_wire_form() -> None:
    text = "\n".join(["\ufeff" + line(hosts=[{"userid": "alice"}, "bob"]), "", line(instanceid="3")])
    first, second = rows(text, Format.JSONL)
    assert first.request is not None
    assert second.request is not None
    assert (first.number, second.number) == (1, 3)
    assert first.request.start_time == START
    assert second.request.instanceid == 3


def test_json_lines_with_iso_times() -> None:
    rule = {"recurring_type": 0, "until_type": 0, "until_date": "2027-01-09T23:00"}
    text = line(
        start_time="2027-01-05T10:00", end_time="2027-01-05T11:00Z", time_zone="Asia/Shanghai", recurring_rule=rule
    )
    (row,) = rows(text, Format.JSONL)
    assert row.request is not None, row.problems
    assert row.request.start_time == START
    assert row.request.recurring_rule is not None
    assert row.request.recurring_rule.until_date == datetime.fromisoformat("2027-01-09T23:00+08:00")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{", ["is not JSON: Expecting property name enclosed in double quotes (column 2)"]),
        ("[]", ["must be one JSON object, {...}"]),
        ("{} {}", ["is not JSON: Extra data (column 4)"]),
        ('{"subject": "a", "subject": "b"}', ["has the member 'subject' twice"]),
        ('{"a": NaN}', ["NaN is not JSON"]),
        (line(subject="\ud800"), ["has half of a surrogate pair (\\ud800 to \\udfff), which is no character"]),
        (
            line(start_time="2027-01-05T10:00"),
            [
                "start_time: '2027-01-05T10:00' has no offset: write it like 2027-01-05T10:00+08:00, or give time_zone"
                " (--time-zone: for all rows)"
            ],
        ),
        (line(subjct="x"), ["subjct: is not a member; did you mean subject?"]),
        (line(recurring_rule=5), ["recurring_rule: must be an object (Recurrence), not int (doc 1095/42417)"]),
        (line(time_zone=5), ["time_zone: must be text, not int (doc 1095/42417)"]),
    ],
)
def test_bad_json_lines(text: str, expected: list[str]) -> None:
    (row,) = rows(text, Format.JSONL)
    assert problems(row) == expected


# --- anything at all ---------------------------------------------------------------------------------------------

CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
WORDS = st.sampled_from(
    ["true", "tester", "2027-01-05T10:00", "Asia/Shanghai", "daily x5", "86-1 A", "-1", "99999999999"]
)
COLUMNS = ["userid", "subject", "start_time", "end_time", "duration_minutes", "time_zone", "recurrence"]
COLUMNS += ["invitees", "guests", "password", "instanceid", "type", "settings.auto_asr", "settings.change_nickname"]


@given(st.lists(CELL | WORDS, min_size=len(COLUMNS), max_size=len(COLUMNS)))
def test_any_cells_give_a_request_or_problems(cells: list[str]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([COLUMNS, ["tester", *cells[1:]]])
    for row in rows(text.getvalue()):
        assert problems(row) or row.request


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | WORDS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*COLUMNS, "settings", "recurring_rule"]), inner)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*COLUMNS, "settings", "recurring_rule", "hosts"]), JSON))
def test_any_json_object_gives_a_request_or_problems(value: dict[str, Any]) -> None:
    (row,) = rows(json.dumps(value), Format.JSONL)
    assert problems(row) or row.request


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for form in Format:
        try:
            assert all(problems(row) or row.request for row in rows(content, form))
        except FileProblem as problem:
            assert str(problem)


@given(
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=60).filter(str.strip),
    st.integers(0, 10**6),
    st.integers(1, 1440),
    st.lists(st.sampled_from(["alice", "bob", "carol"]), max_size=5),
)
def test_what_a_spreadsheet_writes_is_what_is_sent(
    subject: str, minutes: int, duration: int, invitees: list[str]
) -> None:
    start = START + timedelta(minutes=minutes)
    meeting = request(
        subject=subject, start_time=start.isoformat(), duration_minutes=str(duration), invitees=";".join(invitees)
    )
    assert meeting.subject == subject
    assert meeting.start_time == start
    assert meeting.end_time == start + timedelta(minutes=duration)
    assert meeting.invitees == (tuple(invitees) or None)
