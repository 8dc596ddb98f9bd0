"""Workbooks that no spreadsheet wrote: what the reader would pass over in silence, and what it would not survive."""

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.cli.conftest import Done
from tests.cli.test_rows import problems
from tests.cli.test_workbooks import one_row, rows
from tm_async.cli.reading import sheet_scan, workbook_check
from tm_async.cli.reading.options import Options
from tm_async.cli.reading.problem import FileProblem
from tm_async.cli.reading.rows import Format
from tm_async.cli.staff.reading import StaffList, read_staff
from tm_async.emulator import Emulator

Run = Callable[..., Done]
SHEET = "xl/worksheets/sheet1.xml"
Change = Callable[[bytes], bytes]
COMPUTE = "has a formula that was never computed"
TWICE = "twice or out of order"


def with_parts(content: bytes, parts: Mapping[str, Change], method: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, parts[name](old.read(name)) if name in parts else old.read(name), method)
    return file.getvalue()


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def sheet(body: str) -> bytes:
    """A workbook whose sheet has these rows. The styles are: 0 none, 1 a date, 2 a duration."""

    def filled(part: bytes) -> bytes:
        before, _, rest = part.partition(b"<sheetData>")
        return before + b"<sheetData>" + body.encode() + b"</sheetData>" + rest.partition(b"</sheetData>")[2]

    def styled(part: bytes) -> bytes:
        before, _, rest = part.partition(b"<cellXfs")
        styles = b'<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="22"/><xf numFmtId="46"/></cellXfs>'
        return before + styles + rest.partition(b"</cellXfs>")[2]

    return with_parts(one_row("s"), {SHEET: filled, "xl/styles.xml": styled})


STAFF = f'<row r="1">{cell("A1", "userid")}{cell("B1", "username")}</row><row r="2">{cell("A2", "alice")}</row>'
HEADS = ("userid", "subject", "start_time", "duration_minutes")
HEAD = f'<row r="1">{"".join(cell(f"{column}1", name) for column, name in zip("ABCD", HEADS, strict=True))}</row>'
TIMED = f'<row r="2">{cell("A2", "tester")}{cell("B2", "s")}%s</row>'


@pytest.fixture
def listed(tmp_path: Path) -> Callable[[str], StaffList]:
    def read(more: str) -> StaffList:
        file = tmp_path / "staff.xlsx"
        file.write_bytes(sheet(STAFF + more))
        return read_staff(str(file), Format.XLSX, Options())

    return read


@pytest.mark.parametrize("apply", [(), ("--apply",)])
def test_nobody_is_deleted_whose_row_was_never_computed(
    run: Run, emulator: Emulator, tmp_path: Path, apply: tuple[str, ...]
) -> None:
    before = list(emulator.users)
    file = tmp_path / "staff.xlsx"
    file.write_bytes(sheet(f'{STAFF}<row r="3"><c r="A3"><f>Data!A3</f><v/></c><c r="B3"><f>Data!B3</f><v/></c></row>'))
    done = run("users", "sync", file, "--operator", "admin", "--delete", "--max-deletes", "9", *apply)
    assert done.code == 2
    assert f"row 3: userid: {COMPUTE}" in done.err
    assert list(emulator.users) == before


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ('<c r="A9"><f>X</f></c>', COMPUTE),
        ('<c r="A9"><f\n>X</f><v/></c>', COMPUTE),
        ('<c r="A9"><f/></c>', COMPUTE),
        ('<c r="A9" t="str"><f>X</f></c>', COMPUTE),
        ('<c r="A9" t="e"/>', "#? is an error"),
        ("<c r='A9' t = 'e'><v>#REF!</v></c>", "#REF! is an error"),
        ('<x:c xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="A9"><x:f>X</x:f></x:c>', COMPUTE),
    ],
)
def test_the_last_rows_are_not_passed_over(listed: Callable[[str], StaffList], row: str, problem: str) -> None:
    found = listed(f'<row r="9">{row}</row><row r="12">{row.replace("A9", "A12")}</row>')
    assert [(number, one.field) for number, one in found.problems] == [(9, "userid"), (12, "userid")]
    assert all(one.message.startswith(problem) for _, one in found.problems)


def test_a_text_that_was_computed_may_be_empty(listed: Callable[[str], StaffList]) -> None:
    """As in rows that are prepared for people to come."""
    found = listed('<row r="3"><c r="A3" t="str"><f>IF(X1="","",X1)</f><v></v></c></row>')
    assert ([person.userid for person in found.people], found.problems) == (["alice"], ())


