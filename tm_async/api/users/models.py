"""A user of the enterprise, as answers show one."""

from typing import Annotated

from tm_async.api.users.values import (
    AccountType,
    AccountVersion,
    AiAccountType,
    LargeMeetingSeats,
    UserStatus,
    Verification,
    WebinarViewers,
)
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer
from tm_async.core.wire import AlsoNamed

__all__ = ["UserCreated", "UserDepartment", "UserInfo", "UsersCursorPage", "UsersPage"]


@answer
class UserDepartment(AnswerModel):
    """A department that a user belongs to. Members are read without `department_`, too, as pages of 2021 have them."""

    department_id: Annotated[str, AlsoNamed("id")] = ""
    department_name: Annotated[str, AlsoNamed("name")] = ""
    department_full_name: Annotated[str | None, AlsoNamed("full_name")] = None
    """The whole path."""
    is_main: bool | None = None


@answer
class UserInfo(AnswerModel):
    """A user of the enterprise; which members are there depends on the operation.

    Times are text: the sources show several forms of them (`2021-08-09T00:00:00+08:00`, `2026-05-29 04:26:40`).
    """

    userid: str = ""
    username: Annotated[str, AlsoNamed("user_name")] = ""
    """`user_name` in the sample of 2021, and is read, too."""
    uuid: str = ""
    """The platform's own id of the user; announced as being retired."""
    area: str = ""
    """Calling code in digits."""
    phone: str = ""
    email: str = ""
    status: UserStatus | None = None
    role_code: str | None = None
    role_name: str | None = None
    job_title: str | None = None
    staff_id: str | None = None
    entry_time: str | None = None
    update_time: str | None = None
    avatar_url: str | None = None
    department_list: Annotated[tuple[UserDepartment, ...], AlsoNamed("departments")] = ()
    """`departments` in the sample of 2021, and is read, too."""
    phone_status: Verification | None = None
    email_status: Verification | None = None
    account_version: AccountVersion | None = None
    account_type: int | None = None
    """An older form of `user_account_type`: 0 free, 5 of a WeCom company, else paid (doc 1095/67432)."""
    user_account_type: AccountType | None = None
    add_on_largemeeting: LargeMeetingSeats | None = None
    add_on_webinar: WebinarViewers | None = None
    enable_ai_account: bool | None = None
    ai_account_type: AiAccountType | None = None
    is_voov: bool | None = None
    """An account of VooV, the international product."""
    open_corp_id: str | None = None
    """With OAuth2 only; empty for somebody without a company."""
    open_corp_name: str | None = None
    """With OAuth2 only; empty for somebody without a company."""


@answer
class UserCreated(AnswerModel):
    """A new user: not activated before the person confirms."""

    userid: str = ""
    username: str = ""
    uuid: str = ""
    phone: str = ""
    email: str = ""


@answer
class UsersPage(AnswerModel):
    """One page of the users. Current pages do not say how many pages there are."""

    users: tuple[UserInfo, ...] = ()
    total_count: int | None = None
    total_page: int | None = None
    """In the sample of 2021 only."""
    current_page: int | None = None
    current_size: int | None = None
    page_size: int | None = None


@answer
class UsersCursorPage(AnswerModel):
    """One page of the filtered users."""

    users: tuple[UserInfo, ...] = ()
    has_remaining: bool | None = None
    next_pos: str | None = None
