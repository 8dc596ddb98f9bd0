"""The snippets of docs/quotas.md run, and its numbers are those of the code."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from tests.meta.test_readme import execute
from tests.unit.quotas.test_with_client import AUTH, FOUND, GET
from tests.unit.quotas.virtual import charge
from tm_async import TencentMeeting
from tm_async.errors import LimiterUnavailable, QuotaExceeded
from tm_async.quotas import MemoryLimiter, Quotas, Rate
from tm_async.transport.fake import FakeTransport

PAGE = (Path(__file__).parents[3] / "docs" / "quotas.md").read_text(encoding="utf-8")
NUMBERS, REFUSED, SHARED, FALLBACK, OWN = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
WORDS = {"a minute": 60, "an hour": 3600}


def test_the_table_has_the_default_numbers() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d+) (a minute|an hour)", PAGE, re.MULTILINE)
    assert {name: (Rate(int(calls), WORDS[span]),) for name, calls, span in rows} == {
        name: getattr(Quotas(), name) for name in ("per_app", "account_lists", "creations")
    }


async def test_other_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("APP_ID", "SDK_ID", "SECRET_ID", "SECRET_KEY"):
        monkeypatch.setenv(f"TENCENT_MEETING_{name}", "1")
    namespace: dict[str, Any] = {}
    await execute(NUMBERS, namespace)
    assert namespace["older"]._options.quotas == Quotas.legacy()
    assert [rate.seconds for rate in namespace["daily"]._options.quotas.per_app] == [60, 86_400]


async def test_how_a_refusal_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    tm = TencentMeeting(
        AUTH, transport=FakeTransport(FOUND), limiter=MemoryLimiter(), quotas=Quotas(per_app=Rate(1, 99))
    )
    await execute(REFUSED, {"tm": tm})
    await execute(REFUSED, {"tm": tm})
    assert capsys.readouterr().out == "per_app: again in 100 s\n"


async def test_counting_in_redis(redis_url: str) -> None:
    assert "redis://:password@127.0.0.1:6379/0" in SHARED
    namespace: dict[str, Any] = {"auth": AUTH, "TencentMeeting": TencentMeeting}
    await execute(SHARED.replace("redis://:password@127.0.0.1:6379/0", redis_url), namespace)
    assert namespace["tm"]._shared.limiter is namespace["limiter"]


async def test_going_on_without_redis() -> None:
    class Gone:
        async def take(self, *_: object) -> None:
            raise LimiterUnavailable("gone")

    namespace: dict[str, Any] = {}
    await execute(FALLBACK, namespace)
    quotas = Quotas(per_app=Rate(1, 60))
    limiter = namespace["RedisOrAlone"](Gone())
    tm = TencentMeeting(AUTH, transport=FakeTransport(FOUND), limiter=limiter, quotas=quotas)
    await tm.send(GET)
    with pytest.raises(QuotaExceeded):
        await tm.send(GET)


async def test_the_limiter_of_the_page() -> None:
    namespace: dict[str, Any] = {}
    await execute(OWN, namespace)
    limiter, charges = namespace["Polite"](50), (charge("per_app", Rate(1, 1)),)
    began = asyncio.get_running_loop().time()
    await limiter.take(charges, 0)
    with pytest.raises(QuotaExceeded):
        await limiter.take(charges, 0)
    await limiter.take(charges, 1)
    assert asyncio.get_running_loop().time() - began >= 0.02
