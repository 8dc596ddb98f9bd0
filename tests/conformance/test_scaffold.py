"""Drafts of operations are Python and JSON that can be pasted: every one, and what they use they import."""

import ast
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from spec.drafts import draft_sample, draft_test
from spec.scaffold import draft
from tm_async.emulator.kernel.answers import shaped
from tm_async.emulator.kernel.requests import clean, clean_query
from tm_async.spec.catalogue import entries
from tm_async.spec.shape import answer_shape, request_shape

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("operation", entries())
def test_a_draft_runs_as_it_is(operation: str) -> None:
    text = draft(operation)
    tree = ast.parse(text)
    made = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    made += [alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names]
    assert not [name for name, count in Counter(made).items() if count > 1], "defined twice, or imported as well"
    exec(compile(text, operation, "exec", dont_inherit=True), {"__name__": "drafted"})  # noqa: S102


@pytest.mark.parametrize("operation", entries())
def test_a_drafted_sample_fits_the_catalogue(operation: str) -> None:
    sample, asked = json.loads(draft_sample(operation)), request_shape(operation)
    given, texts = sample["arguments"], {name: str(value).lower() for name, value in sample["arguments"].items()}
    in_query = clean_query(operation, {name: texts[name] for name in asked.query.members if name in texts})
    in_body = clean(
        operation, {name: value for name, value in given.items() if asked.body and name in asked.body.members}
    )
    assert not [*in_query.problems, *in_body.problems, *in_query.ignored, *in_body.ignored]
    answer = answer_shape(operation)
    assert sample["answer"] == (shaped(sample["answer"], answer) if answer else {})


@pytest.mark.parametrize("operation", entries())
def test_a_drafted_test_is_python(operation: str) -> None:
    compile(draft_test(operation), operation, "exec", dont_inherit=True)


def test_what_a_draft_has_of_a_secret() -> None:
    drafted = draft("live.get_push_addresses")
    assert 'push_password: str = field(default="", repr=masked)' in drafted
    assert "\nfrom tm_async.core.wire import OpenIntEnum, masked\n" in drafted


def test_what_a_draft_says_of_repeating() -> None:
    assert "repeat=Repeat.UNSAFE" in draft("departments.create")
    assert "repeat=Repeat.SAFE" in draft("pstn.query_ms_open_ids"), "a read sent as POST"


def test_where_a_draft_sends_its_reader() -> None:
    assert '`@departments.does("create")` (`on`, where' in draft("departments.create")
    assert '`@departments.on("modify")` (`does`, where' in draft("departments.modify")
    assert '`@departments.lists("list")`\n' in draft("departments.list")
    assert "tm_async/api/control/resource.py" in draft("meeting_control.kickout")


def scaffold(*operations: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "spec.scaffold", *operations]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_command_prints_class_sample_and_test() -> None:
    printed = scaffold("departments.create").stdout
    assert "class CreateDepartment(Operation[CreateDepartmentAnswer]):" in printed
    assert '# --- spec/samples/departments.create.json ---\n\n{\n  "arguments": {\n    "userid": "tester"' in printed
    assert 'await tm.departments.create(userid="tester", department_name="text")' in printed


def test_an_id_that_nobody_knows_is_one_line() -> None:
    done = scaffold("departments.creates")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("spec/operations has no departments.creates; did you mean departments.create")
    assert done.stderr.count("\n") == 1
