"""Every promise in its short form: a look at whether it still holds at all. `python -m tests.faults` looks closely."""

from importlib import import_module
from pathlib import Path

import pytest

from tests.faults.__main__ import PROMISES
from tests.faults.figure import Figure, Plan
from tests.faults.report import BEGIN, END, PAGE, keep, kept, write


@pytest.mark.parametrize("promise", PROMISES)
async def test_a_promise(promise: str) -> None:
    figure: Figure = await import_module(f"tests.faults.promise_{promise}").run(Plan(quick=True))
    assert figure.promise == promise
    assert figure.ok, str(figure)


def test_the_seeds_of_a_plan() -> None:
    assert len(Plan().seeds(1000, quick=10, full=9000)) == 1000
    assert len(Plan(full=True).seeds(1000, quick=10, full=9000)) == 9000
    assert len(Plan(full=True).seeds(1000, quick=10)) == 1000
    assert Plan(5, quick=True).seeds(1000, quick=10) == range(5, 15)
    assert [*Plan(17, only=True).seeds(1000, quick=10)] == [17]


def test_the_page_keeps_its_words(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    kept = Figure("memory", "little", "less", ok=True, details=["really"])
    broken = Figure("loop", "free", "held", ok=False, failures=["--seed 3: held"])
    for _ in range(2):
        write([kept, broken], Plan(), page)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith(f"{END}\nafter\n")
    assert "| memory | little | less | kept |" in text
    assert "| loop | free | held | **not kept** |" in text
    assert text.count("- memory: really") == text.count("- loop: --seed 3: held") == 1
    assert "old" not in text
    with pytest.raises(ValueError, match="lacks the marks"):
        write([], Plan(), _page_without_marks(tmp_path))


def _page_without_marks(folder: Path) -> Path:
    page = folder / "other.md"
    page.write_text("nothing\n", encoding="utf-8")
    return page


def test_a_run_that_was_broken_off_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    assert kept(path) == []
    figures = [Figure("memory", "little", "less", ok=True, details=["really"]), Figure("loop", "a", "b", ok=False)]
    keep(figures, path)
    assert kept(path) == figures


def test_the_page_has_its_marks() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
