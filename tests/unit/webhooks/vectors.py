"""The vendor's signed example (doc 1095/51612), and vectors computed with a standard library, not with our code."""

import json

from tm_async.webhooks import WebhookKey, WebhookKeys

VENDOR_TOKEN = "bVPU6F8Htxl5XkAbp3jGV2xWp"
VENDOR_TIMESTAMP, VENDOR_NONCE = "1609239040864", "14964161"
VENDOR_SIGNATURE = "b11e507817336a91d7df0c8536ee2aca18bbbae8"
VENDOR_DATA = (
    "eyJldmVudCI6Im1lZXRpbmcuY3JlYXRlZCIsInVuaXF1ZV9zZXF1ZW5jZSI6ImYyMDA5NmVlLThhYzgtNGRmMi1hN2RlLTA1NzQ2NDlmMjExYiIs"
    "InBheWxvYWQiOlt7Im9wZXJhdGVfdGltZSI6IjIwMjAtMTItMjkgMTc6NDE6MDYiLCJvcGVyYXRvciI6eyJ1c2VyaWQiOiJ0ZXN0ZXIwMDAwNmJh"
    "NWJhYjMzOTg1OGMxM2M5MzBjY2E5NTY4NCJ9LCJtZWV0aW5nX2luZm8iOnsibWVldGluZ19pZCI6IjYwNTg4OTAzODU0ODA5MjEwNTIiLCJtZWV0"
    "aW5nX2NvZGUiOiI1MzA4MTI0NTIiLCJzdWJqZWN0IjoibWVkaWEgdGVzdGVyIG1lZXRpbmciLCJjcmVhdG9yX2lkIjoidGVzdGVyMDAwMDZiYTVi"
    "YWIzMzk4NThjMTNjOTMwY2NhOTU2ODQiLCJob3N0cyI6WyJ0ZXN0ZXIwMDAwNmJhNWJhYjMzOTg1OGMxM2M5MzBjY2E5NTY4NCJdLCJtZWV0aW5n"
    "X3R5cGUiOjAsInN0YXJ0X3RpbWUiOiIyMDIwLTEyLTI5IDE3OjQxOjA0IiwiZW5kX3RpbWUiOiIyMDIwLTEyLTI5IDE4OjAxOjA0In19XX0"
)

TOKEN = "ExampleToken0123456789abc"
AES_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
TIMESTAMP, NONCE = "1760000000", "86420"
NOW = 1_760_000_001.0
PLAIN = (
    '{"event":"meeting.end","trace_id":"00000000-0000-4000-8000-000000000001","payload":[{"operate_time":1760000000000,'
    '"meeting_end_type":0,"meeting_info":{"meeting_id":"7567173273889276131","subject":"周会"}}]}'
).encode()
DATA = (
    "IIMrPKsNAhDTxse+vTz1IZkabSVcOx5eWr9Sg9P3/E9WF8cdMipx+6wrX1EQIRHaRwL1N4ZxHqE6WpWAyHJqZPMQUHsxoXH0B3nK/o+V4arVX3ub"
    "0u6KDsgin5oUF7Svby2HC9thQZBGWTPNmv9XSsAUc9TLjQohXfXGHXCiK/UIUHTIfT5VZpPCmtsKJB9On9c5jdRFA2hnKKf0TeGUBZtVbD8f9/gQ"
    "1CSMKQFzn7x+9SFgFvOMhV/EW8vsm+lIl3eicXB3cwnV+5tsqT1S5a6kmfKs5H2Jk1k5Bk49Yao="
)
SIGNATURE = "a23a10221859fee48005b6b65de72e6d85a85234"
CHALLENGE = b"challenge-7f3a9c"
CHECK = "gNWFDJGQBSUEikpBHQ24CV1DQUBJcJss/rqB4S5imc4="
CHECK_ON_THE_WIRE = "gNWFDJGQBSUEikpBHQ24CV1DQUBJcJss%2FrqB4S5imc4%3D"
CHECK_SIGNATURE = "7a98a9e0b30a60679d719bf813e88ed0317b8694"
PLAIN_CHECK = "Y2hhbGxlbmdlLTdmM2E5Yw=="
PLAIN_CHECK_SIGNATURE = "65a9706a899794fe51bb228116d0f194a42cb488"

KEY = WebhookKey(TOKEN, AES_KEY)
KEYS = WebhookKeys(KEY)
PLAIN_KEYS = WebhookKeys(WebhookKey(TOKEN))
VENDOR_KEYS = WebhookKeys(WebhookKey(VENDOR_TOKEN))


def body_of(data: object) -> bytes:
    return json.dumps({"data": data}).encode()


def headers_of(signature: str, timestamp: str = TIMESTAMP, nonce: str = NONCE) -> list[tuple[str, str]]:
    return [("Timestamp", timestamp), ("Nonce", nonce), ("Signature", signature), ("Content-Type", "application/json")]
