"""Places of which there are so many, and those who wait for one."""

import asyncio

import pytest

from tm_async.core.exchange import Request
from tm_async.errors import PoolTimeout
from tm_async.transport.pool import Places

REQUEST = Request("GET", "/v1/meetings", "https://api.example.com")


async def test_who_has_given_up_stands_in_line_no_more() -> None:
    """While every place is taken for long, the line would grow with each call that gives up."""
    places = Places(1)
    assert places.take_free()
    for _ in range(3):
        with pytest.raises(PoolTimeout):
            await places.wait(0, REQUEST)
    waiting = asyncio.create_task(places.wait(None, REQUEST))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait({waiting})
    assert waiting.cancelled()
    assert not places._waiting
    places.free()
    assert places.take_free()
    assert not places.take_free()
