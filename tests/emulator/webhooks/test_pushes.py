"""Subscribing, retries by the emulator's clock, faults, the journal."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.emulator.conftest import Caller, StandingClock
from tests.emulator.webhooks.conftest import Receiver
from tm_async.emulator import Emulator, PushState

MINUTE = 60


async def push(emulator: Emulator, event: str = "recording.completed", **members: Any) -> None:
    emulator.push(event, {"operator": {"userid": "tester"}, **members})
    await emulator.webhooks.settle()


def states(emulator: Emulator) -> list[str]:
    return [str(one.state) for one in emulator.webhooks.pushes]


async def later(emulator: Emulator, seconds: float) -> None:
    emulator.clock_offset += seconds
    await emulator.webhooks.settle()


async def test_the_check_on_subscribing(emulator: Emulator, receiver: Receiver) -> None:
    await emulator.webhooks.subscribe(receiver)
    assert receiver.checks == 1
    assert await emulator.webhooks.heartbeat() == []
    assert receiver.checks == 2
    receiver.check_answer = lambda text: (500, text)
    (problem,) = await emulator.webhooks.heartbeat()
    assert "HTTP 500" in problem


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (lambda text: (200, f'"{text}"'), "the plain text of check_str, and nothing else"),
        (lambda text: (200, text + "\n"), "the plain text of check_str, and nothing else"),
        (lambda text: (307, text), r"it redirects \(HTTP 307\) to /hook/; the platform does not follow"),
        (lambda text: (404, text), "HTTP 404"),
    ],
)
async def test_addresses_that_answer_otherwise(
    emulator: Emulator, receiver: Receiver, answer: Callable[[str], tuple[int, str]], problem: str
) -> None:
    receiver.check_answer = answer
    with pytest.raises(ValueError, match=f"url: code:10002, .*{problem}"):
        await emulator.webhooks.subscribe(receiver)
    assert emulator.webhooks.subscriptions == []


async def test_an_application_is_asked_at_its_root(emulator: Emulator, receiver: Receiver) -> None:
    receiver.check_answer = lambda text: (404, text)
    with pytest.raises(ValueError, match=r"HTTP 404; an application is asked at /: give hooks\.asgi\(\) itself"):
        await emulator.webhooks.subscribe(receiver)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://example.com/hook", "not a loopback address"),
        ("ftp://127.0.0.1/", "begins with http"),
        ("http://[", "no address"),
        ("http://127.0.0.1:1/", "can't be reached"),
    ],
)
async def test_addresses_of_no_use(emulator: Emulator, url: str, problem: str) -> None:
    with pytest.raises(ValueError, match=f"url: .*{problem}"):
        await emulator.webhooks.subscribe(url)


async def test_an_address_is_subscribed_once(emulator: Emulator, receiver: Receiver) -> None:
    await emulator.webhooks.subscribe(receiver)
    await emulator.webhooks.subscribe(receiver, events=["meeting.end"])
    await push(emulator, "meeting.end")
    await push(emulator, "meeting.created")
    assert receiver.names == ["meeting.end"]
    emulator.webhooks.unsubscribe("http://app")
    await push(emulator, "meeting.end")
    assert receiver.names == ["meeting.end"]
    with pytest.raises(ValueError, match="url: 'http://app' is not subscribed"):
        emulator.webhooks.unsubscribe("http://app")


async def test_keys_of_its_own_and_none(emulator: Emulator) -> None:
    own = Receiver("ExampleToken0123456789abc", None)
    await emulator.webhooks.subscribe(own, token=own.token, plain=True)
    await push(emulator)
    assert own.names == ["recording.completed"]


async def test_three_retries_and_then_it_is_lost(emulator: Emulator, subscribed: Receiver) -> None:
    subscribed.answers = [(500, "")] * 4
    await push(emulator)
    for minutes in (1, 3, 6):
        before = len(subscribed.got)
        await later(emulator, minutes * MINUTE - 1)
        assert len(subscribed.got) == before
        assert states(emulator) == ["waiting"]
        await later(emulator, 1)
        assert len(subscribed.got) == before + 1
    assert states(emulator) == ["lost"]
    await later(emulator, 3600)
    assert len(subscribed.got) == 4
    assert len({one["trace_id"] for one in subscribed.got}) == 1
    assert [one.problem for one in emulator.webhooks.pushes[0].attempts] == ["HTTP 500"] * 4


async def test_a_retry_that_arrives(emulator: Emulator, subscribed: Receiver) -> None:
    subscribed.answers = [(200, "ok")]
    await push(emulator)
    await later(emulator, MINUTE)
    (told,) = emulator.webhooks.pushes
    assert told.state is PushState.RECEIVED
    assert [one.status for one in told.attempts] == [200, 200]
    assert "and nothing else" in (told.attempts[0].problem or "")


async def test_a_redirect_of_a_delivery(emulator: Emulator, subscribed: Receiver) -> None:
    subscribed.answers = [(307, "")]
    await push(emulator)
    (sent,) = emulator.webhooks.pushes
    assert sent.attempts[0].problem == "it redirects (HTTP 307) to /hook/; the platform does not follow"


async def test_no_answer_in_time(emulator: Emulator, receiver: Receiver) -> None:
    async def silent(scope: Any, receive: Any, send: Any) -> None:
        if scope["method"] == "POST":
            await asyncio.get_running_loop().create_future()
        await receiver(scope, receive, send)

    await emulator.webhooks.subscribe(silent, limit=0.01)
    await push(emulator)
    (told,) = emulator.webhooks.pushes
    assert (told.attempts[0].status, told.attempts[0].problem) == (None, "no answer within 0.01 s")


async def test_it_is_pushed_without_waiting_for_it(
    emulator: Emulator, subscribed: Receiver, clock: StandingClock, until: Any
) -> None:
    subscribed.answers = [(503, "")]
    emulator.push("meeting.end", {})
    await until(lambda: subscribed.got)
    emulator.clock_offset = MINUTE
    await until(lambda: len(subscribed.got) == 2)


async def test_faults_of_the_way(emulator: Emulator, subscribed: Receiver) -> None:
    for fault in ("lost-answer", "duplicate", "wrong-signature", "wrong-key", "plain"):
        emulator.webhooks.disturb(fault)
        subscribed.got.clear()
        subscribed.refused.clear()
        await push(emulator)
        seen = (len(subscribed.got), subscribed.refused)
        expected = {
            "lost-answer": (1, []),
            "duplicate": (2, []),
            "wrong-signature": (0, ["signature"]),
            "wrong-key": (0, ["encryption"]),
            "plain": (0, ["encryption"]),
        }
        assert seen == expected[fault], fault
    await later(emulator, MINUTE)
    assert subscribed.names == ["recording.completed"]  # once more, after the lost answer


async def test_faults_of_the_order(emulator: Emulator, subscribed: Receiver) -> None:
    emulator.webhooks.disturb("delayed", event="a", seconds=5)
    emulator.webhooks.disturb("reordered", event="b")
    for event in ("a", "b", "c"):
        await push(emulator, event)
    assert subscribed.names == ["c", "b"]
    await later(emulator, 5)
    assert subscribed.names == ["c", "b", "a"]


async def test_faults_of_what_is_told(emulator: Emulator, subscribed: Receiver) -> None:
    for fault in ("two-items", "unknown-event", "no-operator"):
        emulator.webhooks.disturb(fault)
        await push(emulator, operate_time=1)
    two, unknown, nobody = subscribed.got
    assert [one["operate_time"] for one in two["payload"]] == [1, 2]
    assert unknown["event"] == "emulator.unheard-of"
    assert "operator" not in nobody["payload"][0]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"fault": "nonsense"}, "fault: 'nonsense' is none of lost-answer"),
        ({"fault": "plain", "times": 0}, "times: must be a whole number, 1 or more"),
        ({"fault": "delayed", "seconds": 0}, "seconds: a positive number"),
    ],
)
def test_unusable_faults(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        Emulator().webhooks.disturb(**options)


@pytest.mark.parametrize("item", [{"a": {1}}, {"a": float("nan")}, {("a",): 1}, [1]])
async def test_items_of_no_json(emulator: Emulator, subscribed: Receiver, item: Any) -> None:
    with pytest.raises(ValueError, match="item: no JSON object can be made of it"):
        emulator.push("meeting.end", item)
    emulator.webhooks.disturb("two-items")
    await push(emulator, operate_time="2026")
    assert [one["operate_time"] for one in subscribed.got[0]["payload"]] == ["2026"] * 2


async def test_redelivering(emulator: Emulator, subscribed: Receiver) -> None:
    await push(emulator)
    again = emulator.webhooks.redeliver(1)
    await emulator.webhooks.settle()
    first, second = subscribed.got
    assert first == second
    assert (again.number, again.state) == (2, "received")
    with pytest.raises(ValueError, match="number: 9 is not in the journal"):
        emulator.webhooks.redeliver(9)


async def test_reset_and_restart(emulator: Emulator, subscribed: Receiver) -> None:
    subscribed.answers = [(500, "")]
    await push(emulator)
    await emulator.aclose()
    with pytest.raises(RuntimeError, match="has not been started"):
        await emulator.webhooks.settle()
    await emulator.start()
    await later(emulator, MINUTE)
    assert len(subscribed.got) == 2
    emulator.reset()
    assert (emulator.webhooks.pushes, emulator.webhooks.subscriptions) == ([], [])


async def test_the_control_plane(caller: Caller, subscribed: Receiver) -> None:
    root = caller.emulator.oauth_url + "/_emulator/webhooks"

    async def act(name: str, **body: Any) -> Any:
        return (await caller.http.post(f"{root}/{name}", json=body)).json()

    assert (await act("subscribe", url="http://127.0.0.1:1/"))["error"].startswith("url: code:10002")
    (made,) = (await act("push", event="meeting.end", item={"secret": "not shown"}))["result"]
    assert (await act("settle")) == {}
    assert (await act("redeliver", number=made["number"]))["trace_id"] == made["trace_id"]
    await act("settle")
    answer = await caller.http.get(root)
    shown = answer.json()
    assert shown["subscriptions"] == [{"url": "http://app", "encrypted": True, "events": []}]
    assert [one["state"] for one in shown["pushes"]] == ["received"] * 2
    assert "not shown" not in answer.text
    assert caller.emulator.webhooks.token not in answer.text
    assert (await act("disturb", fault="x"))["error"].startswith("fault: 'x' is none of")
    assert subscribed.names == ["meeting.end"] * 2
