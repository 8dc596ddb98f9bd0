"""`tm.call`: any documented operation by its id."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.conftest import START
from tests.unit.client.test_client import AUTH
from tm_async import TencentMeeting, ValidationError
from tm_async.core.catalogued import place
from tm_async.core.exchange import RawAnswer
from tm_async.errors import NotFound, OutcomeUnknown, WrongAuthMode
from tm_async.spec.catalogue import entries
from tm_async.transport.fake import FakeTransport

WHO = {"operator_id": "tester", "operator_id_type": 1}
WEBINAR: dict[str, Any] = {
    "userid": "tester",
    "instanceid": 1,
    "subject": "x",
    "admission_type": 0,
    "hosts": ({"userid": "tester"},),
    "start_time": START,
    "end_time": START + timedelta(hours=1),
}


async def asked(operation: str, *members: Any, **more: Any) -> tuple[str, str, Any]:
    """The request that a call sends: method, target, body."""
    transport = FakeTransport({"meeting_info_list": [{}]})
    await TencentMeeting(AUTH, transport=transport).call(operation, *members, **more)
    ((request, _),) = transport.requests
    return request.method, request.target, json.loads(request.body) if request.body else None


async def wrong(operation: str, *members: Any, **more: Any) -> list[tuple[str, str]]:
    transport = FakeTransport()
    with pytest.raises(ValidationError) as caught:
        await TencentMeeting(AUTH, transport=transport).call(operation, *members, **more)
    assert not transport.requests
    return [(one.field, one.rule) for one in caught.value.violations]


@pytest.fixture
def _no_class(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if no operation had a class."""
    monkeypatch.setattr("tm_async.client.generic.found", lambda _: None)


@pytest.mark.usefixtures("_no_class")
async def test_what_has_no_class_is_held_to_the_catalogue() -> None:
    method, target, body = await asked("webinars.create", WEBINAR)
    assert (method, target) == ("POST", "/v1/webinars")
    begins = int(START.timestamp())
    times = {"start_time": f"{begins}", "end_time": f"{begins + 3600}"}
    assert body == WEBINAR | times | {"hosts": [{"userid": "tester"}]}
    assert await wrong("webinars.create", WEBINAR, subject=5, sponsr="x", hosts=None) == [
        ("sponsr", "unknown-member"),
        ("subject", "type"),
        ("hosts", "required"),
    ]
    naive = datetime(2027, 1, 1)  # noqa: DTZ001
    assert await wrong("webinars.create", WEBINAR, start_time=naive) == [("start_time", "aware-datetime")]


@pytest.mark.usefixtures("_no_class")
async def test_path_and_query_are_members_as_well() -> None:
    members = {"meeting_id": "12", **WHO, "instanceid": 1, "page": "1", "page_size": 20}
    query = "operator_id=tester&operator_id_type=1&instanceid=1&page=1&page_size=20"
    found = await asked("webinars.list_enrollments", **members)
    assert found == ("GET", f"/v1/webinars/12/enroll/approvals?{query}", None)


@pytest.mark.usefixtures("_no_class")
async def test_text_is_text_wherever_it_travels() -> None:
    paged = {"instanceid": 1, "page": 1, "page_size": 20}
    assert await wrong("webinars.list_enrollments", **paged, meeting_id=12, operator_id=5, operator_id_type=1) == [
        ("meeting_id", "type"),
        ("operator_id", "type"),
    ]


async def test_what_several_classes_share_is_held_to_the_types_of_the_catalogue() -> None:
    assert await wrong("meetings.list", userid=5, instanceid=True) == [("userid", "type"), ("instanceid", "type")]
    method, target, _ = await asked("meetings.list", userid="5", instanceid=1)
    assert (method, target) == ("GET", "/v1/meetings?userid=5&instanceid=1")


async def test_what_has_a_class_is_held_to_all_its_rules() -> None:
    members = {"meeting_id": "5", **WHO}
    assert await asked("meetings.get", members) == (
        "GET",
        "/v1/meetings/5?operator_id=tester&operator_id_type=1&instanceid=1",
        None,
    )
    assert await wrong("meetings.get", meeting_id="5") == [("userid", "caller")]
    start = {"start_time": START, "end_time": START}
    assert await wrong("meetings.create", userid="1", subject="x", **start) == [
        ("userid", "userid"),
        ("end_time", "end-after-start"),
    ]


async def test_the_answer_is_the_json_that_came() -> None:
    answers = {"meeting_info_list": [{"meeting_id": "5"}]}, RawAnswer(200, (), b""), {"votes": []}
    tm = TencentMeeting(AUTH, transport=FakeTransport(*answers))
    create = {"userid": "tester", "subject": "x", "start_time": START, "end_time": START + timedelta(hours=1)}
    assert await tm.call("meetings.create", create) == {"meeting_info_list": [{"meeting_id": "5"}]}
    cancel = {"meeting_id": "5", "userid": "tester", "instanceid": 1, "reason_code": 1}
    assert await tm.call("meetings.cancel", cancel) == {}
    listed = {"meeting_id": "5", "userid": "tester", "instanceid": 1, "page": 1, "page_size": 20}
    assert await tm.call("votes.list", listed) == {"votes": []}


async def test_an_id_that_is_not_documented() -> None:
    with pytest.raises(ValidationError, match=r"'vote.list' is not documented; did you mean .*votes\.list"):
        await TencentMeeting(AUTH, transport=FakeTransport()).call("vote.list")
    assert await wrong("nothing") == [("operation", "unknown-operation")]


@pytest.mark.usefixtures("_no_class")
async def test_errors_are_those_of_every_call_and_name_the_operation() -> None:
    refused = RawAnswer(500, (), b'{"error_info": {"error_code": 9003, "message": "no"}}')
    tm = TencentMeeting(AUTH, transport=FakeTransport(refused, RawAnswer(502, (), b"gone")))
    with pytest.raises(NotFound) as missing:
        await tm.call("webinars.get", meeting_id="5", userid="tester", instanceid=1)
    assert missing.value.operation == "webinars.get"
    with pytest.raises(OutcomeUnknown):
        await tm.call("webinars.create", WEBINAR)
    with pytest.raises(WrongAuthMode, match="search_meetings"):
        await tm.call("cli_observed.search_meetings", WHO | {"from": "1"})


def test_moments_travel_in_the_documented_unit() -> None:
    moment, seconds = START + timedelta(milliseconds=1123), int(START.timestamp()) + 1
    for name, expected in (("recordings.list", seconds), ("recordings.list_view_details", seconds * 1000 + 123)):
        documented = entries()[name]
        needed = {one["name"]: "1" for one in documented.query if one["required"]}
        assert int(place(documented, needed | {"start_time": moment}).query["start_time"]) == expected


@pytest.mark.usefixtures("_no_class")
async def test_a_moment_where_no_document_names_its_unit() -> None:
    assert await wrong("audit.list_admin_log", **WHO, start_time=START) == [("start_time", "type")]
