"""Documented limits, each at its bound and just beyond (doc 1095/42417)."""

from typing import Any

import pytest

from tm_async.emulator.chapters.meetings import limits
from tm_async.emulator.gateway.quotas import Quotas
from tm_async.emulator.kernel.refusals import Refused
from tm_async.emulator.kernel.requests import clean

GOOD: dict[str, Any] = {
    "userid": "tester",
    "instanceid": 1,
    "subject": "s",
    "type": 0,
    "start_time": "1760000000",
    "end_time": "1760003600",
}


def problems(**members: Any) -> list[str]:
    """Those of single values, which the catalogue has, and the others."""
    body = {**GOOD, **members}
    return [*clean("meetings.create", body).problems, *limits.create_problems(body)]


def guest(area: str = "86", phone: str = "13800000000") -> dict[str, str]:
    return {"area": area, "phone_number": phone}


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"subject": "a" * 256},
        {"subject": "会" * 256},
        {"subject": "𠮷" * 128},
        {"location": "会" * 18},
        {"location": "a" * 36},
        {"password": "1234"},
        {"password": "123456"},
        {"password": ""},
        {"host_key": "123456"},
        {"invitees": [{"userid": str(n)} for n in range(300)]},
        {"guests": [guest()] * 2000},
        {"time_zone": "Asia/Shanghai"},
        {"meeting_type": 1, "recurring_rule": {}},
        {"recurring_rule": {}},
        {"live_config": {"enable_live_password": True, "live_password": "x"}},
    ],
)
def test_allowed(members: dict[str, Any]) -> None:
    assert problems(**members) == []


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"userid": "1"}, "userid"),
        ({"subject": ""}, "empty"),
        ({"subject": "a" * 257}, "514 bytes"),
        ({"subject": "会" * 257}, "514 bytes"),
        ({"subject": "𠮷" * 129}, "516 bytes"),
        ({"subject": "\ud800" * 257}, "514 bytes"),
        ({"start_time": "1760000000000"}, "start_time"),
        ({"end_time": "soon"}, "end_time"),
        ({"end_time": "1760000000"}, "after"),
        ({"location": "会" * 18 + "a"}, "37"),
        ({"location": "a" * 37}, "37"),
        ({"password": "123"}, "4-6 digits"),
        ({"password": "1234567"}, "4-6 digits"),
        ({"password": "12a4"}, "4-6 digits"),
        ({"password": "１２３４"}, "4-6 digits"),
        ({"host_key": "12345"}, "6-digit"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "../etc/passwd"}, "time_zone"),
        ({"invitees": [{"userid": str(n)} for n in range(301)]}, "has 301 elements, at most 300"),
        ({"guests": [guest()] * 2001}, "has 2001 elements, at most 2000"),
        ({"guests": [guest("+86")]}, "area"),
        ({"guests": [guest("0086")]}, "area"),
        ({"guests": [guest(phone="1-2")]}, "phone_number"),
        ({"type": 1, "meeting_type": 1, "recurring_rule": {}}, "quick"),
        ({"meeting_type": 1}, "recurring_rule is missing"),
        ({"live_config": {"enable_live_password": True}}, "live_password"),
    ],
)
def test_refused(members: dict[str, Any], words: str) -> None:
    (problem,) = problems(**members)
    assert words in problem


def test_every_problem_is_reported() -> None:
    assert len(problems(userid="1", subject="", password="x", end_time="1")) == 4


def test_calls_per_minute() -> None:
    quotas = Quotas()
    for _ in range(limits.CALLS_PER_MINUTE):
        quotas.call(1000.0)
    with pytest.raises(Refused) as refused:
        quotas.call(1059.9)
    assert refused.value.number == 190310
    quotas.call(1060.0)


def test_creations_per_hour_and_user() -> None:
    quotas = Quotas()
    for _ in range(limits.CREATES_PER_HOUR):
        quotas.creation("tester", 1000.0)
    quotas.creation("alice", 1000.0)
    with pytest.raises(Refused) as refused:
        quotas.creation("tester", 4599.0)
    assert refused.value.number == 500029
    quotas.creation("tester", 4600.0)
