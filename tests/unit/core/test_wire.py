"""Enums that stay open, and secrets that stay hidden."""

import json
import pickle

import pytest

from tm_async import Device
from tm_async.api.meetings import MeetingStatus
from tm_async.core.wire import masked


def test_an_unknown_number_is_kept() -> None:
    device = Device(99)
    assert device == 99
    assert isinstance(device, Device)
    assert not device.documented
    assert Device.PC.documented
    assert repr(device) == "<Device.UNKNOWN_99: 99>"
    assert json.dumps([device, Device.PC]) == "[99, 1]"
    assert pickle.loads(pickle.dumps(device)) == device
    assert 99 not in [member.value for member in Device]


def test_an_unknown_text_is_kept() -> None:
    status = MeetingStatus("MEETING_STATE_NEW")
    assert status == "MEETING_STATE_NEW"
    assert isinstance(status, MeetingStatus)
    assert not status.documented
    assert json.dumps(status) == '"MEETING_STATE_NEW"'


@pytest.mark.parametrize("value", ["1", 1.5, None, True])
def test_other_types_are_no_member(value: object) -> None:
    if value is True:
        assert Device(value) is Device.PC  # it equals 1
    else:
        with pytest.raises(ValueError, match="is not a valid Device"):
            Device(value)
    with pytest.raises(ValueError, match="is not a valid MeetingStatus"):
        MeetingStatus(5)


def test_masked() -> None:
    assert (masked("1234"), masked(None), masked("")) == ("'***'", "None", "''")
