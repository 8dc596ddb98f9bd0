"""A first call makes the classes that it needs, and a client of one chapter loads no other."""

import json
import subprocess
import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_type_hints

import attrs
import pytest

from tm_async.api.index import operation, operations
from tm_async.api.meetings import CreateMeeting, Meeting

ROOT = Path(__file__).parents[2]

_CREATE = """
import asyncio, enum, json, sys
from datetime import UTC, datetime
import attrs
from tm_async import EnterpriseSecret, TencentMeeting
from tm_async.transport.fake import FakeTransport

async def main():
    auth = EnterpriseSecret(app_id="a", sdk_id="s", secret_id="i", secret_key="k")
    answers = FakeTransport({"meeting_info_list": [{"meeting_id": "1"}]})
    async with TencentMeeting(auth, transport=answers) as tm:
        at = datetime(2037, 12, 1, 10, tzinfo=UTC), datetime(2037, 12, 1, 11, tzinfo=UTC)
        meeting = await tm.meetings.create(userid="tester", subject="Sync", start_time=at[0], end_time=at[1])
        assert meeting.meeting_id == "1"

asyncio.run(main())
modules = [name for name in sys.modules if name.startswith("tm_async.api.")]
made = [
    f"{value.__module__}.{value.__qualname__}"
    for name in modules
    for value in vars(sys.modules[name]).values()
    if isinstance(value, type) and value.__module__ == name
    and (attrs.has(value) or issubclass(value, enum.Enum))
]
compared = [
    f"{value.__module__}.{value.__qualname__}"
    for name, module in list(sys.modules.items()) if name.startswith("tm_async.")
    for value in vars(module).values()
    if isinstance(value, type) and value.__module__ == name
    and "attrs generated" in getattr(value.__eq__, "__code__", main.__code__).co_filename
]
foreign = {"encodings.idna", "html", "urllib.request"} & set(sys.modules)
print(json.dumps([sorted(modules), sorted(made), sorted(compared), sorted(foreign)]))
"""

_MODULES = {
    "meetings",
    "meetings.alike",
    "meetings.create",
    "meetings.models",
    "meetings.recurrence",
    "meetings.resource",
    "shared",
}
_BESIDE = {
    "meetings.alike.Fit",  # says whether an answer is the meeting that was asked for
    "meetings.models.LiveWatermarkOption",
    "meetings.models.OpenAsrView",
    "meetings.recurrence.Weekday",
    "shared.ByCaller",
    "shared.ByOperator",
    "shared.OperatorType",
    "shared.Switch",
}
"""What stands in the same modules and is in no annotation of the call."""
_COMPARED = {"protocol.Charge", "protocol.Rate", "quotas.Quotas"}  # each call looks them up by their hash
"""Classes whose comparison, hash and `repr` are compiled as they are made; those of the others wait until needed."""


def _reached(tp: Any, seen: set[type]) -> Iterator[type]:
    """The classes of the API that an annotation leads to."""
    for inner in get_args(tp):
        yield from _reached(inner, seen)
    if not isinstance(tp, type) or tp in seen or not tp.__module__.startswith("tm_async.api."):
        return
    seen.add(tp)
    if issubclass(tp, Enum):
        yield tp
    elif attrs.has(tp):
        yield tp
        for base in tp.__mro__[1:]:
            yield from _reached(base, seen)
        for hint in get_type_hints(tp, include_extras=True).values():
            yield from _reached(hint, seen)


def test_one_create_makes_the_classes_that_it_needs() -> None:
    """So it costs the same however many chapters and operations there are."""
    done = subprocess.run([sys.executable, "-c", _CREATE], cwd=ROOT, capture_output=True, text=True, check=True)
    modules, made, compared, foreign = json.loads(done.stdout)
    assert {name.removeprefix("tm_async.api.") for name in modules} == _MODULES
    seen: set[type] = set()
    needed = {f"{one.__module__}.{one.__qualname__}" for tp in (CreateMeeting, Meeting) for one in _reached(tp, seen)}
    assert set(made) == needed | {f"tm_async.api.{name}" for name in _BESIDE}
    assert set(compared) == {f"tm_async.quotas.{name}" for name in _COMPARED}
    assert not foreign


