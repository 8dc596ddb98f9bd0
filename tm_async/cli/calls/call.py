"""`tm-async call`: any documented operation, by its id."""

import asyncio
import re
import sys
import time
from pathlib import Path
from typing import Any

import click
from attrs import asdict, evolve
from click.shell_completion import CompletionItem

from tm_async._util.near import near
from tm_async.auth import Auth, EnterpriseSecret
from tm_async.auth.oauth2 import OAuth2
from tm_async.cli.acting import chosen_auth, with_choice_of_auth
from tm_async.cli.calls.described import describe_operation
from tm_async.cli.calls.dry_run import describe_request
from tm_async.cli.calls.moments import with_moments
from tm_async.cli.reading.problem import CellError
from tm_async.cli.reading.strict_json import read_object
from tm_async.cli.results.result import cause_of
from tm_async.cli.show import show_json
from tm_async.cli.speaking import Command
from tm_async.cli.sts import token_of_environment, told, use_token_of_environment
from tm_async.cli.words import in_chinese, of_commands, spoken
from tm_async.client.client import TencentMeeting
from tm_async.client.generic import Unmodelled, checked, request_of
from tm_async.config import configured_gateway
from tm_async.core.operation import Operation
from tm_async.errors import ConfigurationError, TencentMeetingError, ValidationError
from tm_async.spec.catalogue import Entry, entries

__all__ = ["call"]


def _digits(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch("[0-9]+", value):
        raise click.BadParameter(spoken("must be digits"))
    return value


def _completed(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    return [CompletionItem(one.id, help=one.summary) for one in entries().values() if one.id.startswith(begun)]


class _Call(Command):
    """With an operation's id, `--help` is about that operation."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if set(ctx.help_option_names) & set(args):
            if known := entries().keys() & set(args):
                click.echo(describe_operation(entries()[known.pop()]))
                ctx.exit()
            given: object = self.make_parser(ctx).parse_args(list(args))[0].get("operation")
            if isinstance(given, str):
                _entry(given)  # which says that there is none
        return super().parse_args(ctx, args)


@click.command(cls=_Call, short_help="Call any documented operation by its id.")
@click.argument("operation", shell_complete=_completed)
@click.option(
    "--json", "source", metavar="TEXT|@FILE|-", default="{}", help="One flat JSON object; - is standard input."
)
@click.option("--dry-run", is_flag=True, help="Show the request, and the string that is signed if any; send nothing.")
@click.option("--timestamp", metavar="SECONDS", callback=_digits, help="Fixed for --dry-run; default: now.")
@click.option("--nonce", metavar="NUMBER", callback=_digits, help="Fixed for --dry-run; default: random.")
@with_choice_of_auth
def call(
    operation: str,
    source: str,
    dry_run: bool,
    timestamp: str | None,
    nonce: str | None,
    oauth: bool,
    open_id: str | None,
) -> None:
    """Call OPERATION, an id that "tm-async operations" lists, and print the gateway's answer as JSON.

    The JSON has the operation's path, query and body members alike, with the names and types of the API; times may be
    ISO 8601. "tm-async call OPERATION --help" lists them, with their limits and an example. The JSON is checked first.
    An error is printed as one JSON object on standard error. With --oauth, give the user's open id where the operation
    wants a userid. An operation on sensitive data that is given no STS-Token takes TENCENT_MEETING_STS_TOKEN.

    \b
    Exit codes:
      0    the gateway did it
      1    the gateway refused, or there is no clear answer: see "outcome_unknown"
      2    wrong usage, configuration or members; nothing was sent
    """
    if not dry_run and (timestamp or nonce):
        raise click.UsageError(
            spoken("--timestamp and --nonce need --dry-run: a real call must not be signed twice alike.")
        )
    entry = _entry(operation)
    data = _object(source)
    try:
        members, planned = _checked(entry, data)
        auth = chosen_auth(oauth=oauth, open_id=open_id)
        show_json(_dry(planned, auth, timestamp, nonce) if dry_run else asyncio.run(_send(operation, members, auth)))
    except ConfigurationError:
        raise
    except TencentMeetingError as error:
        show_json({"error": _members(error, operation)}, err=True)
        raise SystemExit(2 if isinstance(error, ValidationError) else 1) from None


def _checked(entry: Entry, data: dict[str, Any]) -> tuple[dict[str, Any], Operation[Any] | Unmodelled]:
    """The members, and the call that they make. Raises `ValidationError` with whatever is wrong about any of them."""
    members, problems = with_moments(entry, data)
    try:
        planned = checked(entry.id, members)
    except ValidationError as error:
        told = {one.field for one in problems}
        others = [one for one in error.violations if one.field not in told]
        raise ValidationError([*problems, *others], operation=entry.id) from None
    if problems:
        raise ValidationError(problems, operation=entry.id)
    return members, planned


def _entry(operation: str) -> Entry:
    entry = entries().get(operation)
    if entry is None:
        close = near(operation, entries())
        hint = spoken(" Did you mean {names}?", names=close) if close else spoken(" See: tm-async operations")
        raise click.UsageError(spoken("There is no operation {operation}.", operation=repr(operation)) + hint)
    if not entry.in_json:
        text = "{operation} uploads a file ({kind}), which this command can't."
        raise click.UsageError(spoken(text, operation=operation, kind=entry.content_type))
    return entry


def _object(source: str) -> dict[str, Any]:
    try:
        if source == "-":
            text, name = sys.stdin.buffer.read().decode("utf-8-sig"), spoken("standard input")
        elif source.startswith("@"):
            text, name = Path(source[1:]).read_text(encoding="utf-8-sig"), source[1:]
        else:
            text, name = source.encode().decode(), spoken("the text")
    except (OSError, UnicodeError) as error:
        raise click.BadParameter(spoken("can't be read: {error}", error=error), param_hint="--json") from None
    try:
        return read_object(text)
    except CellError as error:
        what = error.message_zh if in_chinese() else error.message
        raise click.BadParameter(f"{name} {what}", param_hint="--json") from None


def _dry(
    call: Operation[Any] | Unmodelled, auth: EnterpriseSecret | OAuth2, timestamp: str | None, nonce: str | None
) -> dict[str, Any]:
    if isinstance(call, Operation):
        ticket = call.spec.ticket
        if ticket and getattr(call, ticket) is None and token_of_environment() is not None:
            call = evolve(call, **{ticket: "***"})
    request = request_of(call, configured_gateway())
    timestamp, nonce = timestamp or str(int(time.time())), nonce or auth.nonce()
    return describe_request(auth, request, timestamp=timestamp, nonce=nonce)


async def _send(operation: str, members: dict[str, Any], auth: Auth) -> Any:
    async with TencentMeeting(auth) as tm:
        use_token_of_environment(tm)
        return await tm.call(operation, members)


def _members(error: TencentMeetingError, operation: str) -> dict[str, Any]:
    """An error as JSON; members that its kind does not have are null. An unclear outcome is told by its cause."""
    names = ("status", "code", "new_code", "trace_id")
    cause = cause_of(error)
    members = {
        "type": type(cause).__name__,
        "operation": operation,
        **{name: getattr(cause, name, None) for name in names},
        "message": told(error),
        "may_retry": cause.may_retry,
        "outcome_unknown": error.outcome_unknown,
    }
    if isinstance(error, ValidationError):
        members["violations"] = [asdict(of_commands(violation)) for violation in error.violations]
    return members
