"""`tm-async whoami`: who is logged in."""

import asyncio

import click
from attrs import evolve

from tm_async.auth.oauth2 import OAuth2App
from tm_async.cli.oauth.show import User, show_users
from tm_async.cli.oauth.troubles import one_line_errors, warnings_shown
from tm_async.cli.oauth.users import NOBODY, logged_in
from tm_async.cli.show import say, show_json
from tm_async.cli.speaking import Command
from tm_async.cli.words import spoken, spoken_error
from tm_async.errors import ReauthorizationRequired, TencentMeetingError

__all__ = ["whoami"]


@click.command(cls=Command, short_help="Tell who is logged in (OAuth2).")
@click.option("--json", "as_json", is_flag=True, help="A JSON array in the place of a table; times in UTC.")
@click.option("--open-id", metavar="ID", help="This user only.")
@click.option("--offline", is_flag=True, help="Only what the token store says; ask nobody, renew nothing.")
def whoami(as_json: bool, open_id: str | None, offline: bool) -> None:
    """List the users whom "tm-async login" stored for this app: open id, enterprise, scopes, end of the access token.

    The authorisation server is asked about each of them, and the access token is renewed if need be.

    \b
    Exit codes:
      0    every one of them is logged in
      1    nobody is, or somebody has to log in again, or there is no clear answer
      2    wrong usage or configuration
    """
    app = OAuth2App.from_env()
    with one_line_errors():
        users = asyncio.run(_ask(app, open_id, offline=offline))
    if as_json:
        show_json([user.as_json() for user in users])
    elif good := [user for user in users if user.error is None]:
        show_users(good)
    for user in users:
        if user.error is not None:
            say(f"{user.open_id}: {spoken_error(user.error)}", err=True)
    if not users:
        someone = "{open_id} is not logged in. To log in: tm-async login"
        click.echo(spoken(NOBODY) if open_id is None else spoken(someone, open_id=open_id), err=True)
    raise SystemExit(0 if users and all(user.error is None for user in users) else 1)


async def _ask(app: OAuth2App, open_id: str | None, *, offline: bool) -> list[User]:
    if open_id is None:
        with warnings_shown():
            open_ids = await logged_in(app)
    else:
        open_ids = [open_id]
    try:
        found = [await _user(app, one, offline=offline) for one in open_ids]
    finally:
        await app.aclose()
    return [user for user in found if user is not None]


async def _user(app: OAuth2App, open_id: str, *, offline: bool) -> User | None:
    """`None`: there is no such user."""
    user = User(open_id=open_id)
    try:
        grant = await app.grant(open_id)
        if grant is None:
            return None
        user = User.of(grant)
        if offline:
            return user
        info = await app.user_info(open_id)
        user = User.of(await app.grant(open_id) or grant)
        return evolve(user, scopes=info.scopes or user.scopes, expires_at=info.expires_at or user.expires_at)
    except ReauthorizationRequired as error:
        return evolve(user, expires_at=None, error=error)
    except TencentMeetingError as error:
        return evolve(user, error=error)
