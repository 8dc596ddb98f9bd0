"""The vendor's own Python client, unchanged, as a second opinion on signature, headers and payloads."""

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from wemeet_openapi import Client
from wemeet_openapi.core import constants, xhttp
from wemeet_openapi.core.authenticator import JWTAuthenticator, OAuth2Authenticator
from wemeet_openapi.core.exception import ServiceException
from wemeet_openapi.service.meeting_control.api import (
    ApiV1MeetingsMeetingIdDismissPostRequest,
    V1MeetingsMeetingIdDismissPostRequest,
)
from wemeet_openapi.service.meetings import model
from wemeet_openapi.service.meetings.api import (
    ApiV1MeetingsGetRequest,
    ApiV1MeetingsMeetingIdCancelPostRequest,
    ApiV1MeetingsMeetingIdGetRequest,
    ApiV1MeetingsPostRequest,
    V1MeetingsMeetingIdCancelPostRequest,
)

from tm_async.emulator import Emulator


@pytest.fixture
async def emulator():
    async with Emulator() as running:  # the vendor's client reads the real clock
        yield running


@pytest.fixture
def client(emulator: Emulator) -> Iterator[Client]:
    yield from clients(emulator)


def clients(emulator: Emulator) -> Iterator[Client]:
    with requests.Session() as session:
        session.trust_env = False
        http = xhttp.Client(
            host=emulator.base_url.removeprefix("http://").removesuffix("/v1"),
            protocol="http",
            session=session,
            serializer=constants.DEFAULT_SERIALIZER,
        )
        client = Client(
            app_id=emulator.app_id,
            sdk_id=emulator.sdk_id,
            secret_id=emulator.secret_id,
            secret_key=emulator.secret_key,
            clt=http,
        )
        yield client


@pytest.fixture
def vendor(client: Client) -> Any:
    return client.meetings_api


async def call(function: Any, request: Any) -> Any:
    """One call with a fresh authenticator: the vendor's keeps its nonce and signature."""
    answer = await asyncio.to_thread(function, request, authenticator_options=[JWTAuthenticator().options_build()])
    return answer.data


async def call_as(function: Any, request: Any, pair: dict[str, str]) -> Any:
    """One call with the vendor's authenticator for tokens, fresh for the same reason."""
    authenticator = OAuth2Authenticator(pair["open_id"], pair["access_token"])
    answer = await asyncio.to_thread(function, request, authenticator_options=[authenticator.options_build()])
    return answer.data


async def allowed(emulator: Emulator, userid: str) -> dict[str, str]:
    """A pair of tokens; the vendor's client leaves getting one to its users."""
    app = emulator.oauth.app
    asked = {"sdk_id": app.sdk_id, "secret": app.secret, "auth_code": emulator.oauth.code(userid)}
    url = f"{emulator.oauth_url}/wemeet-webapi/v2/oauth2/oauth/access_token"
    answer = await asyncio.to_thread(requests.post, url, json=asked, timeout=5)
    pair: dict[str, str] = answer.json()["data"]
    return pair


def body(**more: Any) -> model.V1MeetingsPostRequest:
    start = int(time.time()) + 3600
    values: dict[str, Any] = {
        "userid": "tester",
        "instanceid": 1,
        "subject": "腾讯会议 周会",
        "type": 0,
        "start_time": str(start),
        "end_time": str(start + 3600),
        **more,
    }
    return model.V1MeetingsPostRequest(**values)


async def test_one_off_meeting(vendor: Any, emulator: Emulator) -> None:
    request = body(
        invitees=[model.V1MeetingsPostRequestInviteesInner(userid=userid) for userid in ("alice", "nobody")],
        settings=model.V1MeetingsPostRequestSettings(mute_enable_join=False),
        password="123456",
    )
    data = await call(vendor.v1_meetings_post, ApiV1MeetingsPostRequest(body=request))
    assert data.meeting_number == 1
    (created,) = data.meeting_info_list
    assert created.subject == "腾讯会议 周会"
    assert created.user_non_registered == ["nobody"]
    assert created.meeting_id in emulator.state.meetings

    query = ApiV1MeetingsMeetingIdGetRequest(
        meeting_id=created.meeting_id, operator_id="tester", operator_id_type="1", instanceid="1"
    )
    (found,) = (await call(vendor.v1_meetings_meeting_id_get, query)).meeting_info_list
    assert (found.meeting_code, found.password) == (created.meeting_code, "123456")
    assert found.settings.mute_enable_join is False

    by_code = ApiV1MeetingsGetRequest(instanceid="1", userid="tester", meeting_code=created.meeting_code)
    (found,) = (await call(vendor.v1_meetings_get, by_code)).meeting_info_list
    assert found.meeting_id == created.meeting_id

    rows = await call(vendor.v1_meetings_get, ApiV1MeetingsGetRequest(instanceid="1", userid="alice", pos="1"))
    assert [(row.meeting_id, row.join_meeting_role) for row in rows.meeting_info_list] == [
        (created.meeting_id, "invitee")
    ]
    assert all(entry.accepted for entry in emulator.journal)


