"""A client of the user's own goes through `HttpxTransport`: hooks and mocks of httpx work as everywhere."""

import httpx
import pytest
import respx

from tests.conftest import meeting
from tests.flow.conftest import AUTH
from tm_async import TencentMeeting
from tm_async.errors import ConnectionFailed, ExchangeFailed, OutcomeUnknown, PermissionDenied, TencentMeetingError
from tm_async.transport.httpx import HttpxTransport

GATEWAY = "https://api.meeting.qq.com/v1"


async def test_a_mocked_gateway() -> None:
    seen: list[httpx.Request] = []

    async def hook(request: httpx.Request) -> None:
        seen.append(request)

    with respx.mock(base_url=GATEWAY) as gateway:
        gateway.post("/meetings").respond(200, json={"meeting_info_list": [{"meeting_id": "5"}]})
        gateway.get("/meetings/5", params={"userid": "a&b"}).respond(
            403, json={"error_info": {"error_code": 9042, "new_error_code": 1009009042, "message": "没有权限"}}
        )
        async with httpx.AsyncClient(event_hooks={"request": [hook]}) as client:
            tm = TencentMeeting(AUTH, transport=HttpxTransport(client))
            assert (await tm.send(meeting())).meeting_id == "5"
            with pytest.raises(PermissionDenied, match="没有权限"):
                await tm.meetings.get(meeting_id="5", userid="a&b")
            await tm.aclose()
            assert not client.is_closed, "what was handed in stays open"
    assert [request.url.path for request in seen] == ["/v1/meetings", "/v1/meetings/5"]
    assert (b"X-TC-Registered", b"1") in seen[0].headers.raw


async def test_the_default_transport_can_be_mocked_too() -> None:
    with respx.mock(base_url=GATEWAY) as gateway:
        gateway.post("/meetings").respond(200, json={"meeting_info_list": [{"meeting_id": "6"}]})
        async with TencentMeeting(AUTH) as tm:
            assert (await tm.send(meeting())).meeting_id == "6"


@pytest.mark.parametrize(
    ("raised", "error", "unknown"),
    [
        (httpx.ConnectError, ConnectionFailed, False),
        (httpx.ConnectTimeout, ConnectionFailed, False),
        (httpx.ProxyError, ConnectionFailed, False),
        (httpx.ReadTimeout, ExchangeFailed, True),
        (httpx.WriteError, ExchangeFailed, True),
        (httpx.RemoteProtocolError, ExchangeFailed, True),
    ],
)
async def test_failures_tell_whether_the_request_may_have_arrived(
    raised: type[httpx.HTTPError], error: type[TencentMeetingError], unknown: bool
) -> None:
    with respx.mock(base_url=GATEWAY) as gateway:
        gateway.post("/meetings").mock(side_effect=raised("why"))
        async with httpx.AsyncClient() as client:
            tm = TencentMeeting(AUTH, transport=HttpxTransport(client), retry=None)
            with pytest.raises(OutcomeUnknown if unknown else error, match=f"{raised.__name__}: why") as caught:
                await tm.send(meeting())
    told = caught.value.cause if isinstance(caught.value, OutcomeUnknown) else caught.value
    assert type(told) is error
    where = "" if unknown else "on the way to https://api.meeting.qq.com: "
    assert str(told) == f"meetings.create: {where}{raised.__name__}: why"
    assert told.outcome_unknown is unknown
