"""Who is logged in: the users of one app in the token store."""

import asyncio
from collections.abc import Sequence

from tm_async.auth.oauth2 import OAuth2App
from tm_async.auth.stores.default import default_users
from tm_async.cli.words import spoken
from tm_async.errors import ConfigurationError

__all__ = ["NOBODY", "logged_in", "the_only_one"]

NOBODY = "Nobody is logged in. To log in: tm-async login"


async def logged_in(app: OAuth2App) -> list[str]:
    """Open ids, sorted. Entries that can't be read are left out. Raises `TokenStoreError` for an unusable store."""
    return await asyncio.to_thread(default_users, app.sdk_id)


def the_only_one(users: Sequence[str]) -> str | None:
    """The one who is logged in, or `None`. Raises `ConfigurationError` where there is a choice."""
    if len(users) > 1:
        text = "several users are logged in; choose with --open-id: {users}"
        raise ConfigurationError(spoken(text, users=", ".join(users)))
    return users[0] if users else None
