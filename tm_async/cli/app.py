"""The command group, and how errors that every command can meet become an exit code."""

from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from itertools import pairwise
from typing import Any, cast

import click
import rich as _rich  # pyright: ignore[reportUnusedImport]  # noqa: F401 - a missing extra shows at once, not half-way

from tm_async._version import __version__
from tm_async.cli.reading.problem import FileProblem
from tm_async.cli.speaking import Command, Group, teach_click
from tm_async.cli.words import Language, choose_language, lines, spoken, spoken_error
from tm_async.errors import ConfigurationError, InboxError, LedgerError

__all__ = ["app"]

_COMMANDS = {
    "batch": ("batch", "Many requests from a file."),
    "call": ("calls.call", "Call any documented operation by its id."),
    "demo": ("demo", "Create a few hundred meetings on the emulator."),
    "emulator": ("emulator", "Serve the gateway's emulator on this machine."),
    "login": ("oauth.login", "Log a user in (OAuth2)."),
    "logout": ("oauth.logout", "Log a user out (OAuth2)."),
    "operations": ("operations", "List the documented operations."),
    "recordings": ("recordings.group", "Recordings and their files."),
    "rooms": ("rooms.watch", "Meeting rooms and their devices."),
    "users": ("staff.sync", "The users of an enterprise."),
    "webhook": ("webhook.group", "Receive the platform's events, play the platform."),
    "whoami": ("oauth.whoami", "Tell who is logged in (OAuth2)."),
}
"""Each command with its module, which is loaded when it is called, and its line in the help; a test compares them."""


class _App(Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _ = _COMMANDS[cmd_name]
        return cast("click.Command", getattr(import_module(f"tm_async.cli.{module}"), cmd_name))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help lists all commands and loads none."""
        listed = Group(commands=[Command(name, short_help=line) for name, (_, line) in _COMMANDS.items()])
        listed.format_commands(ctx, formatter)

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        with _printable_messages():
            return super().make_context(*args, **extra)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The language comes before everything else, help included, wherever it stands."""
        given = [after for before, after in pairwise(args) if before == "--lang"]
        given += [arg.removeprefix("--lang=") for arg in args if arg.startswith("--lang=")]
        choose_language(Language(given[-1]) if given and given[-1] in set(Language) else None)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _printable_messages():
                return super().invoke(ctx)
        except (ConfigurationError, FileProblem, InboxError, LedgerError) as error:
            raise _NothingSent(spoken_error(error)) from error
        except KeyboardInterrupt:
            click.echo(spoken("Interrupted."), err=True)
            ctx.exit(130)


@contextmanager
def _printable_messages() -> Generator[None, None, None]:
    """Messages of click repeat arguments and names of files."""
    try:
        yield
    except click.ClickException as error:
        cast("Any", error).message = lines(error.message)
        raise


class _NothingSent(click.ClickException):
    exit_code = 2


@click.group(cls=_App, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
@click.option(
    "--lang",
    type=click.Choice([language.value for language in Language]),
    expose_value=False,
    help="The language of this command. Default: Chinese if LC_ALL, LC_MESSAGES or LANG says so.",
)
def app() -> None:
    """Tencent Meeting (腾讯会议) from the command line. Unofficial.

    Credentials come from the environment: TENCENT_MEETING_APP_ID, _SECRET_ID, _SECRET_KEY and, if there is one,
    _SDK_ID. TENCENT_MEETING_BASE_URL names another gateway, such as an emulator's. "demo", "emulator" and
    "operations" need none of them.

    A third-party app acts for users who log in: TENCENT_MEETING_OAUTH_CORP_ID, _OAUTH_SDK_ID, _OAUTH_SECRET and
    _OAUTH_REDIRECT_URI name the app for "login", "whoami", "logout" and --oauth. Grants are kept in the directory
    TENCENT_MEETING_TOKEN_STORE, or else among your own data; encrypted if TENCENT_MEETING_TOKEN_KEY is set.
    TENCENT_MEETING_OAUTH_URL names another authorisation server.

    Events that the platform pushes: "webhook --help".
    """


teach_click()
