"""pytest fixtures for your own tests; pytest finds them by itself (extra `emulator`, and pytest-asyncio).

`tm_emulator`: a fresh emulator on a free loopback port. `tm_client`: a client of it.
"""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tm_async.client import TencentMeeting
    from tm_async.emulator import Emulator

try:
    from pytest_asyncio import fixture
except ImportError:  # somebody has us installed and does not test async code: their pytest must still start

    @pytest.fixture
    def tm_emulator() -> None:
        """Say what is missing."""
        pytest.fail("the fixtures tm_emulator and tm_client need pytest-asyncio")

    tm_client = tm_emulator
else:

    @fixture
    async def tm_emulator() -> "AsyncIterator[Emulator]":
        """A fresh emulator, stopped after the test."""
        from tm_async.emulator import Emulator

        async with Emulator() as emulator:
            yield emulator

    @fixture
    async def tm_client(tm_emulator: "Emulator") -> "AsyncIterator[TencentMeeting]":
        """A client of `tm_emulator`, closed after the test."""
        from tm_async import EnterpriseSecret, TencentMeeting

        auth = EnterpriseSecret.from_env(tm_emulator.env)
        async with TencentMeeting(auth, base_url=tm_emulator.base_url) as client:
            yield client
