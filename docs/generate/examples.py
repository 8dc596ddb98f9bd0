"""A short example of each call, built from what it requires; what a machine can't guess stands in the tables here.

`tests/meta/test_docs.py` runs every example against the emulator.
"""

import ast
import inspect
from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import attrs

from docs.generate.markdown import filled
from docs.generate.reading import Argument, arguments, is_paged, members
from docs.generate.types import closure, home
from tm_async.batch.mount import BulkCall
from tm_async.core.annotations import required
from tm_async.core.operation import Operation, result_type
from tm_async.core.shown import page_and_row

__all__ = ["example"]

_VALUES = {
    "action": "EnrollAction.APPROVE",
    "area": '"86"',
    "customer_data": 'customer_data("booth 7")',
    "end_time": "end",
    "guests": '[Guest(area="86", phone_number="13800000000", guest_name="Zhang San")]',
    "invitees": '["alice", "bob"]',
    "meeting_code": "meeting.meeting_code",
    "meeting_id": "meeting.meeting_id",
    "ms_open_id_list": '["an ms_open_id"]',
    "operator_id": '"tester"',
    "phone_number": '"13800000000"',
    "reason_code": "1",
    "recurring_rule": "Recurrence.of(series.recurring_rule)",
    "start_time": "start",
    "sub_meeting_id": "series.sub_meetings[0].sub_meeting_id",
    "subject": '"Weekly sync"',
    "userid": '"tester"',
    "welcome_text": '"Welcome, %NICKNAME%"',
}
"""What an argument of this name is given."""

_MORE: Mapping[str, Mapping[str, str]] = {
    "tm.meetings.create": {"invitees": '["alice", "bob"]', "password": '"4321"'},
    "tm.meetings.modify": {"subject": '"Planning"'},
    "tm.meetings.modify_series": {"meeting_id": "series.meeting_id", "subject": '"Planning"'},
    "tm.meetings.cancel_series": {"meeting_id": "series.meeting_id"},
    "tm.meetings.approve_enrollments": {"enroll_id_list": "ids"},
    "tm.meetings.delete_enrollments": {"enroll_id_list": "ids"},
    "tm.meetings.cancel": {"reason_detail": '"Nobody has time"'},
    "tm.meetings.set_enroll_config": {"enroll_number": "100"},
    "tm.meetings.get_quality": {"operator_id": '"admin"', "start_time": "datetime.now(UTC) - timedelta(days=1)"},
    "tm.meetings.get_qos": {"operator_id": '"admin"'},
    "tm.meetings.export_chat": {"operator_id": '"admin"'},
    "tm.meetings.import_enrollments": {"enroll_list": '[Enrollee(userid="alice")]'},
    "tm.meetings.set_virtual_background": {"image": '"https://example.com/background.png"'},
}
"""Arguments of a call, instead of the usual ones or besides."""

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
    "tm.meetings.create_many": """\
requests = ({"userid": "tester", "subject": f"1:1 #{n}", "start_time": start, "end_time": end} for n in range(3))
async for outcome in tm.meetings.create_many(requests):
    print(outcome.index, type(outcome).__name__)
""",
}
"""Examples that are another thing altogether."""

_IMPORTS = {
    "Guest": "tm_async",
    "Recurrence": "tm_async",
    "UTC": "datetime",
    "customer_data": "tm_async.api.meetings",
    "datetime": "datetime",
    "timedelta": "datetime",
}
"""Where names of the tables come from that are no type of their call."""


def example(name: str, mount: Any) -> str:
    """Runnable code that calls what is mounted as `name`, such as `tm.meetings.get`; empty where there is none."""
    if name in _WHOLE:
        return _WHOLE[name].strip()
    if isinstance(mount, BulkCall):
        return ""
    if inspect.isfunction(mount):
        hints = get_type_hints(mount, include_extras=True)
        result = hints.pop("return")
        given = [f"{key}={_value(key, tp)}" for key, tp in hints.items() if _has_no_default(mount, key)]
        body = _plain_call(name, given, result)
        return _with_imports(body, closure([result, *hints.values()]), operations_in=hints.values())
    operation = mount.operation
    types = closure(argument.type for argument in arguments(operation))
    return _with_imports(_BEFORE.get(name, "") + _operation(name, operation), types)


def _has_no_default(function: Any, name: str) -> bool:
    return inspect.signature(function).parameters[name].default is inspect.Parameter.empty


def _operation(name: str, operation: type[Operation[Any]]) -> str:
    given = _given(operation, _MORE.get(name, {}))
    if is_paged(operation):
        row = page_and_row(operation)[1]
        return f"{filled(f'async for row in {name}(', given, '):')}\n    print(row.{members(row)[0].name})"
    return _plain_call(name, given, result_type(operation))


def _plain_call(name: str, given: list[str], result: Any) -> str:
    found = required(result)
    if found in (None, NoneType):
        return filled(f"await {name}(", given, ")")
    call = filled(f"answer = await {name}(", given, ")")
    shown = "answer" if found is not result or not members(found) else f"answer.{members(found)[0].name}"
    return f"{call}\nprint({shown})"


def _given(cls: type[Any], more: Mapping[str, str]) -> list[str]:
    """The arguments of a call: required ones, somebody who asks, and those of the tables."""
    known = {argument.name: argument for argument in arguments(cls)}
    named = [name for name, argument in known.items() if argument.is_required]
    named += _who_asks(known)
    of_series = more.get("meeting_id") or ("series.meeting_id" if "sub_meeting_id" in named else None)
    values = {name: _value(name, known[name].type) for name in named} | dict(more)
    if of_series and "meeting_id" in values:
        values["meeting_id"] = of_series
    return [f"{name}={value}" for name, value in values.items()]


def _who_asks(known: Mapping[str, Argument]) -> list[str]:
    """Queries that leave the choice of userid or operator_id need one of them."""
    optional = [name for name in ("operator_id", "userid") if name in known and not known[name].is_required]
    if len(optional) < 2:
        return []
    return ["operator_id"] if known["operator_id_type"].is_derived else ["userid"]


def _value(name: str, tp: Any) -> str:
    """Something that may be given as an argument."""
    if name in _VALUES:
        return _VALUES[name]
    bare = required(tp)
    origin, args = get_origin(bare), get_args(bare)
    if origin in (Annotated, Union, UnionType):
        return _value(name, args[0])
    if origin is not None:
        return f"[{_value('', args[0])}]"
    if isinstance(bare, type) and issubclass(bare, Enum):
        return f"{bare.__name__}.{next(iter(bare)).name}"
    if isinstance(bare, type) and attrs.has(bare):
        return f"{bare.__name__}({', '.join(_given(bare, {}))})"
    return {bool: "True", int: "1", float: "1.0", datetime: "start"}.get(bare, '"text"')


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
