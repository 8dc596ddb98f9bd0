"""The app itself: authorised, withdrawn, opened and closed by users."""

from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer
from tm_async.core.wire import Moment, OpenIntEnum
from tm_async.webhooks.events.base import Event
from tm_async.webhooks.events.objects import Operator
from tm_async.webhooks.events.spec import copy, named, page

__all__ = [
    "AppClosed",
    "AppEvent",
    "AppInfo",
    "AppOpened",
    "AppUser",
    "CorpAuthCanceled",
    "CorpAuthorized",
    "OpenIdRef",
    "RoleType",
    "UserAuthCanceled",
    "UserAuthCanceledOld",
    "UserAuthorized",
    "UserAuthorizedOld",
]


class RoleType(OpenIntEnum):
    """`role_type`: who decided."""

    MEMBER = 0
    ENTERPRISE_ADMIN = 1
    SYSTEM_ADMIN = 2


@answer
class AppUser(Operator):
    """A user of the app."""

    app_id: str = ""
    open_corp_id: str | None = None
    role_type: RoleType | None = None


@answer
class AppInfo(AnswerModel):
    """The app."""

    sdk_id: str = ""
    """A number on the wire in `oauth.auth-user`, text elsewhere."""
    app_name: str = ""
    app_type: str | None = None
    """`CORP_ACCOUNT_LEVEL` or `USER_ACCOUNT_LEVEL`."""
    is_app_publish: bool | None = None
    app_classes: str | None = None
    """Separated by commas."""
    app_create_time: Moment | None = None
    """Seconds on the wire."""
    app_status: str | None = None
    """Chinese text."""
    app_open_time: Moment | None = None
    """Seconds on the wire; in `app.open`."""
    app_close_time: Moment | None = None
    """Seconds on the wire; in `app.close`."""


@answer
class OpenIdRef(AnswerModel):
    """A user among several."""

    open_id: str = ""


_NO_USER = AppUser.from_wire({})
_NO_APP = AppInfo.from_wire({})


@answer
class AppEvent(Event):
    """Something happened between users and the app."""

    operator: AppUser = _NO_USER
    app_info: AppInfo = _NO_APP


@answer
class UserAuthorized(AppEvent):
    """A user authorised the app, or an administrator did so for staff."""

    spec = named("oauth.auth-user", page("1095/105273", "2024-12"))

    oauth_open_id_list: tuple[OpenIdRef, ...] = ()


@answer
class UserAuthCanceled(AppEvent):
    """A user withdrew the authorisation, or an administrator did so for staff, many at once."""

    spec = named("oauth.cancel-auth", page("1095/97929", "2024-12"))

    cancel_open_id_list: tuple[OpenIdRef, ...] = ()


class UserAuthorizedOld(AppEvent):
    """Superseded by `UserAuthorized`: the page asks not to subscribe to both."""

    spec = named("oauth.user-auth", page("1095/58787"), copy("2021-11"))


class UserAuthCanceledOld(AppEvent):
    """Superseded by `UserAuthCanceled`: the page asks not to subscribe to both."""

    spec = named("oauth.user-cancel-auth", page("1095/58788", "2024-04"))


@answer
class CorpAuthorized(AppEvent):
    """An administrator opened the app for the enterprise. The overview of 2026 does not have it."""

    spec = named("oauth.corp-auth", copy("2021-11"))

    is_first: bool | None = None


class CorpAuthCanceled(AppEvent):
    """An administrator stopped the app. The overview of 2026 does not have it."""

    spec = named("oauth.corp-cancel-auth", copy("2021-11"))


class AppOpened(AppEvent):
    """A user opened the app, or it opened by itself."""

    spec = named("app.open", page("1095/101066", "2024-06"))


class AppClosed(AppEvent):
    """A user closed the app; when the host ended the meeting, the operator has no `ms_open_id`."""

    spec = named("app.close", page("1095/101065", "2024-06"))
