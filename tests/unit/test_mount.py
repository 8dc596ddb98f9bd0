"""Mounted calls: the constructor's signature and documentation, and what they send."""

import inspect

import pytest

from tests.conftest import START, meeting
from tm_async import CreateMeeting, TencentMeeting, ValidationError
from tm_async.api.meetings import Meetings
from tm_async.batch.mount import BulkCall
from tm_async.core.mount import Call
from tm_async.transport.fake import FakeTransport

AUTH = None  # no strategy is asked: nothing is sent


def client() -> TencentMeeting:
    return TencentMeeting(AUTH, transport=FakeTransport())  # type: ignore[arg-type]


def test_a_mounted_call_looks_like_its_operation() -> None:
    create = client().meetings.create
    assert create.__doc__ == CreateMeeting.__doc__
    assert inspect.signature(create) == inspect.signature(CreateMeeting)
    assert create.operation is CreateMeeting
    assert repr(create) == "<call CreateMeeting>"
    assert isinstance(Meetings.create, Call)


def test_a_bulk_call_is_documented_too() -> None:
    many = client().meetings.create_many
    assert many.__doc__ is not None
    assert many.__doc__.startswith("Yield one outcome per request")
    assert "Create a meeting or a series" in many.__doc__
    assert isinstance(Meetings.create_many, BulkCall)


def test_rules_are_checked_when_the_call_is_made_not_when_it_is_awaited() -> None:
    with pytest.raises(ValidationError):
        client().meetings.create(userid="1", subject="x", start_time=START, end_time=START)
    with pytest.raises(TypeError, match="unexpected keyword argument 'subjct'"):
        client().meetings.create(userid="a", subjct="x", start_time=START, end_time=START)  # type: ignore[call-arg]


def test_a_request_does_not_show_its_secrets() -> None:
    shown = repr(meeting(password="123456", enable_host_key=True, host_key="654321"))
    assert "123456" not in shown
    assert "654321" not in shown
