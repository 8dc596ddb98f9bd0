"""Licences of accounts, add-ons and AI capability (U13 to U16)."""

import pytest

DAY = 86400


async def test_premium_first_then_free(caller, answer, refusal) -> None:
    users = caller.emulator.users
    users.buy("user_account_type", 1, len(users) + 1)
    for userid, phone, kind in (("one", "1", 1), ("two", "2", 2)):
        await answer("users.create", userid=userid, username=userid, phone=phone)
        assert (await answer("users.get", userid=userid))["user_account_type"] == kind
    assert await refusal("users.modify", userid="two", user_account_type=1) == 190004
    await answer("users.modify", userid="one", user_account_type=2)  # which gives the licence back
    await answer("users.modify", userid="two", user_account_type=1)
    caller.clock.now += 7 * DAY
    await answer("users.modify", userid="two", user_account_type=1)
    caller.clock.now += 1
    assert await refusal("users.modify", userid="two", user_account_type=2) == 190004


async def test_add_ons_hang_on_the_premium_licence(caller, answer, refusal, zoe) -> None:
    caller.emulator.users.buy("add_on_webinar", 3, 1)
    await answer("users.modify", userid=zoe, add_on_webinar=3, add_on_largemeeting=1)
    assert await refusal("users.modify", userid="alice", add_on_webinar=3) == 190004
    await answer("users.modify", userid=zoe, add_on_webinar=3)
    used = {
        row["add_on_webinar_type"]: row
        for row in (await answer("users.get_account_statistics"))["add_on_webinar_details"]
    }
    assert (used[3]["add_on_webinar_count"], used[3]["add_on_webinar_used_count"]) == (1, 1)
    await answer("users.modify", userid=zoe, add_on_webinar=0)
    assert "add_on_webinar" not in await answer("users.get", userid=zoe)
    assert await refusal("users.modify", userid=zoe, user_account_type=2, add_on_webinar=3) == 190004
    await answer("users.modify", userid=zoe, user_account_type=2)
    assert "add_on_largemeeting" not in await answer("users.get", userid=zoe)


async def test_ai_accounts(caller, answer, refusal, zoe) -> None:
    to = {"to_operator_id": zoe, "to_operator_id_type": 1}
    assert await refusal("users.remove_ai_account", **to) == 500059
    await answer("users.add_ai_account", **to)
    shown = await answer("users.get", userid=zoe)
    assert (shown["enable_ai_account"], shown["ai_account_type"]) == (True, 2)
    assert await refusal("users.add_ai_account", **to, ai_account_type=2) == 500111
    assert await refusal("users.add_ai_account", **to, ai_account_type=1) == 500058
    await answer("users.remove_ai_account", **to)
    await answer("users.add_ai_account", **to, ai_account_type=1)
    assert await refusal("users.add_ai_account", **to, ai_account_type=1) == 500112
    assert await refusal("users.add_ai_account", **to, operator_id="bob") == 500054
    assert await refusal("users.add_ai_account", to_operator_id="nobody", to_operator_id_type=1) == 500053
    caller.emulator.users.buy("ai_account_type", 1, 1)
    caller.emulator.users.buy("ai_account_type", 2, 0)
    bob = {**to, "to_operator_id": "bob"}
    assert await refusal("users.add_ai_account", **bob) == 500056
    assert await refusal("users.add_ai_account", **bob, ai_account_type=2) == 500026
    await answer("users.modify", userid="bob", user_account_type=2)
    assert await refusal("users.add_ai_account", **bob) == 500052
    statistics = await answer("users.get_account_statistics")
    assert statistics["user_count"] == 12
    assert [row["ai_account_used_count"] for row in statistics["ai_account_details"]] == [1, 0]
    await answer("users.modify", userid=zoe, user_account_type=2)
    assert (await answer("users.get", userid=zoe))["enable_ai_account"] is False, "as with add-ons"
    assert [row["user_account_used_count"] for row in statistics["user_account_details"]] == [11, 1]


async def test_what_cannot_be_bought(caller) -> None:
    for name, count, problem in (
        ("x", 1, "name: 'x' is none of user_account_type"),
        ("ai_account_type", -1, "count: "),
    ):
        with pytest.raises(ValueError, match=f"^{problem}"):
            caller.emulator.users.buy(name, 1, count)
