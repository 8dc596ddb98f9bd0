"""Who is invited: the list, replacing it, and what is built on the two."""

import asyncio
import json
from typing import Any

import pytest

from tests.conftest import meeting
from tests.unit.api.meetings.test_changes import GATEWAY, WHO, client, client_on, refusal
from tm_async import CreateMeeting, User, ValidationError
from tm_async.api.meetings import Invitee, ListInvitees, ReplaceInvitees
from tm_async.api.shared import Person
from tm_async.core.exchange import Headers, RawAnswer, Request
from tm_async.core.prepare import prepare
from tm_async.core.retry import RetryPolicy
from tm_async.errors import OutcomeUnknown, PagingStalled, ServiceError
from tm_async.testing import FakeTransport
from tm_async.transport.protocol import NOTHING_SENT, Timeout


def transport_of(tm: Any) -> FakeTransport:
    transport = tm._shared._transport
    assert isinstance(transport, FakeTransport)
    return transport


def bodies(tm: Any) -> list[Any]:
    return [json.loads(request.body) for request, _ in transport_of(tm).requests if request.body]


def test_the_list_is_asked_for_page_by_page() -> None:
    request = prepare(ListInvitees(**WHO), GATEWAY)
    assert (request.method, request.target, request.body) == (
        "GET",
        "/v1/meetings/7567173273889276131/invitees?userid=tester&instanceid=1",
        b"",
    )


async def test_all_pages() -> None:
    tm = client(
        {"invitees": [{"userid": "a", "nick_name": "A"}, "b"], "has_remaining": True, "next_pos": 2},
        {"invitees": [{"userid": "c"}], "has_remaining": "false"},
    )
    people = [person async for person in tm.meetings.list_invitees(**WHO)]
    assert [(person.userid, person.nick_name) for person in people] == [("a", "A"), ("b", None), ("c", None)]
    assert transport_of(tm).requests[1][0].target.endswith("&pos=2")


def test_replacing_takes_ids_users_and_what_was_read_and_each_once() -> None:
    replace = ReplaceInvitees(**WHO, invitees=["a", User("b"), Person(userid="c"), Invitee("a")])
    request = prepare(replace, GATEWAY)
    assert request.method == "PUT"
    assert json.loads(request.body) == {
        "userid": "tester",
        "instanceid": 1,
        "invitees": [{"userid": "a"}, {"userid": "b"}, {"userid": "c"}],
    }


def test_the_list_has_to_be_said() -> None:
    with pytest.raises(TypeError, match="invitees"):
        ReplaceInvitees(**WHO)  # type: ignore[call-arg]
    assert json.loads(prepare(ReplaceInvitees(**WHO, invitees=[]), GATEWAY).body)["invitees"] == []


@pytest.mark.parametrize("bad", ["alice", [""], ["1"], [5], None, 5, [{"id": "x"}], [["a"]], [{"userid": {}}]])
def test_what_is_no_list_of_users(bad: Any) -> None:
    with pytest.raises(ValidationError, match="invitees"):
        ReplaceInvitees(**WHO, invitees=bad)


def test_the_cap() -> None:
    ReplaceInvitees(**WHO, invitees=[f"u{number}" for number in range(2000)])
    with pytest.raises(ValidationError, match="2001 entries, at most 2000") as caught:
        ReplaceInvitees(**WHO, invitees=[f"u{number}" for number in range(2001)])
    assert caught.value.violations[0].limit == 2000


def test_a_create_with_too_many_names_the_way_out() -> None:
    with pytest.raises(ValidationError, match="create_with_invitees"):
        meeting(invitees=[f"u{number}" for number in range(301)])


PAGE = {"invitees": [{"userid": "a"}, {"userid": "b"}], "has_remaining": False}


async def test_adding_and_removing_read_change_and_replace() -> None:
    tm = client(PAGE, {"user_non_registered": ["nobody"]}, PAGE, {})
    added = await tm.meetings.add_invitees(**WHO, invitees=["b", "nobody"])
    assert added is not None
    assert added.user_non_registered == ("nobody",)
    await tm.meetings.remove_invitees(**WHO, invitees=["a", "stranger"])
    assert [[one["userid"] for one in body["invitees"]] for body in bodies(tm)] == [["a", "b", "nobody"], ["b"]]


