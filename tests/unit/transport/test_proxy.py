"""What the URL of a proxy says, and what an error about it does not."""

import pytest

from tm_async.errors import ConfigurationError
from tm_async.transport.proxy import Proxy


@pytest.mark.parametrize(
    ("url", "scheme", "host", "port", "credentials"),
    [
        ("http://proxy.example:3128", "http", "proxy.example", 3128, None),
        ("proxy.example:3128", "http", "proxy.example", 3128, None),
        ("127.0.0.1:7890", "http", "127.0.0.1", 7890, None),
        ("proxy.example", "http", "proxy.example", 80, None),
        ("https://proxy.example/", "https", "proxy.example", 443, None),
        ("SOCKS5://[::1]:9", "socks5", "::1", 9, None),
        ("socks5h://x", "socks5h", "x", 1080, None),
        ("u:PW@host:3128", "http", "host", 3128, ("u", "PW")),
        ("http://u:p%2Fw%40@host", "http", "host", 80, ("u", "p/w@")),
        ("http://u:p@w@host", "http", "host", 80, ("u", "p@w")),
        ("http://u@host", "http", "host", 80, ("u", "")),
        (" http://代理.公司:1 ", "http", "xn--mnq481g.xn--55qx5d", 1, None),
    ],
)
def test_forms(url: str, scheme: str, host: str, port: int, credentials: tuple[str, str] | None) -> None:
    assert Proxy.parse(url) == Proxy(scheme, host, port, credentials)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "url",
    [
        "http://svc:sesame/w@h:9",
        "svc:sesame/x@host:3128",
        "http://svc:sesame?@h",
        "http://svc:sesame#@h",
        "gopher://svc:sesame@h:9",
        "sesame://h",
        "http://svc:sesame@h:99999",
        "http://svc:sesame@h:port",
        "http://svc:sesame@h:0",
        "http://svc:sesame@a..b:9",
        "http://svc:sesame@h e:9",
        "http://svc:sesame@[::zz]:9",
        "http://svc:sesame@",
        "http://svc:sesame@h:9/path",
        "",
    ],
)
def test_nothing_of_a_bad_one_is_shown(url: str) -> None:
    with pytest.raises(ConfigurationError, match="the proxy can't be used") as caught:
        Proxy.parse(url)
    assert "sesame" not in str(caught.value)
    assert "svc" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_good_one_does_not_show_its_password() -> None:
    assert "sesame" not in repr(Proxy.parse("http://svc:sesame@h:9"))
