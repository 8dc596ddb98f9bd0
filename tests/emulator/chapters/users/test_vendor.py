"""The vendor's own Python client, unchanged, manages users and departments."""

import asyncio
from typing import Any

import pytest
from wemeet_openapi import Client
from wemeet_openapi.core.authenticator import JWTAuthenticator
from wemeet_openapi.core.exception import ServiceException
from wemeet_openapi.core.xhttp import ApiRequest
from wemeet_openapi.service.user_manager import api, model

from tests.emulator.chapters.meetings.test_vendor import call, client, emulator
from tm_async.emulator import Emulator

__all__ = ["client", "emulator"]

ADMIN = {"operator_id": "admin", "operator_id_type": "1"}
ADMIN_BODY = {"operator_id": "admin", "operator_id_type": 1}


async def refused(function: Any, request: Any) -> bytes:
    with pytest.raises(ServiceException) as caught:
        await call(function, request)
    body: bytes = caught.value.api_resp.raw_body
    return body


async def test_a_users_life(client: Client, emulator: Emulator) -> None:
    users = client.user_manager_api
    body = model.V1UsersPostRequest(userid="zoe", username="张三", phone="13800000001", **ADMIN_BODY)
    created = await call(users.v1_users_post, api.ApiV1UsersPostRequest(body=body))
    assert (created.userid, created.phone) == ("zoe", "13800000001")
    assert b'"error_code":20002' in await refused(users.v1_users_post, api.ApiV1UsersPostRequest(body=body))

    links = model.V1UsersInviteActivatePostRequest(userid_list=["zoe", "alice"], **ADMIN_BODY)
    sent = await call(users.v1_users_invite_activate_post, api.ApiV1UsersInviteActivatePostRequest(body=links))
    (link,) = sent.inactivate_user_list
    emulator.users.follow(link.activate_url)

    changed = model.V1UsersUseridPutRequest(job_title="Cook", **ADMIN_BODY)
    await call(users.v1_users_userid_put, api.ApiV1UsersUseridPutRequest("zoe", body=changed))
    found = await call(users.v1_users_userid_get, api.ApiV1UsersUseridGetRequest("zoe", **ADMIN))
    assert (found.username, found.status, found.job_title, found.enable_ai_account) == ("张三", "1", "Cook", False)
    by_uuid = await call(users.v1_users_get, api.ApiV1UsersGetRequest(uuid=found.uuid, **ADMIN))
    assert by_uuid.userid == "zoe"

    page = await call(users.v1_users_list_get, api.ApiV1UsersListGetRequest(page="1", page_size="20", **ADMIN))
    assert (page.total_count, page.users[-1].userid) == (12, "zoe")
    asked = api.ApiV1UsersAdvanceListGetRequest(size="100", status="1", enable_ai_account="false", **ADMIN)
    assert len((await call(users.v1_users_advance_list_get, asked)).users) == 12

    disabled = model.V1UsersUseridEnablePutRequest(enable=False, **ADMIN_BODY)
    await call(users.v1_users_userid_enable_put, api.ApiV1UsersUseridEnablePutRequest("zoe", body=disabled))
    await call(users.v1_users_userid_delete, api.ApiV1UsersUseridDeleteRequest("zoe", **ADMIN))
    data = model.V1UsersDeleteTransferPostRequest(
        to_operator_id="zoe",
        to_operator_id_type=1,
        data_process="2",
        receiver_id="alice",
        receiver_id_type=1,
        **ADMIN_BODY,
    )
    await call(users.v1_users_delete_transfer_post, api.ApiV1UsersDeleteTransferPostRequest(body=data))
    gone = await refused(users.v1_users_userid_get, api.ApiV1UsersUseridGetRequest("zoe", **ADMIN))
    assert b'"error_code":20001' in gone


async def test_licences_and_rooms(client: Client) -> None:
    users = client.user_manager_api
    room = await call(
        users.v1_pmi_meetings_pmi_config_get, api.ApiV1PmiMeetingsPmiConfigGetRequest(userid="bob", instanceid="1")
    )
    assert (len(room.pmi_code), room.allow_in_waiting_room) == (9, False)
    given = model.V1UsersAccountAiAccountPostRequest(to_operator_id="bob", to_operator_id_type=1, **ADMIN_BODY)
    await call(users.v1_users_account_ai_account_post, api.ApiV1UsersAccountAiAccountPostRequest(body=given))
    asked = api.ApiV1UsersAccountStatisticsGetRequest(**ADMIN)
    statistics = await call(users.v1_users_account_statistics_get, asked)
    assert [row.ai_account_used_count for row in statistics.ai_account_details] == [0, 1]


async def test_departments(client: Client) -> None:
    """The client has no calls for them; its requests, signatures and serialiser do the work."""
    config = client.user_manager_api._UserManagerApi__config

    async def send(method: str, path: str, body: Any = None, **query: str) -> Any:
        request = ApiRequest(path, body=body, authenticators=[JWTAuthenticator().options_build()(config)])
        request.query_params += query.items()
        answer = await asyncio.to_thread(getattr(config.clt, method), request)
        assert answer.status_code == 200, answer.raw_body
        return answer.translate(dst_t=dict)

    sales = await send("post", "/v1/departments", {"userid": "admin", "department_name": "sales"})
    below = {"userid": "admin", "department_name": "north", "parent_department_id": sales["department_id"]}
    north = await send("post", "/v1/departments", below)
    assert north["department_full_name"] == "sales/north"
    shown = await send("get", "/v1/departments", userid="admin", page="1", page_size="20")
    assert [each["department_name"] for each in shown["department_list"]] == ["sales", "north"]
    await send("post", "/v1/departments/remove", {"userid": "admin", "department_list": [north["department_id"]]})
    assert (await send("get", f"/v1/departments/{sales['department_id']}", userid="admin"))["user_count"] == 0
