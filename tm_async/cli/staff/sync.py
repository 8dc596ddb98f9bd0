"""`tm-async users sync`: make the users of an enterprise those of a staff list."""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from inspect import cleandoc
from pathlib import Path

import click
from attrs import evolve, field, frozen
from click.core import ParameterSource
from rich.console import Console

from tm_async.auth import EnterpriseSecret
from tm_async.batch.ledger import Ledger
from tm_async.cli.creating import announce_quotas, bulk_transport
from tm_async.cli.interrupt import Interrupt
from tm_async.cli.ledgers import LEDGER, LEDGER_VARIABLE, beside, ledger_at, ledger_path, with_settle
from tm_async.cli.reading.options import Options as Reading
from tm_async.cli.reading.rows import Format
from tm_async.cli.reading.source import asked_format
from tm_async.cli.results.output import Output, output_to, refuse_overwriting
from tm_async.cli.results.progress import shown_progress
from tm_async.cli.results.totals import rows_of
from tm_async.cli.show import say, show_json
from tm_async.cli.speaking import Group
from tm_async.cli.staff.applying import Applying, Done, Tally
from tm_async.cli.staff.calls import Call, Unfinished, call_of, unfinished_transfers, with_keys
from tm_async.cli.staff.columns import columns_help
from tm_async.cli.staff.planning import Bound, Missing, Options, Plan, Present, plan
from tm_async.cli.staff.reading import StaffList, read_staff
from tm_async.cli.staff.shown import HEADINGS, ResultsTable, as_json, result_cells, show_plan, summary
from tm_async.cli.waiting import WatchedLimiter
from tm_async.cli.words import describe, in_chinese, spoken, spoken_error
from tm_async.client.client import TencentMeeting
from tm_async.config import configured_gateway
from tm_async.errors import ConfigurationError, LedgerError, TencentMeetingError, ValidationError
from tm_async.quotas import shared_limiter

__all__ = ["sync", "users"]


OUT_OF_STEPS = "With --apply: write what becomes of each step there: a spreadsheet (.xlsx, .csv), else JSON lines."


@click.group(cls=Group, short_help="The users of an enterprise.")
def users() -> None:
    """The users of an enterprise."""


def _bound(_: click.Context, __: click.Parameter, text: str) -> Bound:
    found = re.fullmatch(r"([0-9]{1,9})(%?)", text)
    if found is None or (found[2] and int(found[1]) > 100):
        raise click.BadParameter(spoken("give a number of users, such as 3, or a percentage, such as 5%"))
    return Bound(int(found[1]), percent=bool(found[2]))


