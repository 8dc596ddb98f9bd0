"""A request from a JSON object in the wire's names and types: strict, with every problem named.

For the command line, for batches in files, and for anyone who keeps requests as JSON.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, TypeVar, get_args, get_origin

import attrs

from tm_async.core.codec import members, read_time, required_type
from tm_async.core.operation import Operation
from tm_async.core.wire import TimeFormat, is_array, is_object
from tm_async.errors import ValidationError, Violation

__all__ = ["parse", "unknown_member"]

OperationT = TypeVar("OperationT", bound=Operation[Any])


def parse(operation: type[OperationT], value: Mapping[str, Any]) -> OperationT:
    """Build an operation from one flat object of its path, query and body members.

    Numbers may come as text. Raises `ValidationError` with all violations, unknown members among them.
    """
    problems: list[Violation] = []
    arguments = _arguments(operation, value, "", problems)
    try:
        built = operation(**arguments)
    except ValidationError as error:
        problems.extend(error.violations)
    else:
        if not problems:
            return built
    raise ValidationError(problems, operation=operation.spec.id)


def _arguments(cls: type, value: Mapping[str, Any], path: str, problems: list[Violation]) -> dict[str, Any]:
    known = members(cls)
    arguments: dict[str, Any] = {a.name: None for a in attrs.fields(cls) if a.default is attrs.NOTHING}
    for name, member in value.items():
        here = f"{path}.{name}" if path else name
        if name in known:
            arguments[name] = _read(required_type(known[name]), member, here, problems)
        else:
            problems.append(unknown_member(here, known))
    return arguments


def _read(tp: Any, value: Any, path: str, problems: list[Violation]) -> Any:
    """What can't be read stays as it is, for the rules to name."""
    if get_origin(tp) is Annotated:
        if any(isinstance(note, TimeFormat) for note in get_args(tp)):
            return _read_moment(value)
        return _read(required_type(get_args(tp)[0]), value, path, problems)
    if get_origin(tp) is tuple and is_array(value):
        item = get_args(tp)[0]
        return tuple(_read(item, one, f"{path}[{index}]", problems) for index, one in enumerate(value))
    if is_object(value):
        model = next((option for option in (tp, *get_args(tp)) if attrs.has(option)), None)
        return model(**_arguments(model, value, path, problems)) if model else value
    if isinstance(tp, type) and isinstance(value, str):
        return _read_number(tp, value)
    return value


def _read_moment(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    try:
        return read_time(value)
    except (ValueError, TypeError, OverflowError, OSError):
        return value


def _read_number(tp: type, text: str) -> int | float | str:
    if issubclass(tp, int) and re.fullmatch(r"-?[0-9]{1,18}", text):
        return int(text)
    if tp is float and re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,18})?", text):
        return float(text)
    return text


def unknown_member(path: str, known: Iterable[str]) -> Violation:
    """The violation of a member that is not among the known ones, with a guess at what was meant."""
    from difflib import get_close_matches

    name = path.rpartition(".")[2]
    close = get_close_matches(name, known, n=1)
    hint, hint_zh = (f"; did you mean {close[0]}?", f"；是否想写 {close[0]}？") if close else ("", "")
    return Violation(path, "unknown-member", f"is not a member{hint}", f"没有这个字段{hint_zh}")
