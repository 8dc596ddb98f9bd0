"""What methods are given that is no field of an operation: of a wrong type it is named, and nothing is sent."""

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Annotated, Any

import pytest

from tests.conftest import START, meeting
from tests.unit.client.test_client import AUTH
from tm_async import TencentMeeting, ValidationError
from tm_async.api.votes import Poll
from tm_async.core.given import given
from tm_async.rules.limits import at_least
from tm_async.testing import FakeTransport

NUMBER = Annotated[int, at_least(1)] | None
ROOM = {"meeting_id": "1", "operator_id": "a", "meeting_room_id": "2"}


def wrong(name: str, value: Any, tp: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        given(name, value, tp)
    (violation,) = caught.value.violations
    assert violation.field.startswith(name)
    return str(violation)


def test_what_fits_is_given_back_and_a_list_is_a_tuple() -> None:
    assert given("x", "a", str) == "a"
    assert given("x", None, NUMBER) is None
    assert given("x", (one for one in "ab"), Collection[str]) == ("a", "b")
    poll = Poll("Lunch?", single=["a", "b"])
    assert given("x", poll, Poll) is poll


def test_what_does_not_fit_is_named() -> None:
    assert wrong("x", None, str) == "x: is required"
    assert wrong("x", True, NUMBER) == "x: must be an integer, not bool"
    assert wrong("x", 0, NUMBER) == "x: must be at least 1, not 0"
    assert wrong("x", "ab", Collection[str]) == "x: must be a list, not str"
    assert wrong("x", ["a", 5], Collection[str]) == "x[1]: must be text, not int"
    assert wrong("x", {}, Poll) == "x: must be an object (Poll), not dict"


CALLS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "a room": (lambda tm: tm.rooms.add_room(**ROOM, booked="998"), "booked: must be a list, not str"),
    "rooms": (lambda tm: tm.rooms.add_room(**ROOM, booked=[5]), "booked[0]: must be text, not int"),
    "a person": (lambda tm: tm.users.find(operator_id="a", phone=139), "phone: must be text, not int"),
    "a poll": (lambda tm: tm.votes.ask("1", "Lunch?", userid="a"), "poll: must be an object (Poll), not str"),
    "a request": (
        lambda tm: tm.meetings.create_with_invitees({}, ["a"]),
        "request: must be an object (CreateMeeting), not dict",
    ),
    "nobody": (lambda tm: tm.meetings.create_with_invitees(meeting(), None), "invitees: is required"),
    "an invitee": (lambda tm: tm.meetings.create_with_invitees(meeting(), "ab"), "invitees: must be a list, not str"),
    "what to send": (lambda tm: tm.send({}), "operation: must be an object (Operation), not dict"),
    "what to wait for": (lambda tm: tm.recordings.wait_ready(5), "operation: must be an object (Operation), not int"),
    "since when": (
        lambda tm: tm.recordings.wait_done(operator_id="a", meeting_id="1", since="x"),
        "since: must be an aware datetime, not str",
    ),
    "what to look for": (lambda tm: tm.reconcile(5), "operation: must be an object (Operation), not int"),
    "an id": (lambda tm: tm.call(None), "operation: is required"),
    "members": (lambda tm: tm.call("meetings.get", "ab"), "members: must be a mapping, not str"),
    "a method": (lambda tm: tm.request(None, "/v1/meetings"), "method: is required"),
    "a path": (lambda tm: tm.request("GET", 5), "path: must be text, not int"),
    "a query": (lambda tm: tm.request("GET", "/v1/meetings", query="a=b"), "query: must be a mapping, not str"),
    "a name": (lambda tm: tm.request("GET", "/v1/meetings", query={5: "b"}), "query.5: must be text, not int"),
    "a limit": (lambda tm: tm.meetings.list(userid="a").collect("3"), "limit: must be an integer, not str"),
    "less than none": (lambda tm: tm.meetings.list(userid="a").collect(-1), "limit: must be at least 0, not -1"),
}


@pytest.mark.parametrize("call", CALLS)
async def test_a_method_names_the_parameter_and_sends_nothing(call: str) -> None:
    transport = FakeTransport()
    ask, expected = CALLS[call]
    with pytest.raises(ValidationError) as caught:
        await ask(TencentMeeting(AUTH, transport=transport, quotas=None))
    assert [str(one).partition(" (doc")[0] for one in caught.value.violations] == [expected]
    assert not transport.requests


@pytest.mark.parametrize("requests", ["ab", {"userid": "a"}, 5, None])
def test_a_bulk_call_of_what_holds_no_requests(requests: Any) -> None:
    tm = TencentMeeting(AUTH, transport=FakeTransport(), quotas=None)
    with pytest.raises(ValidationError, match="requests: must be an iterable of requests, not"):
        tm.meetings.create_many(requests)


async def test_a_prepared_operation_is_one() -> None:
    with pytest.raises(ValidationError, match="operation: is required"):
        TencentMeeting(AUTH, transport=FakeTransport()).prepare(None)  # type: ignore[arg-type]


async def test_what_follows_from_a_missing_id_is_not_missing_as_well() -> None:
    tm = TencentMeeting(AUTH, transport=FakeTransport(), quotas=None)
    end = START + timedelta(hours=1)
    with pytest.raises(ValidationError) as caught:
        await anext(tm.rooms.find_free(START, end, operator_id=None))  # type: ignore[arg-type]
    assert [one.field for one in caught.value.violations] == ["operator_id"]
    with pytest.raises(ValidationError) as caught:
        await tm.rooms.get(operator_id="a", operator_id_type=None, meeting_room_id="1")  # type: ignore[arg-type]
    assert [one.field for one in caught.value.violations] == ["operator_id_type"]
