"""Looking for what a call of unclear outcome did to a user: by asking for the user (doc 1095/43678).

Nothing says which call made a user what it is. So whoever is as a call wanted it counts as that call's doing: there is
nothing left to do then. Members that the answer leaves out are taken for empty.
"""

from collections.abc import Callable
from typing import Any

from attrs import frozen

from tm_async.api.users.accounts import CreateUser, GetUser, ModifyUser
from tm_async.api.users.models import UserCreated, UserInfo
from tm_async.api.users.values import UserStatus
from tm_async.core.lookup import Likeness, Sighting
from tm_async.errors import NotFound

__all__ = ["ai_given", "ai_taken", "as_wanted", "created", "deleted", "enabled", "modified", "transferred"]

_DESCRIBED = ("username", "phone", "email", "area", "job_title", "staff_id", "user_account_type")
"""Members that a request and an answer have alike."""
_UNSEEN = ("avatar_url", "entry_time", "is_voov", "add_on_largemeeting", "add_on_webinar")
"""Members that may look otherwise in an answer than in a request."""


def as_wanted(operation: CreateUser | ModifyUser, user: UserInfo) -> bool:
    """Whether a user is as a creation or a change wanted it, as far as the answer can tell."""
    wanted = {name: getattr(operation, name) for name in _DESCRIBED}
    if isinstance(operation, CreateUser) and wanted["phone"]:
        wanted["email"] = None  # ignored beside a phone
    departments = {one.department_id for one in user.department_list}
    return all(value is None or value == (getattr(user, name) or "") for name, value in wanted.items()) and (
        set(operation.department_list or ()) <= departments
    )


def _is_gone(user: UserInfo | None) -> bool:
    return user is None or user.status == UserStatus.DEREGISTERED


@frozen
class _Asking:
    """A `Lookup` that asks for the user."""

    needs: tuple[str, ...]
    done: Callable[[Any, UserInfo | None], bool]
    """Whether the user, or that there is none, is what an operation wanted."""
    kept: tuple[str, ...] = ()
    result: Callable[[UserInfo | None], Any] = lambda _: None
    who: str = "userid"
    """The field of the operation with the user."""

    def likeness(self, operation: Any) -> Likeness:
        """All that is done to one user by one kind of call."""
        return Likeness((operation.spec.id, getattr(operation, self.who)), "")

    async def look(
        self, client: Any, operation: Any, since: float, now: float, *, all_of_it: bool, reading: object = None
    ) -> Sighting:
        """Ask once, whenever it was sent."""
        userid: str = getattr(operation, self.who)
        try:
            user: UserInfo | None = await client.send(GetUser(operator_id=operation.operator_id, userid=userid))
        except NotFound:
            user = None
        if self.done(operation, user):
            return Sighting({userid: self.result(user)})
        return Sighting()


@frozen
class _Blind:
    """Of what nothing shows."""

    needs = ("operator_id", "to_operator_id", "data_process", "receiver_id", "transfer_data")
    kept = ()

    def likeness(self, operation: Any) -> Likeness:
        """All that becomes of one user's data."""
        return Likeness((operation.spec.id, operation.to_operator_id), "")

    async def look(
        self, client: Any, operation: Any, since: float, now: float, *, all_of_it: bool, reading: object = None
    ) -> Sighting:
        """Ask nobody."""
        return Sighting(blind="nothing shows what became of the data of a deleted user")


_WHO = ("operator_id", "userid")

created = _Asking(
    (*_WHO, *_DESCRIBED, "department_list"),
    lambda operation, user: user is not None and as_wanted(operation, user),
    kept=("userid", "username"),
    result=lambda user: UserCreated.from_wire(user.wire if user else {}),
)
modified = _Asking(
    (*_WHO, *_DESCRIBED, "department_list", *_UNSEEN),
    lambda operation, user: user is not None and _shows(operation) and as_wanted(operation, user),
)
enabled = _Asking(
    (*_WHO, "enable"),
    lambda operation, user: user is not None and operation.enable is (user.status != UserStatus.DISABLED),
)
deleted = _Asking(_WHO, lambda _, user: _is_gone(user))
ai_given = _Asking(
    ("operator_id", "to_operator_id", "ai_account_type"),
    lambda operation, user: (
        user is not None and bool(user.enable_ai_account) and operation.ai_account_type in (None, user.ai_account_type)
    ),
    who="to_operator_id",
)
ai_taken = _Asking(
    ("operator_id", "to_operator_id"),
    lambda _, user: user is not None and not user.enable_ai_account,
    who="to_operator_id",
)
transferred = _Blind()


def _shows(operation: Any) -> bool:
    """Whether an answer shows all that a change is about; what it doesn't show is sent again, which does no harm."""
    return all(getattr(operation, name) is None for name in _UNSEEN)
