"""A user's life: created, activated, changed, disabled, deleted, and what becomes of the data (rules U1 to U77)."""

from typing import Any

import pytest

from tests.emulator.calls import ask_as, code, told_as
from tests.emulator.conftest import NOW

DAY = 86400


async def test_creation(caller, answer) -> None:
    asked = {"userid": "zoe", "username": "Zoe", "phone": "13800000001", "email": "zoe@example.com"}
    made = await answer("users.create", **asked, job_title="Cook", entry_time=NOW, staff_id="7")
    assert (made["userid"], made["username"], made["phone"]) == ("zoe", "Zoe", "13800000001")
    assert "email" not in made, "ignored beside a phone"
    shown = await answer("users.get", userid="zoe")
    assert (shown["status"], shown["phone_status"], shown["role_code"]) == ("3", 2, "NORMAL_ROLE")
    assert (shown["area"], shown["job_title"], shown["entry_time"]) == ("86", "Cook", "2026-05-29T04:26:40+08:00")
    assert shown["update_time"] == "2026-05-29 04:26:40"
    assert await answer("users.get_by_uuid", uuid=made["uuid"]) == {
        name: value for name, value in shown.items() if name in await answer("users.get_by_uuid", uuid=made["uuid"])
    }
    (message,) = caller.emulator.users.messages
    assert (message.kind, message.to) == ("invitation", "13800000001")
    await answer("users.create", userid="yan", username="Yan", email="yan@example.com", auto_invite=False)
    assert len(caller.emulator.users.messages) == 1


@pytest.mark.parametrize(
    ("changed", "number"),
    [
        ({"userid": "x" * 41}, 190004),
        ({"userid": "张三"}, 190004),
        ({"userid": "a@b"}, 190004),
        ({"phone": None}, 190004),
        ({"phone": "12ab"}, 40000),
        ({"phone": None, "email": "nothing"}, 41001),
        ({"phone": None, "email": "alice@example.com"}, 41002),
        ({"phone": "13900000000"}, 41003),
        ({"userid": "alice"}, 20002),
        ({"job_title": "x" * 97}, 190004),
        ({"department_list": ["a", "b"]}, 190004),
        ({"department_list": ["nowhere"]}, 190004),
        ({"area": "+86"}, 190004),
        ({"user_account_type": 9}, 190004),
        ({"add_on_webinar": 1, "user_account_type": 2}, 190004),
        ({"operator_id": "alice"}, 500014),
        ({"operator_id": "nobody"}, 190001),
    ],
)
async def test_who_cannot_be_created(caller, answer, refusal, changed: dict[str, Any], number: int) -> None:
    await answer("users.create", userid="one", username="One", phone="13900000000")
    await answer("users.create", userid="two", username="Two", email="alice@example.com")
    asked = {"userid": "zoe", "username": "Zoe", "phone": "13800000001", **changed}
    assert await refusal("users.create", **asked) == number
    assert "zoe" not in caller.emulator.state.users
    assert len(caller.emulator.users.messages) == 2


async def test_changes(answer, refusal, zoe) -> None:
    await answer("users.modify", userid=zoe, username="Zoë", phone="13800000002", area="852")
    shown = await answer("users.get", userid=zoe)
    assert (shown["username"], shown["phone"], shown["area"]) == ("Zoë", "13800000002", "852")
    await answer("users.modify_by_uuid", uuid=shown["uuid"], job_title="Cook")
    assert (await answer("users.get", userid=zoe))["job_title"] == "Cook"
    await answer("users.create", userid="yan", username="Yan", phone="13800000001")  # which is free again
    assert await refusal("users.modify", userid="yan", phone="13800000002") == 41003
    assert await refusal("users.modify", userid="nobody") == 20001


async def test_an_activated_user_keeps_phone_and_email(answer, refusal, active) -> None:
    assert (await answer("users.get", userid=active))["status"] == "1"
    assert await refusal("users.modify", userid=active, phone="13800000002") == 190004
    assert await refusal("users.modify", userid=active, email="zoe@example.com") == 190004
    await answer("users.modify", userid=active, phone="13800000001", username="Z")


