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
