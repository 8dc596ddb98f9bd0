"""The store in docs/token-stores.md keeps the contract, with the very test class that the page shows."""

import re
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

PAGE = Path(__file__).parents[4] / "docs" / "token-stores.md"


def test_the_store_of_the_page_keeps_the_contract(pytester: pytest.Pytester) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    source = "\n".join(block for block in blocks if "\nclass " in block)
    assert len(source[: source.index("class Test")].splitlines()) < 50
    pytester.makepyfile(source)
    options = ["asyncio_mode=strict", "asyncio_default_fixture_loop_scope=function", "filterwarnings=error"]
    reports = pytester.inline_run(*(f"--override-ini={option}" for option in options), "-p", "no:cacheprovider")
    passed, skipped, failed = reports.listoutcomes()
    assert not [report.longreprtext for report in failed]
    assert not skipped
    assert len({report.nodeid for report in passed}) == 30


def test_the_page_imports_what_there_is() -> None:
    (line,) = re.findall(r"^from tm_async\.auth\.stores import Enc.*$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    exec(line, {})  # noqa: S102
