"""Special guests, by a meeting's id and by its code."""

from typing import Any

import pytest

from tests.unit.api.helpers import answered, broken, sent
from tm_async import Device, Guest, TencentMeeting
from tm_async.api.guests import Guests, ListGuests, ListGuestsByCode, ReplaceGuests, ReplaceGuestsByCode
from tm_async.core.operation import Repeat
from tm_async.transport.fake import FakeTransport

GUEST = Guest(area="86", phone_number="13800000000", guest_name="张三")
REPLACERS: list[Any] = [
    lambda **more: ReplaceGuests(meeting_id="159", userid="tester", **more),
    lambda **more: ReplaceGuestsByCode(meeting_code="653202434", userid="tester", **more),
]


def test_listing() -> None:
    target = "/v1/guests/159?userid=tester&instanceid=1"
    assert sent(ListGuests(meeting_id="159", userid="tester")) == ("GET", target, None)
    full = ListGuestsByCode(meeting_code=" 653-202 434", userid="a b", instanceid=Device.MAC)
    assert sent(full) == ("GET", "/v1/guests?meeting_code=653202434&userid=a%20b&instanceid=2", None)


def test_replacing() -> None:
    guests = [{"area": "86", "phone_number": "13800000000", "guest_name": "张三"}]
    caller = {"userid": "tester", "instanceid": 1}
    by_id, by_code = (build(guests=[GUEST]) for build in REPLACERS)
    assert sent(by_id) == ("PUT", "/v1/guests/159", caller | {"guests": guests})
    assert sent(by_code) == ("PUT", "/v1/guests", caller | {"guests": guests, "meeting_code": "653202434"})


@pytest.mark.parametrize("build", REPLACERS)
def test_an_empty_list_clears_and_is_asked_for(build: Any) -> None:
    assert sent(build(guests=()))[2]["guests"] == []
    assert broken(build, guests=None) == [("guests", "required")]
    with pytest.raises(TypeError, match="guests"):
        build()


@pytest.mark.parametrize("build", REPLACERS)
def test_rules(build: Any) -> None:
    assert broken(build, guests=[GUEST] * 2001) == [], "a bound is not documented for this call"
    assert broken(build, guests=(one for one in [GUEST])) == []
    assert broken(build, guests=[Guest(area="+86", phone_number="x")]) == [
        ("guests[0].area", "guest-area"),
        ("guests[0].phone_number", "guest-phone"),
    ]
    assert broken(build, guests="13800000000") == [("guests", "type")]


@pytest.mark.parametrize("operation", [ReplaceGuests, ReplaceGuestsByCode])
def test_each_run_is_one_of_the_days_ten(operation: Any) -> None:
    assert operation.spec.repeat is Repeat.UNSAFE


def test_who_and_where() -> None:
    assert broken(ListGuests, meeting_id="", userid="1") == [("meeting_id", "not-empty"), ("userid", "userid")]
    assert broken(ListGuestsByCode, meeting_code="abc", userid="") == [
        ("meeting_code", "meeting-code-digits"),
        ("userid", "userid"),
    ]
    assert broken(ListGuestsByCode, meeting_code=5, userid="a") == [("meeting_code", "type")]


def test_the_answer() -> None:
    wire = {
        "meeting_id": 15923312864334416762,
        "meeting_code": "653202434",
        "subject": "jiabin",
        "guests": [{"area": 86, "phone_number": 13800000000, "guest_name": "test"}, {"level": 1}],
    }
    for operation in (ListGuests(meeting_id="1", userid="a"), ListGuestsByCode(meeting_code="1", userid="a")):
        found = answered(operation, wire)
        assert (found.meeting_id, found.meeting_code, found.subject) == (
            "15923312864334416762",
            "653202434",
            "jiabin",
        )
        first, second = found.guests
        assert (first.area, first.phone_number, first.guest_name) == ("86", "13800000000", "test")
        assert (second.area, second.guest_name, second.extra) == ("", None, {"level": 1})
        assert answered(operation, {}).guests == ()


@pytest.mark.parametrize("build", REPLACERS)
@pytest.mark.parametrize("body", [None, {}])
def test_success_says_nothing(build: Any, body: Any) -> None:
    assert answered(build(guests=[]), body) is None


class _Nobody:
    async def authorize(self, request: Any, now: float) -> Any:
        return ()

    async def rejected(self, error: Any, headers: Any) -> bool:
        return False


async def test_the_chapter_on_a_client() -> None:
    tm = TencentMeeting(_Nobody(), transport=FakeTransport({"subject": "jiabin"}, {}))
    assert isinstance(tm.guests, Guests)
    assert (await tm.guests.list(meeting_id="159", userid="tester")).subject == "jiabin"
    assert await tm.guests.replace(meeting_id="159", userid="tester", guests=[GUEST]) is None
