"""A plan for people, as a table and some lines; and for machines, as JSON."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from attrs import asdict
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tm_async.cli.staff.applying import Done, What
from tm_async.cli.staff.planning import Action, Change, Plan, Remark, Step, Why
from tm_async.cli.words import printable, spoken

__all__ = ["HEADINGS", "ResultsTable", "as_json", "result_cells", "show_plan", "summary"]

_LEAVES = {Action.DELETE: "red", Action.DISABLE: "yellow", Action.TRANSFER: "yellow"}


def as_json(plan: Plan) -> dict[str, Any]:
    """Always the same members."""
    return {
        "steps": [asdict(step) for step in plan.steps],
        "remarks": [asdict(remark) for remark in plan.remarks],
        "counts": {str(action): _counts(plan)[action] for action in Action} | {"unchanged": plan.unchanged},
        "max_deletes": plan.most,
        "too_many_deletes": plan.too_many,
    }


def _counts(plan: Plan) -> Counter[Action]:
    return Counter(step.action for step in plan.steps)


def show_plan(console: Console, plan: Plan) -> None:
    """Print what is to be done, and what is not."""
    if plan.steps:
        table = _table(spoken("What is done"), spoken("User"), spoken("Details"))
        for step in plan.steps:
            action = Text(spoken(step.action), style=_LEAVES.get(step.action, "green"))
            table.add_row(action, _who(step), Text(_details(step)))
        console.print(table)
    if plan.remarks:
        table = _table(spoken("What is not done"), spoken("User"), spoken("Details"))
        for remark in plan.remarks:
            table.add_row(Text(_reason(remark), style="yellow"), _who(remark), Text(_changes(remark.changes)))
        console.print(table)


def summary(plan: Plan) -> Iterator[str]:
    """The plan in a line, and what forbids it."""
    counts = _counts(plan)
    named = ", ".join(f"{spoken(action)} {counts[action]:,}" for action in Action if counts[action])
    text = (
        "Plan: {named}; as they should be: {unchanged}." if named else "Nothing to do; as they should be: {unchanged}."
    )
    yield spoken(text, **({"named": named} if named else {}), unchanged=f"{plan.unchanged:,}")
    if plan.too_many:
        text = "{count} would be deleted, and at most {most} may be (--max-deletes): nobody is, and nothing is sent."
        yield spoken(text, count=f"{plan.too_many:,}", most=f"{plan.most:,}")


HEADINGS = (
    ("action", "userid", "name", "details", "status", "reason", "row"),
    ("操作", "用户ID", "姓名", "详情", "状态", "原因", "行"),
)
"""Of results in a spreadsheet, in English and in Chinese."""


def result_cells(result: Done) -> list[str]:
    """The row of a result in a spreadsheet."""
    step, error = result.step, result.error
    reason = error.message if error else ""
    if error and error.trace_id:
        reason += f" ({spoken('trace')} {error.trace_id})"
    outcome = (spoken(result.what), printable(reason), "" if step.row is None else str(step.row))
    return [spoken(step.action), printable(step.userid), printable(step.name), _details(step), *outcome]


class ResultsTable:
    """Results for a terminal, printed at the end."""

    broken = False

    def __init__(self, console: Console) -> None:
        self._console = console
        self._results: list[Done] = []

    def add(self, result: Done, /) -> None:
        """Take a result."""
        self._results.append(result)

    def finish(self) -> None:
        """Print them."""
        _results_table(self._console, self._results)


def _results_table(console: Console, results: Sequence[Done]) -> None:
    table = _table(spoken("What is done"), spoken("User"), spoken("Outcome"))
    for result in results:
        good = result.what == What.DONE
        outcome = Text(spoken(result.what), style="green" if good else "bold red")
        if result.error is not None:
            outcome.append(f": {printable(result.error.message)}", style="red")
        table.add_row(spoken(result.step.action), _who(result.step), outcome)
    console.print(table)


def _table(*headings: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _who(one: Step | Remark) -> Text:
    return Text(printable(one.userid if one.name in ("", one.userid) else f"{one.userid} {one.name}"))


def _details(step: Step) -> str:
    if step.action is Action.TRANSFER:
        return spoken("data go to {receiver}", receiver=step.receiver or "")
    if step.action is Action.DELETE and step.receiver is None:
        return spoken("data stay where they are")
    return _changes(step.changes)


def _changes(changes: Sequence[Change]) -> str:
    return printable("; ".join(f"{one.name}: {one.old or '-'} -> {one.new}" for one in changes))


def _reason(remark: Remark) -> str:
    reasons = {
        Why.MISSING: spoken("not in the list"),
        Why.ACTING: spoken("acts for this command: left alone"),
        Why.ROLE: spoken("has an administrator's role: left alone"),
        Why.DELETED: spoken("is deleted: can't be changed"),
        Why.ONLY_THE_PERSON: spoken("is activated: only the person changes this"),
        Why.TAKEN: spoken("{other} has it", other=remark.other or ""),
        Why.TOO_MANY: spoken("not deleted: too many"),
        Why.NOT_ACTIVATED: spoken("is not activated: run this again once it is"),
        Why.RECEIVES: spoken("receives the data: left alone"),
    }
    return reasons[remark.why]
