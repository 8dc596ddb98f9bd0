"""Users found in a list that changes while it is read. Played by a sender."""

from typing import Any

from tm_async.api.users import Users, UsersPage


class Moving:
    """Somebody is added while the list is read, so the last one of the first page is on the second one, too."""

    async def send(self, operation: Any) -> Any:
        rows = [["a", "b"], ["b", "c"]][operation.page - 1]
        users = [{"userid": one, "username": "Li"} for one in rows]
        return UsersPage.from_wire({"users": users, "total_count": 40})


async def test_somebody_who_is_twice_in_the_list() -> None:
    found = await Users(Moving()).find(operator_id="admin", name="li")
    assert [user.userid for user in found] == ["a", "b", "c"]


class WithoutPhone:
    async def send(self, operation: Any) -> Any:
        users = [{"userid": "a", "phone": "", "area": "86"}, {"userid": "b", "phone": "13900000001", "area": "86"}]
        return UsersPage.from_wire({"users": users, "total_count": 2})


async def test_who_has_no_phone_has_none_that_is_looked_for() -> None:
    for phone, found in (("+86", []), ("0086", []), ("-", []), ("+86 139 0000 0001", ["b"])):
        users = await Users(WithoutPhone()).find(operator_id="admin", phone=phone)
        assert [user.userid for user in users] == found, phone