async def test_nothing_is_replaced_without_a_difference() -> None:
    tm = client(PAGE, PAGE)
    assert await tm.meetings.add_invitees(**WHO, invitees=["a"]) is None
    assert await tm.meetings.remove_invitees(**WHO, invitees=["z"]) is None
    assert not bodies(tm)


async def test_adding_beyond_the_cap_changes_nothing() -> None:
    tm = client({"invitees": [{"userid": f"u{n}"} for n in range(1999)], "has_remaining": False})
    with pytest.raises(ValidationError, match="2001 entries"):
        await tm.meetings.add_invitees(**WHO, invitees=["x", "y"])
    assert not bodies(tm)


@pytest.mark.parametrize("bad", ["alice", 5, [5], [""], [["a"]]])
async def test_what_is_no_list_of_users_reads_and_changes_nothing(bad: Any) -> None:
    tm = client()
    for change in (tm.meetings.add_invitees, tm.meetings.remove_invitees):
        with pytest.raises(ValidationError, match="invitees"):
            await change(**WHO, invitees=bad)
    assert not transport_of(tm).requests


@pytest.mark.parametrize("bob", ["b", User("b"), Person(userid="b"), {"userid": "b"}])
async def test_a_user_may_be_named_in_every_form(bob: Any) -> None:
    tm = client(PAGE, PAGE, {})
    assert await tm.meetings.add_invitees(**WHO, invitees=[bob]) is None
    await tm.meetings.remove_invitees(**WHO, invitees=[bob])
    assert bodies(tm)[0]["invitees"] == [{"userid": "a"}]


@pytest.mark.parametrize(
    "page",
    [
        {"invitees": [{"userid": "a"}, None], "has_remaining": False},
        {"invitees": [{"userid": "a"}, {"nick_name": "who"}], "has_remaining": False},
        {"invitees": "a", "has_remaining": False},
        {"invitees": [{"userid": "a"}], "has_remaining": "perhaps"},
    ],
)
async def test_nobody_is_uninvited_because_the_list_can_not_be_read(page: dict[str, Any]) -> None:
    tm = client(page)
    with pytest.raises(PagingStalled):
        await tm.meetings.add_invitees(**WHO, invitees=["new"])
    assert not bodies(tm)


CREATED = {"meeting_info_list": [{"meeting_id": "5", "user_non_registered": ["u7"]}]}


async def test_creating_with_few_invitees_is_one_call() -> None:
    tm = client(CREATED)
    result = await tm.meetings.create_with_invitees(meeting(), ["a", User("b")])
    assert (result.complete, result.meeting.meeting_id, result.user_non_registered) == (True, "5", ("u7",))
    assert [one["userid"] for one in bodies(tm)[0]["invitees"]] == ["a", "b"]


async def test_invitees_are_given_once() -> None:
    tm = client()
    with pytest.raises(ValidationError, match="beside the request"):
        await tm.meetings.create_with_invitees(meeting(invitees=["vip"]), ["a"])
    for bad in ("alice", 5, {"userid": "a"}):
        with pytest.raises(ValidationError):
            await tm.meetings.create_with_invitees(meeting(), bad)  # type: ignore[arg-type]
    assert not transport_of(tm).requests


async def test_creating_takes_what_was_read_and_keeps_what_users_say() -> None:
    tm = client(CREATED)
    await tm.meetings.create_with_invitees(meeting(), [Person(userid="a"), User("b", nick_name="B"), "a"])
    assert bodies(tm)[0]["invitees"] == [{"userid": "a"}, {"userid": "b", "nick_name": "B"}]


async def test_creating_with_many_invitees_replaces_the_list_by_all() -> None:
    everybody = [f"u{number}" for number in range(1200)]
    tm = client(CREATED, {"user_non_registered": ["u7", "u900"]})
    result = await tm.meetings.create_with_invitees(meeting(), everybody)
    assert (result.complete, result.user_non_registered) == (True, ("u7", "u900"))
    create, replace = bodies(tm)
    assert [one["userid"] for one in create["invitees"]] == everybody[:300]
    assert [one["userid"] for one in replace["invitees"]] == everybody
    assert transport_of(tm).requests[1][0].target == "/v1/meetings/5/invitees"


