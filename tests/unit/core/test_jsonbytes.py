"""JSON with msgspec and with the standard library: the same bytes, the same values."""

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import creates
from tm_async import CreateMeeting, Device
from tm_async.api.meetings import AutoRecord
from tm_async.core.codec import to_wire
from tm_async.core.jsonbytes import dump, dump_any, load

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
    max_leaves=12,
)


@given(creates())
def test_requests_are_the_same_json(create: CreateMeeting) -> None:
    wire = to_wire(create)
    assert json.loads(dump(wire)) == json.loads(dump_any(wire))


@given(json_values)
def test_there_and_back(value: object) -> None:
    assert load(dump(value)) == load(dump_any(value)) == value


def test_enums_and_huge_numbers() -> None:
    assert dump({"a": Device.PC, "b": AutoRecord.CLOUD, "c": 10**30}) == b'{"a":1,"b":"cloud","c":1' + b"0" * 30 + b"}"


def test_text_is_not_escaped() -> None:
    assert dump("腾讯会议 😀") == dump_any("腾讯会议 😀") == '"腾讯会议 😀"'.encode()


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"nope", b'{"a":1}}'])
def test_what_is_no_json(body: bytes) -> None:
    with pytest.raises(ValueError):
        load(body)


def test_unusual_json_can_be_read() -> None:
    assert load(b'"\\ud800"') == "\ud800"
    assert load(b"[NaN]")[0] != load(b"[NaN]")[0]
    assert load(b'\xef\xbb\xbf{"a":1}') == {"a": 1}
    assert load(b"18357763596888459343123") == 18357763596888459343123


def test_without_msgspec() -> None:
    """It is an extra: everything works without it."""
    code = (
        "import sys; sys.modules['msgspec'] = None\n"
        "from tm_async.core.jsonbytes import dump, load\n"
        "assert dump({'a': '周'}) == '{\"a\":\"周\"}'.encode()\n"
        "assert load(b'[1]') == [1]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
