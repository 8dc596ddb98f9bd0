"""A short example of each call, made from its sample; what the reader has at hand, or a sample can't show, is here.

`tests/meta/test_docs.py` runs every example against the emulator.
"""

import ast
import inspect
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import Enum
from types import NoneType
from typing import Any

import attrs

from docs.generate.markdown import filled
from docs.generate.reading import Argument, arguments, hints_of, is_paged, members
from docs.generate.types import closure, home
from tm_async.api.meetings import Invitee
from tm_async.api.shared import User
from tm_async.batch.mount import BulkCall
from tm_async.core.annotations import Declared, declared, fields
from tm_async.core.operation import Operation, result_type
from tm_async.core.parse import parse
from tm_async.core.shown import page_and_row
from tm_async.spec import sample as samples

__all__ = ["example"]

_HERE = {
    "customer_data": 'customer_data("booth 7")',
    "end_time": "end",
    "meeting_code": "meeting.meeting_code",
    "meeting_id": "meeting.meeting_id",
    "pos": "start",
    "recurring_rule": "Recurrence.of(series.recurring_rule)",
    "start_time": "start",
    "sub_meeting_id": "series.sub_meetings[0].sub_meeting_id",
}
"""Arguments that stand for something that the reader has at hand, instead of the sample's."""

_OTHERWISE: Mapping[str, Mapping[str, str]] = {
    "tm.meetings.modify_series": {"meeting_id": "series.meeting_id"},
    "tm.meetings.cancel_series": {"meeting_id": "series.meeting_id"},
    "tm.meetings.approve_enrollments": {"enroll_id_list": "ids"},
    "tm.meetings.delete_enrollments": {"enroll_id_list": "ids"},
    "tm.meetings.get_quality": {"start_time": "datetime.now(UTC) - timedelta(days=1)"},
}
"""The same for single calls."""

_ENROLLED = """\
enrolled = tm.meetings.list_enrollments(meeting_id=meeting.meeting_id, operator_id="tester")
ids = [row.enroll_id async for row in enrolled]
"""
_BEFORE = {"tm.meetings.approve_enrollments": _ENROLLED, "tm.meetings.delete_enrollments": _ENROLLED}
"""What has to be asked first."""

_WHOLE = {
    "tm.meetings.reconcile": """\
from datetime import UTC, datetime
from tm_async import CreateMeeting, Found

create = CreateMeeting(userid="tester", subject="Kick-off", start_time=start, end_time=end)
since = datetime.now(UTC)
await tm.send(create)
match await tm.meetings.reconcile(create, since=since):
    case Found(result=found):
        print(found.meeting_code)
    case other:
        print(other)
""",
    "tm.control.session": """\
async with tm.control.session(meeting.meeting_id, userid="tester") as room:
    await room.mute_all(but=["alice"])
    reached = await room.remove("Somebody", may_return=True)
    print([one.user_name for one in reached.people], [(one.who, one.reason) for one in reached.missed])
""",
    "tm.layouts.arrange": """\
from tm_async.api.layouts import GridType, SeatPage

plan = [SeatPage(["tester", "alice", GridType.SHARED_SCREEN])]
arranged = await tm.layouts.arrange(meeting.meeting_id, plan, userid="tester")
print(arranged.layout_id, arranged.missed, arranged.differences)
""",
    "tm.votes.ask": """\
from tm_async.api.votes import Poll

poll = await tm.votes.ask(meeting.meeting_id, Poll("Lunch?", single=["Here", "There"]), userid="tester")
result = await poll.finish()
print(result.voters, [(option.text, option.votes) for option in result.questions[0].options])
""",
    "tm.recordings.download": """\
async with tm.recordings.download("1621234567890", to="kick-off.mp4", operator_id="tester") as download:
    async for progress in download:
        print(progress.received, "of", progress.total)
print(download.saved.path)
""",
    "tm.recordings.save": """\
saved = await tm.recordings.save("1621234567890", to="said.txt", operator_id="tester", kind="transcript")
print(saved.path, saved.size)
""",
    "tm.meetings.create_many": """\
requests = ({"userid": "tester", "subject": f"1:1 #{n}", "start_time": start, "end_time": end} for n in range(3))
async for outcome in tm.meetings.create_many(requests):
    print(outcome.index, type(outcome).__name__)
""",
    "tm.rooms.find_free": """\
async for room in tm.rooms.find_free(start, end, operator_id="admin", capacity=8):
    print(room.meeting_room_name)
    break  # the smallest that will do
""",
}
"""Examples that are another thing altogether."""

