"""Find users by what the API has no search for: read the list, as far as it takes."""

from tm_async.api.users.accounts import ListUsers
from tm_async.api.users.models import UserInfo
from tm_async.core.declare import Part, part
from tm_async.core.mount import Sender
from tm_async.core.paging import Paginator
from tm_async.core.validation import on_page, violations
from tm_async.errors import ValidationError, Violation
from tm_async.rules.text import without_separators

__all__ = ["Wanted", "find_users"]


@part
class Wanted(Part):
    """Who is looked for. Raises `ValidationError` where that is nobody."""

    phone: str | None = None
    email: str | None = None
    name: str | None = None

    def __attrs_post_init__(self) -> None:
        if found := violations(self):
            raise ValidationError(on_page(found, None), operation="users.find")
        if not any((one or "").strip() for one in (self.phone, self.email, self.name)):
            problem, problem_zh = "give phone, email or name", "请提供 phone、email 或 name"
            raise ValidationError([Violation("phone", "wanted", problem, problem_zh)], operation="users.find")

    @property
    def is_unique(self) -> bool:
        """Whether at most one user can fit: phones and addresses are unique in an enterprise."""
        return bool(self.phone or self.email)

    def fits(self, user: UserInfo) -> bool:
        """Whether this is somebody who is looked for."""
        return (
            (not self.phone or (bool(user.phone) and without_separators(self.phone) in _numbers(user)))
            and (not self.email or user.email.casefold() == self.email.strip().casefold())
            and (not self.name or user.username.strip().casefold() == self.name.strip().casefold())
        )


def _numbers(user: UserInfo) -> tuple[str, ...]:
    """How a user's phone may be written: alone, or after the calling code."""
    number = without_separators(user.phone)
    return (number, f"+{user.area}{number}", f"00{user.area}{number}")


async def find_users(client: Sender, operator_id: str, wanted: Wanted) -> tuple[UserInfo, ...]:
    """Read the list until everybody is found who can fit."""
    found: dict[str, UserInfo] = {}
    async for user in Paginator(ListUsers(operator_id=operator_id), client):
        if wanted.fits(user):
            found[user.userid] = user  # once: who is added meanwhile may move the others on to the next page
            if wanted.is_unique:
                break
    return tuple(found.values())
