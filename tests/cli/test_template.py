"""`tm-async batch template`: what it makes can be filled in, and read."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Done
from tests.cli.test_results import sheet, table
from tm_async.cli.reading.header import column_named
from tm_async.emulator import Emulator

Run = Callable[..., Done]


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_the_template_can_be_sent_as_it_is(run: Run, emulator: Emulator, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"meetings{suffix}"
    done = run("batch", "template", "--out", out)
    assert (done.code, done.out) == (0, "")
    assert f"tm-async batch create {out} --dry-run" in done.err
    assert run("batch", "create", out).code == 0
    (meeting,) = emulator.state.meetings.values()
    assert meeting.subject.startswith("示例 Example")


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_headings_are_in_both_languages(run: Run, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"meetings{suffix}"
    run("batch", "template", "--out", out)
    header, _ = sheet(out) if suffix == ".xlsx" else table(out)
    for heading in header:
        chinese, english = heading.split()
        assert re.search("[\u4e00-\u9fff]", chinese)
        assert column_named(chinese) == column_named(english) == column_named(heading) == english
    assert {"userid", "subject", "start_time"} <= {column_named(heading) for heading in header}


def test_drop_downs(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "meetings.xlsx"
    run("batch", "template", "--out", out)
    with zipfile.ZipFile(out) as packed:
        part = packed.read("xl/worksheets/sheet1.xml").decode()
        assert "xl/worksheets/sheet2.xml" in packed.namelist(), "explanations"
    lists = re.findall(r'<dataValidation type="list"[^>]*sqref="([A-Z])2:\1\d+"[^>]*><formula1>"([^"]*)"', part)
    choices = {column: values.split(",") for column, values in lists}
    assert ["none", "local", "cloud"] in choices.values()
    assert ["是", "否"] in choices.values()
    assert any("Asia/Shanghai" in values for values in choices.values())
    assert any("weekly x7" in values for values in choices.values())


def test_every_choice_is_one_that_is_read(run: Run, tmp_path: Path) -> None:
    from tests.cli.test_rows import request
    from tm_async.cli.template import _COLUMNS

    for column in _COLUMNS:
        for choice in column.choices:
            assert request(**{column.name: choice})


def test_nothing_is_overwritten(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "m.xlsx"
    out.write_text("precious")
    assert "--force overwrites it" in run("batch", "template", "--out", out).err
    assert out.read_text() == "precious"
    assert run("batch", "template", "--out", out, "--force").code == 0
    assert "name a file .xlsx or .csv" in run("batch", "template", "--out", tmp_path / "m.txt").err
    done = run("batch", "template", "--out", tmp_path / "no" / "m.xlsx")
    assert (done.code, "can't be written" in done.err) == (2, True)
