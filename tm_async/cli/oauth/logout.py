"""`tm-async logout`: the end of a grant, at the gateway and here."""

import asyncio

import click

from tm_async.auth.oauth2 import OAuth2App
from tm_async.auth.oauth2.acting import REFUSED
from tm_async.cli.oauth.troubles import one_line_errors, warnings_shown
from tm_async.cli.oauth.users import NOBODY, logged_in, the_only_one
from tm_async.cli.speaking import Command
from tm_async.cli.words import spoken, spoken_error
from tm_async.errors import (
    AuthenticationError,
    ConfigurationError,
    PermissionDenied,
    TencentMeetingError,
    TokenStoreError,
    TokenStoreUnavailable,
)

__all__ = ["logout"]


@click.command(cls=Command, short_help="Log a user out (OAuth2).")
@click.option("--open-id", metavar="ID", help="Whom; needed where several users are logged in.")
@click.option("--local", is_flag=True, help="Only delete the grant here; the gateway is not told.")
def logout(open_id: str | None, local: bool) -> None:
    """Withdraw a user's grant at the gateway, and delete it here.

    --local deletes it here only, also a damaged one. The app then stays allowed until the user or an administrator
    takes that back.

    \b
    Exit codes:
      0    logged out
      1    nobody is logged in, or the gateway refused, or there is no clear answer; nothing was deleted
      2    wrong usage or configuration
    """
    app = OAuth2App.from_env()
    with one_line_errors():
        asyncio.run(_log_out(app, open_id, local=local))


async def _log_out(app: OAuth2App, open_id: str | None, *, local: bool) -> None:
    if open_id is None:
        with warnings_shown():
            open_id = the_only_one(await logged_in(app))
    if open_id is None:
        raise click.ClickException(spoken(NOBODY))
    if not await _is_stored(app, open_id, damaged_too=local):
        raise click.ClickException(spoken("{open_id} is not logged in.", open_id=open_id))
    if local:
        await app.forget(open_id)
        click.echo(spoken("Deleted here: {open_id}. The gateway was not told.", open_id=open_id))
        return
    try:
        await _withdraw(app, open_id)
    finally:
        await app.aclose()


async def _is_stored(app: OAuth2App, open_id: str, *, damaged_too: bool) -> bool:
    try:
        return await app.grant(open_id) is not None
    except TokenStoreUnavailable:
        raise
    except TokenStoreError as error:
        if damaged_too:
            return True
        text = "{error}. To delete it: {command}"
        raise click.ClickException(spoken(text, error=spoken_error(error), command=_local(open_id))) from error


async def _withdraw(app: OAuth2App, open_id: str) -> None:
    try:
        alive = await app.withdraw(open_id)
    except ConfigurationError:
        raise
    except AuthenticationError as error:
        if error.code != REFUSED:
            raise _refused(error, open_id) from error
        await app.forget(open_id)  # refused, and again after a renewal: there is nothing left to withdraw
        alive = False
    except TencentMeetingError as error:
        raise _refused(error, open_id) from error
    text = "Logged out: {open_id}" if alive else "The grant of {open_id} had ended already. Deleted here."
    click.echo(spoken(text, open_id=open_id))


def _refused(error: TencentMeetingError, open_id: str) -> click.ClickException:
    why = spoken_error(error)
    if isinstance(error, PermissionDenied):
        why += "\n" + spoken(
            "An administrator opened this grant, or reserves that right, so only an administrator can end it"
        )
    text = "{error}.\nNothing was deleted. To delete it here only: {command}"
    return click.ClickException(spoken(text, error=why, command=_local(open_id)))


def _local(open_id: str) -> str:
    return f"tm-async logout --local --open-id {open_id}"