_EXCHANGE = """
import asyncio, sys
from tm_async.core.exchange import Request
from tm_async.transport.httpx import HttpxTransport
from tm_async.transport.protocol import Timeout
from tm_async.transport.proxy import environment_proxy
from tm_async.transport.trust import trusted

async def answering(reader, writer):
    while await reader.readline():
        await reader.readuntil(b"\\r\\n\\r\\n")
        writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\n{}")
    writer.close()

async def main():
    server = await asyncio.start_server(answering, "127.0.0.1")
    origin = "http://127.0.0.1:%d" % server.sockets[0].getsockname()[1]
    async with HttpxTransport() as transport:
        for _ in range(2):
            answer = await transport.exchange(Request("GET", "/v1/meetings", origin), (), Timeout())
            assert answer.body == b"{}"
    server.close()

asyncio.run(main())
trusted(trust_env=False)
assert environment_proxy("https://api.meeting.qq.com") is None
heavy = {"httpx", "urllib.request", "http.client", "email.message", "statistics", "encodings.idna"}
print(*heavy & set(sys.modules))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system's settings are asked for a proxy")
def test_the_default_transport_loads_httpx_for_a_client_of_the_users_only() -> None:
    """Nor does it load the tables for names of hosts that are not ASCII."""
    environment = {"PATH": "", "PYTHONPATH": str(ROOT)}  # which names no proxy
    command = [sys.executable, "-c", _EXCHANGE]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert not done.stdout.split()


# --- webhooks ---------------------------------------------------------------------------------------------------------

_KIT = """
import asyncio, json, linecache, sys
import tm_async.core.answer, tm_async.core.jsonbytes, tm_async.config, tm_async.errors
modules, sources = set(sys.modules), set(linecache.cache)
from tm_async.webhooks import MeetingEnded, UnknownEvent, WebhookKeys, Webhooks, receive
loaded = [name for name in sys.modules if name.startswith("tm_async.") and name not in modules]
foreign = {"cryptography", "sqlite3", "email", "http", "ssl", "json.tool", "difflib", "importlib.resources"}
compiled = [name.split()[-1].strip(">") for name in linecache.cache if name not in sources]
print(json.dumps([sorted(loaded), sorted(compiled), sorted(foreign & (set(sys.modules) - modules))]))
"""
_PARTS_OF_THE_KIT = {
    *("acknowledging", "delivery", "handler", "hooks", "keys", "opened", "receiving", "reply", "router", "wire"),
    *("events", "events.base", "events.meetings", "events.names", "events.objects", "events.reading"),
    *("events.registry", "events.spec"),
}


def test_the_webhook_kit_loads_what_it_needs_to_receive_one_event() -> None:
    """Of the events one family, no cryptography before a key is made, and few classes whose methods are compiled."""
    done = subprocess.run([sys.executable, "-c", _KIT], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded, compiled, foreign = json.loads(done.stdout)
    of_the_kit = {f"tm_async.webhooks.{name}" for name in _PARTS_OF_THE_KIT}
    beside = {"tm_async.core.declare", "tm_async.core.device", "tm_async._util.forks", "tm_async._util.logs"}
    assert set(loaded) == {"tm_async.webhooks", *of_the_kit, *beside}
    values = ("delivery.Delivery", "receiving.Challenge", "receiving.Refused", "reply.Reply")
    assert {name.removeprefix("tm_async.webhooks.") for name in compiled} == {*values, "tm_async.core.declare.Part"}
    assert not foreign


# --- one operation by its name ----------------------------------------------------------------------------------------


def test_an_operation_is_found_by_its_name_without_the_other_chapters() -> None:
    code = (
        "import sys\n"
        "from tm_async.api.index import operation\n"
        "assert operation('departments.get').__name__ == 'GetDepartment'\n"
        "print(*(name for name in sys.modules if name.startswith('tm_async.api.')))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {name.removeprefix("tm_async.api.") for name in done.stdout.split()}
    assert loaded == {"index", "shared", "departments", "departments.operations"}


def test_every_operation_is_found_by_its_name() -> None:
    assert {name: operation(name) for name in operations()} == operations()
