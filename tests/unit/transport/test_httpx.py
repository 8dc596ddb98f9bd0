"""What of the default transport needs no network: the proxy of the environment."""

import pytest

from tm_async.core.exchange import Request
from tm_async.errors import ConfigurationError
from tm_async.transport import Timeout
from tm_async.transport.httpx import HttpxTransport
from tm_async.transport.proxy import environment_proxy

GATEWAY = "https://api.meeting.qq.com"


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def test_no_proxy_by_default() -> None:
    assert environment_proxy(GATEWAY) is None


def test_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    assert environment_proxy(GATEWAY) == "http://proxy.example:3128"
    monkeypatch.setenv("NO_PROXY", "meeting.qq.com")
    assert environment_proxy(GATEWAY) is None


def test_all_proxy_and_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example:3128")
    assert environment_proxy(GATEWAY) == "http://proxy.example:3128"
    assert environment_proxy("http://127.0.0.1:8000") is None
    assert environment_proxy("http://localhost:8000") is None
    assert environment_proxy("http://[::1]:8000") is None


async def test_a_proxy_of_an_unknown_kind() -> None:
    request = Request("GET", "/v1/meetings", GATEWAY, b"", "meetings.list")
    with pytest.raises(ConfigurationError, match="proxy can't be used"):
        await HttpxTransport(proxy="gopher://x").exchange(request, (), Timeout())
