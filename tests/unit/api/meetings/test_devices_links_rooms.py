"""Links that carry data, personal meeting numbers, virtual backgrounds, devices in meetings."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.unit.api.helpers import answered, broken, sent
from tm_async import Device, TencentMeeting, User
from tm_async.api.meetings import (
    BackgroundScope,
    CreateCustomerUrl,
    CustomerUrl,
    ListCustomerUrls,
    ListPmi,
    PmiStatus,
    QueryDeviceMeetings,
    SetVirtualBackground,
    customer_data,
)
from tm_async.api.shared import OperatorType
from tm_async.core.exchange import AuthMode
from tm_async.core.parse import parse
from tm_async.errors import UnreadableAnswer
from tm_async.transport.fake import FakeTransport

WHO: dict[str, Any] = {"meeting_id": "100001", "operator_id": "tester"}
START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
VENDOR_SAMPLE = "eyJ2ZXIiOiAiMS4wIiwgInVzZXJEYXRhIjoiY2h1eGlhb2h1b2RvbmcxMDAxIn0="  # doc 1095/64850


@pytest.mark.parametrize("operation", [CreateCustomerUrl, ListCustomerUrls, ListPmi, QueryDeviceMeetings])
def test_only_an_enterprise_may(operation: Any) -> None:
    assert operation.spec.modes == {AuthMode.ENTERPRISE}


# --- links -------------------------------------------------------------------------------------------------------


def test_making_a_link() -> None:
    body = {"meeting_id": "100001", "operator_id": "tester", "operator_id_type": 1, "customer_data": "channel-7"}
    assert sent(CreateCustomerUrl(**WHO, customer_data="channel-7")) == (
        "POST",
        "/v1/meetings/customer-short-url",
        body,
    )


def test_listing_links() -> None:
    target = "/v1/meetings/100001/customer-short-url?operator_id=tester&operator_id_type=1"
    assert sent(ListCustomerUrls(**WHO)) == ("GET", target, None)


def test_data_of_256_bytes() -> None:
    assert broken(CreateCustomerUrl, **WHO, customer_data="x" * 256) == []
    assert broken(CreateCustomerUrl, **WHO, customer_data="x" * 257) == [("customer_data", "utf8-bytes")]
    assert broken(CreateCustomerUrl, **WHO, customer_data="字" * 85) == []
    assert broken(CreateCustomerUrl, **WHO, customer_data="字" * 86) == [("customer_data", "utf8-bytes")]
    assert broken(CreateCustomerUrl, **WHO, customer_data="\ud800") == [("customer_data", "text")]
    assert broken(CreateCustomerUrl, meeting_id="", operator_id="", customer_data="x") == [
        ("operator_id", "userid"),
        ("meeting_id", "not-empty"),
    ]


def test_data_in_the_vendors_form() -> None:
    assert CustomerUrl.from_wire({"customer_data": VENDOR_SAMPLE}).user_data == "chuxiaohuodong1001"
    for text in ("", "channel 7", "渠道"):
        assert CustomerUrl(customer_data=customer_data(text)).user_data == text


@pytest.mark.parametrize("data", ["", "test", "dGVzdA==", "e30=", "W10=", "渠道", "eyJ1c2VyRGF0YSI6IDV9"])
def test_data_in_another_form(data: str) -> None:
    link = CustomerUrl(customer_data=data)
    assert (link.user_data, link.customer_data) == (None, data)


def test_a_new_link() -> None:
    operation = CreateCustomerUrl(**WHO, customer_data="test")
    link = {"customer_data": "test", "meeting_short_url": "https://meeting.tencent.com/dm/OkyT5j7"}
    made = answered(operation, {"meeting_short_url_customer_data": link}).meeting_short_url_customer_data
    assert (made.meeting_short_url, made.customer_data) == ("https://meeting.tencent.com/dm/OkyT5j7", "test")
    odd = {"meeting_short_url_customer_data": []}
    assert answered(operation, odd).meeting_short_url_customer_data == CustomerUrl()
    for empty in ({}, {"meeting_short_url_customer_data": None}):
        with pytest.raises(UnreadableAnswer, match="has no meeting_short_url_customer_data") as caught:
            answered(operation, empty)
        assert caught.value.outcome_unknown


def test_links_of_a_meeting() -> None:
    wire = {"meeting_short_url_customer_data": [{"customer_data": 7, "meeting_short_url": "u"}, {}]}
    first, second = answered(ListCustomerUrls(**WHO), wire).meeting_short_url_customer_data
    assert (first.customer_data, first.meeting_short_url, second.meeting_short_url) == ("7", "u", "")
    assert answered(ListCustomerUrls(**WHO), {}).meeting_short_url_customer_data == ()


# --- personal meeting numbers ------------------------------------------------------------------------------------


def test_listing_under_a_number() -> None:
    target = "/v1/pmi-meetings?operator_id=tester&operator_id_type=1&instanceid=1"
    assert sent(ListPmi(operator_id="tester")) == ("GET", target, None)
    full = ListPmi(
        operator_id="room",
        operator_id_type=OperatorType.ROOMS_ID,
        instanceid=Device.MAC,
        start_time=START,
        end_time=START + DAY,
        page=2,
        page_size=20,
    )
    assert sent(full)[1] == (
        "/v1/pmi-meetings?operator_id=room&operator_id_type=3&instanceid=2"
        "&start_time=1767225600&end_time=1767312000&page=2&page_size=20"
    )


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"page": 1, "page_size": 1}, []),
        ({"page": 0}, [("page", "page-number")]),
        ({"page_size": 0}, [("page_size", "page-size")]),
        ({"page_size": 21}, [("page_size", "page-size")]),
        ({"start_time": START, "end_time": START - DAY}, [("end_time", "end-not-before-start")]),
        ({"start_time": START}, []),
        ({"start_time": START, "end_time": START + 400 * DAY}, []),
        ({"operator_id": "1"}, [("operator_id", "userid")]),
    ],
)
def test_rules_of_the_list(changes: dict[str, Any], rules: list[tuple[str, str]]) -> None:
    assert broken(ListPmi, **({"operator_id": "tester"} | changes)) == rules


def test_meetings_under_a_number() -> None:
    wire = {
        "current_page": 1,
        "current_size": 1,
        "total_count": 1,
        "total_page": "1",
        "meeting_info_list": [
            {
                "meeting_id": 18357763596888459343,
                "meeting_code": "806146667",
                "subject": "周会",
                "start_time": "1767225600",
                "end_time": 1767229200,
                "status": 6,
            },
            {"status": 99},
            {"status": -1},
        ],
    }
    page = answered(ListPmi(operator_id="tester"), wire)
    assert (page.current_page, page.current_size, page.total_count, page.total_page) == (1, 1, 1, 1)
    first, second, third = page.meeting_info_list
    assert (first.meeting_id, first.meeting_code, first.subject) == ("18357763596888459343", "806146667", "周会")
    assert (first.start_time, first.end_time) == (START, START + timedelta(hours=1))
    assert [one.status for one in (first, second, third)] == [PmiStatus.NULL, PmiStatus(99), PmiStatus.INVALID]
    assert (second.meeting_id, second.start_time) == ("", None)


class _Nobody:
    async def authorize(self, request: Any, now: float) -> Any:
        return ()

    async def rejected(self, error: Any, headers: Any) -> bool:
        return False


async def test_more_than_90_days_are_asked_for_piece_by_piece() -> None:
    def page(*meetings: tuple[str, int]) -> dict[str, Any]:
        return {"total_page": 1, "meeting_info_list": [{"meeting_id": one, "start_time": at} for one, at in meetings]}

    transport = FakeTransport(page(("a", 1), ("a", 2)), page(("a", 2), ("b", 2)))
    tm = TencentMeeting(_Nobody(), transport=transport)
    found = tm.meetings.list_pmi(operator_id="tester", start_time=START, end_time=START + 91 * DAY)
    rows = [(one.meeting_id, one.start_time) async for one in found]
    assert [one for one, _ in rows] == ["a", "a", "b"], "what both pieces have comes once"
    spans = [request.target.partition("&start_time=")[2] for request, _ in transport.requests]
    seconds = [int((START + days * DAY).timestamp()) for days in (0, 90, 91)]
    assert spans == [f"{start}&end_time={end}" for start, end in pairwise(seconds)]


# --- virtual backgrounds -----------------------------------------------------------------------------------------


def test_a_background_for_everybody() -> None:
    body = {"operator_id": "tester", "operator_id_type": 1, "instanceid": 1, "type": 0}
    assert sent(SetVirtualBackground(**WHO)) == ("POST", "/v1/meetings/100001/virtual-background", body)
    assert sent(SetVirtualBackground(**WHO, image=""))[2] == body | {"image": ""}


def test_a_background_for_some() -> None:
    operation = SetVirtualBackground(**WHO, image="https://example.com/a.png", users=["alice", User("bob")])
    assert operation.type is BackgroundScope.CHOSEN
    assert sent(operation)[2] == {
        "operator_id": "tester",
        "operator_id_type": 1,
        "instanceid": 1,
        "image": "https://example.com/a.png",
        "users": ["alice", "bob"],
        "type": 1,
    }


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"type": BackgroundScope.CHOSEN, "users": ["a"]}, []),
        ({"type": BackgroundScope.EVERYBODY, "users": []}, []),
        ({"type": BackgroundScope.EVERYBODY, "users": ["a"]}, [("type", "chosen-users")]),
        ({"type": BackgroundScope.CHOSEN}, [("users", "chosen-users")]),
        ({"type": BackgroundScope.CHOSEN, "users": []}, [("users", "chosen-users")]),
        ({"users": ["a", "1"]}, [("users[1]", "userid")]),
        ({"users": "alice"}, [("users", "type")]),
        ({"meeting_id": ""}, [("meeting_id", "not-empty")]),
    ],
)
def test_rules_of_a_background(changes: dict[str, Any], rules: list[tuple[str, str]]) -> None:
    assert broken(SetVirtualBackground, **(WHO | changes)) == rules


def test_the_job_of_a_background() -> None:
    assert answered(SetVirtualBackground(**WHO), {"job_id": 11223344}).job_id == "11223344"
    assert answered(SetVirtualBackground(**WHO), {}).job_id == ""


# --- devices -----------------------------------------------------------------------------------------------------


def test_asking_for_devices() -> None:
    body = {"operator_id": "tester", "operator_id_type": 1, "meeting_id": ["100001"]}
    assert sent(QueryDeviceMeetings(**WHO)) == ("POST", "/v1/meetings/query/meetingid-for-device", body)
    full = QueryDeviceMeetings(operator_id="tester", meeting_id=["1", "2"], instanceids=[Device.PC, Device.IPAD])
    assert sent(full)[2] == body | {"meeting_id": ["1", "2"], "instanceids": [1, 6]}
    assert parse(QueryDeviceMeetings, {**WHO, "instanceids": ["1"]}).instanceids == (1,)


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"meeting_id": []}, [("meeting_id", "not-empty")]),
        ({"meeting_id": [5]}, [("meeting_id[0]", "type")]),
        ({"meeting_id": None}, [("meeting_id", "required")]),
        ({"instanceids": [11]}, [("instanceids[0]", "documented-value")]),
        ({"operator_id": ""}, [("operator_id", "userid")]),
    ],
)
def test_rules_of_devices(changes: dict[str, Any], rules: list[tuple[str, str]]) -> None:
    assert broken(QueryDeviceMeetings, **(WHO | changes)) == rules


def test_devices_in_meetings() -> None:
    wire = {"meeting_id_map": [{"instanceid": 1, "meeting_id": 45}, {"instanceid": "77"}, {}]}
    first, second, third = answered(QueryDeviceMeetings(**WHO), wire).meeting_id_map
    assert (first.meeting_id, first.instanceid) == ("45", Device.PC)
    assert (second.meeting_id, second.instanceid, third.instanceid) == ("", Device(77), None)
    assert answered(QueryDeviceMeetings(**WHO), {}).meeting_id_map == ()
