"""How long an unused connection is trusted."""

import pytest

from tm_async.core.exchange import Repeat, Request
from tm_async.transport.idleness import Idleness

READ = Request("GET", "/v1/x", "https://x", repeat=Repeat.SAFE)
CREATE = Request("POST", "/v1/x", "https://x", repeat=Repeat.UNSAFE)


def test_at_first() -> None:
    idle = Idleness()
    assert idle.allows(3.9, CREATE)
    assert not idle.allows(4.1, CREATE), "many servers close after 5 s, and nobody knows yet"
    assert idle.allows(29, READ)
    assert not idle.allows(30, READ)


def test_what_went_well_is_trusted_with_creates() -> None:
    idle = Idleness()
    idle.served(20)
    assert idle.allows(15.9, CREATE)
    assert not idle.allows(16.1, CREATE)
    idle.served(2)
    assert idle.allows(15.9, CREATE)


def test_what_was_closed_is_not_tried_again() -> None:
    idle = Idleness()
    idle.served(20)
    idle.closed(10)
    for request in (READ, CREATE):
        assert idle.allows(7.9, request)
        assert not idle.allows(8.1, request)


def test_a_connection_that_was_closed_soon_had_another_reason() -> None:
    idle = Idleness()
    idle.closed(0.5)
    assert idle.allows(3.9, CREATE)


def test_the_last_that_was_seen_counts() -> None:
    idle = Idleness()
    idle.closed(2)  # a restart
    idle.closed(60)
    assert idle.allows(29, READ)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (b"timeout=5", 4),
        (b"timeout=5, max=100", 4),
        (b"max=100, Timeout = 5", 4),
        (b"timeout=75", 30),
        (b"timeout=0", 0),
        (b'timeout="10"', 8),
        (b"timeout=99999999999999999999", 30),
    ],
)
def test_what_is_announced(value: bytes, seconds: float) -> None:
    idle = Idleness()
    idle.announced([(b"Date", b"x"), (b"keep-Alive", value)])
    for request in (READ, CREATE):
        assert not idle.allows(seconds, request)
        assert seconds == 0 or idle.allows(seconds - 0.1, request)


@pytest.mark.parametrize("headers", [[], [(b"Keep-Alive", b"max=5")], [(b"X", b"timeout=1")], [(b"Keep-Alive", b"x")]])
def test_what_announces_nothing(headers: list[tuple[bytes, bytes]]) -> None:
    idle = Idleness()
    idle.announced(headers)
    assert idle.allows(29, READ)


def test_what_happened_weighs_more_than_what_is_announced_again() -> None:
    idle = Idleness()
    announced = [(b"Keep-Alive", b"timeout=60")]
    idle.announced(announced)
    idle.closed(5)  # somebody on the way is less patient
    idle.announced(announced)
    assert not idle.allows(4.1, READ)
    idle.announced([(b"Keep-Alive", b"timeout=20")])
    assert idle.allows(15.9, CREATE)
