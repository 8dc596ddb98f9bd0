"""Departments as a tree, with users in it (U43 to U46, U67, U68)."""

import pytest


@pytest.fixture
async def tree(answer) -> dict[str, str]:
    """Ids by name: sales with north and south below it, and kitchen."""
    ids: dict[str, str] = {}
    for name, above in (("sales", None), ("north", "sales"), ("south", "sales"), ("kitchen", None)):
        parent = None if above is None else ids[above]
        made = await answer("departments.create", department_name=name, parent_department_id=parent)
        ids[name] = made["department_id"]
    return ids


async def test_a_tree(answer, refusal, tree) -> None:
    north = await answer("departments.get", departmentId=tree["north"])
    assert (north["department_full_name"], north["is_main_department"], north["user_count"]) == (
        "sales/north",
        False,
        0,
    )
    assert north["parent_department_id"] == tree["sales"]
    for chosen, names in (
        (None, ["sales", "north", "south", "kitchen"]),
        ("0", ["sales", "kitchen"]),
        (tree["sales"], ["north", "south"]),
    ):
        page = await answer("departments.list", department_id=chosen)
        assert [each["department_name"] for each in page["department_list"]] == names
        assert (page["total_count"], page["total_page"], page["current_size"]) == (len(names), 1, len(names))
    assert (await answer("departments.list", page=2, page_size=3))["current_size"] == 1
    assert await refusal("departments.list", page_size=21) == 190004


async def test_names_and_places(answer, refusal, tree) -> None:
    assert await refusal("departments.create", department_name="kitchen") == 20004
    assert await refusal("departments.create", department_name="x" * 51) == 190004
    assert await refusal("departments.create", department_name="") == 190004
    assert await refusal("departments.create", department_name="x", parent_department_id="nowhere") == 20000
    moved = {"departmentId": tree["north"], "department_name": "far north", "parent_department_id": "0"}
    changed = await answer("departments.modify", **moved)
    assert (changed["department_full_name"], changed["is_main_department"]) == ("far north", True)
    assert await refusal("departments.modify", **{**moved, "department_name": "kitchen"}) == 20004
    below_itself = {"departmentId": tree["sales"], "department_name": "sales", "parent_department_id": tree["south"]}
    assert await refusal("departments.modify", **below_itself) == 190004
    assert await refusal("departments.modify", **{**moved, "departmentId": "nowhere"}) == 20000
    assert await refusal("departments.modify", **{**moved, "userid": "alice"}) == 190443


async def test_members(answer, refusal, tree, zoe) -> None:
    await answer("users.modify", userid=zoe, department_list=[tree["north"]])
    assert (await answer("departments.get", departmentId=tree["north"]))["user_count"] == 1
    assert (await answer("departments.get", departmentId=tree["sales"]))["user_count"] == 0
    (row,) = (await answer("departments.list_users", departmentId=tree["north"]))["users"]
    assert (row["userid"], row["status"], row["department_name"]) == (zoe, 3, "north")
    (shown,) = (await answer("users.get", userid=zoe))["department_list"]
    assert (shown["department_full_name"], shown["is_main"]) == ("sales/north", True)
    found = await answer("users.list_advanced", department_id=tree["north"])
    assert [user["userid"] for user in found["users"]] == [zoe]


async def test_removal(answer, refusal, tree, zoe) -> None:
    await answer("users.modify", userid=zoe, department_list=[tree["north"]])
    assert await refusal("departments.remove", department_list=[tree["north"]]) == 190004
    assert await refusal("departments.remove", department_list=[tree["sales"], tree["south"]]) == 190004
    assert await refusal("departments.remove", department_list=[tree["kitchen"], "nowhere"]) == 20000
    assert (await answer("departments.list"))["total_count"] == 4
    await answer("users.delete", userid=zoe)
    await answer("departments.remove", department_list=[tree["sales"], tree["south"], tree["north"]])
    assert [each["department_name"] for each in (await answer("departments.list"))["department_list"]] == ["kitchen"]
    assert await refusal("departments.get", departmentId=tree["north"]) == 20000