async def test_disabled(answer, refusal, active) -> None:
    await answer("users.set_enabled", userid=active, enable=False)
    assert (await answer("users.get", userid=active))["status"] == "4"
    assert await refusal("users.modify", userid=active, username="x") == 20003
    await answer("users.set_enabled", userid=active, enable=True)
    assert (await answer("users.get", userid=active))["status"] == "1"
    assert await refusal("users.set_enabled", userid="admin", enable=False) == 190004


async def test_invitations_once_a_day(caller, answer, refusal, zoe) -> None:
    assert await refusal("users.send_activation", userid=zoe) == 15101
    caller.clock.now += DAY
    await answer("users.send_activation", userid=zoe)
    assert await refusal("users.send_activation", userid=zoe) == 15101
    assert await refusal("users.send_activation", userid="alice") == 190004


async def test_activation_links(caller, answer, refusal, zoe) -> None:
    asked = {"userid_list": [zoe, "alice", "nobody"]}
    (first,) = (await answer("users.create_activation_links", **asked))["inactivate_user_list"]
    (second,) = (await answer("users.create_activation_links", **asked))["inactivate_user_list"]
    assert first["userid"] == zoe
    assert first["activate_url"] != second["activate_url"]
    caller.clock.now += 2 * DAY
    assert caller.emulator.users.follow(first["activate_url"]).status == "1"
    with pytest.raises(ValueError, match="^userid: 'zoe' is activated already"):
        caller.emulator.users.follow(second["activate_url"])
    caller.clock.now += 1
    with pytest.raises(ValueError, match="^url: the link is older than 48 hours"):
        caller.emulator.users.follow(second["activate_url"])
    assert await refusal("users.create_activation_links", userid_list=["a"] * 101) == 190004


async def test_verification(caller, answer, refusal, zoe) -> None:
    assert await refusal("users.send_verification", userid=zoe) == 500120
    assert await refusal("users.send_verification", userid="alice") == 500121
    assert await refusal("users.send_verification", userid="alice", operator_id="bob") == 500091
    caller.emulator.users.activate(zoe)
    await answer("users.send_verification", userid=zoe)
    assert await refusal("users.send_verification", userid=zoe) == 500119
    asked = {"userid_list": [zoe, "alice", "nobody"]}
    links = await answer("users.create_verification_links", **asked)
    assert [(each["userid"], each["error_code"]) for each in links["error_user_list"]] == [
        ("alice", 500121),
        ("nobody", 20001),
    ]
    caller.emulator.users.follow(links["auth_user_list"][0]["auth_url"])
    assert (await answer("users.get", userid=zoe))["phone_status"] == 1
    for _ in range(10):
        links = await answer("users.create_verification_links", userid_list=[zoe])
    assert [each["userid"] for each in links["error_user_list"]] == [zoe]
    caller.clock.now += DAY
    assert (await answer("users.create_verification_links", userid_list=[zoe]))["auth_user_list"]


async def test_deletion(caller, answer, refusal, active) -> None:
    assert await refusal("users.delete", userid="admin") == 20004
    assert await refusal("users.delete_and_transfer", to_operator_id=active, to_operator_id_type=1) == 190004
    uuid = (await answer("users.get", userid=active))["uuid"]
    await answer("users.delete_by_uuid", uuid=uuid)
    assert await refusal("users.delete", userid=active) == 20001
    assert await refusal("users.get_by_uuid", uuid=uuid) == 20001
    assert await refusal("users.create", userid=active, username="Z", phone="1") == 20002
    assert (await caller.create(userid=active)).json()["error_info"]["error_code"] == 190001


