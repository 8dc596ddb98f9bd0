"""The command speaks Chinese wholly or not at all: one table has the Chinese for everything that it says."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Formatter

import click
import pytest

from tests.cli.conftest import Done
from tm_async.cli.app import app
from tm_async.cli.chinese import CLICK, HELP, TEXTS
from tm_async.cli.oauth import page
from tm_async.cli.results.result import Status
from tm_async.cli.staff.applying import What
from tm_async.cli.staff.planning import Action
from tm_async.cli.standing import Standing
from tm_async.emulator import Emulator
from tm_async.webhooks import Reason

Run = Callable[..., Done]
PACKAGE = Path(__file__).parents[2] / "tm_async" / "cli"
ENGLISH = re.compile(r"[A-Za-z]{2,}")


def said() -> set[str]:
    """Every text that is passed to `spoken`, directly or by a name that stands for it."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.py")]
    everywhere = {name: text for tree in trees for name, text in named(tree) if name.isupper()}
    found: set[str] = set()
    for tree in trees:
        here = list(named(tree))
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in {"spoken", "in_both"} and call.args:
                first = call.args[0]
                found.update(literals(first))
                if isinstance(first, ast.Name):
                    found.update(text for name, text in here if name == first.id)
                    found.update(text for name, text in everywhere.items() if name == first.id)
    return found


def named(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            for text in literals(node.value):
                yield node.targets[0].id, text


def literals(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)


def commands(command: click.Command, path: str = "") -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        ctx = click.Context(command)
        for name in command.list_commands(ctx):
            sub = command.get_command(ctx, name)
            assert sub is not None
            yield from commands(sub, f"{path} {name}".strip())


COMMANDS = dict(commands(app))
PAGES = [one for one in vars(page).values() if isinstance(one, page.Page)]
HEADINGS = {"Open id", "Enterprise", "Scopes", "Token ends", "Id", "Method", "Path", "What it does", "Class", "Auth"}
HEADINGS |= {"Id, method, path, what it does", "Class, auth"}


def wanted() -> set[str]:
    helps = {param.help for one in COMMANDS.values() for param in one.params if isinstance(param, click.Option)}
    short = {one.short_help or "" for path, one in COMMANDS.items() if path}
    pages = {text for one in PAGES for text in (one.heading, one.text)} | {"Nothing was done."}
    statuses = {*map(str, Status), *map(str, Standing), *map(str, Reason), *map(str, Action), *map(str, What)}
    texts = said() | {text for text in helps if text} | short | pages | statuses | HEADINGS
    return texts - set(CLICK) - {""}


def test_every_text_is_there_and_no_other() -> None:
    assert sorted(wanted() - set(TEXTS)) == []
    assert sorted(set(TEXTS) - wanted()) == []


@pytest.mark.parametrize("table", [TEXTS, CLICK], ids=["ours", "click"])
def test_the_same_values_stand_in_both(table: dict[str, str]) -> None:
    for english, chinese in table.items():
        assert fields(chinese) <= fields(english), english
        assert re.search("[\u4e00-\u9fff]", chinese) or not ENGLISH.search(re.sub("{.*?}", "", english)), english


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_command_has_its_help() -> None:
    assert set(HELP) == set(COMMANDS)


@pytest.mark.parametrize("path", COMMANDS)
def test_help_is_chinese_wholly(run: Run, path: str) -> None:
    """No English sentence is left; names, options and examples are."""
    shown = run("--lang", "zh", *path.split(), "--help").out
    assert "Show this message" not in shown
    assert "显示此帮助" in shown
    for line in shown.splitlines():
        assert not re.search(r"\b[a-z]+ [a-z]+ [a-z]+ [a-z]+\b", line), line
    assert "Options:" in run("--lang", "en", *path.split(), "--help").out


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["nothing"], "没有这个命令"),
        (["batch", "create"], "缺少"),
        (["batch", "create", "no-such-file.csv"], "不存在"),
        (["batch", "status", "no-such.ledger"], "没有账本"),
        (["demo", "--concurrency", "0"], "不在范围"),
        (["demo", "--what"], "没有这个选项"),
        (["call", "meetings.creat"], "没有操作"),
        (["webhook", "send", "meeting.end", "--to", "x"], "请设置环境变量"),
    ],
)
def test_refusals_are_chinese(run: Run, arguments: list[str], problem: str) -> None:
    done = run("--lang", "zh", *arguments)
    assert done.code == 2
    assert problem in done.err
    assert "Error" not in done.err
    assert "Usage" not in done.err


def test_the_environment_or_the_option_chooses(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "用法" in run("batch", "--help").out
    assert "Usage" in run("--lang", "en", "batch", "--help").out
    assert "用法" in run("batch", "--help").out, "a choice is for one command"
    assert run("--lang", "fr", "demo").code == 2


def test_errors_of_the_library_that_come_first(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    file.write_text("userid,subject,start_time,end_time\nt,s,2027-01-05T10:00Z,2027-01-05T11:00Z\n")
    assert "请设置环境变量 TENCENT_MEETING_APP_ID" in run("--lang", "zh", "batch", "create", file).err


def test_where_a_ledger_cannot_be(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    file.write_text("userid,subject,start_time,end_time\ntester,s,2027-01-05T10:00Z,2027-01-05T11:00Z\n")
    (tmp_path / "m.csv.ledger").mkdir()
    done = run("batch", "create", file)
    assert (done.code, "--no-ledger writes nothing down" in done.err) == (2, True)
    assert emulator.journal == []
