"""What a violation says in Chinese has no English words in it but names: of members, classes, values and time zones."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

import tm_async
from tm_async.api.index import operations
from tm_async.api.votes import Poll
from tm_async.core.catalogued import place
from tm_async.core.codec import members
from tm_async.core.parse import parse
from tm_async.errors import ValidationError
from tm_async.spec.catalogue import entries
from tm_async.spec.shape import Shape, request_shape

PACKAGE = Path(tm_async.__file__).parent


def classes() -> Iterator[type[Any]]:
    """Every operation and every description, and the types of what is inside one."""
    waiting, seen = list[type[Any]]([*operations().values(), Poll]), set[type[Any]]()
    while waiting:
        cls = waiting.pop()
        if cls not in seen:
            seen.add(cls)
            yield cls
            for said in members(cls).values() if attrs.has(cls) else ():
                each = said.items or said
                waiting.extend(one.tp for one in (each, *each.options) if isinstance(one.tp, type))


def documented(operation: str) -> list[Shape]:
    """Everything that a request may have, by the documents."""
    shape = request_shape(operation)
    return [one for part in (shape.path, shape.query, shape.body) if part is not None for _, one in part.walk()]


OTHERS = {
    "AppSeat",
    "None",
    "SeatPage",
    "devices",
    "rooms_id",
    "JSON",
    "start",
    "MD5",
    "True",
    "False",
    "v1",
    "yyyy",
    "MM",
    "dd",
    "ID",
    "MRA",
    "Asia",
    "Shanghai",
    "ZoneInfo",
    "VOIP_SIP",
    "tzinfo",
    "of",
    "true",
    "count",
    "until",
    "name",
    "path_params",
    "template",
}
"""Names of Python's, of values, and of what has no other name in Chinese."""
NAMES = OTHERS | {name for cls in classes() for name in (cls.__name__, *(members(cls) if attrs.has(cls) else ()))}
CALLS = {"create_with_invitees", "people", "replace_invitees", "waiting"}


def english(text: str) -> set[str]:
    """The words that are no names."""
    return set(re.findall(r"(?<!\.)\b[A-Za-z_][A-Za-z_0-9]+", text)) - NAMES - CALLS  # a dot: the suffix of a file


def texts(path: Path) -> Iterator[str]:
    """The Chinese texts of a module, without what is filled in; its docstrings are in English."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        text = ""
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(one.value) for one in node.values if isinstance(one, ast.Constant))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        text = re.sub(r"\{[^}]*\}", "", text)
        if re.search("[\u4e00-\u9fff]", text) and not text.endswith("."):
            yield text


@pytest.mark.parametrize("package", ["api", "core", "rules"])
def test_the_texts(package: str) -> None:
    found = [text for path in (PACKAGE / package).rglob("*.py") for text in texts(path)]
    assert len(found) > 5
    assert {text: words for text in found if (words := english(text))} == {}


def literals(node: ast.AST) -> str:
    return "".join(
        each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)
    )


def in_chinese(tree: ast.AST) -> Iterator[str]:
    """What is spelled out in a module as the Chinese of a rule or a violation."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Rule", "Violation"}:
            named = [word.value for word in node.keywords if word.arg == "message_zh"]
            yield from map(literals, named or node.args[3:4])
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
            names = getattr(node.targets[0], "elts", ())
            pairs = zip(names, node.value.elts, strict=False)
            yield from (literals(value) for name, value in pairs if getattr(name, "id", "").endswith("_zh"))


def test_every_rule_and_violation_is_told_in_chinese() -> None:
    sources = (path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    modules = [text for text in sources if re.search(r"\bRule\(|\bViolation\(|_zh\b", text)]
    found = [text for module in modules for text in in_chinese(ast.parse(module)) if text]
    assert len(found) > 100
    assert [text for text in found if not re.search("[\u4e00-\u9fff]", text)] == []


WRONG: list[Any] = ["soon", 5, -(2**70), 1.5, True, ["x"], {"x": 1}, [5], [{"userid": 5}], "\ud800", None, b"", {1}]
SAID = {"soon", "ud800", "no_such_member", "userid"}
"""Words of the wrong values."""


def within(value: Any) -> dict[str, Any]:
    return {"userid": value, "until_date": value}


@pytest.mark.parametrize("name", operations())
def test_whatever_is_wrong_with_a_member(name: str) -> None:
    cls = operations()[name]
    values = {
        word for shape in documented(cls.spec.catalogue_id) for text in shape.enum or () for word in english(text)
    }
    wrong = [{member: one} for member in members(cls) for value in WRONG for one in (value, [value], within(value))]
    told: set[tuple[str, str]] = set()
    for given in ({"no_such_member": 1}, *wrong):
        try:
            parse(cls, given)
        except ValidationError as refused:
            told |= {(one.message, one.message_zh) for one in refused.violations}
    assert told
    assert [chinese for message, chinese in told if message == chinese] == []
    assert {chinese: words for _, chinese in told if (words := english(chinese) - values - SAID)} == {}


@pytest.mark.parametrize("name", ["recordings.list", "recordings.add_access", "meetings.create"])
def test_calls_that_are_checked_by_the_catalogue(name: str) -> None:
    names = {shape.name for shape in documented(name)}
    found: set[str] = set()
    for value in WRONG:
        with pytest.raises(ValidationError) as caught:
            place(entries()[name], dict.fromkeys(names, value) | {"no_such_member": 1})
        found |= {word for one in caught.value.violations for word in english(one.message_zh)}
    assert found - names - SAID == set()
