"""The snippets of docs/observability.md run, and its tables name what there is."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import meeting
from tests.meta.test_readme import execute
from tests.unit.observe.driving import BROKEN, REFUSED, Telemetry, drive
from tests.unit.observe.test_with_client import AUTH, CREATED, echoing
from tm_async import TencentMeeting
from tm_async.errors import ExchangeFailed, NotFound, OutcomeUnknown
from tm_async.observe import Attempt, Logged, Wait
from tm_async.transport.fake import FakeTransport

PAGE = (Path(__file__).parents[3] / "docs" / "observability.md").read_text(encoding="utf-8")
SWITCH_ON, OWN = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def section(title: str) -> str:
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


async def test_switching_it_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("APP_ID", "SDK_ID", "SECRET_ID", "SECRET_KEY"):
        monkeypatch.setenv(f"TENCENT_MEETING_{name}", "1")
    namespace: dict[str, Any] = {}
    await execute(SWITCH_ON, namespace)
    await namespace["tm"].aclose()


async def test_the_observer_of_the_page() -> None:
    namespace: dict[str, Any] = {}
    await execute(OWN, namespace)
    codes = namespace["Codes"]()
    tm = TencentMeeting(
        AUTH, transport=FakeTransport(CREATED, echoing(500)), observers=[codes], quotas=None, retry=None
    )
    await tm.send(meeting())
    with pytest.raises(NotFound):
        await tm.send(meeting())
    assert codes.seen == {("meetings.create", None): 1, ("meetings.create", 9003): 1}


def test_the_tables_name_all_that_is_emitted(told: Telemetry) -> None:
    again = Attempt(2, 0.1, 400, 9003, "t", "NotFound")
    unknown = OutcomeUnknown(ExchangeFailed("x"), request=None, since=0, until=1)
    drive(told.observer, [(Wait.QUOTA, 1.0), BROKEN, (Wait.BACKOFF, 1.0), again], unknown)
    drive(told.observer, [REFUSED], KeyboardInterrupt())
    spans = {name for span in told.spans for name in (*(span.attributes or {}), *(e.name for e in span.events))}
    inside = {name for span in told.spans for event in span.events for name in event.attributes or {}}
    named = set(re.findall(r"`([\w.]+\.[\w.]+)`", section("Spans"))) - {"meetings.create", "asyncio.gather"}
    assert named == spans | inside
    instruments = set(re.findall(r"^\| `([\w.]+)`", section("Metrics"), re.MULTILINE))
    assert instruments == set(told.metrics())


def test_the_table_of_members_is_complete(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    drive(Logged())
    assert set(re.findall(r"`(tm_\w+)`", section("Log records"))) - {"tm_async"} == {
        name for name in vars(caplog.records[0]) if name.startswith("tm_")
    }
