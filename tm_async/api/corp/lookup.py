"""Looking for what a change of roles of unclear outcome did: by asking for each of the users (doc 1095/43678)."""

from typing import Any

from attrs import frozen

from tm_async.api.corp.roles import AddRole, SetRole
from tm_async.api.users.accounts import GetUser
from tm_async.core.lookup import Likeness, Sighting

__all__ = ["given"]


@frozen
class _Given:
    """Who has the role has it, whichever call gave it."""

    needs = ("operator_userid", "role_code", "users")
    kept = ()

    def likeness(self, operation: AddRole | SetRole) -> Likeness:
        """All that is done to the roles of these users."""
        return Likeness((operation.spec.id, tuple(sorted(operation.users))), operation.role_code)

    async def look(
        self,
        client: Any,
        operation: AddRole | SetRole,
        since: float,
        now: float,
        *,
        all_of_it: bool,
        reading: object = None,
    ) -> Sighting:
        """Ask for one after the other. Only those whose one role is shown to be this one have it for certain."""
        lacking = 0
        for userid in operation.users:
            user = await client.send(GetUser(operator_id=operation.operator_userid, userid=userid))
            lacking += user.role_code != operation.role_code
        if not lacking:
            return Sighting({" ".join(operation.users): None})
        if lacking == len(operation.users):
            return Sighting()
        return Sighting(blind=f"{lacking} of the {len(operation.users)} users lack the role")


given = _Given()
