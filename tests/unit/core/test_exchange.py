"""The values at the seam: base URLs and raw answers."""

import pytest

from tm_async.core.exchange import VENDOR_GATEWAY, Gateway, RawAnswer, Request
from tm_async.errors import ConfigurationError


@pytest.mark.parametrize(
    ("url", "origin", "prefix"),
    [
        (VENDOR_GATEWAY, "https://api.meeting.qq.com", ""),
        ("https://api.meeting.qq.com", "https://api.meeting.qq.com", ""),
        ("https://api.meeting.qq.com/v1/", "https://api.meeting.qq.com", ""),
        ("http://127.0.0.1:8000/v1", "http://127.0.0.1:8000", ""),
        ("http://[::1]:8000/v1", "http://[::1]:8000", ""),
        ("http://localhost/v1", "http://localhost", ""),
        ("https://proxy.example/tm/v1", "https://proxy.example", "/tm"),
        ("https://proxy.example/%C3%A9/.tm/v1", "https://proxy.example", "/%C3%A9/.tm"),
        ("https://网关.公司/v1", "https://xn--d6q013i.xn--55qx5d", ""),
        ("https://Bücher.example:8443/v1", "https://xn--bcher-kva.example:8443", ""),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example", ""),
    ],
)
def test_base_urls(url: str, origin: str, prefix: str) -> None:
    assert Gateway.parse(url) == Gateway(origin, prefix)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://api.meeting.qq.com/v1", "plain http"),
        ("http://127.0.0.1.evil.example/v1", "plain http"),
        ("ftp://x/v1", "must begin with https"),
        ("api.meeting.qq.com/v1", "must begin with https"),
        ("https://user:pw@x/v1", "credentials"),
        ("https://x/v1?a=b", "query"),
        ("https://x:port/v1", "can't be read"),
        ("https://[::1/v1", "can't be read"),
        ("https://pw:x/y@host/v1", "can't be read"),
        ("https://x/a b/v1", "spaces or control"),
        ("https://x /v1", "spaces or control"),
        ("https://x\0/v1", "spaces or control"),
        (" https://x/v1", "spaces or control"),
        ("https://x/v1\n", "spaces or control"),
        ("https://x\u200b/v1", "spaces or control"),
        ("https://x/é", "percent-encoded"),
        ("https://x/a%zz", "percent-encoded"),
        ("https://x/{id}/v1", "percent-encoded"),
        ("https://x/../v1", "percent-encoded"),
        ("https://x/a/.", "percent-encoded"),
        ("https://x:0/v1", "1 to 65535"),
        ("https://x:99999/v1", "can't be read"),
        ("https://a..b/v1", "an empty part"),
        (f"https://{'a' * 64}/v1", "too long"),
        ("https://faß.example/v1", "in two ways"),
        ("https://x%41/v1", "a character that no name has"),
        ("https://[fe80::1%25eth0]/v1", "zone|can't be read"),
    ],
)
def test_base_urls_that_are_refused(url: str, problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem) as caught:
        Gateway.parse(url)
    assert "pw" not in str(caught.value)


def test_plain_http_elsewhere_has_to_be_asked_for() -> None:
    assert Gateway.parse("http://emulator:8000/v1", allow_http=True).origin == "http://emulator:8000"


def test_header_names_of_answers_have_any_case() -> None:
    answer = RawAnswer(200, ((b"x-TC-trace", b"abc"),), b"")
    assert answer.trace_id == "abc"
    assert answer.header(b"date") is None


def test_bodies_do_not_show_in_a_repr() -> None:
    assert "1234" not in repr(Request("POST", "/v1/meetings", "https://x", b'{"password":"1234"}'))
    assert "1234" not in repr(RawAnswer(200, (), b'{"password":"1234"}'))
