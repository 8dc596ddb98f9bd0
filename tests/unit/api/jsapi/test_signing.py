"""The signature of a page: a vector computed by hand from the vendor's description, and what is left out."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tm_async.api.jsapi import GetJsapiUser, Ticket, signature
from tm_async.errors import ConfigurationError

PAGE: dict[str, Any] = {
    "corp_id": "200000999",
    "sdk_id": "10066660661",
    "timestamp": 1622517702,
    "nonce_str": "abcde",
    "url": "https://www.test.com/search?a=1&b=2",
    "ticket": "ABCDEFXX",
}
SIGNED = "91a46739205be7a0994ff2345dc3f5496ea01b26cac133857bc1953e30003bf3"


def test_the_vector() -> None:
    assert signature(**PAGE) == SIGNED
    assert signature(**PAGE | {"timestamp": datetime.fromtimestamp(1622517702, UTC)}) == SIGNED
    assert signature(**PAGE | {"url": PAGE["url"] + "#top"}) == SIGNED


@pytest.mark.parametrize("name", PAGE)
def test_everything_is_signed(name: str) -> None:
    changed = PAGE[name] + (1 if name == "timestamp" else "x")
    assert signature(**PAGE | {name: changed}) != SIGNED


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="aware"):
        signature(**PAGE | {"timestamp": datetime(2021, 6, 1)})  # noqa: DTZ001


def test_nothing_is_shown_that_opens_doors() -> None:
    assert "ABCDEFXX" not in repr(Ticket(ticket="ABCDEFXX"))
    assert "4f9c2d" not in repr(GetJsapiUser(auth_code="4f9c2d"))
