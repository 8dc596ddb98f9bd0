"""CSV files: no cell is a formula, nothing of it is lost, and any kind of file will do."""

import csv
import io
from codecs import BOM_UTF8
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tm_async._util.csvfile import csv_line, write_csv

ROWS = [["Zoë", "=1+1"], ["王", ""]]
WRITTEN = "name,note\r\nZoë,'=1+1\r\n王,\r\n"


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=20), min_size=1, max_size=5))
def test_cells_of_csv_are_harmless_and_complete(cells: list[str]) -> None:
    (read,) = csv.reader(io.StringIO(csv_line(cells).decode(), newline=""))
    for cell, back in zip(cells, read, strict=True):
        assert back.removeprefix("'") == cell.removeprefix("'") or back == cell
        assert not back.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_where_a_file_goes(tmp_path: Path) -> None:
    path, text, binary = tmp_path / "x.csv", io.StringIO(newline=""), io.BytesIO()
    path.write_text("something longer than what comes, which has to be gone", encoding="utf-8")
    for to in (path, str(path), text, binary):
        write_csv(to, ["name", "note"], ROWS)
    assert path.read_bytes() == binary.getvalue() == BOM_UTF8 + WRITTEN.encode()
    assert text.getvalue() == WRITTEN, "its encoding is its own affair"
