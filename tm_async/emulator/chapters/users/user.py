"""A user of the enterprise."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import cast

from attrs import field, frozen

__all__ = [
    "ADMIN_ROLE",
    "DEREGISTERED",
    "DISABLED",
    "FREE",
    "NORMAL",
    "NORMAL_ROLE",
    "NOT_ACTIVATED",
    "PREMIUM",
    "User",
    "as_users",
    "texts",
]

NORMAL, DEREGISTERED, NOT_ACTIVATED, DISABLED = "1", "2", "3", "4"
"""`status`; 5, pre-registered, is listed by the documents and brought about by no call."""
ADMIN_ROLE, NORMAL_ROLE = "ADMIN_ROLE", "NORMAL_ROLE"
"""`role_code`, as samples show them."""
PREMIUM, FREE = 1, 2
"""`user_account_type` of the older enterprise edition, which is the emulated one."""


def texts(values: Iterable[str]) -> tuple[str, ...]:
    """Any texts, as a value that does not change."""
    return tuple(values)


@frozen
class User:
    """A user of the enterprise. Times are UNIX seconds."""

    userid: str
    admin: bool = False
    """An enterprise administrator may query every meeting (doc 1095/42418) and manage users and departments."""
    username: str = field(default="", kw_only=True)
    status: str = field(default=NORMAL, kw_only=True)
    phone: str | None = field(default=None, kw_only=True, repr=False)
    area: str = field(default="86", kw_only=True)
    email: str | None = field(default=None, kw_only=True, repr=False)
    department_list: Sequence[str] = field(default=(), converter=texts, kw_only=True)
    """Ids of departments, at most one."""
    job_title: str | None = field(default=None, kw_only=True)
    staff_id: str | None = field(default=None, kw_only=True)
    entry_time: int | None = field(default=None, kw_only=True)
    avatar_url: str | None = field(default=None, kw_only=True)
    is_voov: int = field(default=0, kw_only=True)
    user_account_type: int = field(default=PREMIUM, kw_only=True)
    premium_since: float | None = field(default=None, kw_only=True)
    """`None`: from the beginning, and without a lock."""
    add_on_largemeeting: int = field(default=0, kw_only=True)
    add_on_webinar: int = field(default=0, kw_only=True)
    ai_account_type: int | None = field(default=None, kw_only=True)
    """`None`: without AI capability."""
    phone_status: int = field(default=2, kw_only=True)
    """1 verified, 2 not."""
    updated: float = field(default=0.0, kw_only=True)
    role: str = field(default="", kw_only=True)
    """The code of a role that the enterprise made; empty: what `admin` says."""

    @property
    def uuid(self) -> str:
        """The name that the user has beside the userid, everywhere on the vendor's platform."""
        return "WM" + sha256(self.userid.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    @property
    def role_code(self) -> str:
        """The user's one role."""
        return self.role or (ADMIN_ROLE if self.admin else NORMAL_ROLE)

    def as_dict(self) -> dict[str, object]:
        """For the control plane, without telephone and e-mail."""
        shown = ("userid", "admin", "username", "status", "department_list")
        return {name: getattr(self, name) for name in shown}


def as_users(users: Sequence[str | User]) -> list[User]:
    """Users from plain ids or values. `ValueError` for anything else: the client has a class `User`, too."""
    if isinstance(users, str) or not isinstance(cast("object", users), Iterable):
        raise ValueError("users: must be a list of ids, or of users")  # noqa: TRY004 - of a test, like others
    return [_user(user, f"users[{index}]") for index, user in enumerate(users)]


def _user(user: object, field: str) -> User:
    if isinstance(user, str) and user:
        return User(user)
    if isinstance(user, User) and isinstance(cast("object", user.userid), str) and user.userid:
        return user
    kind = f"{type(user).__module__}.{type(user).__qualname__}"
    raise ValueError(f"{field}: must be an id, or a tm_async.emulator.User with one; not {kind}")