_FUNCTIONS: Mapping[str, Mapping[str, str]] = {
    "tm.meetings.create_with_invitees": {
        "request": 'CreateMeeting(userid="tester", subject="Weekly sync", start_time=start, end_time=end)',
        "invitees": '["alice", "bob"]',
    },
    "tm.meetings.add_invitees": {
        "meeting_id": "meeting.meeting_id",
        "userid": '"tester"',
        "invitees": '["alice", "bob"]',
    },
    "tm.meetings.remove_invitees": {
        "meeting_id": "meeting.meeting_id",
        "userid": '"tester"',
        "invitees": '["alice", "bob"]',
    },
    "tm.rooms.add_room": {
        "meeting_id": "meeting.meeting_id",
        "operator_id": '"admin"',
        "meeting_room_id": '"100003"',
        "booked": '["100001", "100002"]',
    },
    "tm.rooms.remove_room": {
        "meeting_id": "meeting.meeting_id",
        "operator_id": '"admin"',
        "meeting_room_id": '"100001"',
    },
    "tm.rooms.wait_answer": {
        "meeting_id": "meeting.meeting_id",
        "operator_id": '"admin"',
        "meeting_room_id": '"100001"',
    },
    "tm.layouts.restore_default": {"meeting_id": "meeting.meeting_id", "userid": '"tester"'},
    "tm.recordings.upload": {"path": '"weekly.mp4"', "operator_id": '"tester"'},
    "tm.recordings.read_transcript": {"operator_id": '"tester"', "record_file_id": '"1465500000000069281"'},
    "tm.recordings.read_notes": {"operator_id": '"tester"', "record_file_id": '"1465500000000069281"'},
    "tm.recordings.wait_ready": {
        "operation": 'GetMinutes(operator_id="tester", record_file_id="1465500000000069281")',
    },
    "tm.recordings.wait_done": {"operator_id": '"tester"', "meeting_id": "meeting.meeting_id"},
    "tm.users.find": {"operator_id": '"admin"', "email": '"zhangsan@example.com"'},
}
"""What the calls are given that are built on others."""

_IMPORTS = {
    "CreateMeeting": "tm_async",
    "GetMinutes": "tm_async.api.recordings",
    "Guest": "tm_async",
    "Recurrence": "tm_async",
    "UTC": "datetime",
    "customer_data": "tm_async.api.meetings",
    "datetime": "datetime",
    "timedelta": "datetime",
}
"""Where names of the tables come from that are no type of their call."""


def sample(operation: str) -> Mapping[str, Any]:
    """The sample of an operation, which has one."""
    found = samples.sample(operation)
    if found is None:
        raise LookupError(f"spec/samples/{operation}.json is missing: it has arguments, answer, source")
    return found


def example(name: str, mount: Any) -> str:
    """Runnable code that calls what is mounted as `name`, such as `tm.meetings.get`; empty where there is none."""
    if name in _WHOLE:
        return _WHOLE[name].strip()
    if isinstance(mount, BulkCall):
        return ""
    if inspect.isfunction(mount):
        hints = hints_of(mount)
        result = hints.pop("return")
        given = [f"{key}={_FUNCTIONS[name][key]}" for key in _FUNCTIONS[name]]
        body = _plain_call(name, given, result)
        return _with_imports(body, closure([result, *hints.values()]), operations_in=hints.values())
    operation = mount.operation
    types = closure(argument.type for argument in arguments(operation))
    return _with_imports(_BEFORE.get(name, "") + _operation(name, operation), types)


