"""A request from a JSON object in the wire's names and types: strict, with every problem named.

For the command line, for batches in files, and for anyone who keeps requests as JSON.
"""

import re
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar, cast

import attrs

from tm_async._util.near import near
from tm_async.core.annotations import Declared, fields
from tm_async.core.classes import per_class
from tm_async.core.codec import is_time, members, reader
from tm_async.core.operation import Operation
from tm_async.core.wire import TimeFormat, is_array, is_object, wire_name
from tm_async.errors import ValidationError, Violation

__all__ = ["keep", "parse", "restore", "unknown_member"]

_TYPE = "type"
_SECONDS = ("seconds", "秒", "1796004000")
_MILLISECONDS = ("milliseconds", "毫秒", "1796004000000")

OperationT = TypeVar("OperationT", bound=Operation[Any])


def parse(operation: type[OperationT], value: Mapping[str, Any], *, local: bool = False) -> OperationT:
    """Build an operation from one flat object of its path, query and body members.

    Numbers may come as text, a file is Base64. With `local`, what only our own rules read is a member, too. Raises
    `ValidationError` with all violations, unknown members among them.
    """
    return _build(operation, value, _local_too if local else members)


def keep(operation: Operation[Any], *, defaults: bool = True) -> dict[str, Any]:
    """An operation as plain JSON values, from which `restore` makes an equal one, in this version or a later one.

    Unlike the wire it has the offsets of times, and what only our own rules read. Without `defaults` it lacks what a
    class says by itself: for telling requests apart, in all versions alike.
    """
    kept: dict[str, Any] = _keep(operation, defaults)
    return kept


def restore(operation: type[OperationT], value: Mapping[str, Any]) -> OperationT:
    """Build an operation from what `keep` gave. Raises `ValidationError`."""
    return _build(operation, value, _everything)


def _keep(value: Any, defaults: bool) -> Any:
    kind = cast("Any", type)(value)
    if attrs.has(kind):
        given = ((a, getattr(value, a.name)) for a in attrs.fields(kind) if a.init)
        said = ((a.name, one) for a, one in given if one is not None and (defaults or one != a.default))
        return {name: _keep(one, defaults) for name, one in said}
    if kind is tuple:
        return [_keep(one, defaults) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return b2a_base64(value, newline=False).decode()
    return value.value if isinstance(value, Enum) else value


@per_class
def _everything(cls: type[Any]) -> Mapping[str, Declared]:
    return {a.name: fields(cls)[a.name] for a in attrs.fields(cls) if a.init}


def _local_too(cls: type) -> Mapping[str, Declared]:
    """The same, with times as on the wire."""
    return _everything(cls)


_Known = Callable[[type], Mapping[str, Declared]]
"""The fields of a class that an object may have."""


def _build(operation: type[OperationT], value: Mapping[str, Any], known: _Known) -> OperationT:
    problems: list[Violation] = []
    arguments = _arguments(operation, value, "", problems, known)
    try:
        built = operation(**arguments)
    except ValidationError as error:
        worded = {one.field: one for one in problems if one.rule == _TYPE}
        problems = [one for one in problems if one.rule != _TYPE]
        problems.extend(worded.get(one.field, one) for one in error.violations)
    else:
        if not problems:
            return built
    raise ValidationError(problems, operation=operation.spec.id)


_GUESSES = 20
"""Problems after which nobody guesses any more what an unknown member was meant to be: a guess takes a while."""


def _arguments(
    cls: type, value: Mapping[str, Any], path: str, problems: list[Violation], known: _Known
) -> dict[str, Any]:
    members = known(cls)
    named = {wire_name(name, said.notes): name for name, said in members.items()} | {name: name for name in members}
    set_by_itself = {a.name for a in attrs.fields(cls) if not a.init}
    arguments: dict[str, Any] = {a.name: None for a in attrs.fields(cls) if a.default is attrs.NOTHING}
    for name, member in cast("Mapping[Any, Any]", value).items():
        if not isinstance(name, str):
            problems.append(Violation(path, "member-name", "has a member whose name is no text", "有字段名不是字符串"))
            continue
        here = f"{path}.{name}" if path else name
        if name in set_by_itself:
            problem, problem_zh = "is set by itself, from what the request is; leave it out", "由请求自动设置，请省略"
            problems.append(Violation(here, "unknown-member", problem, problem_zh))
        elif name in named:
            arguments[named[name]] = _read(members[named[name]], member, here, problems, known)
        else:
            problems.append(unknown_member(here, members if len(problems) < _GUESSES else ()))
    return arguments


def _read(said: Declared, value: Any, path: str, problems: list[Violation], known: _Known) -> Any:
    """What can't be read stays as it is, for the rules to name."""
    if is_time(said):
        return _read_iso(value) if known is _everything else _read_moment(said, value, path, problems)
    if said.items is not None and is_array(value):
        each = said.items
        return tuple(_read(each, one, f"{path}[{index}]", problems, known) for index, one in enumerate(value))
    if is_object(value):
        return said.model(**_arguments(said.model, value, path, problems, known)) if said.model else value
    if isinstance(said.tp, type) and isinstance(value, str):
        return _read_file(value) if said.tp is bytes else _read_number(said.tp, value)
    return value


def _read_moment(said: Declared, value: Any, path: str, problems: list[Violation]) -> Any:
    """What is no moment is told in the words of the wire, not in Python's."""
    if value is None or isinstance(value, datetime):
        return value
    if said.optional and value in (0, "0"):
        return None  # as other clients write it
    try:
        if not isinstance(value, bool):
            return reader(said)(value)
    except (ValueError, TypeError, OverflowError, OSError):
        pass
    milliseconds = said.note(TimeFormat) in (TimeFormat.MILLISECONDS, TimeFormat.MILLISECONDS_TEXT)
    seconds = None if milliseconds else _cut_to_seconds(value)
    if seconds is not None:
        message, message_zh = f"is milliseconds; must be seconds: {seconds}", f"单位是毫秒，应为秒：{seconds}"
    else:
        unit, unit_zh, example = _MILLISECONDS if milliseconds else _SECONDS
        message, message_zh = f"must be UNIX {unit}, such as {example}", f"应为{unit_zh}级时间戳，例如 {example}"
    problems.append(Violation(path, _TYPE, message, message_zh))
    return value


def _cut_to_seconds(value: Any) -> int | None:
    """What milliseconds are in seconds; `None`: it can't be milliseconds."""
    number = int(value) if isinstance(value, str) and re.fullmatch("[0-9]{13}", value) else value
    return number // 1000 if type(number) is int and 10**12 <= number < 10**13 else None


def _read_iso(value: Any) -> Any:
    try:
        return datetime.fromisoformat(value)
    except (ValueError, TypeError):
        return value


def _read_file(text: str) -> Any:
    try:
        return a2b_base64(text, strict_mode=True)
    except ValueError:
        return text


def _read_number(tp: type, text: str) -> int | float | str:
    if issubclass(tp, int) and re.fullmatch(r"-?[0-9]{1,18}", text):
        return int(text)
    if tp is float and re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,18})?", text):
        return float(text)
    return text


def unknown_member(path: str, known: Iterable[str]) -> Violation:
    """The violation of a member that is not among the known ones, with a guess at what was meant."""
    close = near(path.rpartition(".")[2], known, most=1)
    hint, hint_zh = (f"; did you mean {close}?", f"；是否想写 {close}？") if close else ("", "")
    return Violation(path, "unknown-member", f"is not a member{hint}", f"没有这个字段{hint_zh}")
