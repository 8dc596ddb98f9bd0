"""A second opinion on the wire: what the vendor's own Python SDK sends for the same input."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from wemeet_openapi import Client
from wemeet_openapi.core import constants, xhttp
from wemeet_openapi.core.authenticator import JWTAuthenticator
from wemeet_openapi.service.meetings import model
from wemeet_openapi.service.meetings.api import (
    ApiV1MeetingsGetRequest,
    ApiV1MeetingsMeetingIdGetRequest,
    ApiV1MeetingsPostRequest,
)

from tests.flow.conftest import AUTH, answer, raw_server, read_request
from tests.vectors import SECRET_ID, SECRET_KEY
from tm_async import (
    CreateMeeting,
    FindMeeting,
    GetMeeting,
    Guest,
    LiveConfig,
    Operation,
    Recurrence,
    Settings,
    TencentMeeting,
)
from tm_async.api.meetings import AutoRecord, MediaSetType, MuteOnJoin

Seen = tuple[str, str, list[tuple[str, str]], Any, dict[str, str]]

START, END = datetime.fromtimestamp(2143245600, UTC), datetime.fromtimestamp(2143249200, UTC)

MINIMAL = CreateMeeting(userid="tester", subject="周会", start_time=START, end_time=END)
MINIMAL_OF_THE_VENDOR = model.V1MeetingsPostRequest(
    userid="tester", instanceid=1, subject="周会", type=0, start_time="2143245600", end_time="2143249200"
)
FULL = CreateMeeting(
    userid="tester",
    subject="全字段",
    start_time=START,
    end_time=END,
    hosts=["tester"],
    invitees=["alice", "bob"],
    guests=[Guest(area="86", phone_number="13800000000", guest_name="张三")],
    password="123456",
    settings=Settings(
        mute_enable_type_join=MuteOnJoin.ON, auto_record_type=AutoRecord.CLOUD, participant_join_auto_record=True
    ),
    recurring_rule=Recurrence.daily(count=5),
    enable_live=True,
    live_config=LiveConfig(live_subject="直播", enable_live_password=True, live_password="abc"),
    enable_doc_upload_permission=False,
    media_set_type=MediaSetType.PUBLIC,
    enable_interpreter=True,
    enable_enroll=True,
    enable_host_key=True,
    host_key="654321",
    sync_to_wework=False,
    time_zone="Asia/Shanghai",
    location="三号会议室",
    allow_enterprise_intranet_only=False,
)
FULL_OF_THE_VENDOR = model.V1MeetingsPostRequest(
    userid="tester",
    instanceid=1,
    subject="全字段",
    type=0,
    start_time="2143245600",
    end_time="2143249200",
    hosts=[model.V1MeetingsPostRequestHostsInner(userid="tester")],
    invitees=[model.V1MeetingsPostRequestInviteesInner(userid=userid) for userid in ("alice", "bob")],
    guests=[model.V1MeetingsPostRequestGuestsInner(area="86", phone_number="13800000000", guest_name="张三")],
    password="123456",
    settings=model.V1MeetingsPostRequestSettings(
        mute_enable_type_join=1, auto_record_type="cloud", participant_join_auto_record=True
    ),
    meeting_type=1,
    recurring_rule=model.V1MeetingsPostRequestRecurringRule(recurring_type=0, until_type=1, until_count=5),
    enable_live=True,
    live_config=model.V1MeetingsPostRequestLiveConfig(
        live_subject="直播", enable_live_password=True, live_password="abc"
    ),
    enable_doc_upload_permission=False,
    media_set_type=0,
    enable_interpreter=True,
    enable_enroll=True,
    enable_host_key=True,
    host_key="654321",
    sync_to_wework=False,
    time_zone="Asia/Shanghai",
    location="三号会议室",
    allow_enterprise_intranet_only=False,
)


def vendors_call(api: Any, operation: Operation[Any]) -> Callable[[], Any]:
    fresh = {"authenticator_options": [JWTAuthenticator().options_build()]}
    match operation:
        case CreateMeeting():
            body = MINIMAL_OF_THE_VENDOR if operation is MINIMAL else FULL_OF_THE_VENDOR
            return lambda: api.v1_meetings_post(ApiV1MeetingsPostRequest(body=body), **fresh)
        case GetMeeting():
            get = ApiV1MeetingsMeetingIdGetRequest(
                meeting_id=operation.meeting_id,
                operator_id=operation.operator_id,
                operator_id_type="1",
                instanceid="1",
            )
            return lambda: api.v1_meetings_meeting_id_get(get, **fresh)
        case FindMeeting():
            find = ApiV1MeetingsGetRequest(meeting_code=operation.meeting_code, userid=operation.userid, instanceid="1")
            return lambda: api.v1_meetings_get(find, **fresh)
    raise AssertionError(operation)


@pytest.mark.parametrize(
    "operation",
    [
        MINIMAL,
        FULL,
        GetMeeting(meeting_id="7567173273889276131", operator_id="张 san+/=&"),
        FindMeeting(meeting_code="806 146 667", userid="tester"),
    ],
    ids=["create, minimal", "create, full", "get", "find"],
)
async def test_the_vendor_sends_the_same(operation: Operation[Any]) -> None:
    seen: list[Seen] = []

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            line, headers, body = await read_request(reader)
            method, target, _ = line.decode().split(" ")
            parts = urlsplit(target)
            query = sorted(parse_qsl(parts.query, keep_blank_values=True))
            seen.append((method, parts.path, query, json.loads(body) if body else None, dict(headers)))
            writer.write(answer(b'{"meeting_number":1,"meeting_info_list":[{"meeting_id":"7567173273889276131"}]}'))

    async with raw_server(handler) as url:
        async with TencentMeeting(AUTH, base_url=url) as tm:
            await tm.send(operation)
        with requests.Session() as session:
            session.trust_env = False
            http = xhttp.Client(
                host=url.removeprefix("http://").removesuffix("/v1"),
                protocol="http",
                session=session,
                serializer=constants.DEFAULT_SERIALIZER,
            )
            client = Client(
                app_id=AUTH.app_id, sdk_id=AUTH.sdk_id, secret_id=SECRET_ID, secret_key=SECRET_KEY, clt=http
            )
            await asyncio.to_thread(vendors_call(client.meetings_api, operation))

    (ours, theirs) = seen
    assert ours[:4] == theirs[:4]
    _same_headers(ours[4], theirs[4])


def _same_headers(ours: dict[str, str], theirs: dict[str, str]) -> None:
    per_call = {"X-TC-Timestamp", "X-TC-Nonce", "X-TC-Signature"}
    custom = {name for name in theirs if name.startswith("X-TC-") or name in ("AppId", "SdkId")}
    assert custom == {name for name in ours if name.startswith("X-TC-") or name in ("AppId", "SdkId")}
    assert {name: ours[name] for name in custom - per_call} == {name: theirs[name] for name in custom - per_call}
    # The page says "application/json" (doc 1095/58768); the vendor's SDK adds a charset.
    assert theirs["Content-Type"].partition(";")[0] == ours["Content-Type"] == "application/json"
    assert ours["X-TC-Nonce"].isdigit()
    assert theirs["X-TC-Nonce"].isdigit()
