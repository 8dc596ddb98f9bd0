"""What constructors refuse: it names the argument and what it must be, and quotes nothing but numbers."""

import time
from collections.abc import Callable
from decimal import Decimal
from math import inf, nan
from pathlib import Path
from typing import Any

import pytest

from tm_async._util.arguments import check_count, check_function, check_kind, check_methods, check_path, check_seconds
from tm_async.core.secret import SecretText
from tm_async.errors import ConfigurationError

SECRET = "canary-secret"


def refusal(check: Callable[..., None], *arguments: Any, **options: Any) -> str:
    with pytest.raises(ConfigurationError) as caught:
        check("wait", *arguments, **options)
    return str(caught.value)


@pytest.mark.parametrize("value", [0, -1, -0.5, nan, "5", None, True, Decimal(1), float])
def test_no_seconds(value: Any) -> None:
    assert "wait must be a number of seconds, above 0; not " in refusal(check_seconds, value)
    assert "above 0, or None for no bound" in refusal(check_seconds, value or 0, optional=True)


def test_seconds() -> None:
    for value in (1, 0.001, inf):
        check_seconds("wait", value)
    check_seconds("wait", 0, least=0)
    check_seconds("wait", None, optional=True)
    assert "0.5 or more; not 0.4" in refusal(check_seconds, 0.4, least=0.5)
    assert "above 0; not inf" in refusal(check_seconds, inf, finite=True)


@pytest.mark.parametrize("value", [0, -1, 1.0, "4", None, True, nan])
def test_no_count(value: Any) -> None:
    assert "wait must be a whole number, 1 or more; not " in refusal(check_count, value)


def test_a_count() -> None:
    check_count("wait", 1)
    check_count("wait", 0, least=0)


class Bytes:
    def __fspath__(self) -> bytes:
        return b"x"


def test_a_path() -> None:
    for value in ("", "x", Path("x"), SecretText("x")):
        check_path("wait", value)
    assert refusal(check_path, None) == "wait must be a path; not None"
    assert refusal(check_path, b"x") == "wait must be a path; not a value of type bytes"
    assert refusal(check_path, Path) == "wait must be a path; not the class Path"
    assert refusal(check_path, Bytes()) == "wait must be a path; not a value of type bytes"


def test_a_class_a_function_and_methods() -> None:
    check_kind("wait", 1, int, "a number")
    check_function("wait", time.time, "a clock")
    check_methods("wait", "x", "a text", "join", "split")
    assert refusal(check_kind, "1", int, "a number") == "wait must be a number; not a value of type str"
    assert refusal(check_function, 5, "a clock") == "wait must be a clock; not 5"
    assert refusal(check_methods, b"x", "a text", "encode") == "wait must be a text; not a value of type bytes"
    assert refusal(check_methods, str, "a text", "join") == "wait must be a text; not the class str"


@pytest.mark.parametrize(
    "check",
    [
        check_seconds,
        check_count,
        lambda *of: check_kind(*of, int, "a number"),
        lambda *of: check_function(*of, "a clock"),
        lambda *of: check_methods(*of, "a store", "load"),
    ],
)
def test_no_text_is_quoted(check: Callable[..., None]) -> None:
    assert SECRET not in refusal(check, SECRET)
