"""pytest fixtures for your own tests; pytest finds them by itself (extra `emulator`, and pytest-asyncio).

`tm_emulator`: a fresh emulator on a free loopback port. `tm_client`: a client of it. `tm_webhooks`: `Webhooks` that are
told of everything that happens there (extra `webhooks`, too). All three live on the event loop of an async test;
`tm_emulator_thread` is an emulator for any other test, and needs no pytest-asyncio.
"""

from collections.abc import AsyncIterator, Iterator
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any

import pytest

_fixture: Any
_is_async_test: Any
try:
    from pytest_asyncio import fixture as _fixture
    from pytest_asyncio import is_async_test as _is_async_test
except ImportError:  # whoever has us installed and tests no async code: their pytest must start all the same
    _fixture = None

if TYPE_CHECKING:
    from tm_async.client.client import TencentMeeting
    from tm_async.emulator import Emulator, EmulatorThread
    from tm_async.webhooks import Webhooks


async def _emulator(request: pytest.FixtureRequest) -> "AsyncIterator[Emulator]":
    """A fresh emulator, stopped after the test."""
    from tm_async.emulator import Emulator

    if iscoroutinefunction(getattr(request.node, "obj", None)) and not _is_async_test(request.node):
        pytest.fail(
            "tm_emulator answers on the event loop of an async test that pytest-asyncio runs, and it does not run this "
            'one: mark it with @pytest.mark.asyncio, or set asyncio_mode = "auto"',
            pytrace=False,
        )
    if not _is_async_test(request.node):
        pytest.fail(
            "tm_emulator answers on the event loop of an async test that pytest-asyncio runs; in this test that stands "
            "still, and calls would wait in vain: use tm_emulator_thread",
            pytrace=False,
        )

    async with Emulator() as emulator:
        yield emulator


async def _client(tm_emulator: "Emulator") -> "AsyncIterator[TencentMeeting]":
    """A client of `tm_emulator`, closed after the test. What it waits for is played by the emulator's clock."""
    from tm_async import EnterpriseSecret, TencentMeeting

    auth = EnterpriseSecret.from_env(tm_emulator.env)
    # The emulator keeps no quotas unless asked to, so no test has to wait for them.
    async with TencentMeeting(auth, base_url=tm_emulator.base_url, clock=tm_emulator.clock, quotas=None) as client:
        yield client


async def _webhooks(tm_emulator: "Emulator") -> "AsyncIterator[Webhooks]":
    """Subscribed to `tm_emulator`, by whose clock they live. `await tm_emulator.webhooks.settle()` lets events arrive.

    Handlers run before the answer: one that fails is tried again a minute later, by the emulator's clock.
    """
    from tm_async.webhooks import WebhookKeys, Webhooks

    keys = WebhookKeys.from_env(tm_emulator.env)
    async with Webhooks(keys, inline=True, clock=tm_emulator.clock) as hooks:
        await tm_emulator.webhooks.subscribe(hooks.asgi())
        yield hooks


@pytest.fixture
def tm_emulator_thread() -> "Iterator[EmulatorThread]":
    """A fresh emulator in a thread of its own, for tests that are not async."""
    from tm_async.emulator import EmulatorThread

    with EmulatorThread() as served:
        yield served


def _missing() -> None:
    pytest.fail("the fixtures tm_emulator, tm_client and tm_webhooks need pytest-asyncio")


if _fixture is None:
    tm_emulator = tm_client = tm_webhooks = pytest.fixture(_missing)
else:
    tm_emulator = _fixture(_emulator, name="tm_emulator")
    tm_client = _fixture(_client, name="tm_client")
    tm_webhooks = _fixture(_webhooks, name="tm_webhooks")
