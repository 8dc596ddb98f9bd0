"""Who may start meetings, large meetings, and who has virtual rooms (U27, U47 to U49, U57)."""

import pytest


async def test_bookers(caller, answer, refusal) -> None:
    assert await refusal("corp_resources.remove_bookers", userid_list=["alice"]) == 190435
    await answer("corp_resources.set_bookers", type=1, users=["alice"])
    await answer("corp_resources.set_bookers", type=1, users=["bob", "carol"])
    await answer("corp_resources.remove_bookers", userid_list=["bob"])
    sales = (await answer("departments.create", department_name="sales"))["department_id"]
    caller.emulator.state.resources.departments[sales] = None
    both = await answer("corp_resources.list_bookers", search_types="1,2")
    assert [row["userid"] for row in both["authorized_users"]] == ["alice", "carol"]
    assert both["authorized_departments"] == [{"department_id": sales, "department_name": "sales"}]
    assert (await answer("corp_resources.list_bookers"))["total_count"] == 2
    await answer("corp_resources.remove_bookers", department=sales)
    assert (await answer("corp_resources.list_bookers", search_types="2"))["total_count"] == 0
    await answer("corp_resources.set_bookers", type=0, users=["dave", "nobody"])  # as the vendor's sample has it
    assert (await answer("corp_resources.list_bookers"))["total_count"] == 2
    assert await refusal("corp_resources.remove_bookers", userid_list=["alice"]) == 190435


async def test_large_meetings(answer, refusal) -> None:
    async def give(**sizes: int) -> None:
        users = [{"userid": userid, "large_meeting_type": size} for userid, size in sizes.items()]
        await answer("corp_resources.set_large_meeting_users", large_meeting_users=users)

    await give(alice=500, bob=1000)
    await give(alice=2000)
    page = await answer("corp_resources.list_large_meeting_users")
    assert {
        row["userid"]: row["authorized_meeting_list"][0]["large_meeting_type"] for row in page["large_meeting_users"]
    } == {
        "alice": 2000,
        "bob": 1000,
    }
    left = {each["large_meeting_type"]: each["large_meeting_left"] for each in page["large_meeting_info_list"]}
    assert left == {500: 5, 1000: 4, 2000: 4}
    everybody = [
        {"userid": each, "large_meeting_type": 500} for each in ("carol", "dave", "erin", "frank", "grace", "bob")
    ]
    assert await refusal("corp_resources.set_large_meeting_users", large_meeting_users=everybody) == 190004
    gone = [{"userid": "alice", "large_meeting_type": 500}, {"userid": "bob", "large_meeting_type": 1000}]
    await answer("corp_resources.remove_large_meeting_users", large_meeting_users=gone)
    assert (await answer("corp_resources.list_large_meeting_users", userid="bob"))["total_count"] == 0
    assert (await answer("corp_resources.list_large_meeting_users", user_name="alice"))["total_count"] == 1


async def test_virtual_rooms(answer, refusal, active) -> None:
    sales = (await answer("departments.create", department_name="sales"))["department_id"]
    await answer("users.modify", userid=active, department_list=[sales])
    rooms = [{"userid": "alice", "meeting_room_num": 3}, {"userid": active, "meeting_room_num": 4}]
    await answer("corp_resources.set_virtual_room_users", meeting_room_users=rooms)
    page = await answer("corp_resources.list_virtual_room_users")
    assert page["meeting_room_info_list"] == [
        {"meeting_room_total": 20, "meeting_room_reserved": 7, "meeting_room_users_count": 2, "meeting_room_left": 13}
    ]
    await answer("corp_resources.set_bookers", type=1, users=[active, "bob"])
    await answer("users.delete", userid=active)
    page = await answer("corp_resources.list_virtual_room_users")
    assert page["meeting_room_info_list"][0]["meeting_room_reserved"] == 3
    assert (await answer("corp_resources.list_bookers"))["total_count"] == 1
    too_many = [{"userid": "bob", "meeting_room_num": 18}]
    assert await refusal("corp_resources.set_virtual_room_users", meeting_room_users=too_many) == 190004
    await answer("corp_resources.remove_virtual_room_users", department=sales)
    await answer("corp_resources.remove_virtual_room_users", userid_list=["alice"])
    assert (await answer("corp_resources.list_virtual_room_users"))["total_count"] == 0
    await answer("corp_resources.set_virtual_room_users", meeting_room_users=[])


@pytest.mark.parametrize(
    ("operation", "values", "number"),
    [
        ("list_bookers", {"operator_userid": "alice"}, 403),
        ("list_bookers", {"media_set_type": 1}, 190004),
        ("list_bookers", {"search_types": "3"}, 190004),
        ("list_bookers", {"page_size": 21}, 190004),
        ("set_bookers", {"type": 1, "users": ["nobody"]}, 20001),
        ("remove_virtual_room_users", {}, 190004),
        ("remove_virtual_room_users", {"userid_list": ["alice"], "department": "1"}, 190004),
        ("remove_virtual_room_users", {"department": "nowhere"}, 190004),
        ("remove_virtual_room_users", {"userid_list": ["alice"] * 41}, 190004),
        ("remove_virtual_room_users", {"userid_list": ["alice"], "resource_type": 300}, 200004),
        ("set_large_meeting_users", {"large_meeting_users": [{"userid": "alice", "large_meeting_type": 3}]}, 190004),
    ],
)
async def test_refusals(refusal, operation, values, number) -> None:
    assert await refusal(f"corp_resources.{operation}", **values) == number