def test_a_batch_has_all_its_rows() -> None:
    formulas = "".join(f'<row r="{row}"><c r="A{row}"><f>X</f></c></row>' for row in (2, 3))
    assert [row.number for row in rows(sheet(HEAD + formulas)) if COMPUTE in problems(row)[0]] == [2, 3]
    (row,) = rows(sheet(HEAD + '<row r="2"><c r="G2" t="e"><v>#N/A</v></c></row>'))
    assert problems(row) == ["has a cell in a column without a name"]
    with pytest.raises(FileProblem, match=f"the header: {COMPUTE}"):
        rows(sheet('<row r="1"><c r="A1"><f>X</f></c></row>'))


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (f'<row r="2">{cell("A2", "bob")}</row>', f"A2 {TWICE}"),
        (f'<row r="4">{cell("A4", "bob")}</row><row r="3">{cell("a3", "carol")}</row>', f"A3 {TWICE}"),
        ('<row r="3"><c r="A3" t="s"><v>-1</v></c></row>', "has '-1' at A3, where a number should be"),
        ('<row r="3"><c r="A3" t="str"><v><![CDATA[bob]]></v></c></row>', r"CDATA \(A3\)"),
    ],
)
def test_people_whom_the_reader_would_lose_or_take_for_others(
    listed: Callable[[str], StaffList], more: str, problem: str
) -> None:
    with pytest.raises(FileProblem, match=problem):
        listed(more)


@pytest.mark.parametrize("value", ["NaN", "-inf", "inf", "1e999", "-1e18", "-1e300"])
@pytest.mark.parametrize("style", [0, 1, 2])
def test_numbers_that_are_none(value: str, style: int) -> None:
    with pytest.raises(FileProblem, match=f"has '{value}' at C2, where a number should be"):
        rows(sheet(HEAD + TIMED % f'<c r="C2" s="{style}"><v>{value}</v></c>'))


def test_times_that_are_too_far_away() -> None:
    (row,) = rows(sheet(HEAD + TIMED % f'<c r="C2" s="1"><v>2958465.99999999</v></c>{cell("D2", "60")}'))
    assert problems(row) == ["start_time: '9999-12-31 23:59:59.999000' is too far away"]
    with pytest.raises(FileProblem, match="is not a usable .xlsx file: row 2: "):
        rows(sheet(HEAD + TIMED % '<c r="C2" s="2"><v>1e10</v></c>'))


@pytest.mark.parametrize(
    "row",
    [
        '<row r="3"><c r="%s"><v>1</v></c></row>' % place  # noqa: UP031 - one per place
        for place in ("A99999999999", "A1048577", "XFE3", "AAAAAA3", "A0", "1A", "", "A-1", "A4294967296")
    ]
    + [f'<row r="{number}"><c><v>1</v></c></row>' for number in ("9" * 20, "1048577", "0", "-1", "x", "", "9" * 5000)]
    + ["<row>" + "<c/>" * 16_385 + "</row>", "<row/>" * 1_048_576],
)
def test_places_where_no_cell_can_be(row: str) -> None:
    with pytest.raises(FileProblem, match="where none can be: a sheet ends at XFD1048576") as raised:
        rows(sheet(HEAD + row))
    assert len(str(raised.value)) < 200


@pytest.mark.parametrize("encoding", ["nosuch", "hex", "rot13", "idna", "undefined"])
@pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml"])
def test_encodings_that_are_none(name: str, encoding: str) -> None:
    said: dict[str, Change] = {name: lambda part: part.replace(b"UTF-8", encoding.encode(), 1)}
    with pytest.raises(FileProblem, match="is not a usable .xlsx file"):
        rows(with_parts(one_row("s"), said))


def test_archives_that_are_damaged() -> None:
    for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
        content = bytearray(with_parts(one_row("s"), {}, method))
        at = content.find(SHEET.encode()) + len(SHEET)
        content[at : at + 30] = b"\xff" * 30
        with pytest.raises(FileProblem, match="is not a usable .xlsx file"):
            rows(bytes(content))
    content = bytearray(one_row("s"))
    content[content.find(SHEET.encode()) - 30 + 6] |= 1
    content[content.rfind(SHEET.encode()) - 46 + 8] |= 1
    with pytest.raises(FileProblem, match="is encrypted"):
        rows(bytes(content))


def test_entities_are_none_of_a_workbook() -> None:
    declared: dict[str, Change] = {
        SHEET: lambda part: part.replace(b"<worksheet", b'<!DOCTYPE a [<!ENTITY x "y">]><worksheet', 1)
    }
    with pytest.raises(FileProblem, match="DOCTYPE"):
        rows(with_parts(one_row("s"), declared))


def test_a_file_that_unpacks_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_check, "_LARGEST_PART", 1)
    blanks: dict[str, Change] = {SHEET: lambda part: part + b" " * 3_000_000}
    with pytest.raises(FileProblem, match=f"holds {SHEET} of 3 MB, unpacked; up to 1 MB are read"):
        rows(with_parts(one_row("s"), blanks, zipfile.ZIP_DEFLATED))


def test_more_bad_cells_than_anybody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_scan, "_MOST", 3)
    with pytest.raises(FileProblem, match="has more than 3 cells without a value, up to D2"):
        rows(sheet(HEAD + '<row r="2">' + '<c t="e"/>' * 9 + "</row>"))


def test_what_stands_in_a_cell_is_quoted_in_part() -> None:
    for bad in (f't="e"><v>{"#" * 100_000}</v>', f't="{"x" * 100_000}"><v>1</v>', f't="s"><v>{"x" * 100_000}</v>'):
        with pytest.raises(FileProblem) as raised:
            rows(sheet(HEAD + f'<row r="2"><c r="A2" {bad}</c></row>'))
        assert len(str(raised.value)) < 300
