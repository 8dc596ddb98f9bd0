"""An operation as a request that is ready to be signed."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote

from tm_async.core.classes import per_class
from tm_async.core.codec import members, writer
from tm_async.core.exchange import BOTH_MODES, CONSTANT_HEADERS, AuthMode, Gateway, Headers, Repeat, Request
from tm_async.core.given import given
from tm_async.core.jsonbytes import dump, dump_any
from tm_async.core.operation import Operation
from tm_async.core.secret import SecretText
from tm_async.core.wire import In, wire_name
from tm_async.errors import ValidationError, Violation

__all__ = ["as_text", "build_target", "placement", "prepare", "prepare_raw"]

_PLACEHOLDER = re.compile(r"{(\w+)}")
_PATH = re.compile(r"/v1(?:/(?!(?:\.|%2[eE]){1,2}(?:/|$))(?:[\w.~%-]|{\w+})+)+", re.ASCII)

_NO_PATH = (
    "must be /v1/ and segments of A-Z a-z 0-9 _ . ~ - or {name}, with no query, '.' or '..' in it; other characters "
    "are percent-encoded, as values of path_params are"
)
_NO_PATH_ZH = (
    "应为 /v1/ 加由 A-Z a-z 0-9 _ . ~ - 或 {name} 组成的各段，不含查询参数、“.”和“..”；其他字符须百分号编码"
    "（path_params 的值会自动编码）"
)


def placement(operation: type[Operation[Any]]) -> Mapping[str, In]:
    """Where each field of an operation travels."""
    spec = operation.spec
    said = dict.fromkeys(spec.query, In.QUERY) | dict.fromkeys(_PLACEHOLDER.findall(spec.path), In.PATH)
    usual = In.QUERY if spec.method == "GET" else In.BODY
    return {
        name: member.note(In) or said.get(wire_name(name, member.notes), usual)
        for name, member in members(operation).items()
    }


class _Plan:
    """What of an operation class need not be worked out again for each request."""

    __slots__ = ("body", "headers", "path", "query")

    def __init__(self, operation: type[Any]) -> None:
        places = placement(operation)

        def at(where: In) -> Callable[[Any], dict[str, Any]] | None:
            names = [name for name, place in places.items() if place is where]
            return writer(operation, names) if names else None

        self.path, self.query, self.body, self.headers = at(In.PATH), at(In.QUERY), at(In.BODY), at(In.HEADER)


_plan = per_class(_Plan)


def prepare(operation: Operation[Any], gateway: Gateway) -> Request:
    """Build the request: its target and body are final from here on."""
    spec = operation.spec
    plan = _plan(type(operation))
    target = gateway.prefix + spec.path
    if plan.path or plan.query:
        path = plan.path(operation) if plan.path else {}
        query = plan.query(operation) if plan.query else {}
        target = build_target(target, path, query.items(), spec.id)
    members = plan.body(operation) if plan.body else None
    creator = getattr(operation, spec.creator) if spec.creator else None
    headers: Headers = CONSTANT_HEADERS
    if spec.form:
        from tm_async.core.form import write_form

        headers, body = write_form(members or {})
    else:
        body = b"" if members is None else dump(members)
    if plan.headers:
        headers = (*headers, *((name, SecretText(str(value))) for name, value in plan.headers(operation).items()))
    return Request(
        spec.method,
        target,
        gateway.origin,
        body,
        spec.id,
        spec.modes,
        spec.path,
        spec.repeat,
        creator,
        headers=headers,
        form=spec.form,
    )


def build_target(
    template: str, path: Mapping[str, object], query: Iterable[tuple[str, object]], operation: str | None = None
) -> str:
    """Path and query, each value percent-encoded with no character exempt (doc 1095/51253).

    Raises `ValidationError` for a value that would make another path: an empty one, `.` or `..`, which no encoding
    keeps from being taken for a step.
    """
    if path and (steps := [name for name, value in path.items() if as_text(value) in _STEPS]):
        raise ValidationError([_step(name) for name in steps], operation=operation)
    target = _PLACEHOLDER.sub(lambda found: quote(as_text(path[found[1]]), safe=""), template) if path else template
    pairs = "&".join(f"{quote(name, safe='')}={quote(as_text(value), safe='')}" for name, value in query)
    return f"{target}?{pairs}" if pairs else target


_STEPS = frozenset(("", ".", ".."))


def _step(name: str) -> Violation:
    message = "must not be empty, '.' or '..': it is a part of the path, and would make another one of it"
    return Violation(name, "path-segment", message, "不能为空、“.”或“..”：它是路径的一部分，否则会变成另一条路径")


def as_text(value: object) -> str:
    """A value of a path, a query or a form as text; the documentation writes booleans as JSON does."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return str(value)


def prepare_raw(
    gateway: Gateway,
    method: str,
    path: str,
    path_params: Mapping[str, object],
    query: Mapping[str, object],
    json: object,
    modes: frozenset[AuthMode] = BOTH_MODES,
) -> Request:
    """Build a request for what is not modelled."""
    given("method", method, str)
    given("path", path, str)
    for place, named in (("path_params", path_params), ("query", query)):
        for name in given(place, named, Mapping):
            given(f"{place}.{name}", name, str)
    problems: list[Violation] = []
    body = b""
    if not re.fullmatch(r"[A-Z]+", method):
        problems.append(_problem("method", f"{method!r} must be upper-case letters", f"{method!r} 应为大写字母"))
    if not _PATH.fullmatch(path):
        problems.append(_problem("path", f"{path!r} {_NO_PATH}", f"{path!r} {_NO_PATH_ZH}"))
    elif missing := set(_PLACEHOLDER.findall(path)) - set(path_params):
        names = ", ".join(sorted(missing))
        problems.append(_problem("path_params", f"no value for {names}", f"缺少 {names} 的值"))
    try:
        body = dump_any(json) if json is not None else b""
    except (TypeError, ValueError, RecursionError) as error:
        problems.append(_problem("json", f"can't be written as JSON: {error}", "无法写成 JSON"))
    problems += [
        _problem(
            f"{place}.{name}",
            "holds half a character (a lone surrogate), a number that has no end, or lists that are nested too deeply",
            "含有不完整的字符（孤立的代理项）、没有尽头的数字，或嵌套过深的列表",
        )
        for place, values in (("path_params", path_params), ("query", query))
        for name, value in values.items()
        if not _can_travel(name, value)
    ]
    if problems:
        raise ValidationError(problems)
    target = build_target(gateway.prefix + path, path_params, query.items(), f"{method} {path}")
    repeat = Repeat.SAFE if method == "GET" else Repeat.UNSAFE
    return Request(method, target, gateway.origin, body, f"{method} {path}", modes, path, repeat)


def _can_travel(name: str, value: object) -> bool:
    try:
        quote(name + as_text(value))
    except (ValueError, RecursionError):
        return False
    return True


def _problem(field: str, message: str, message_zh: str) -> Violation:
    return Violation(field, "request", message, message_zh)
