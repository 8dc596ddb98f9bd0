"""The third-party apps of one emulator, the open ids they use, and what users allowed them."""

from collections.abc import Mapping, Sequence

from attrs import evolve

from tm_async.emulator.chapters.users.user import User
from tm_async.emulator.kernel.identities import PeopleAs
from tm_async.emulator.oauth.apps import OAuthApp, seeded_app
from tm_async.emulator.oauth.grants import Grants
from tm_async.emulator.oauth.openids import OpenIds, hashed

__all__ = ["Registry"]


class Registry:
    """Apps by SdkId, with everything that hangs on them."""

    def __init__(self, seed: int, users: Mapping[str, User], people_as: PeopleAs) -> None:
        self.apps: dict[str, OAuthApp] = {}
        """By SdkId, in order of registration; the first is the default one."""
        self.people: dict[str, OpenIds] = {}
        """By SdkId."""
        self.banned: set[str] = set()
        self.grants = Grants(seed)
        self.users = users
        self._seed = seed
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

    def open_corp_id(self, app: OAuthApp) -> str:
        """The one enterprise of this emulator, as an app names it."""
        return hashed("EMULATORCORP", self._seed, app.sdk_id)
