"""One record per call, and no member of it hits a reserved name."""

import asyncio
import logging
from collections.abc import Iterator

import pytest

from tests.unit.observe.driving import BROKEN, CREATE, GOOD, REFUSED, Step, drive
from tm_async.errors import NotFound, QuotaExceeded
from tm_async.observe import Attempt, Logged, Wait

FAILED = NotFound(9003, status=500, message="canary")


def ticking() -> Iterator[float]:
    yield from (10.0, 10.25)


def observer(level: int = logging.INFO) -> Logged:
    return Logged(level=level, clock=ticking().__next__)


def members(record: logging.LogRecord) -> dict[str, object]:
    return {name.removeprefix("tm_"): value for name, value in vars(record).items() if name.startswith("tm_")}


def test_a_call(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    drive(observer())
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("tm_async.calls", logging.INFO)
    assert record.getMessage() == "meetings.create ok in 0.250 s (HTTP 200, trace abc)"
    assert members(record) == {
        "operation": "meetings.create",
        "attempts": 1,
        "seconds": 0.25,
        "waited": 0.0,
        "status": 200,
        "code": None,
        "trace_id": "abc",
        "error": None,
    }


@pytest.mark.parametrize(
    ("steps", "error", "said", "name"),
    [
        ([REFUSED], FAILED, "failed with NotFound in 0.250 s (HTTP 500, code 9003, trace def)", "NotFound"),
        (
            [BROKEN, (Wait.BACKOFF, 0.1), Attempt(2, 0.1, 200)],
            None,
            "ok in 0.250 s (HTTP 200, 2 attempts, waited 0.100 s)",
            None,
        ),
        (
            [],
            QuotaExceeded("x", scope="s", seconds=1),
            "failed with QuotaExceeded in 0.250 s (0 attempts)",
            "QuotaExceeded",
        ),
        ([GOOD], asyncio.CancelledError(), "was given up in 0.250 s (HTTP 200, trace abc)", "CancelledError"),
        ([Attempt(1, 0.1)], None, "ok in 0.250 s", None),
    ],
)
def test_how_it_went(
    caplog: pytest.LogCaptureFixture, steps: list[Step], error: BaseException | None, said: str, name: str | None
) -> None:
    caplog.set_level(logging.INFO)
    drive(observer(), steps, error)
    (record,) = caplog.records
    assert record.getMessage() == f"meetings.create {said}"
    assert members(record)["error"] == name
    assert not record.exc_info, "a traceback has the message, which may repeat what was sent"


def test_a_logger_and_a_level_of_ones_own(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    drive(Logged(logging.getLogger("mine"), logging.DEBUG))
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("mine", logging.DEBUG)


def test_nothing_is_watched_while_nobody_listens(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    assert observer().begins(CREATE) is None


def test_no_reserved_name_is_hit(caplog: pytest.LogCaptureFixture) -> None:
    """`logging` refuses some; a plain record shows the rest."""
    plain = logging.getLogger("x").makeRecord("x", logging.INFO, "x.py", 1, "", (), None)
    caplog.set_level(logging.INFO)
    drive(observer())
    (record,) = caplog.records
    new = vars(record).keys() - vars(plain).keys() - {"message", "asctime"}
    assert new == {
        "tm_operation", "tm_attempts", "tm_seconds", "tm_waited", "tm_status", "tm_code", "tm_trace_id", "tm_error",
    }  # fmt: skip
