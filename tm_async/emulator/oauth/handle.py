"""`Emulator.oauth`: what a test does in place of users and of the app console."""

from collections.abc import Callable, Sequence
from typing import Protocol

from tm_async.emulator.oauth.apps import OAuthApp
from tm_async.emulator.oauth.grants import Grant
from tm_async.emulator.oauth.registry import Registry

__all__ = ["OAuth"]


class _Backend(Protocol):
    registry: Registry  # another one after a reset

    @property
    def clock(self) -> Callable[[], float]: ...


class OAuth:
    """Third-party apps, and what users allow them. Without `app`, the default app is meant."""

    def __init__(self, backend: _Backend) -> None:
        self._backend = backend

    def __repr__(self) -> str:
        return f"<OAuth apps={[app.name for app in self.apps]!r}, {len(self.grants)} grants>"

    @property
    def app(self) -> OAuthApp:
        """The app that every emulator has."""
        return self._backend.registry.default

    @property
    def apps(self) -> tuple[OAuthApp, ...]:
        """Every app, the default one first."""
        return tuple(self._backend.registry.apps.values())

    @property
    def grants(self) -> tuple[Grant, ...]:
        """What is in force or has merely expired, the newest pair of each user and app last."""
        return tuple(self._backend.registry.grants)

    def add_app(
        self,
        name: str | None = None,
        *,
        scopes: Sequence[str] | None = None,
        redirects: Sequence[str] | None = None,
    ) -> OAuthApp:
        """Register one more app. `redirects` is its allow list: full URLs, or base URLs."""
        return self._backend.registry.add(name, scopes=scopes, redirects=redirects)

    def open_id(self, userid: str, app: OAuthApp | None = None) -> str:
        """The name of a registered user within an app."""
        return self._backend.registry.people[(app or self.app).sdk_id].of_registered(userid)

    def code(self, userid: str, app: OAuthApp | None = None) -> str:
        """An auth_code, as if the user had just allowed the app in."""
        return self._backend.registry.allow((app or self.app).sdk_id, userid, self._backend.clock())

    def withdraw(self, userid: str, app: OAuthApp | None = None) -> None:
        """End the grant, as the user does on the vendor's app management page."""
        registry, sdk_id = self._backend.registry, (app or self.app).sdk_id
        registry.people[sdk_id].of_registered(userid)
        registry.withdraw(sdk_id, userid, self._backend.clock())

    def ban(self, app: OAuthApp | None = None) -> None:
        """Ban the app: the OAuth endpoints answer 1001, the API 190303."""
        self._backend.registry.banned.add((app or self.app).sdk_id)
