"""Guests, by the id and by the code of a meeting."""

import pytest

from tests.emulator.calls import ask, ask_as, code, told, told_as

GUEST = {"area": "86", "phone_number": "13800000000", "guest_name": "客人"}
ASKING = {"userid": "tester", "instanceid": 1}


async def test_by_id(caller) -> None:
    info = await caller.created(guests=[GUEST])
    found = await told(caller, "guests.list", info["meeting_id"], **ASKING)
    assert found == {
        "meeting_id": info["meeting_id"],
        "meeting_code": info["meeting_code"],
        "subject": info["subject"],
        "guests": [GUEST],
    }
    other = {"area": "1", "phone_number": "2025550100"}
    assert await told(caller, "guests.replace", info["meeting_id"], **ASKING, guests=[other]) == {}
    assert caller.emulator.journal[-1].committed
    assert (await told(caller, "guests.list", info["meeting_id"], **ASKING))["guests"] == [other]
    assert (await caller.detail(info["meeting_id"]))["guests"] == [other]
    await told(caller, "guests.replace", info["meeting_id"], **ASKING, guests=[])  # clears the list
    assert (await told(caller, "guests.list", info["meeting_id"], **ASKING))["guests"] == []
    assert "guests" not in await caller.detail(info["meeting_id"])


async def test_by_code(caller) -> None:
    info = await caller.created()
    asking = {**ASKING, "meeting_code": info["meeting_code"]}
    assert await told(caller, "guests.replace_by_code", **asking, guests=[GUEST]) == {}
    found = await told(caller, "guests.list_by_code", **asking)
    assert (found["meeting_id"], found["guests"]) == (info["meeting_id"], [GUEST])
    for operation, more in (("guests.list_by_code", {}), ("guests.replace_by_code", {"guests": []})):
        assert code(await ask(caller, operation, **{**asking, "meeting_code": "123"}, **more)) == (500, 9003)


@pytest.mark.parametrize(
    "guests",
    [
        None,
        "13800000000",
        [{"area": "86"}],
        [{**GUEST, "area": "+86"}],
        [{**GUEST, "area": "0086"}],
        [{**GUEST, "phone_number": "138-0000"}],
    ],
)
async def test_replace_refuses(caller, guests) -> None:
    info = await caller.created(guests=[GUEST])
    answer = await ask(caller, "guests.replace", info["meeting_id"], **ASKING, guests=guests)
    assert code(answer) == (400, 190004)
    assert (await told(caller, "guests.list", info["meeting_id"], **ASKING))["guests"] == [GUEST]


async def test_for_the_creator_only(caller) -> None:
    info = await caller.created(hosts=["alice"])
    for userid in ("alice", "admin"):
        asking = {**ASKING, "userid": userid}
        assert code(await ask(caller, "guests.list", info["meeting_id"], **asking)) == (403, 9042)
        assert code(await ask(caller, "guests.replace", info["meeting_id"], **asking, guests=[])) == (403, 9042)
    assert code(await ask(caller, "guests.list", info["meeting_id"], **{**ASKING, "userid": "x"})) == (500, 190001)
    assert code(await ask(caller, "guests.list", "1", **ASKING)) == (500, 9003)
    assert code(await ask(caller, "guests.list", info["meeting_id"], userid="tester")) == (400, 190004)


async def test_with_tokens(third, caller) -> None:
    pair = await third.allowed("tester")
    mine, other = await third.created(pair, guests=[GUEST]), await caller.created()
    asking = {"userid": pair["open_id"], "instanceid": 1}
    assert (await told_as(third, pair, "guests.list", mine["meeting_id"], **asking))["guests"] == [GUEST]
    assert (await told(caller, "guests.list", mine["meeting_id"], **ASKING))["guests"] == [GUEST]
    assert code(await ask_as(third, pair, "guests.list", other["meeting_id"], **asking)) == (403, 9042)
    by_code = {**asking, "meeting_code": other["meeting_code"]}
    assert code(await ask_as(third, pair, "guests.list_by_code", **by_code)) == (500, 9003)
    assert code(await ask_as(third, pair, "guests.list", mine["meeting_id"], **ASKING)) == (403, 9042)