@pytest.mark.parametrize(
    ("what", "owner", "recorded"),
    [
        ({}, None, None),
        ({"data_process": "2", "receiver_id": "bob"}, "bob", "bob"),
        ({"data_process": "2", "receiver_id": "bob", "transfer_data": "1"}, "zoe", "bob"),
        ({"data_process": "2", "receiver_id": "bob", "transfer_data": "2"}, "bob", "zoe"),
    ],
)
async def test_what_becomes_of_the_data(
    caller, answer, refusal, active, what: dict[str, Any], owner: str | None, recorded: str | None
) -> None:
    future = (await caller.created(userid=active))["meeting_id"]
    file = caller.emulator.recordings.add(active)
    await answer("users.delete", userid=active)
    asked = {"to_operator_id": active, "to_operator_id_type": 1, "receiver_id_type": 1 if what else None, **what}
    if what:
        assert await refusal("users.delete_and_transfer", **{**asked, "receiver_id": "nobody"}) == 20001
    await answer("users.delete_and_transfer", **asked)
    meeting = caller.emulator.state.meetings.get(future)
    assert (meeting and meeting.creator) == owner
    recording = caller.emulator.state.recordings.of_file(file.id)
    assert (recording and recording.owner) == recorded
    assert await refusal("users.delete_and_transfer", **asked) == 20001
    await answer("users.create", userid=active, username="Z", phone="13800000001")


async def test_lists(caller, answer, refusal, zoe) -> None:
    page = await answer("users.list", page=2, page_size=5)
    assert (page["total_count"], page["current_page"], page["current_size"], page["page_size"]) == (12, 2, 5, 5)
    assert [user["userid"] for user in page["users"]] == ["erin", "frank", "grace", "heidi", "ivan"]
    assert (await answer("users.list", page=9, page_size=20))["users"] == []
    for wrong in ({"page": 0, "page_size": 1}, {"page": 1, "page_size": 21}, {"page": 1, "page_size": 0}, {"page": 1}):
        assert await refusal("users.list", **wrong) == 190004
    found, position = [], ""
    while True:
        page = await answer("users.list_advanced", size=5, pos=position)
        found += [user["userid"] for user in page["users"]]
        if not page["has_remaining"]:
            break
        position = page["next_pos"]
    assert found == [user.userid for user in caller.emulator.users]
    page = await answer("users.list_advanced", status=3, enable_ai_account=False, user_account_type=1)
    assert [user["userid"] for user in page["users"]] == [zoe]
    for wrong in ({"pos": "x"}, {"pos": "99"}, {"size": 101}, {"status": 2}):
        assert await refusal("users.list_advanced", **wrong) == 190004


async def test_open_ids(caller, answer, refusal, third) -> None:
    app, alice = third.app.sdk_id, caller.emulator.oauth.open_id("alice")
    found = await answer("users.convert_open_ids", open_id_list=[alice, "x", alice], sdkid=app)
    assert found == {"userid_list": [{"open_id": alice, "userid": "alice"}], "invalid_open_id_list": ["x"]}
    assert await refusal("users.convert_open_ids", open_id_list=[alice], sdkid="nothing") == 190004
    assert await refusal("users.convert_open_ids", open_id_list=["x"] * 1001, sdkid=app) == 190004


async def test_with_a_token(caller, answer, third) -> None:
    pair = await third.allowed("alice")
    me = {"operator_id": pair["open_id"], "operator_id_type": 2}
    info = await told_as(third, pair, "users.get_basic_info", **me)
    assert (info["username"], info["status"], info["account_version"]) == ("alice", "1", 2)
    shown = await told_as(third, pair, "users.get", userid=pair["open_id"], **me)
    assert (shown["username"], shown["userid"]) == ("alice", pair["open_id"])
    assert code(await ask_as(third, pair, "users.get", userid="alice", **me)) == (400, 500014), "of nobody else"
    assert code(await ask_as(third, pair, "users.list", page=1, page_size=1, **me)) == (400, 200004)
    mine, others = await third.created(pair), await caller.created()
    name = await told_as(third, pair, "users.get_ms_open_id", mine["meeting_id"], **me)
    assert name["ms_open_id"].startswith("EMULATORMS")
    assert code(await ask_as(third, pair, "users.get_ms_open_id", others["meeting_id"], **me)) == (500, 202801)
    await answer("users.delete", userid="alice")
    assert code(await ask_as(third, pair, "users.get_basic_info", **me)) == (500, 190001)


async def test_names_within_a_meeting(caller, answer, refusal) -> None:
    meeting = (await caller.created())["meeting_id"]
    name = (await answer("users.get_ms_open_id", meeting_id=meeting, operator_id="alice"))["ms_open_id"]
    assert caller.emulator.meetings.join(meeting, "alice").ms_open_id == name
    assert await refusal("users.get_ms_open_id", meeting_id="1") == 202801
