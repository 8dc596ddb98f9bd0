"""Every fault, over a real socket, and what it leaves behind."""

import asyncio
from random import Random
from typing import Any

import httpx
import pytest

from tm_async.emulator import FaultRule
from tm_async.emulator.gateway.faults import Faults

LIST = "/v1/meetings?userid=tester&instanceid=1"


def fired(rule: FaultRule, calls: int = 12, operation: str = "meetings.create") -> list[int]:
    faults = Faults(Random(0))
    faults.add(rule)
    return [number for number in range(1, calls + 1) if faults.next(operation) is rule]


def test_which_calls() -> None:
    assert fired(FaultRule(drop="before")) == list(range(1, 13))
    assert fired(FaultRule(drop="before", times=2)) == [1, 2]
    assert fired(FaultRule(drop="before", nth=3)) == [3]
    assert fired(FaultRule(drop="before", every=5)) == [5, 10]
    assert fired(FaultRule(drop="before", every=5, times=1)) == [5]
    assert fired(FaultRule(drop="before", operation="meetings.get")) == []
    assert fired(FaultRule(drop="before", operation="meetings.create", nth=1)) == [1]


def test_probability_is_seeded() -> None:
    some = fired(FaultRule(drop="before", probability=0.3), 1000)
    assert some == fired(FaultRule(drop="before", probability=0.3), 1000)
    assert 230 < len(some) < 370
    assert fired(FaultRule(drop="before", probability=0)) == []
    assert len(fired(FaultRule(drop="before", probability=1))) == 12