@users.command(short_help="Make the users those of a staff list.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--operator", metavar="USERID", required=True, help="The administrator who acts.")
@click.option("--apply", is_flag=True, help="Do what the plan says; without this it is shown only.")
@click.option("--disable-missing", is_flag=True, help="Disable users who are not in the file.")
@click.option("--delete", is_flag=True, help="Delete users who are not in the file.")
@click.option(
    "--max-deletes",
    metavar="NUMBER",
    default="5%",
    show_default=True,
    callback=_bound,
    help="Do nothing at all if more would be deleted: a number, or a percentage of the users.",
)
@click.option("--transfer-to", metavar="USERID", help="Hand the data of those who are deleted over to this user.")
@click.option(
    "--json", "json", is_flag=True, help="The plan as one JSON object; with --apply the results as JSON lines."
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help=OUT_OF_STEPS)
@click.option("--force", is_flag=True, help="Overwrite the --out file.")
@click.option("--format", "form", type=click.Choice([form.value for form in Format]), help="Needed for standard input.")
@click.option("--sheet", metavar="NAME", help="Of an .xlsx file; default: the first one that is visible.")
@click.option("--ignore-unknown", is_flag=True, help="Pass by columns that no user has.")
@click.option("--concurrency", type=click.IntRange(1, 1024), default=16, show_default=True, help="Requests under way.")
@click.option(
    "--ledger",
    metavar="LEDGER",
    envvar=LEDGER_VARIABLE,
    show_envvar=True,
    help=f"Where it is written down what becomes of each step, instead of FILE.ledger: {LEDGER}.",
)
@click.option("--no-ledger", is_flag=True, help="Write nothing down: data that a broken run did not hand over stay.")
@with_settle
def sync(
    *,
    file: str,
    operator: str,
    apply: bool,
    disable_missing: bool,
    delete: bool,
    max_deletes: Bound,
    transfer_to: str | None,
    json: bool,
    out: Path | None,
    force: bool,
    form: str | None,
    sheet: str | None,
    ignore_unknown: bool,
    concurrency: int,
    ledger: str | None,
    no_ledger: bool,
    settle: float,
) -> None:
    """Compare the staff list FILE with the users of the enterprise, and show what has to be done; with --apply do it.

    FILE is a spreadsheet (.xlsx, .csv) or JSON lines (.jsonl, .ndjson); - is standard input. It has a column userid,
    and what it says of each user; an empty cell leaves alone what is there. Columns, and their Chinese headings:

    \b
    {columns}

    department is the id of one, not its name. licence is a number or a name of the API, such as 9 or premium: which
    kinds there are depends on the edition. role is a code; it is given to users who are activated, and changed wherever
    the file names another one.

    Who is in the file is created, changed, or enabled again. Who is not is only listed, unless --disable-missing or
    --delete says more. Where more would be deleted than --max-deletes, nothing is done at all. Deletion leaves the data
    where they are, unless --transfer-to names who gets them: past cloud recordings and future meetings.

    The administrator who acts is never touched. Of others with a role nothing is but the role, where the file names
    another one: the super administrator, whose role the gateway leaves alone, can't be told from them. Phone and e-mail
    of activated users are changed by the person only: the plan says so.

    Every row is checked first, and one that is wrong stops everything: who is left out would be taken for missing. The
    steps are written down in a ledger, FILE.ledger unless --ledger names another. After any end of the run the same
    command goes on: what the enterprise lacks then is what is done, and data that were to be handed over still are.
    What becomes of each step is written to the --out file as results arrive. The enterprise acts (AK/SK): the vendor
    documents these calls for no user's app (OAuth2).

    \b
    Exit codes:
      0    everything was done that this command does; or the plan was shown
      1    some steps were refused, or it is not known whether they were done; or the list wants what can't be
           (somebody else has the phone or the address, or the user is deleted)
      2    wrong usage, configuration or rows, or too many to delete; nothing was sent
      130  stopped by Ctrl-C; steps under way were finished and reported
    """
    chosen = asked_format(file, form, sheet)
    if not operator.strip():
        raise click.UsageError(spoken("--operator must be the userid of an administrator."))
    if delete and disable_missing:
        raise click.UsageError(spoken("--delete and --disable-missing contradict each other."))
    if transfer_to is not None and not delete:
        raise click.UsageError(spoken("--transfer-to needs --delete."))
    place = _place(file, ledger, no_ledger=no_ledger)
    _check_out(out, file, place, apply=apply, force=force)
    missing = Missing.DELETE if delete else Missing.DISABLE if disable_missing else Missing.KEEP
    options = Options(operator=operator, missing=missing, max_deletes=max_deletes, transfer_to=transfer_to)
    staff = _sound(read_staff(file, chosen, Reading(ignore_unknown=ignore_unknown, sheet=sheet)))
    if place is not None and not apply and not _is_there(place):
        place = None
    with Interrupt() as interrupt:
        limiter = WatchedLimiter(shared_limiter(), lambda: interrupt.stopped)
        transport = bulk_transport(concurrency, configured_gateway().origin)
        tm = TencentMeeting(_enterprise(), transport=transport, settle=settle, limiter=limiter)
        syncing = _Sync(staff, options, tm, interrupt, limiter, place, concurrency, json=json, out=out)

        async def go() -> int:
            interrupt.breaks_off(asyncio.current_task())
            async with aclosing(transport), tm:
                return await syncing.run(apply=apply)

        try:
            code = asyncio.run(go())
        except asyncio.CancelledError:
            if not interrupt.stopped:
                raise
            code = interrupt.exit_code
        except LedgerError:
            raise
        except TencentMeetingError as error:
            raise click.ClickException(spoken_error(error)) from error
    raise SystemExit(code)


sync.help = cleandoc(sync.help or "").replace("{columns}", columns_help())


def _enterprise() -> EnterpriseSecret:
    """Raises `ConfigurationError`."""
    try:
        return EnterpriseSecret.from_env()
    except ConfigurationError as error:
        text = "{error}. The vendor documents the calls on users for enterprises (AK/SK) only, not for OAuth2."
        raise ConfigurationError(spoken(text, error=spoken_error(error))) from error


def _check_out(out: Path | None, file: str, ledger: str | None, *, apply: bool, force: bool) -> None:
    """Raises `UsageError`."""
    if out is not None and not apply:
        raise click.UsageError(spoken("--out needs --apply."))
    refuse_overwriting(out, Path(file), force=force, ledger=ledger_path(ledger, must_exist=False) if ledger else None)


def _place(file: str, ledger: str | None, *, no_ledger: bool) -> str | None:
    """Where the ledger is, if there is to be one. Raises `UsageError`."""
    if no_ledger and click.get_current_context().get_parameter_source("ledger") is ParameterSource.ENVIRONMENT:
        return None
    if ledger is not None and no_ledger:
        raise click.UsageError(spoken("--ledger and --no-ledger contradict each other."))
    return beside(file) if ledger is None and not no_ledger and file != "-" else ledger


def _is_there(ledger: str) -> bool:
    """Whether there is something to ask; a look at a plan must not bring a ledger into being."""
    return "://" in ledger or Path(ledger).is_file()


