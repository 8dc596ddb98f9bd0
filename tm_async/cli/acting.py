"""Whom a command acts for: the enterprise of the environment, or a user who logged in."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import click

from tm_async.auth import EnterpriseSecret
from tm_async.auth.oauth2 import OAuth2, OAuth2App
from tm_async.cli.oauth.users import NOBODY, logged_in, the_only_one
from tm_async.cli.words import spoken
from tm_async.errors import ConfigurationError, TokenStoreError

__all__ = ["chosen_auth", "with_choice_of_auth"]

_CommandT = TypeVar("_CommandT", bound=Callable[..., Any])


def with_choice_of_auth(command: _CommandT) -> _CommandT:
    """Give a command the options `--oauth` and `--open-id`, for `chosen_auth`."""
    oauth = click.option(
        "--oauth", is_flag=True, help='Act as a user whom "tm-async login" stored, not as the enterprise.'
    )
    open_id = click.option(
        "--open-id",
        metavar="ID",
        help="With --oauth: which user, if there are several. Default: TENCENT_MEETING_OPEN_ID.",
    )
    return oauth(open_id(command))


def chosen_auth(*, oauth: bool, open_id: str | None) -> EnterpriseSecret | OAuth2:
    """The auth strategy. Reads the token store, and asks nobody. Raises `ConfigurationError`."""
    if oauth:
        auth = OAuth2.from_env()
        chosen = open_id or auth.open_id or _only_user(auth.app)
        return auth.as_user(chosen)
    if open_id is not None:
        raise click.UsageError(spoken("--open-id needs --oauth."))
    return EnterpriseSecret.from_env()


def _only_user(app: OAuth2App) -> str:
    try:
        user = the_only_one(asyncio.run(logged_in(app)))
    except TokenStoreError as error:
        raise ConfigurationError(str(error)) from error
    if user is None:
        raise ConfigurationError(spoken(NOBODY))
    return user
