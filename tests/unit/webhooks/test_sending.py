"""What is sent is what the platform would send."""

import json

from tests.unit.webhooks import vectors as v
from tm_async.webhooks import Challenge, Delivery, WebhookKey, receive
from tm_async.webhooks.sending import check_request, delivery_request, new_nonce
from tm_async.webhooks.wire import is_nonce, is_timestamp


def test_the_computed_vectors_to_the_last_byte() -> None:
    sent = delivery_request(v.KEY, v.PLAIN, timestamp=v.TIMESTAMP, nonce=v.NONCE)
    assert json.loads(sent.body) == {"data": v.DATA}
    assert dict(sent.headers) == {
        "Content-Type": "application/json", "timestamp": v.TIMESTAMP, "nonce": v.NONCE, "signature": v.SIGNATURE,
    }  # fmt: skip
    check = check_request(v.KEY, v.CHALLENGE.decode(), timestamp=v.TIMESTAMP, nonce=v.NONCE)
    assert check.query_string == f"check_str={v.CHECK_ON_THE_WIRE}"
    assert dict(check.headers)["signature"] == v.CHECK_SIGNATURE
    plain = check_request(v.KEY, v.CHALLENGE.decode(), timestamp=v.TIMESTAMP, nonce=v.NONCE, plain=True)
    assert dict(plain.headers)["signature"] == v.PLAIN_CHECK_SIGNATURE


def test_fresh_timestamps_and_nonces() -> None:
    import time

    key = WebhookKey(v.TOKEN)
    sent = delivery_request(key, {"event": "a.b", "subject": "周会"})
    headers = dict(sent.headers)
    assert is_timestamp(headers["timestamp"])
    assert len(headers["timestamp"]) == 13
    assert is_nonce(headers["nonce"])
    found = receive(v.PLAIN_KEYS, sent.method, sent.query_string, sent.headers, sent.body, time.time())
    assert isinstance(found, Delivery)
    assert found.envelope == {"event": "a.b", "subject": "周会"}
    check = check_request(key, "x")
    assert receive(v.PLAIN_KEYS, "GET", check.query_string, check.headers, b"", time.time()) == Challenge(
        b"x", "current"
    )
    assert len({new_nonce() for _ in range(50)}) > 40