async def test_a_second_step_that_fails_leaves_a_meeting_and_says_so() -> None:
    tm = client(CREATED, refusal(500041)).with_options(retry=None)
    result = await tm.meetings.create_with_invitees(meeting(), [f"u{number}" for number in range(301)])
    assert not result.complete
    assert isinstance(result.error, ServiceError)
    assert result.meeting.meeting_id == "5"


class Stuck(FakeTransport):
    """Its second request gets no answer."""

    def __init__(self, how: BaseException | None = None) -> None:
        super().__init__(CREATED)
        self.reached = asyncio.Event()
        self.how = how

    async def exchange(self, request: Request, headers: Headers, timeout: Timeout) -> RawAnswer:
        if self._answers:
            return await super().exchange(request, headers, timeout)
        self.reached.set()
        if self.how is not None:
            raise self.how
        await asyncio.Event().wait()
        raise AssertionError


MANY = [f"u{number}" for number in range(301)]


async def test_cut_off_between_the_steps_the_id_is_in_the_error() -> None:
    transport = Stuck()
    tm = client_on(transport)
    task = asyncio.ensure_future(tm.meetings.create_with_invitees(meeting(), MANY))
    await transport.reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError, match="meeting 5 was created"):
        await task


async def test_a_timeout_has_it_as_well() -> None:
    transport = Stuck()
    tm = client_on(transport)
    with pytest.raises(TimeoutError) as caught:
        async with asyncio.timeout(None) as timeout:
            task = asyncio.ensure_future(transport.reached.wait())
            task.add_done_callback(lambda _: timeout.reschedule(0))
            await tm.meetings.create_with_invitees(meeting(), MANY)
    assert "meeting 5 was created" in str(caught.value.__cause__)


async def test_a_cancellation_that_was_not_sent_does_not_say_so_of_the_meeting() -> None:
    tm = client_on(Stuck(asyncio.CancelledError(NOTHING_SENT)))
    with pytest.raises(asyncio.CancelledError) as caught:
        await tm.meetings.create_with_invitees(meeting(), MANY)
    assert NOTHING_SENT not in caught.value.args
    assert "meeting 5 was created" in str(caught.value)


async def test_an_error_of_a_transport_of_ones_own_has_a_note() -> None:
    tm = client_on(Stuck(RuntimeError("mine")))
    with pytest.raises(RuntimeError, match="mine") as caught:
        await tm.meetings.create_with_invitees(meeting(), MANY)
    assert any("meeting 5 was created" in note for note in caught.value.__notes__)


async def test_the_second_step_is_repeated_as_replacing_can_be_and_the_first_is_not() -> None:
    tm = client(CREATED, refusal(500041), refusal(500041), {"user_non_registered": []})
    tm = tm.with_options(retry=RetryPolicy(first=0))
    result = await tm.meetings.create_with_invitees(meeting(), [f"u{number}" for number in range(301)])
    assert result.complete
    assert [request.method for request, _ in transport_of(tm).requests] == ["POST", "PUT", "PUT", "PUT"]


async def test_too_many_are_refused_before_anything_is_created() -> None:
    tm = client()
    with pytest.raises(ValidationError, match="2001 entries"):
        await tm.meetings.create_with_invitees(meeting(), [f"u{number}" for number in range(2001)])
    assert not transport_of(tm).requests


async def test_a_create_that_fails_is_an_error() -> None:
    tm = client(RawAnswer(500, (), b'{"error_info": {"error_code": 960000}}'))
    with pytest.raises(OutcomeUnknown) as caught:
        await tm.meetings.create_with_invitees(CreateMeeting(**_members()), ["a"])
    assert isinstance(caught.value.cause, ServiceError)
    assert caught.value.request == CreateMeeting(**_members(), invitees=["a"]), "what was sent, to look for"
    assert len(transport_of(tm).requests) == 1


def _members() -> dict[str, Any]:
    request = meeting()
    return {name: getattr(request, name) for name in ("userid", "subject", "start_time", "end_time")}