def _sound(staff: StaffList) -> StaffList:
    """Name everything that is wrong; the list if nothing is."""
    for number, problem in staff.problems:
        click.echo(spoken("row {number}: {problem}", number=number, problem=describe(problem)), err=True)
    if staff.remark:
        say(staff.remark, err=True)
    if staff.problems:
        bad = len({number for number, _ in staff.problems})
        text = "{bad} of {rows} bad. Nothing was sent{hint}."
        click.echo(spoken(text, bad=f"{bad:,}", rows=rows_of(len(staff.people)), hint=""), err=True)
        raise SystemExit(2)
    return staff


@frozen
class _Sync:
    """One comparison, and what follows from it."""

    staff: StaffList
    options: Options
    tm: TencentMeeting
    interrupt: Interrupt
    limiter: WatchedLimiter
    place: str | None
    """Of the ledger; `None`: there is none."""
    concurrency: int
    json: bool = field(kw_only=True)
    out: Path | None = field(kw_only=True)
    """Where results go; `None`: to standard output."""

    async def run(self, *, apply: bool) -> int:
        """Plan, show, and maybe do it; the exit code."""
        present = await self._present()
        self._check_receiver(present)
        async with self._ledger() as ledger:
            there = [one.userid for one in present if not one.is_gone]
            left = Unfinished()
            if ledger is not None:
                left = await unfinished_transfers(ledger, there, self.options.transfer_to)
            wanted = plan(self.staff.people, present, self.options)
            calls = [*self._calls(wanted), *left.open]
            self._show(evolve(wanted, steps=(*wanted.steps, *(call.step for call in left.open))), left, apply=apply)
            if wanted.too_many:
                return 2
            if not apply:
                click.echo(
                    spoken("Nothing was sent; --apply does it.") if calls else spoken("Nothing was sent."), err=True
                )
                return 0
            if ledger is not None:
                calls = await with_keys(ledger, calls)
            code = await self._carry_out(ledger, calls)
            return code or int(wanted.is_barred)

    async def _present(self) -> list[Present]:
        listed = self.tm.users.list(operator_id=self.options.operator)
        found: list[Present] = []
        async for user in listed:
            names = ("username", "area", "phone", "email", "job_title", "staff_id")
            values = {name: value for name in names if (value := getattr(user, name))}
            if user.user_account_type is not None:
                values["licence"] = str(user.user_account_type.value)
            departments = frozenset(one.department_id for one in user.department_list)
            found.append(Present(user.userid, values, user.status, user.role_code, departments))
        return found

    def _check_receiver(self, present: list[Present]) -> None:
        receiver = self.options.transfer_to
        if receiver is not None and receiver not in {one.userid for one in present if not one.is_gone}:
            raise click.UsageError(spoken("--transfer-to: {userid} is no user.", userid=receiver))

    @asynccontextmanager
    async def _ledger(self) -> AsyncGenerator[Ledger | None]:
        if self.place is None:
            yield None
            return
        ledger = ledger_at(self.place, must_exist=False)
        try:
            yield ledger
        finally:
            await ledger.aclose()

    def _calls(self, wanted: Plan) -> list[Call]:
        """The calls; a step that breaks a rule ends everything, before anything is sent."""
        calls: list[Call] = []
        bad = False
        for step in wanted.steps:
            try:
                calls.append(call_of(step, self.options.operator))
            except ValidationError as error:
                bad = True
                for one in error.violations:
                    text = "row {number}: {problem}" if step.row else "{userid}: {problem}"
                    say(spoken(text, number=step.row, userid=step.userid, problem=describe(one)), err=True)
        if bad:
            click.echo(spoken("Nothing was sent."), err=True)
            raise SystemExit(2)
        return calls

    def _show(self, shown: Plan, left: Unfinished, *, apply: bool) -> None:
        console = Console(stderr=apply)
        if self.json and not apply:
            show_json(as_json(shown))
        else:
            show_plan(console, shown)
        for line in summary(shown):
            click.echo(line, err=True)
        for userid in left.unclear:
            text = "{userid}: it is not known whether the data were handed over; look in the console."
            say(spoken(text, userid=userid), err=True)

    def _output(self, steps: int) -> Output[Done]:
        if self.out is None and not self.json and Console().is_terminal:
            return ResultsTable(Console())
        return output_to(self.out, steps, HEADINGS[in_chinese()], result_cells)

    async def _carry_out(self, ledger: Ledger | None, calls: list[Call]) -> int:
        output = self._output(len(calls))
        applying = Applying(self.tm, self.concurrency, lambda: self.interrupt.stopped or output.broken, ledger)
        await applying.write_down(calls)
        announce_quotas(len(calls))
        tally = Tally(len(calls))
        try:
            with shown_progress(tally, spoken("Changing users"), self.limiter) as count:
                async with aclosing(applying.results(calls)) as sent:
                    async for done in sent:
                        output.add(done)
                        count(done)
        finally:
            output.finish()
        click.echo(f"{tally}.", err=True)
        if self.interrupt.stopped:
            return self.interrupt.exit_code
        return 1 if tally.failed or output.broken else 0
