"""Rules of join links that carry data."""

from tm_async.core.rule import Rule

__all__ = ["CUSTOMER_DATA"]


def _utf8_bytes(text: str) -> int:
    return len(text.encode())


CUSTOMER_DATA = Rule(
    name="customer-data-bytes",
    holds=lambda text: _utf8_bytes(text) <= 256,
    limit=256,
    actual=_utf8_bytes,
    message="is {actual} bytes, at most {limit}",
    message_zh="长度为 {actual} 字节，最多 {limit} 字节",
    page="1095/64850",
)
