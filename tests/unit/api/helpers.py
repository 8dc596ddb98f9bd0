"""What the tests of operations share: the request as it would go out, the rules that it breaks, an answer as read."""

import json
from collections.abc import Callable
from typing import Any

from tm_async import ValidationError
from tm_async.core.decode import decode
from tm_async.core.exchange import Gateway, RawAnswer
from tm_async.core.operation import Operation
from tm_async.core.paging import Walk
from tm_async.core.prepare import prepare

GATEWAY = Gateway("https://api.meeting.qq.com")


def sent(operation: Operation[Any]) -> tuple[str, str, Any]:
    """Method, target, and the body as parsed JSON (`None`: there is none)."""
    request = prepare(operation, GATEWAY)
    return request.method, request.target, json.loads(request.body) if request.body else None


def broken(build: Callable[..., Any], **arguments: Any) -> list[tuple[str, str]]:
    """Field and rule of every violation."""
    try:
        build(**arguments)
    except ValidationError as error:
        assert all(violation.message != violation.message_zh for violation in error.violations), "both languages"
        return [(violation.field, violation.rule) for violation in error.violations]
    return []


def pages(build: Callable[..., Any], **arguments: Any) -> list[tuple[str, str | None]]:
    """Field and page of every violation."""
    try:
        build(**arguments)
    except ValidationError as error:
        return [(violation.field, violation.page) for violation in error.violations]
    return []


def answered(operation: Operation[Any], value: Any) -> Any:
    """The operation's result from an answer with this JSON; `None`: an empty body."""
    body = b"" if value is None else json.dumps(value).encode()
    return decode(operation, prepare(operation, GATEWAY), RawAnswer(200, [], body))


def walked(operation: Any, *answers: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """The requests of a walk over these pages, and the rows."""
    walk, asked, rows = Walk(operation), [], []
    for answer in answers:
        asked.append(walk.next)
        rows += walk.take(answered(walk.next, answer))
    assert walk.next is None
    return asked, rows
