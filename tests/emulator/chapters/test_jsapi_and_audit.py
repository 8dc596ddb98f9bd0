"""Pages inside the client, and the audit logs."""

import pytest

from tests.emulator.calls import ask, ask_as, code, operated, told, told_as
from tests.emulator.conftest import Caller, ThirdPartyApp
from tm_async.emulator import User


async def test_a_ticket_is_good_once_and_for_five_minutes(caller: Caller, third: ThirdPartyApp) -> None:
    acts = caller.emulator.jsapi
    given = await told(caller, "jsapi.get_ticket", userid="alice")
    assert (acts.use(given["ticket"]), given["expired_time"]) == ("alice", "300")
    old = (await told(caller, "jsapi.get_ticket", userid="alice"))["ticket"]
    caller.emulator.clock_offset = 300
    for ticket in (given["ticket"], old):
        with pytest.raises(ValueError, match="ticket: "):
            acts.use(ticket)
    caller.emulator.clock_offset = 0
    pair = await third.allowed("bob")
    assert acts.use((await told_as(third, pair, "jsapi.get_ticket"))["ticket"]) == "bob"
    assert code(await ask(caller, "jsapi.get_ticket")) == (400, 190004)
    assert code(await ask(caller, "jsapi.get_ticket", userid="nobody")) == (500, 190001)


async def test_who_looks_at_a_page(caller: Caller, third: ThirdPartyApp) -> None:
    made = caller.emulator.jsapi.open("alice")
    found = await told(caller, "jsapi.get_user", auth_code=made)
    assert (found["code"], found["user_info"]) == (0, {"userid": "alice"})
    again = await ask(caller, "jsapi.get_user", auth_code=made)
    assert (again.status_code, again.json()["code"], "user_info" in again.json()) == (200, 1002, False)
    ticket = (await told(caller, "jsapi.get_ticket", userid="alice"))["ticket"]
    assert (await ask(caller, "jsapi.get_user", auth_code=ticket)).json()["code"] == 1002, "a ticket is no code"
    with pytest.raises(ValueError, match="userid: "):
        caller.emulator.jsapi.open("nobody")
    pair = await third.allowed("bob")
    assert (await ask_as(third, pair, "jsapi.get_user", auth_code="x")).status_code != 200


async def test_audit_logs(caller: Caller) -> None:
    key = {"public_key": "MIGf", "key_len": 2048}
    assert await told(caller, "audit.set_public_key", userid="admin", **key) == {}
    assert await told(caller, "audit.set_public_key", userid="admin", **{**key, "public_key": "x"}, scene_type=1) == {}
    assert caller.emulator.state.audit_keys == {0: "MIGf", 1: "x"}
    caller.emulator.seed_users(User("boss", admin=True))
    for userid in ("tester", "boss"):
        assert code(await ask(caller, "audit.set_public_key", userid=userid, **key)) == (403, 9042)
    asked = operated("admin", page=1, page_size=50, instanceid=None)
    assert await told(caller, "audit.list_admin_log", **asked) == {}
    assert code(await ask(caller, "audit.list_admin_log", **{**asked, "operator_id": "tester"})) == (403, 9042)
    assert code(await ask(caller, "audit.list_admin_log", userid="admin", page=1, page_size=50)) == (400, 190004)
    assert await told(caller, "audit.list_user_log", **asked) == {}