def test_the_first_rule_that_fires_acts_and_all_count() -> None:
    faults = Faults(Random(0))
    second, third = FaultRule(nth=2, drop="before"), FaultRule(nth=3, drop="after")
    always = FaultRule(error_code=190310)
    for rule in (second, third, always):
        faults.add(rule)
    assert [faults.next("meetings.get") for _ in range(4)] == [always, second, third, always]
    assert [(item["seen"], item["fired"]) for item in faults.as_list()] == [(4, 1), (4, 1), (4, 2)]


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"nth": 0}, "nth: "),
        ({"every": 1.5}, "every: "),
        ({"times": True}, "times: "),
        ({"probability": 2}, "probability: "),
        ({"delay": -1}, "delay: "),
        ({"delay": float("nan")}, "delay: "),
        ({"delay_answer": "1"}, "delay_answer: "),
        ({"status": 99}, "status: "),
        ({"status": 500.5}, "status: "),
        ({"error_code": "x"}, "error_code: "),
        (
            {"operation": "meeting.create"},
            "operation: 'meeting.create' is not in the catalogue; did you mean meetings.cre",
        ),
        ({"operation": "control.mute"}, "'control.mute' is not in the catalogue; did you mean meeting_control.mute?"),
        ({"operation": "oauth2.token"}, "'oauth2.token' is not in the catalogue; did you mean oauth2."),
        ({"operation": 5}, "operation: 5 is not in the catalogue"),
        ({"message": 5}, "message: "),
        ({"drop": "sometimes"}, "drop: "),
        ({"drop": []}, "drop: "),
        ({"garbage": 5}, "garbage: "),
        ({"headers": []}, "headers: "),
        ({"headers": {"a b": "c"}}, "headers: "),
        ({"headers": {"a": "c\n"}}, "headers: "),
        ({"headers": {"Content-Length": "1"}}, "headers: "),
        ({"nth": 1, "every": 2}, "nth/every: "),
        ({"drop": "after", "garbage": ""}, "drop/garbage: "),
        ({"operation": "meetings.create", "nth": 1, "message": "no"}, "headers: give one, or the rule does nothing"),
    ],
)
def test_impossible_rules(members: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        FaultRule(**members)


async def test_drop_before(caller) -> None:
    caller.emulator.add_fault(FaultRule(operation="meetings.create", drop="before", times=1))
    with pytest.raises(httpx.RemoteProtocolError):
        await caller.create()
    assert not caller.emulator.state.meetings
    (entry,) = caller.emulator.journal
    assert (entry.committed, entry.status, entry.fault) == (
        False,
        None,
        "operation='meetings.create', times=1, drop='before'",
    )
    assert (await caller.create()).is_success


async def test_drop_after(caller) -> None:
    caller.emulator.add_fault(FaultRule(drop="after", nth=1))
    with pytest.raises(httpx.RemoteProtocolError):
        await caller.create()
    (meeting,) = caller.emulator.state.meetings.values()
    (entry,) = caller.emulator.journal
    assert (entry.accepted, entry.committed, entry.status) == (True, True, None)
    assert (await caller.page())["meeting_info_list"][0]["meeting_id"] == meeting.id


async def test_drop_during(caller) -> None:
    caller.emulator.add_fault(FaultRule(drop="during"))
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        await caller.create()
    assert len(caller.emulator.state.meetings) == 1
    assert caller.emulator.journal[0].status == 200


async def test_error_code(caller) -> None:
    caller.emulator.add_fault(FaultRule(error_code=190310, times=1, headers={"Retry-After": "3"}))
    answer = await caller.create()
    assert (answer.status_code, answer.headers["retry-after"]) == (500, "3")
    assert answer.json() == {"error_info": {"error_code": 190310, "message": "too many calls per minute (300 per app)"}}
    caller.emulator.add_fault(FaultRule(error_code=777, status=403, message="no", times=1))
    answer = await caller.create()
    assert (answer.status_code, answer.json()["error_info"]) == (403, {"error_code": 777, "message": "no"})
    assert not caller.emulator.state.meetings
    assert [entry.code for entry in caller.emulator.journal] == [190310, 777]


async def test_status(caller) -> None:
    caller.emulator.add_fault(FaultRule(status=502))
    answer = await caller.create()
    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html")
    assert not caller.emulator.state.meetings
    caller.emulator.clear_faults()
    assert (await caller.create()).is_success


@pytest.mark.parametrize("garbage", ["<html>", b"\xff\x00", ""])
async def test_garbage(caller, garbage: str | bytes) -> None:
    caller.emulator.add_fault(FaultRule(garbage=garbage, times=1))
    answer = await caller.create()
    assert (answer.status_code, answer.content) == (
        200,
        garbage.encode() if isinstance(garbage, str) else garbage,
    )
    caller.emulator.add_fault(FaultRule(garbage=garbage, status=504))
    assert (await caller.create()).status_code == 504
    assert len(caller.emulator.state.meetings) == 2


async def test_date_can_be_replaced(caller) -> None:
    caller.emulator.add_fault(FaultRule(headers={"Date": "Thu, 01 Jan 1970 00:00:00 GMT"}))
    assert (await caller.get(LIST)).headers["date"] == "Thu, 01 Jan 1970 00:00:00 GMT"


async def test_a_refused_call_is_dropped_all_the_same(caller) -> None:
    caller.emulator.add_fault(FaultRule(drop="after"))
    with pytest.raises(httpx.RemoteProtocolError):
        await caller.create(subject="")
    (entry,) = caller.emulator.journal
    assert (entry.accepted, entry.committed, entry.code) == (False, False, 190004)


async def test_faults_do_not_concern_calls_that_the_gateway_refuses(caller) -> None:
    caller.emulator.add_fault(FaultRule(drop="before"))
    assert (await caller.send("GET", LIST, changed={"AppId": "1"})).status_code == 400


async def test_delays(caller, until) -> None:
    """By the emulator's clock: they are over once it was moved so far."""
    emulator = caller.emulator
    emulator.add_fault(FaultRule(operation="meetings.create", delay=5, delay_answer=7))
    call = asyncio.create_task(caller.create())
    for seconds, made in ((5, 0), (7, 1)):
        await until(lambda: emulator.clock.waits)
        await emulator.clock.sleep(seconds - 1)
        assert (emulator.clock.waits, len(emulator.state.meetings), call.done()) == (1, made, False)
        await emulator.clock.sleep(1)
    assert (await call).is_success


async def test_a_caller_who_gives_up_has_created_the_meeting(caller, until) -> None:
    caller.emulator.add_fault(FaultRule(delay_answer=3600))
    waiting = asyncio.create_task(caller.create())
    await until(lambda: caller.emulator.state.meetings)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert caller.emulator.journal[0].committed


async def test_closing_does_not_wait_for_delays(caller, until, caplog) -> None:
    caller.emulator.add_fault(FaultRule(delay=3600))
    waiting = asyncio.create_task(caller.create())
    await until(lambda: caller.emulator.journal)
    async with asyncio.timeout(1):
        await caller.emulator.aclose()
    with pytest.raises(httpx.RemoteProtocolError):
        await waiting
    assert not caller.emulator.state.meetings
    assert not [record for record in caplog.records if record.name.startswith("uvicorn")]


@pytest.mark.usefixtures("a_gap")
async def test_canned_answers_for_what_is_not_emulated(caller) -> None:
    target = "/v1/encryption/public-key"
    caller.emulator.add_fault(FaultRule(operation="audit.set_public_key", garbage='{"a":1}', nth=1))
    caller.emulator.add_fault(FaultRule(operation="audit.set_public_key", error_code=9007, nth=2))
    answer = await caller.send("PUT", target, b"{}")
    assert (answer.status_code, answer.json()) == (200, {"a": 1})
    answer = await caller.send("PUT", target, b"{}")
    assert answer.json()["error_info"]["new_error_code"] == 1000009007
    answer = await caller.send("PUT", target, b"{}")
    assert answer.json()["error_info"]["error_code"] == 200004
