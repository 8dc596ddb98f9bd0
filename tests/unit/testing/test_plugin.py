"""The fixtures, in tests of all kinds."""

import pytest

pytest_plugins = ["pytester"]

SOURCE = """
import asyncio
import httpx
import pytest

async def ask(url):
    async with httpx.AsyncClient(trust_env=False) as client:
        return (await client.get(url)).status_code

@pytest.mark.asyncio
async def test_async(tm_emulator):
    assert await ask(tm_emulator.base_url) >= 400

def test_in_a_thread(tm_emulator_thread):
    assert asyncio.run(ask(tm_emulator_thread.base_url)) >= 400

def test_in_vain(tm_emulator):
    asyncio.run(ask(tm_emulator.base_url))

def test_in_vain_too(tm_client):
    raise AssertionError

async def test_without_a_mark(tm_client):
    raise AssertionError
"""


def test_a_test_that_is_not_async_is_told(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(SOURCE)
    options = ["asyncio_mode=strict", "asyncio_default_fixture_loop_scope=function", "filterwarnings=error"]
    reports = pytester.inline_run(*(f"--override-ini={option}" for option in options), "-p", "no:cacheprovider")
    passed, _, failed = reports.listoutcomes()
    assert [report.nodeid.rpartition("::")[2] for report in passed] == ["test_async", "test_in_a_thread"]
    assert [report.nodeid.rpartition("::")[2] for report in failed] == [
        "test_in_vain",
        "test_in_vain_too",
        "test_without_a_mark",
    ]
    for report in failed[:2]:
        assert "use tm_emulator_thread" in report.longreprtext
    assert "mark it with @pytest.mark.asyncio" in failed[2].longreprtext
    assert "tm_emulator_thread" not in failed[2].longreprtext
