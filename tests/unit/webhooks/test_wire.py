"""Formats, signature, Base64 and padding."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.webhooks import vectors as v
from tm_async.webhooks import wire


@pytest.mark.parametrize(
    ("token", "timestamp", "nonce", "data", "signature"),
    [
        (v.VENDOR_TOKEN, v.VENDOR_TIMESTAMP, v.VENDOR_NONCE, v.VENDOR_DATA, v.VENDOR_SIGNATURE),
        (v.TOKEN, v.TIMESTAMP, v.NONCE, v.DATA, v.SIGNATURE),
        (v.TOKEN, v.TIMESTAMP, v.NONCE, v.CHECK, v.CHECK_SIGNATURE),
        (v.TOKEN, v.TIMESTAMP, v.NONCE, v.PLAIN_CHECK, v.PLAIN_CHECK_SIGNATURE),
    ],
)
def test_signatures(token: str, timestamp: str, nonce: str, data: str, signature: str) -> None:
    assert wire.signature_of(token, timestamp, nonce, data) == signature


def test_the_vendors_signature_fits_shifted_boundaries_and_the_formats_let_few_through() -> None:
    """Why formats are strict: the four texts are joined, and their ends can't be told apart afterwards."""
    parts = sorted((v.VENDOR_TOKEN, v.VENDOR_TIMESTAMP, v.VENDOR_NONCE, v.VENDOR_DATA))
    joined = "".join(parts)
    token = joined.index(v.VENDOR_TOKEN)
    digits = joined[:token]  # nonce and timestamp come first, in whatever way they are cut
    pairs = {(digits[:cut], digits[cut:]) for cut in range(len(digits) + 1)}
    pairs |= {(timestamp, nonce) for nonce, timestamp in pairs}
    fitting = {
        (nonce, timestamp)
        for nonce, timestamp in pairs
        if wire.signature_of(v.VENDOR_TOKEN, timestamp, nonce, v.VENDOR_DATA) == v.VENDOR_SIGNATURE
    }
    assert len(fitting) > 20
    plausible = {pair for pair in fitting if wire.is_nonce(pair[0]) and wire.is_timestamp(pair[1])}
    assert (v.VENDOR_NONCE, v.VENDOR_TIMESTAMP) in plausible
    assert len(plausible) <= 3


@pytest.mark.parametrize("text", ["1760000000", "1760000000123"])
def test_timestamps(text: str) -> None:
    assert wire.is_timestamp(text)
    assert wire.seconds(text) == pytest.approx(1_760_000_000, abs=1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "176000000",
        "17600000001",
        "17600000001234",
        " 1760000000",
        "1760000000\n",
        "+760000000",
        "１７６０００００００",
    ],
)
def test_what_is_no_timestamp(text: str) -> None:
    assert not wire.is_timestamp(text)


@pytest.mark.parametrize("text", ["", "1" * 21, "12a", "-1", "1\n", "٣", "1 2"])
def test_what_is_no_nonce(text: str) -> None:
    assert not wire.is_nonce(text)


@pytest.mark.parametrize("text", ["", "A" * 40, "a" * 39, "a" * 41, "g" * 40, "a" * 40 + "\n"])
def test_what_is_no_signature(text: str) -> None:
    assert not wire.is_signature(text)


@given(st.binary(max_size=100))
def test_base64_with_and_without_padding(plain: bytes) -> None:
    text = wire.encoded(plain)
    assert wire.decoded(text) == wire.decoded(text.rstrip("=")) == plain


@pytest.mark.parametrize(
    "text",
    ["=", "====", "A", "AAAAA", "QQ=Q", "QQ==QQ==", "Q Q=", "QQ==\n", "QQ-_", "QQ.=", "QQ\x00=", "\x80QQ=", "é" * 4],
)
def test_what_is_no_base64(text: str) -> None:
    with pytest.raises(ValueError):
        wire.decoded(text)


@given(st.binary(max_size=100))
def test_padding_there_and_back(plain: bytes) -> None:
    padded = wire.padded(plain)
    assert len(padded) % 16 == 0
    assert wire.unpadded(padded) == plain
    wide = 32 - len(plain) % 32
    assert wire.unpadded(plain + bytes([wide]) * wide) == plain, "as WeCom pads"


@pytest.mark.parametrize("plain", [b"", b"x\x00", b"x" + b"\x21" * 33, b"\x02", b"xx\x01\x02", b"\x10" * 15])
def test_what_is_not_padded(plain: bytes) -> None:
    with pytest.raises(ValueError, match="not padded"):
        wire.unpadded(plain)


def test_the_texts_for_the_platform() -> None:
    assert wire.SUCCESS == b"successfully received callback"
    assert not re.search(rb'["\n]', wire.SUCCESS)
