"""`tm-async recordings list` and `download`."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from inspect import cleandoc
from pathlib import Path
from typing import Any, TypeVar, cast, get_args

import click
from attrs import define, field, frozen
from rich.console import Console
from rich.filesize import decimal

from tm_async.api.recordings import FileKind, ListRecordings, Recording
from tm_async.api.shared import OpenId
from tm_async.auth import EnterpriseSecret
from tm_async.auth.oauth2 import OAuth2
from tm_async.cli.acting import chosen_auth, with_choice_of_auth
from tm_async.cli.reading.ago import moment_option
from tm_async.cli.reading.problem import CellError
from tm_async.cli.recordings.fetching import Became, Fetcher, Status
from tm_async.cli.recordings.finding import as_json, find, wanted
from tm_async.cli.recordings.manifest import Manifest, open_manifest
from tm_async.cli.recordings.naming import FIELDS, Template
from tm_async.cli.recordings.shown import called, show_recordings, shown_downloads
from tm_async.cli.recordings.sts import use_sts_tokens
from tm_async.cli.results.output import Output, output_to
from tm_async.cli.show import say
from tm_async.cli.speaking import Group
from tm_async.cli.words import describe, in_chinese, spoken, spoken_error
from tm_async.client.client import TencentMeeting
from tm_async.errors import ConfigurationError, TencentMeetingError, ValidationError

__all__ = ["download", "listed", "recordings"]

_CommandT = TypeVar("_CommandT", bound=Callable[..., Any])
_LINES = "JSON lines on a terminal, too."
_DAYS = 30
"""Before the end, where no beginning is named."""


@click.group(cls=Group, short_help="Recordings and their files.")
def recordings() -> None:
    """Recordings and their files."""


@frozen
class _Asked:
    """Whose recordings, and of which time."""

    auth: EnterpriseSecret | OAuth2
    operator: str
    since: datetime
    until: datetime

    @classmethod
    def of(cls, user: str | None, since: datetime | None, until: datetime | None, **auth: Any) -> "_Asked":
        """What the options say; the user who logged in needs no name. Raises `UsageError`, `ConfigurationError`."""
        if user is None and not auth["oauth"]:
            raise click.UsageError(spoken("Whose? Give --user, or --oauth."))
        acting = chosen_auth(**auth)
        if isinstance(acting, OAuth2):
            operator: str = OpenId(user or acting.open_id)
        else:
            operator = user or ""
        end = until or datetime.now(UTC)
        asked = cls(acting, operator, since or end - timedelta(days=_DAYS), end)
        try:
            ListRecordings(operator_id=operator, start_time=asked.since, end_time=asked.until)
        except ValidationError as error:
            raise click.UsageError("\n".join(map(describe, error.violations))) from None
        return asked


def _with_selection(command: _CommandT) -> _CommandT:
    """Give a command the options that say which recordings."""
    options = (
        click.option(
            "--user", metavar="USERID", help="Whose recordings; who asks. With --oauth: the user who logged in."
        ),
        click.option(
            "--since",
            callback=moment_option(last=False),
            metavar="TIME",
            help="From a date or time on, or 7d ago. Default: 30 days.",
        ),
        click.option(
            "--until", callback=moment_option(last=True), metavar="TIME", help="To a date or time. Default: now."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return with_choice_of_auth(command)


# --- list -------------------------------------------------------------------------------------------------------------


@recordings.command("list", short_help="List recordings.")
@_with_selection
@click.option("--json", "lines", is_flag=True, help=_LINES)
def listed(
    *, user: str | None, since: datetime | None, until: datetime | None, oauth: bool, open_id: str | None, lines: bool
) -> None:
    """List the cloud recordings that a user may see, the oldest first.

    On a terminal it is a table. Otherwise every recording is a JSON line, with its files. What the user may not see is
    left out by the gateway without a word. Times without an offset are this machine's.

    \b
    Exit codes:
      0    done
      1    the gateway refused, or there is no clear answer
      2    wrong usage or configuration; nothing was sent
    """
    asked = _Asked.of(user, since, until, oauth=oauth, open_id=open_id)
    found = asyncio.run(_listed(asked))
    console = Console()
    if console.is_terminal and not lines:
        show_recordings(console, found)
        return
    output = output_to(None, len(found), (), lambda _: (), needed=False)
    for one in found:
        output.add(_Line(one))
    output.finish()
    raise SystemExit(int(output.broken))


@frozen
class _Line:
    recording: Recording

    def as_json(self) -> dict[str, Any]:
        return as_json(self.recording)


async def _listed(asked: _Asked) -> list[Recording]:
    async with TencentMeeting(asked.auth) as tm:
        return await _found(tm, asked)


async def _found(tm: TencentMeeting, asked: _Asked) -> list[Recording]:
    """The recordings. Raises `ClickException` with exit code 1 where the gateway does not tell."""
    try:
        return await find(tm, asked.operator, asked.since, asked.until)
    except ConfigurationError:
        raise
    except TencentMeetingError as error:
        raise click.ClickException(spoken("can't list: {error}", error=spoken_error(error))) from error


# --- download ---------------------------------------------------------------------------------------------------------


def _kinds(_: click.Context, __: click.Parameter, text: str) -> tuple[FileKind, ...]:
    kinds = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
    known = get_args(FileKind)
    for one in kinds:
        if one not in known:
            raise click.BadParameter(spoken("{kind} is none of {known}", kind=repr(one), known=", ".join(known)))
    return cast("tuple[FileKind, ...]", kinds)


def _template(_: click.Context, __: click.Parameter, text: str) -> Template:
    try:
        return Template.parse(text)
    except CellError as error:
        raise click.BadParameter(error.message_zh if in_chinese() else error.message) from None


@recordings.command(short_help="Fetch the files of recordings into a directory.")
@_with_selection
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    metavar="DIR",
    help="Where they go; it is made if need be.",
)
@click.option(
    "--kind",
    "kinds",
    callback=_kinds,
    default="video",
    show_default=True,
    metavar="KINDS",
    help="Of video, audio, transcript, minutes, separated by commas.",
)
@click.option(
    "--name",
    "template",
    callback=_template,
    default="{start:%Y-%m-%d} {subject}",
    show_default=True,
    metavar="TEMPLATE",
    help="How files are named.",
)
@click.option("--jobs", type=click.IntRange(1, 32), default=4, show_default=True, help="Downloads under way.")
@click.option("--strict", is_flag=True, help="What is not there, or not yet, counts as failed.")
@click.option(
    "--sts-store",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where an application keeps its STS tokens. Default: the token TENCENT_MEETING_STS_TOKEN, if any.",
)
@click.option("--allow-private", is_flag=True, help="Follow addresses into a private network, and plain http.")
@click.option("--json", "lines", is_flag=True, help=_LINES)
def download(
    *,
    user: str | None,
    since: datetime | None,
    until: datetime | None,
    oauth: bool,
    open_id: str | None,
    folder: Path,
    kinds: tuple[FileKind, ...],
    template: Template,
    jobs: int,
    strict: bool,
    sts_store: Path | None,
    allow_private: bool,
    lines: bool,
) -> None:
    """Fetch the files of a user's cloud recordings into DIR, and go on where an earlier run was.

    What is whole has its name; what is not lies beside it as NAME.part. After any end of the run, even a crash, the
    same command goes on: what is there is not fetched again, and of what is half there the rest is. Which file has
    which name is written down in DIR/.tm-async-recordings.jsonl before its download begins, so names stay.

    \b
    A template of names has these fields; a format, as of strftime, is
    for start alone, which is local:
      {fields}

    What file systems don't take, a slash too, becomes "_", and a name that is taken gets a number. Transcripts and
    minutes end with .transcript.txt and .minutes.txt, or what else they are.

    Minutes of apps that an enterprise made on 2026-01-16 or later need an STS token, which comes to an application by
    an event: it is the one in the environment, or what the application keeps in the --sts-store.

    Where standard output is no terminal, what becomes of each file is a JSON line there. What is not there of a kind
    is told, and is no failure without --strict.

    \b
    Exit codes:
      0    everything that there is was fetched
      1    something failed: what, is told at the end
      2    wrong usage or configuration, or DIR can't be written; nothing was sent
      130  stopped by Ctrl-C; the next run goes on
    """
    if sts_store is not None and oauth:
        raise click.UsageError(spoken("--sts-store is for the app of an enterprise, not for --oauth."))
    asked = _Asked.of(user, since, until, oauth=oauth, open_id=open_id)
    output = None if Console().is_terminal and not lines else output_to(None, 0, (), lambda _: ())
    with open_manifest(folder) as manifest:
        run = _Run(asked, manifest, output, sts_store)
        try:
            asyncio.run(run.carry_out(kinds, template, jobs, allow_private=allow_private))
        finally:
            run.tell()
    failed = run.counts[Status.FAILED] + (run.counts[Status.ABSENT] if strict else 0)
    raise SystemExit(int(bool(failed) or (output is not None and output.broken)))


download.help = cleandoc(download.help or "").replace(
    "{fields}", ",\n  ".join((", ".join(FIELDS[:4]), ", ".join(FIELDS[4:])))
)


@define
class _Run:
    """One run of `download`, and what became of the files."""

    asked: _Asked
    manifest: Manifest
    output: Output[Became] | None
    sts_store: Path | None
    counts: Counter[Status] = field(factory=Counter[Status], init=False)
    _files: int | None = field(default=None, init=False)
    """How many are wanted; `None` while nobody knows."""
    _fetched: int = field(default=0, init=False)
    """Bytes."""
    _lacking: list[Became] = field(factory=list[Became], init=False)

    async def carry_out(
        self, kinds: tuple[FileKind, ...], template: Template, jobs: int, *, allow_private: bool
    ) -> None:
        """Find the recordings, and fetch what is wanted of them."""
        async with TencentMeeting(self.asked.auth) as tm:
            use_sts_tokens(tm, self.sts_store, self.asked.operator)
            files = wanted(await _found(tm, self.asked), kinds)
            self._files = len(files)
            fetcher = Fetcher(
                tm=tm,
                operator=self.asked.operator,
                manifest=self.manifest,
                template=template,
                jobs=jobs,
                allow_private=allow_private,
            )
            with shown_downloads(len(files), self._take) as (watch, done):
                await fetcher.fetch(files, watch, done)

    def _take(self, became: Became) -> None:
        self.counts[became.status] += 1
        self._fetched += became.fetched
        if became.status in {Status.ABSENT, Status.FAILED}:
            self._lacking.append(became)
        if self.output is not None:
            self.output.add(became)

    def tell(self) -> None:
        """What is lacking, and why; then the counts."""
        if self._files is None:
            return
        for one in sorted(self._lacking, key=lambda one: one.status is Status.FAILED):
            text = "failed: {file}: {reason}" if one.status is Status.FAILED else "not there: {file}: {reason}"
            say(spoken(text, file=called(one.wanted), reason=one.reason), err=True)
        counts = {str(status): f"{self.counts[status]:,}" for status in Status}
        line = spoken(
            "{saved} fetched ({size}), {there} there before, {absent} not there, {failed} failed",
            size=decimal(self._fetched),
            **counts,
        )
        left = self._files - self.counts.total()
        say(line + (spoken("; {count} not finished", count=f"{left:,}") if left else ""), err=True)