async def test_series(vendor: Any) -> None:
    rule = model.V1MeetingsPostRequestRecurringRule(recurring_type=2, until_type=1, until_count=4)
    request = body(meeting_type=1, recurring_rule=rule, enable_host_key=True)
    (created,) = (await call(vendor.v1_meetings_post, ApiV1MeetingsPostRequest(body=request))).meeting_info_list
    query = ApiV1MeetingsMeetingIdGetRequest(
        meeting_id=created.meeting_id, operator_id="tester", operator_id_type="1", instanceid="1"
    )
    (found,) = (await call(vendor.v1_meetings_meeting_id_get, query)).meeting_info_list
    assert found.sub_meetings[0].sub_meeting_id == created.start_time
    assert len(found.sub_meetings) == found.remain_sub_meetings == 4
    assert found.recurring_rule.recurring_type == 2
    assert len(created.host_key) == 6


async def test_what_answers_nothing_is_an_object(client: Client, emulator: Emulator) -> None:
    """An empty body, as documents have it, is an exception here."""
    first, second = [
        (await call(client.meetings_api.v1_meetings_post, ApiV1MeetingsPostRequest(body=body()))).meeting_info_list[0]
        for _ in range(2)
    ]
    gone = V1MeetingsMeetingIdCancelPostRequest(userid="tester", instanceid=1, reason_code=1)
    cancel = ApiV1MeetingsMeetingIdCancelPostRequest(meeting_id=first.meeting_id, body=gone)
    await call(client.meetings_api.v1_meetings_meeting_id_cancel_post, cancel)
    assert emulator.state.meetings[first.meeting_id].cancelled
    emulator.meetings.start(second.meeting_id)
    end = V1MeetingsMeetingIdDismissPostRequest(operator_id="tester", operator_id_type=1, instanceid=1, reason_code=1)
    dismiss = ApiV1MeetingsMeetingIdDismissPostRequest(meeting_id=second.meeting_id, body=end)
    await call(client.meeting_control_api.v1_meetings_meeting_id_dismiss_post, dismiss)
    assert not emulator.state.meetings[second.meeting_id].is_running


@pytest.mark.parametrize("new_error_codes", [True, False])
async def test_which_errors_are_read(new_error_codes: bool) -> None:
    """Without `new_error_code`, as some documents have it, all that the vendor's client keeps is the body."""
    async with Emulator(new_error_codes=new_error_codes) as emulator:
        for client in clients(emulator):
            query = ApiV1MeetingsMeetingIdGetRequest(
                meeting_id="1", operator_id="tester", operator_id_type="1", instanceid="1"
            )
            with pytest.raises(ServiceException) as refused:
                await call(client.meetings_api.v1_meetings_meeting_id_get, query)
            found = refused.value.error_info
            assert (found is not None) is new_error_codes
            if found:
                assert (found.error_code, found.new_error_code) == (9003, 9003)


async def test_refusals_are_understood(vendor: Any) -> None:
    with pytest.raises(ServiceException) as refused:
        await call(vendor.v1_meetings_post, ApiV1MeetingsPostRequest(body=body(password="1")))
    raised = refused.value
    assert raised.api_resp.status_code == 400
    assert b'"error_code":190004' in raised.api_resp.raw_body


async def test_an_authenticator_used_twice_is_a_replay(vendor: Any) -> None:
    option = JWTAuthenticator().options_build()
    request = ApiV1MeetingsGetRequest(instanceid="1", userid="tester")
    await asyncio.to_thread(vendor.v1_meetings_get, request, authenticator_options=[option])
    with pytest.raises(ServiceException) as refused:
        await asyncio.to_thread(vendor.v1_meetings_get, request, authenticator_options=[option])
    assert b'"error_code":190301' in refused.value.api_resp.raw_body


async def test_with_the_token_of_a_user(vendor: Any, emulator: Emulator) -> None:
    pair = await allowed(emulator, "alice")
    bob = emulator.oauth.open_id("bob")
    invitees = [model.V1MeetingsPostRequestInviteesInner(userid=bob)]
    request = ApiV1MeetingsPostRequest(body=body(userid=pair["open_id"], invitees=invitees))
    (created,) = (await call_as(vendor.v1_meetings_post, request, pair)).meeting_info_list
    assert emulator.state.meetings[created.meeting_id].creator == "alice"

    query = ApiV1MeetingsMeetingIdGetRequest(
        meeting_id=created.meeting_id, operator_id=pair["open_id"], operator_id_type="2", instanceid="1"
    )
    (found,) = (await call_as(vendor.v1_meetings_meeting_id_get, query, pair)).meeting_info_list
    assert (found.meeting_code, [person.userid for person in found.participants]) == (created.meeting_code, [bob])
    rows = await call_as(vendor.v1_meetings_get, ApiV1MeetingsGetRequest(instanceid="1", userid=pair["open_id"]), pair)
    assert [row.meeting_id for row in rows.meeting_info_list] == [created.meeting_id]

    emulator.oauth.withdraw("alice")
    with pytest.raises(ServiceException) as refused:
        await call_as(vendor.v1_meetings_meeting_id_get, query, pair)
    assert b'"new_error_code":200190303' in refused.value.api_resp.raw_body
