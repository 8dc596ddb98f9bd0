"""A client of the user's, which has limits of its own."""

import httpx
import pytest

from tests.conftest import trusting_nobody
from tm_async.core.exchange import Request
from tm_async.errors import ConfigurationError
from tm_async.transport import Timeout
from tm_async.transport.httpx import HttpxTransport


async def test_a_target_that_httpx_does_not_take() -> None:
    async with httpx.AsyncClient(verify=trusting_nobody(), trust_env=False) as client:
        transport = HttpxTransport(client, connections=1)
        request = Request("GET", f"/v1/meetings?x={'a' * 70_000}", "https://x", operation="meetings.list")
        for _ in range(2):
            with pytest.raises(ConfigurationError, match=r"meetings.list: the HTTP client takes no such URL: .*long"):
                await transport.exchange(request, (), Timeout(pool=1))
