"""Drafts of what belongs to an operation beside its class: a sample, and a test that sends it to the emulator.

Values are made up from the field table; `spec.scaffold` prints them.
"""

import json
import keyword
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any

from tm_async.api.index import operations
from tm_async.spec.catalogue import entry
from tm_async.spec.shape import Limits, Shape, answer_shape, request_shape

__all__ = ["argument", "camel", "draft_sample", "draft_test", "package_of", "singular"]

_NOON = 1796097600
"""12:00 in China on the 1st of December, 2026."""
_KNOWN: Mapping[str, str] = {
    "area": "86",
    "email": "zhangsan@example.com",
    "meeting_code": "806146667",
    "meeting_id": "7567173273889276131",
    "operator_id": "tester",
    "operator_userid": "tester",
    "phone": "13800138000",
    "phone_number": "13800138000",
    "userid": "tester",
    "username": "张三",
}
"""Members that are the same in all samples."""
_OTHERS: Mapping[str, Any] = {"boolean": True, "binary": b64encode(b"text").decode()}
_TRIED = ("text", "123456", "1234", "1", "A1b2", "a" * 8)
"""Of these, one fits a documented pattern."""


@cache
def package_of(chapter: str) -> str:
    """The package in `tm_async/api/`, and mount of the client, that a chapter's calls are in; else of its own name."""
    homes = Counter(
        cls.__module__.split(".")[2]
        for cls in operations().values()
        if cls.spec.catalogue_id.partition(".")[0] == chapter
    )
    return homes.most_common(1)[0][0] if homes else chapter


def argument(name: str) -> str:
    """Python's name of a member: `department_id` of `departmentId`, `from_` of `from`."""
    ours = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    return f"{ours}_" if keyword.iskeyword(ours) else ours


def camel(name: str) -> str:
    """The name of a class, made of that of a member."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def singular(name: str) -> str:
    """The name of a row, made of that of a list."""
    return name.removesuffix("_list").removesuffix("s")


def draft_sample(operation: str) -> str:
    """The text of a sample: what has to be given, and an answer with all members."""
    answer = answer_shape(operation)
    sample = {
        "arguments": {name: _value(shape) for name, shape in _required(operation).items()},
        "answer": {} if answer is None else _value(answer),
        "source": "arguments and answer made up from the field table",
    }
    return json.dumps(sample, ensure_ascii=False, indent=2)


def draft_test(operation: str) -> str:
    """The text of a test that makes the call; what it has to answer is its author's."""
    chapter, _, name = operation.partition(".")
    given = ", ".join(f"{argument(one)}={_python(shape, one)}" for one, shape in _required(operation).items())
    call = f"tm.{package_of(chapter)}.{name}({given})"
    lines = ["from tm_async import TencentMeeting", "", ""]
    if "datetime(" in call:
        lines = ["from datetime import UTC, datetime", "", *lines]
    lines += [f"async def test_{name}(tm: TencentMeeting) -> None:"]
    if entry(operation).raw["pagination"]["style"]:
        lines += [f"    rows = await {call}.collect()", "    assert rows == []"]
    elif (answer := answer_shape(operation)) and answer.members:
        lines += [f"    answered = await {call}"]
        plain = [shape for shape in answer.members.values() if shape.kind not in ("array", "object")]
        lines += [f"    assert answered.{argument(one.name)} == {_python(one, one.name)}" for one in plain[:1]]
    else:
        lines += [f"    await {call}"]
    return "\n".join(lines)


def _required(operation: str) -> dict[str, Shape]:
    asked = request_shape(operation)
    members = {**asked.path.members, **asked.query.members, **(asked.body.members if asked.body else {})}
    return {name: shape for name, shape in members.items() if not shape.optional or name in asked.path.members}


# --- values -----------------------------------------------------------------------------------------------------------


def _value(shape: Shape) -> Any:
    """Something of a documented type, within its limits, as JSON has it."""
    if shape.kind == "object":
        return {name: _value(member) for name, member in shape.members.items()}
    if shape.kind == "array":
        return [] if shape.items is None else [_value(shape.items)] * max(1, shape.limits.min_items or 0)
    if shape.kind in _OTHERS:
        return _OTHERS[shape.kind]
    if shape.enum:
        first = next(iter(shape.enum))
        return int(first) if shape.kind == "integer" else first
    if shape.kind in ("integer", "number"):
        return _number(shape)
    return str(_number(shape)) if shape.unit in ("seconds", "milliseconds") else _text(shape)


def _number(shape: Shape) -> float:
    if shape.unit in ("seconds", "milliseconds") and shape.limits.maximum is None:
        return _moment(shape) * (1000 if shape.unit == "milliseconds" else 1)
    least = 1 if shape.limits.minimum is None else shape.limits.minimum
    number = least if shape.limits.maximum is None else min(max(least, 1), shape.limits.maximum)
    return float(number) if shape.kind == "number" else number


def _moment(shape: Shape) -> int:
    return _NOON + 3600 if shape.name.startswith("end") else _NOON


def _text(shape: Shape) -> str:
    limits = shape.limits
    tried = [_KNOWN.get(argument(shape.name), _TRIED[0]), *_TRIED]
    return next((text for text in tried if _fits(text, limits)), tried[0])


def _fits(text: str, limits: Limits) -> bool:
    if limits.pattern is not None and not re.fullmatch(limits.pattern, text):
        return False
    most = (limits.max_length, limits.max_bytes, limits.max_width)
    return len(text) >= (limits.min_length or 0) and all(one is None or len(text.encode()) <= one for one in most)


def _python(shape: Shape, name: str) -> str:
    """The same as an argument of a call, objects as the classes that a draft has."""
    if shape.kind == "object":
        members = (f"{argument(one)}={_python(member, one)}" for one, member in shape.members.items())
        return f"{camel(name) or 'Item'}({', '.join(members)})"
    if shape.kind == "array":
        item = _python(shape.items, singular(name)) if shape.items else ""
        return f"[{', '.join([item] * max(1, shape.limits.min_items or 0))}]"
    if shape.unit in ("seconds", "milliseconds") and shape.kind in ("integer", "string"):
        return f"datetime.fromtimestamp({_moment(shape)}, UTC)"
    return json.dumps(_value(shape), ensure_ascii=False) if isinstance(_value(shape), str) else repr(_value(shape))