def _operation(name: str, operation: type[Operation[Any]]) -> str:
    given = _given(name, operation)
    if is_paged(operation):
        row = page_and_row(operation)[1]
        shown = f"row.{members(row)[0].name}" if attrs.has(row) else "row"
        return f"{filled(f'async for row in {name}(', given, '):')}\n    print({shown})"
    return _plain_call(name, given, result_type(operation))


def _plain_call(name: str, given: list[str], result: Any) -> str:
    found = declared(result).tp
    if found in (None, NoneType):
        return filled(f"await {name}(", given, ")")
    call = filled(f"answer = await {name}(", given, ")")
    has_members = found is result and attrs.has(found) and members(found)
    return f"{call}\nprint({f'answer.{members(found)[0].name}' if has_members else 'answer'})"


def _given(name: str, operation: type[Operation[Any]]) -> list[str]:
    """The arguments of a call, as its sample has them, without what is so by itself."""
    request = parse(operation, sample(operation.spec.id)["arguments"], local=True)
    here = _HERE | dict(_OTHERWISE.get(name, {}))
    if getattr(request, "sub_meeting_id", None):
        here["meeting_id"] = here["meeting_id"].replace("meeting.", "series.")
    types = fields(operation)
    return [
        f"{argument.name}={here.get(argument.name) or _literal(getattr(request, argument.name), types[argument.name])}"
        for argument in arguments(operation)
        if not _goes_without_saying(argument, request)
    ]


def _goes_without_saying(argument: Argument, request: Operation[Any]) -> bool:
    value = getattr(request, argument.name)
    if argument.is_derived:
        return bool(value == argument.default.factory(request))
    return bool(value == argument.default)


def _literal(value: Any, said: Declared | None = None) -> str:
    """A value as one would write it."""
    if said is not None and isinstance(said.tp, type) and issubclass(said.tp, Enum):
        value = said.tp(value)
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, datetime):
        return f"datetime({value:%Y, %-m, %-d, %-H, %-M}, tzinfo=UTC)"
    if isinstance(value, tuple):
        return f"[{', '.join(_literal(one, said and said.items) for one in value)}]"
    kind = type(value)
    if attrs.has(kind):
        given = {a.name: getattr(value, a.name) for a in attrs.fields(kind) if getattr(value, a.name) != a.default}
        if isinstance(value, User | Invitee) and set(given) == {"userid"}:
            return _literal(value.userid)  # which can be given in its place
        types = fields(kind)
        return f"{kind.__name__}({', '.join(f'{name}={_literal(one, types[name])}' for name, one in given.items())})"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


# --- imports ----------------------------------------------------------------------------------------------------------


def _with_imports(body: str, types: list[type[Any]], operations_in: Any = ()) -> str:
    """Code with an import of each name of ours that it uses."""
    homes = {cls.__name__: home(cls) for cls in [*types, *_operations(operations_in)]} | _IMPORTS
    used = {node.id for node in ast.walk(_parsed(body)) if isinstance(node, ast.Name)} & set(homes)
    places = {place: sorted(name for name in used if homes[name] == place) for place in map(homes.get, sorted(used))}
    lines = [f"from {place} import {', '.join(names)}" for place, names in sorted(places.items())]
    return "\n".join([*lines, "", body] if lines else [body])


def _parsed(body: str) -> ast.AST:
    tree: ast.AST = compile(body, "example", "exec", flags=ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    return tree


def _operations(types: Any) -> Iterator[type[Any]]:
    for tp in types:
        if isinstance(tp, type) and issubclass(tp, Operation):
            yield tp
