"""`tm-async login`: from the authorise page to a grant in the token store."""

import asyncio
import math
import threading
import webbrowser
from contextlib import suppress

import click

from tm_async.auth.oauth2 import Grant, OAuth2App
from tm_async.cli.oauth.listener import Listener
from tm_async.cli.oauth.paste import pasted_code
from tm_async.cli.oauth.request import Local
from tm_async.cli.oauth.show import local_time
from tm_async.cli.oauth.troubles import one_line_errors, warnings_shown
from tm_async.cli.oauth.users import logged_in
from tm_async.cli.show import say
from tm_async.cli.speaking import Command
from tm_async.cli.words import spoken

__all__ = ["login"]


def _seconds(_: click.Context, __: click.Parameter, value: float) -> float:
    if math.isnan(value):
        raise click.BadParameter(spoken("must be a number of seconds"))
    return value


@click.command(cls=Command, short_help="Log a user in (OAuth2).")
@click.option("--no-browser", is_flag=True, help="Only print the address; open no browser.")
@click.option(
    "--timeout",
    type=click.FloatRange(0, 86400, min_open=True),
    metavar="SECONDS",
    default=300,
    show_default=True,
    callback=_seconds,
    help="How long to wait for the browser to come back.",
)
def login(no_browser: bool, timeout: float) -> None:
    """Let a user allow the app in, and keep the grant for "call --oauth" and "batch create --oauth".

    Opens the authorise page in a browser, and prints its address. With a redirect URI like
    http://127.0.0.1:8912/callback the answer is received on this machine, on that port and path only. With any other
    one, copy the address on which the browser ends up and paste it here.

    The app comes from TENCENT_MEETING_OAUTH_CORP_ID, _OAUTH_SDK_ID, _OAUTH_SECRET and _OAUTH_REDIRECT_URI. Grants go
    to the directory TENCENT_MEETING_TOKEN_STORE, or among your own data, encrypted if TENCENT_MEETING_TOKEN_KEY is set.

    \b
    Exit codes:
      0    logged in, and stored
      1    refused, not answered in time, or not stored
      2    wrong usage or configuration, or the port is taken
      130  stopped by Ctrl-C
    """
    app = OAuth2App.from_env()
    address = Local.of(app.redirect_uri)
    with one_line_errors():
        asyncio.run(_log_in(app, address, browser=not no_browser, seconds=timeout))


async def _log_in(app: OAuth2App, address: Local | None, *, browser: bool, seconds: float) -> None:
    await logged_in(app)  # an unusable store shows before anyone is asked
    try:
        async with asyncio.timeout(seconds):
            code = await _receive(app, address, browser=browser)
    except TimeoutError:
        message = "Nobody came back from the authorise page within {seconds} s."
        raise click.ClickException(spoken(message, seconds=f"{seconds:g}")) from None
    try:
        _show(await app.exchange(code))
    finally:
        await app.aclose()  # tries once more to store what could not be stored
    with warnings_shown():
        count = len(await logged_in(app))
    if count > 1:
        click.echo(spoken("{count} users are logged in now; --open-id chooses one of them.", count=count))


async def _receive(app: OAuth2App, address: Local | None, *, browser: bool) -> str:
    url, state = app.authorize_url()
    if address is None:
        _send(url, browser=browser)
        click.echo(spoken("Allow the app in. The browser then goes to an address that begins with"))
        say(f"  {app.redirect_uri}")
        click.echo(spoken("Copy it from the address bar, whatever the page itself shows."))
        return await pasted_code(state)
    async with Listener(address, state) as listener:
        _send(url, browser=browser)
        click.echo(spoken("Waiting for the browser to come back to {address}", address=app.redirect_uri))
        return await listener.code()


def _send(url: str, *, browser: bool) -> None:
    begin = "If no browser opens by itself, open this address:" if browser else "Open this address in a browser:"
    say(f"{spoken(begin)}\n  {url}")
    if browser:
        threading.Thread(target=_open, args=(url,), daemon=True).start()  # one in the terminal blocks


def _open(url: str) -> None:
    with suppress(webbrowser.Error, OSError):
        webbrowser.open(url)


def _show(grant: Grant) -> None:
    click.echo(spoken("Logged in."))
    click.echo(spoken("  open id     {open_id}", open_id=grant.open_id))
    click.echo(spoken("  enterprise  {corp}", corp=grant.open_corp_id or "-"))
    click.echo(spoken("  token ends  {time}; renewed by itself when it is used", time=local_time(grant.expires_at)))
