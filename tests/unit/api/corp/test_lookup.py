"""What a change of roles of unclear outcome did."""

from typing import Any

import pytest

from tm_async.api.corp import AddRole, SetRole
from tm_async.api.corp.lookup import given
from tm_async.api.users import UserInfo
from tm_async.core.lookup import Others, conclude
from tm_async.core.outcome import Absent, Found, Undecided


class Asked:
    """A client that knows roles."""

    def __init__(self, **roles: str) -> None:
        self.roles = roles

    async def send(self, operation: Any) -> UserInfo:
        return UserInfo(userid=operation.userid, role_code=self.roles[operation.userid])


@pytest.mark.parametrize("operation", [AddRole, SetRole])
@pytest.mark.parametrize(("roles", "verdict"), [("RR", Found), ("XX", Absent), ("RX", Undecided)])
async def test_who_has_the_role_now(operation: Any, roles: str, verdict: type) -> None:
    wanted = operation(operator_userid="admin", role_code="R", users=["a", "b"])
    client = Asked(a=roles[0], b=roles[1])
    assert given.likeness(wanted) == given.likeness(operation(operator_userid="admin", role_code="R", users=["b", "a"]))
    seen = conclude(await given.look(client, wanted, 0, 0, all_of_it=True), Others())
    assert isinstance(seen, verdict)
