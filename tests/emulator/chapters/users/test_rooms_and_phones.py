"""Personal rooms, and telephone numbers that are bound with codes."""

import base64

import pytest

MINUTE = 60


async def test_a_personal_room(caller, answer, refusal) -> None:
    mine = {"operator_id": "alice", "instanceid": 1}
    before = await answer("users.get_pmi_config", userid="alice", operator_id=None, operator_id_type=None)
    assert before["pmi_code"] == caller.emulator.meetings.add_personal("alice").code
    assert "pmi_password" not in before
    changes = {
        "auto_in_waiting_room": True,
        "hosts": [{"userid": "bob"}],
        "pmi_name": "我的会议室",
        "water_mark_type": 1,
    }
    await answer("users.set_pmi_config", **mine, **changes, pmi_password="1234")
    shown = await answer("users.get_pmi_config", userid="alice", operator_id=None, operator_id_type=None)
    assert (shown["allow_in_waiting_room"], shown["hosts"], shown["pmi_name"]) == (
        True,
        [{"userid": "bob"}],
        "我的会议室",
    )
    assert base64.b64decode(shown["pmi_password"]) == b"1234"
    assert shown["water_mark_type"] == 0, "without effect unless watermark is on"
    await answer("users.set_pmi_config", **mine, watermark=True, enable_password=False)
    shown = await answer("users.get_pmi_config", userid="alice", operator_id=None, operator_id_type=None)
    assert (shown["water_mark_type"], shown["allow_in_waiting_room"], "pmi_password" in shown) == (1, True, False)
    assert await refusal("users.set_pmi_config", **mine, pmi_name="会" * 19) == 190004
    assert await refusal("users.set_pmi_config", **mine, hosts=[{"userid": "nobody"}]) == 190001
    for more in ({"nick_name": "x"}, {"operator_id": "bob", "operator_id_type": 1}):
        assert await refusal("users.set_pmi_config", **mine, hosts=[{"userid": "bob", **more}]) == 200004, (
            "not passed by"
        )


async def test_binding_a_first_phone(caller, answer, refusal) -> None:
    alice = {"operator_id": "alice", "area": 86, "phone": "13800000009"}
    code = caller.emulator.users.send_phone_code("13800000009")
    with pytest.raises(ValueError, match="^phone: 1 codes in the last 60 seconds"):
        caller.emulator.users.send_phone_code("13800000009")
    assert await refusal("users.bind_phone", **alice, code="000000" if code != "000000" else "1" * 6, type=1) == 500191
    assert await refusal("users.bind_phone", **alice, code=code, type=2) == 500192
    caller.clock.now += 10 * MINUTE + 1
    assert await refusal("users.bind_phone", **alice, code=code, type=1) == 500191
    code = caller.emulator.users.send_phone_code("13800000009")
    assert await refusal("users.bind_phone", **{**alice, "area": 852}, code=code, type=1) == 190004
    await answer("users.bind_phone", **alice, code=code, type=1)
    assert (await answer("users.get", userid="alice"))["phone"] == "13800000009"


async def test_binding_another_phone(caller, answer, refusal, active) -> None:
    old = {"operator_id": active, "area": 86, "phone": "13800000001"}
    new = {**old, "phone": "13800000002"}
    assert await refusal("users.send_phone_code", **new) == 500192
    await answer("users.send_phone_code", **old)
    assert await refusal("users.send_phone_code", **old) == 500190
    sent = caller.emulator.users.messages[-1]
    token = (await answer("users.get_phone_token", **old, code=sent.text))["token"]
    code = caller.emulator.users.send_phone_code("13800000002")
    assert await refusal("users.get_phone_token", **new, code=code) == 500192, "it proves the present number"
    caller.clock.now += 5 * MINUTE + 1
    assert await refusal("users.bind_phone", **new, code=code, type=2, token=token) == 500192
    token = (await answer("users.get_phone_token", **old, code=sent.text))["token"]
    await answer("users.bind_phone", **new, code=code, type=2, token=token)
    assert (await answer("users.get", userid=active))["phone"] == "13800000002"
    taken = {"operator_id": "alice", "area": 86, "phone": "13800000002"}
    caller.clock.now += MINUTE
    code = caller.emulator.users.send_phone_code("13800000002")
    assert await refusal("users.bind_phone", **taken, code=code, type=1) == 500192
    assert await refusal("users.bind_phone", **new, code=code, type=2, token=token) == 500192, "it works once"


async def test_ten_codes_an_hour(caller, refusal, answer, active) -> None:
    for _ in range(10):
        await answer("users.send_phone_code", operator_id=active, area=86, phone="13800000001")
        caller.clock.now += MINUTE
    assert await refusal("users.send_phone_code", operator_id=active, area=86, phone="13800000001") == 500190


async def test_codes_of_a_company(caller, refusal, monkeypatch) -> None:
    monkeypatch.setattr("tm_async.emulator.chapters.users.codes.PER_DAY", 2)
    send = caller.emulator.users.send_phone_code
    send("13800000001")
    send("13800000002")
    with pytest.raises(ValueError, match="2 codes in the 24 hours after the first one"):
        send("13800000003")
    caller.clock.now += 24 * 60 * MINUTE + 1
    send("13800000003")


async def test_a_number_that_its_user_shows(caller, answer, refusal, active) -> None:
    asked = {"operator_id": None, "operator_id_type": None}
    token = caller.emulator.users.share_phone(active)
    shown = await answer("users.get_phone_number", token=token, **asked)
    assert shown == {"phone_info": {"phone_number": "13800000001", "country_code": "86"}}
    assert await refusal("users.get_phone_number", token=token, **asked) == 3507
