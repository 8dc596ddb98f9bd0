"""What all tests share."""

import asyncio
import gc
import os
import signal
import ssl
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.postgres_server import postgres_url
from tests.redis_server import redis_url
from tm_async import CreateMeeting
from tm_async.quotas import shared_limiter

__all__ = ["START", "later", "meeting", "postgres_url", "redis_url", "trusting_nobody"]

settings.register_profile("tm_async", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tm_async")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # whoever runs the tests in the background hands that on
    signal.signal(signal.SIGINT, signal.default_int_handler)

START = datetime(2037, 12, 1, 2, tzinfo=UTC)  # Tuesday 10:00 in China


def meeting(**changes: Any) -> CreateMeeting:
    """A valid request to create a meeting, with changes."""
    given = {"userid": "tester", "subject": "周会", "start_time": START, "end_time": START + timedelta(hours=1)}
    return CreateMeeting(**(given | changes))


def trusting_nobody() -> ssl.SSLContext:
    """For a client that speaks no TLS: httpx would load certificates, for longer than a test."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@pytest.fixture
async def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the event loop's clock forward."""
    loop = asyncio.get_running_loop()
    real, ahead = loop.time, 0.0

    def forward(seconds: float) -> None:
        nonlocal ahead
        ahead += seconds

    monkeypatch.setattr(loop, "time", lambda: real() + ahead)
    return forward


def pytest_configure(config: pytest.Config) -> None:
    """The developer's own credentials must reach no test.

    Told to write no bytecode, each worker and each program that a test starts would compile everything anew.
    """
    for name in [name for name in os.environ if name.startswith("TENCENT_MEETING_")]:
        del os.environ[name]
    if sys.dont_write_bytecode and config.pluginmanager.has_plugin("cacheprovider"):
        assert config.cache is not None
        os.environ["PYTHONPYCACHEPREFIX"] = str(config.cache.mkdir("bytecode"))
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """Half as many workers again as cores for `-n auto`: a quarter of the time is waiting for other programs."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None  # xdist takes it from there
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores + (cores + 1) // 2


def pytest_runtest_setup() -> None:
    """The calls of one test do not count against the quotas of the next: the default limiter is the process's."""
    shared_limiter.cache_clear()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Twenty thousand collected tests are no garbage: looking through them each time is what many a test would cost."""
    gc.collect()
    gc.freeze()
