"""`tm-async emulator`: the gateway's emulator as a process of its own."""

import asyncio
import json
import logging
import signal
from collections.abc import Mapping
from pathlib import Path

import click

from tm_async.cli.private_file import open_private
from tm_async.cli.speaking import Command
from tm_async.cli.words import spoken

__all__ = ["emulator"]


@click.command(cls=Command, short_help="Serve the gateway's emulator on this machine.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="0: any free port.")
@click.option("--seed", type=int, default=0, show_default=True, help="Makes ids, codes and credentials repeatable.")
@click.option("--strict-header-case", is_flag=True, help="Take custom headers in their documented spelling only.")
@click.option(
    "--auto-approve",
    metavar="[USERID]",
    is_flag=False,
    flag_value="",
    help="The authorisation page asks nobody: this user, or the first one, allows every app in.",
)
@click.option(
    "--env-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the variables there too, as NAME=value lines, for a shell's  set -a; . FILE; set +a",
)
def emulator(port: int, seed: int, strict_header_case: bool, auto_approve: str | None, env_file: Path | None) -> None:
    """Serve the gateway's emulator on this machine until Ctrl-C.

    Prints one JSON line with base_url, app_id, sdk_id, secret_id, secret_key, users and env (the environment
    variables of a program that shall use it, those of OAuth included), then serves. The secrets are the emulator's
    own and of no use elsewhere. Refused calls are logged with the reason on standard error.
    """
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    try:
        asyncio.run(_serve(port, seed, strict_header_case, auto_approve, env_file))
    except OSError as error:
        text = "can't write {file}: {error}" if env_file and error.filename else "can't listen on port {port}: {error}"
        raise click.ClickException(spoken(text, file=env_file, port=port, error=error)) from None


async def _serve(
    port: int, seed: int, strict_header_case: bool, auto_approve: str | None, env_file: Path | None
) -> None:
    from tm_async.emulator import Emulator

    approve: bool | str = False if auto_approve is None else auto_approve or True
    try:
        gateway = Emulator(port=port, seed=seed, strict_header_case=strict_header_case, auto_approve=approve)
    except ValueError as error:  # the only value of ours that it can refuse is the user
        raise click.BadParameter(str(error), param_hint="'--auto-approve'") from None

    loop, ended = asyncio.get_running_loop(), asyncio.Event()

    def end(_: int, __: object) -> None:
        loop.call_soon_threadsafe(ended.set)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    async with gateway as running:
        access = {
            "base_url": running.base_url,
            "app_id": running.app_id,
            "sdk_id": running.sdk_id,
            "secret_id": running.secret_id,
            "secret_key": running.secret_key,
            "users": [user.userid for user in running.users],
            "env": running.env,
        }
        if env_file is not None:
            _write(env_file, running.env)
        click.echo(json.dumps(access))  # flushes: who waits for this line may go on
        await ended.wait()


def _write(env_file: Path, env: Mapping[str, str]) -> None:
    with open_private(env_file, replace=True) as file:
        file.write("".join(f"{name}={value}\n" for name, value in env.items()).encode())
