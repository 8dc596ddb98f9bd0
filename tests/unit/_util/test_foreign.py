"""Text from elsewhere: what of it is shown, and in which records."""

import logging
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_async._util.foreign import printable, without
from tm_async._util.logs import logger
from tm_async.errors import ApiError, LedgerError, TransportError, ValidationError, Violation

SECRET = "canary-Rf7/kept+secret"


@pytest.mark.parametrize(
    "text",
    ["plain", "会议　主题", "a b", "👩‍👩‍👧 👍🏽", "café", "می‌خواهم", "naïve e\u0301"],
)
def test_words_are_shown_as_they_are(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize(
    "char",
    "\0\x07\t\n\r\x1b\x7f\x85\x9b\u2028\u2029\u200e\u202e\u2066\u200b\ufeff\U000e0041\ud800",
)
def test_what_steers_is_not(char: str) -> None:
    assert printable(f"a{char}b") == "a\ufffdb"


@given(st.text(st.characters(codec=None), max_size=20))
def test_it_is_one_line_and_can_be_written(text: str) -> None:
    shown = printable(text)
    shown.encode()
    assert len(shown) == len(text)
    assert len(shown.splitlines()) <= 1
    assert not {category(char) for char in shown} & {"Cc", "Cs", "Zl", "Zp"}
    assert printable(shown) == shown


REPEATED = {
    "whole": SECRET,
    "within": f"token {SECRET}!",
    "twice": f"{SECRET}{SECRET}",
    "cut off": f"token {SECRET[:15]}",
    "cut off and gone on": f"token {SECRET[:15]}... is old",
    "percent-encoded": "token=canary-Rf7%2Fkept%2Bsecret",
    "in JSON": r'{"token":"canary-Rf7\/kept+secret"}',
}


@pytest.mark.parametrize("how", REPEATED)
def test_a_secret_that_was_repeated_is_taken_out(how: str) -> None:
    found = without(REPEATED[how], [SECRET])
    assert "canary" not in found
    assert "***" in found


def test_nothing_else_is_taken_out() -> None:
    assert without("canary birds; secret", [SECRET, "", "a"]) == "canary birds; secret"


ERRORS = [
    TransportError("a\nb\x1b[2J"),
    LedgerError("a\nb\x1b[2J"),
    ApiError(1, status=400, message="a\nb\x1b[2J", trace_id="t\nFORGED\x9b"),
    ValidationError([Violation("a\nb\x1b[2J", "r", "m\nFORGED", "z")]),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_errors_say_it_harmlessly(error: Exception) -> None:
    assert "\x1b" not in str(error)
    assert "\x9b" not in str(error)
    lines = str(error).split("\n")
    assert all(line.startswith("  ") for line in lines[1:])  # of a ValidationError, one for each violation
    assert len(lines) == 1 + isinstance(error, ValidationError)


def test_records_are_harmless(caplog: pytest.LogCaptureFixture) -> None:
    log = logger("tm_async.test")
    assert logger("tm_async.test").filters == log.filters
    log.warning("user %s: %s, %d, %.1f", "a\nFORGED", OSError("no\n\x1b[2J"), 5, 0.5)
    log.warning("nothing to fill in")
    log.warning("%(a)s", {"a": 1})
    assert caplog.messages == ["user a\ufffdFORGED: no\ufffd\ufffd[2J, 5, 0.5", "nothing to fill in", "1"]


@pytest.mark.parametrize(
    "name",
    ["tm_async", "tm_async.auth", "tm_async.batch", "tm_async.emulator", "tm_async.observe", "tm_async.transport"],
)
def test_our_own_loggers_make_such_records(name: str, caplog: pytest.LogCaptureFixture) -> None:
    import tm_async.auth.oauth2.refresh
    import tm_async.batch.resumable
    import tm_async.client.call
    import tm_async.emulator
    import tm_async.observe.watching
    import tm_async.transport.pool  # noqa: F401

    logging.getLogger(name).warning("%s", "a\nb")
    assert caplog.messages == ["a\ufffdb"]
