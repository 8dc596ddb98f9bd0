"""The command as a whole: help, the list of operations, missing extras, what an import brings along."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import cast

import click
import pytest

from tests.cli.conftest import Done
from tm_async.cli import words
from tm_async.cli.app import app
from tm_async.cli.reading.strict_json import read_object
from tm_async.spec.catalogue import entries

Run = Callable[..., Done]


def python(code: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_help_and_version(run: Run) -> None:
    assert run("--version").code == 0
    help_text = run("--help").out
    for command in ("batch", "call", "demo", "emulator", "operations"):
        assert command in help_text
    assert "130" in run("batch", "create", "-h").out


def test_the_list_in_the_help_is_what_the_commands_say() -> None:
    ctx = click.Context(app)
    group = cast("click.Group", app)
    commands = {name: group.get_command(ctx, name) for name in group.list_commands(ctx)}
    formatter, expected = click.HelpFormatter(), click.HelpFormatter()
    group.format_commands(ctx, formatter)
    click.Group(commands={name: one for name, one in commands.items() if one}).format_commands(ctx, expected)
    assert formatter.getvalue() == expected.getvalue()
    assert all(one is not None and one.name == name for name, one in commands.items())
    assert group.get_command(ctx, "nothing") is None


def test_the_help_loads_no_command() -> None:
    done = python(
        "import sys; sys.argv = ['tm-async', '--help']\n"
        "from tm_async.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'asyncio', 'tm_async.client.client', 'tm_async.cli.batch', 'rich.table'}\n"
        "print(heavy & set(sys.modules), file=sys.stderr)"
    )
    assert done.stderr == "set()\n"


def test_operations(run: Run) -> None:
    listed = json.loads(run("operations", "--json").out)
    assert [one["id"] for one in listed] == list(entries())
    by_id = {one["id"]: one for one in listed}
    assert by_id["meetings.create"] == {
        "id": "meetings.create",
        "method": "POST",
        "path": "/v1/meetings",
        "class": "CreateMeeting",
        "auth": ["enterprise", "oauth2"],
        "summary": entries()["meetings.create"].summary,
    }
    assert by_id["meetings.list"]["class"] == "FindMeeting, ListMeetings"
    assert by_id["cli_observed.batch_call"]["class"] is None
    (line,) = [line for line in run("operations").out.splitlines() if line.split()[:1] == ["meetings.create"]]
    about = ["Create", "a", "meeting"]
    assert line.split() == ["meetings.create", "POST", "/v1/meetings", *about, "CreateMeeting", "enterprise,", "oauth2"]


@pytest.mark.parametrize("missing", ["click", "rich"])
def test_without_the_extra_one_line_says_so(missing: str) -> None:
    done = python(f"import sys; sys.modules[{missing!r}] = None; from tm_async.cli import main; main()")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "This command needs the extra: pip install 'tm-async[cli]'\n"


def test_the_package_does_not_bring_the_command_along() -> None:
    done = python("import sys, tm_async; print({'click', 'rich', 'tm_async.cli'} & set(sys.modules))")
    assert done.stdout == "set()\n"


def test_chinese_on_a_western_terminal() -> None:
    code = "import sys; sys.argv[1:] = ['--help']; sys.stdout.reconfigure(encoding='latin-1', errors='strict')"
    done = python(f"{code}; from tm_async.cli import main; main()")
    assert done.returncode == 0
    assert r"Tencent Meeting (\u817e\u8baf\u4f1a\u8bae)" in done.stdout


@pytest.mark.parametrize(
    ("environ", "chinese"),
    [
        ({}, False),
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, False),
        ({"LANG": "de_DE", "LC_ALL": "zh_TW"}, True),
        ({"LANG": "zh_CN", "LC_ALL": ""}, True),
    ],
)
def test_the_language_of_messages(environ: dict[str, str], chinese: bool) -> None:
    assert words.in_chinese(environ) is chinese


def test_nothing_steers_the_terminal() -> None:
    assert words.printable("周会 ok") == "周会 ok"
    assert words.printable("a\x1b[2Jb\n") == "a\ufffd[2Jb\ufffd"


def test_deep_json_is_refused() -> None:
    with pytest.raises(ValueError, match="is nested too deeply"):
        read_object('{"a":' + "[" * 200_000)
