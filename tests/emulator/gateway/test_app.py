"""Refusals over a real socket: status, code, new_error_code, log line and journal."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tm_async.emulator import Emulator

LIST = "/v1/meetings?userid=tester&instanceid=1"


def refused(answer: httpx.Response, status: int, number: int, new: int | None = None) -> str:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-tc-trace"]
    info = answer.json()["error_info"]
    expected: dict[str, Any] = {"error_code": number}
    if new is not None:
        expected["new_error_code"] = new
    message = info["message"]
    assert info == {**expected, "message": message}
    return str(message)


@pytest.mark.parametrize(
    ("changed", "status", "number", "new"),
    [
        ({"X-TC-Key": None}, 400, 200001, None),
        ({"Content-Type": None}, 400, 200001, None),
        ({"Content-Type": "text/xml"}, 400, 200006, None),
        ({"X-TC-Key": "AKIDOTHER"}, 400, 190303, 200190303),
        ({"AppId": "1"}, 400, 190303, 200190303),
        ({"SdkId": ""}, 400, 190303, 200190303),
        ({"SdkId": None}, 400, 190303, 200190303),
        ({"X-TC-Timestamp": "1"}, 400, 190300, None),
        ({"X-TC-Signature": "eA=="}, 400, 200003, None),
        ({"X-TC-Registered": "0"}, 400, 200003, None),
        ({"X-TC-Registered": None}, 400, 200003, None),
    ],
)
async def test_headers(caller, changed, status, number, new, caplog) -> None:
    answer = await caller.send("GET", LIST, changed=changed)
    message = refused(answer, status, number, new)
    (entry,) = caller.emulator.journal
    assert (entry.accepted, entry.code, entry.committed) == (False, number, False)
    assert entry.reason
    assert entry.reason in message
    (record,) = [record for record in caplog.records if record.name == "tm_async.emulator"]
    assert record.levelno == logging.WARNING
    assert record.getMessage() == f"meetings.list refused with {number}: {entry.reason}"
    assert caller.emulator.secret_key not in caplog.text + answer.text + str(entry)


async def test_replay(caller) -> None:
    headers = caller.headers("GET", LIST)
    assert (await caller.send("GET", LIST, changed=headers)).status_code == 200
    refused(await caller.send("GET", LIST, changed=headers), 400, 190301)
    caller.emulator.reset()
    assert (await caller.send("GET", LIST, changed=headers)).status_code == 200


async def test_clock_offset(caller) -> None:
    headers = caller.headers("GET", LIST)
    caller.emulator.clock_offset = 301
    answer = await caller.send("GET", LIST, changed=headers)
    assert "-301 s off" in refused(answer, 400, 190300)
    # The Date header tells the emulator's time, so that a client can correct its own.
    assert answer.headers["date"] == "Thu, 28 May 2026 20:31:41 GMT"
    assert (await caller.get(LIST)).status_code == 200


@pytest.mark.usefixtures("a_gap")
async def test_unknown_and_unemulated_operations(caller, caplog) -> None:
    refused(await caller.get("/v1/nothing"), 400, 200004)
    refused(await caller.send("PATCH", "/v1/meetings"), 400, 200004)
    message = refused(await caller.send("PUT", "/v1/encryption/public-key", b"{}"), 400, 200004)
    assert "audit.set_public_key is documented but not emulated" in message
    refused(await caller.get(LIST + "&page_size=5"), 400, 200004)
    refused(await caller.get("/v1/meetings/1?operator_id=x&operator_id_type=2&instanceid=1"), 400, 200004)
    records = [record for record in caplog.records if record.name == "tm_async.emulator"]
    assert [record.levelno for record in records] == [logging.ERROR] * 5
    assert "audit.set_public_key" in records[2].getMessage()


@pytest.mark.usefixtures("a_gap")
async def test_an_unemulated_operation_needs_a_signature_too(caller) -> None:
    answer = await caller.send("PUT", "/v1/encryption/public-key", b"{}", changed={"X-TC-Signature": "x"})
    refused(answer, 400, 200003)


@pytest.mark.parametrize(
    ("body", "number"),
    [
        (b"", 200005),
        (b"{", 200005),
        (b"\xff", 200005),
        (b"[" * 100_000, 200005),
        (b"[]", 200006),
        (b"1", 200006),
    ],
)
async def test_bodies(caller, body: bytes, number: int) -> None:
    refused(await caller.send("POST", "/v1/meetings", body), 400, number)


async def test_bodies_are_bounded(caller) -> None:
    message = refused(await caller.send("POST", "/v1/meetings", b" " * (24 * 1024 * 1024 + 1)), 400, 200006)
    assert "25165824 bytes" in message
    assert (await caller.create(subject="x" * 200_000)).json()["error_info"]["error_code"] == 190004


async def test_every_answer_has_its_own_trace(caller) -> None:
    traces = {(await caller.get(LIST)).headers["x-tc-trace"] for _ in range(5)}
    caller.emulator.reset()
    traces |= {(await caller.get(LIST)).headers["x-tc-trace"] for _ in range(5)}
    assert len(traces) == 10
    assert {entry.trace for entry in caller.emulator.journal} < traces


async def test_journal_holds_no_secrets_and_is_bounded(clock, calling) -> None:
    async with Emulator(clock=clock, journal_length=3) as emulator:
        caller = calling(emulator)
        for _ in range(5):
            await caller.created(password="987654", nonsense=1)
        assert [entry.number for entry in emulator.journal] == [3, 4, 5]
        entry = emulator.journal[-1]
        assert (entry.operation, entry.method, entry.target) == ("meetings.create", "POST", "/v1/meetings")
        assert (entry.accepted, entry.committed, entry.status, entry.time) == (True, True, 200, clock.now)
        assert entry.ignored == ("nonsense",)
        assert "987654" not in str(emulator.journal)


async def test_sdk_id_none(clock, calling: Callable[[Emulator], Any]) -> None:
    async with Emulator(clock=clock, sdk_id=None) as emulator:
        caller = calling(emulator)
        assert "TENCENT_MEETING_SDK_ID" not in emulator.env
        assert (await caller.send("GET", LIST, changed={"SdkId": None})).status_code == 200
        refused(await caller.send("GET", LIST, changed={"SdkId": "1"}), 400, 190303, 200190303)


async def test_header_case(clock, calling: Callable[[Emulator], Any]) -> None:
    lower = {"SdkId": None, "X-TC-Registered": None, "sdkid": None, "x-tc-registered": "1"}
    async with Emulator(clock=clock) as lenient:
        assert (await calling(lenient).send("GET", LIST, changed=lower | {"sdkid": lenient.sdk_id})).is_success
    async with Emulator(clock=clock, strict_header_case=True) as strict:
        caller = calling(strict)
        assert (await caller.get(LIST)).is_success
        answer = await caller.send("GET", LIST, changed=lower | {"SdkId": strict.sdk_id})
        refused(answer, 400, 200003)
        refused(await caller.send("GET", LIST, changed=lower | {"sdkid": strict.sdk_id}), 400, 190303, 200190303)


async def raw(emulator: Emulator, target: str, headers: dict[str, str]) -> bytes:
    """One GET with a target that no client library touches."""
    port = int(emulator.base_url.split(":")[2].split("/")[0])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    writer.write(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}Connection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


@pytest.mark.parametrize(
    "target",
    [
        LIST,
        "/v1/meetings?userid=%74ester&instanceid=1&note=123%2B123&x=a%20b+c",
        "/v1/meetings?instanceid=1&userid=tester&&",
        "/v1/%6Deetings?userid=tester&instanceid=1",
        "/v1/meetings?",
        "/v1/meetings/zhang%20san%2B%E5%BC%A0%2f?userid=tester&instanceid=1",
    ],
)
async def test_the_raw_target_is_signed(caller, target: str) -> None:
    await raw(caller.emulator, target, caller.headers("GET", target))
    (entry,) = caller.emulator.journal
    assert entry.target == target
    assert entry.code != 200003


async def test_absolute_form_of_the_target(caller) -> None:
    answer = await raw(caller.emulator, "http://api.meeting.qq.com" + LIST, caller.headers("GET", LIST))
    assert answer.startswith(b"HTTP/1.1 200 ")


async def test_one_connection_carries_many_calls_at_once(caller) -> None:
    port = int(caller.emulator.base_url.split(":")[2].split("/")[0])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number in range(5):
        last = "Connection: close\r\n" if number == 4 else ""
        head = "".join(f"{name}: {value}\r\n" for name, value in caller.headers("GET", LIST).items())
        writer.write(f"GET {LIST} HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}{last}\r\n".encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert answer.count(b"HTTP/1.1 200 ") == 5


async def test_quotas(clock, calling: Callable[[Emulator], Any]) -> None:
    async with Emulator(clock=clock, enforce_quotas=True) as emulator:
        caller = calling(emulator)
        for _ in range(300):
            assert (await caller.get(LIST)).is_success
        refused(await caller.get(LIST), 500, 190310)
        clock.now += 60
        assert (await caller.create()).is_success
        for _ in range(1999):
            emulator._backend.quotas.creation("tester", clock.now)
        refused(await caller.create(), 500, 500029)
        assert (await caller.create(userid="alice")).is_success


async def test_a_caller_who_leaves_in_the_middle(caller, until, caplog) -> None:
    port = int(caller.emulator.base_url.split(":")[2].split("/")[0])
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /v1/meetings HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n{")
    connections = caller.emulator._connections
    await until(lambda: connections.tasks)
    writer.close()
    await writer.wait_closed()
    await until(lambda: not connections.tasks)
    assert caller.emulator.journal == []
    assert not caplog.records
