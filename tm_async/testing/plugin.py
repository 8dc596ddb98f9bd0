"""pytest fixtures for your own tests; pytest finds them by itself (extra `emulator`, and pytest-asyncio).

`tm_emulator`: a fresh emulator on a free loopback port. `tm_client`: a client of it.
"""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import pytest

_fixture: Any
try:
    from pytest_asyncio import fixture as _fixture
except ImportError:  # whoever has us installed and tests no async code: their pytest must start all the same
    _fixture = None

if TYPE_CHECKING:
    from tm_async.client import TencentMeeting
    from tm_async.emulator import Emulator


async def _emulator() -> "AsyncIterator[Emulator]":
    """A fresh emulator, stopped after the test."""
    from tm_async.emulator import Emulator

    async with Emulator() as emulator:
        yield emulator


async def _client(tm_emulator: "Emulator") -> "AsyncIterator[TencentMeeting]":
    """A client of `tm_emulator`, closed after the test."""
    from tm_async import EnterpriseSecret, TencentMeeting

    auth = EnterpriseSecret.from_env(tm_emulator.env)
    # The emulator keeps no quotas unless asked to, so no test has to wait for them.
    async with TencentMeeting(auth, base_url=tm_emulator.base_url, quotas=None) as client:
        yield client


def _missing() -> None:
    pytest.fail("the fixtures tm_emulator and tm_client need pytest-asyncio")


if _fixture is None:
    tm_emulator = tm_client = pytest.fixture(_missing)
else:
    tm_emulator = _fixture(_emulator, name="tm_emulator")
    tm_client = _fixture(_client, name="tm_client")
