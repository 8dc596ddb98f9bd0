"""The third-party apps of one emulator, the open ids they use, and what users allowed them."""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import evolve

from tm_async.emulator.chapters.users.user import User
from tm_async.emulator.kernel.identities import PeopleAs
from tm_async.emulator.kernel.news import News
from tm_async.emulator.oauth.apps import OAuthApp, seeded_app
from tm_async.emulator.oauth.grants import Grants
from tm_async.emulator.oauth.openids import OpenIds, hashed

__all__ = ["Registry"]

MEMBER = 0
"""`role_type` of somebody who is no administrator."""


class Registry:
    """Apps by SdkId, with everything that hangs on them."""

    def __init__(self, seed: int, users: Mapping[str, User], people_as: PeopleAs, news: News) -> None:
        self.apps: dict[str, OAuthApp] = {}
        """By SdkId, in order of registration; the first is the default one."""
        self.people: dict[str, OpenIds] = {}
        """By SdkId."""
        self.banned: set[str] = set()
        self.grants = Grants(seed)
        self.users = users
        self._seed, self._news = seed, news
        self._people_as: PeopleAs = people_as
        self.add()

    @property
    def default(self) -> OAuthApp:
        """The app that every emulator has."""
        return next(iter(self.apps.values()))

    def add(
        self,
        name: str | None = None,
        *,
        scopes: Sequence[str] | None = None,
        redirects: Sequence[str] | None = None,
    ) -> OAuthApp:
        """Register an app; what is not given is seeded."""
        app = seeded_app(self._seed, len(self.apps))
        app = evolve(
            app,
            name=app.name if name is None else name,
            scopes=app.scopes if scopes is None else tuple(scopes),
            redirects=app.redirects if redirects is None else tuple(redirects),
        )
        self.apps[app.sdk_id] = app
        self.people[app.sdk_id] = OpenIds(self.users, self._people_as, sdk_id=app.sdk_id, seed=self._seed)
        return app

    def allow(self, sdk_id: str, userid: str, now: float) -> str:
        """A user allows an app in: the code for it, and the event (doc 1095/105273).

        That it comes now, and not with the exchange of the code, is not documented.
        """
        code = self.grants.new_code(self.people[sdk_id], userid, now)
        self._tell("oauth.auth-user", sdk_id, userid, now, "oauth_open_id_list", number=True)
        return code

    def withdraw(self, sdk_id: str, userid: str, now: float) -> None:
        """A user allows an app nothing any more: the event (doc 1095/97929), if there was anything."""
        if self.grants.withdraw(self.people[sdk_id], userid):
            self._tell("oauth.cancel-auth", sdk_id, userid, now, "cancel_open_id_list")

    def _tell(self, event: str, sdk_id: str, userid: str, now: float, which: str, *, number: bool = False) -> None:
        """`sdk_id` is a number in one of them, a text in the other. What else is told of an app is not played."""
        app, name = self.apps[sdk_id], self.people[sdk_id].name(userid)
        shown: dict[str, Any] = {"userid": userid, "user_name": self.users[userid].username or userid, "open_id": name}
        operator = {**shown, "open_corp_id": self.open_corp_id(app), "role_type": MEMBER}
        about = {"sdk_id": int(sdk_id) if number else sdk_id, "app_name": app.name}
        item = {"operate_time": int(now * 1000), "operator": operator, "app_info": about, which: [{"open_id": name}]}
        self._news.tell(event, item)

    def open_corp_id(self, app: OAuthApp) -> str:
        """The one enterprise of this emulator, as an app names it."""
        return hashed("EMULATORCORP", self._seed, app.sdk_id)
