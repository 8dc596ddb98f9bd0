"""Acts of the control plane, made from the public methods of a handle: `emulator.meetings.join(...)`, over HTTP.

The path is the method's name, the body has its arguments, and the answer is what it gives back.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from attrs import AttrsInstance, asdict, frozen, has

__all__ = ["Act", "acts_of", "as_json"]


@frozen
class Act:
    """One act: where it is, what it does with the JSON of a request, and a line on it for the index."""

    path: str
    run: Callable[[Any], object]
    line: str


def acts_of(name: str, handle: object) -> Iterator[Act]:
    """An act for each public method of a handle's class."""
    for method_name, function in vars(type(handle)).items():
        if not method_name.startswith("_") and inspect.isfunction(function):
            bound = getattr(handle, method_name)
            path = f"/_emulator/{name}/{method_name.replace('_', '-')}"
            parameters = ", ".join(inspect.signature(bound).parameters)
            yield Act(path, _running(bound), f"{inspect.getdoc(bound)} ({parameters})".replace("\n", " "))


def _running(method: Callable[..., object]) -> Callable[[Any], object]:
    parameters = inspect.signature(method).parameters
    kinds = get_type_hints(method)

    def run(body: Any) -> object:
        if not isinstance(body, dict):
            raise ValueError("body: a JSON object is expected")  # noqa: TRY004 - answered as bad input
        given = {name: value for name, value in cast("dict[str, Any]", body).items() if value is not None}
        for name, value in given.items():
            if name not in parameters:
                raise ValueError(f"{name}: unknown, the members are {', '.join(parameters)}")
            _check(name, value, kinds[name])
        for name, parameter in parameters.items():
            if name not in given and parameter.default is parameter.empty:
                raise ValueError(f"{name}: is missing")
        made = method(**given)
        return _awaited(cast("Awaitable[object]", made)) if isinstance(made, Awaitable) else as_json(made)

    return run


async def _awaited(made: Awaitable[object]) -> object:
    return as_json(await made)


def _check(path: str, value: Any, kind: Any) -> None:
    """`ValueError` for JSON that does not fit a type; anything goes inside of objects."""
    kinds = [each for each in _choices(kind) if _is_of(value, each)]
    if not kinds:
        names = (_named(each) for each in _choices(kind) if each is not NoneType)
        raise ValueError(f"{path}: must be of type {' or '.join(names)}")
    if isinstance(value, list):
        for index, item in enumerate(cast("Sequence[object]", value)):
            _check(f"{path}[{index}]", item, get_args(kinds[0])[0])


def _choices(kind: Any) -> Sequence[Any]:
    return get_args(kind) if get_origin(kind) in {Union, UnionType} else (kind,)


def _is_of(value: Any, kind: Any) -> bool:
    origin = get_origin(kind) or kind
    if origin in {Sequence, list}:
        return isinstance(value, list)
    if origin in {Mapping, dict}:
        return isinstance(value, dict)
    return type(value) is kind or (kind is float and type(value) is int)


def _named(kind: Any) -> str:
    origin = get_origin(kind) or kind
    return {Sequence: "list", Mapping: "object"}.get(origin, getattr(origin, "__name__", str(origin)))


def as_json(value: object) -> object:
    """What an act gives back, as JSON: an object as it is, everything else as `result`."""
    shown = _plain(value)
    if shown is None:
        return {}
    return cast("dict[str, object]", shown) if isinstance(shown, dict) else {"result": shown}


def _plain(value: object) -> object:
    if hasattr(value, "as_dict"):
        return cast("Any", value).as_dict()
    if has(type(value)):
        return asdict(cast("AttrsInstance", value))
    if isinstance(value, list | tuple):
        return [_plain(item) for item in cast("Sequence[object]", value)]
    return value
