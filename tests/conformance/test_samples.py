"""The sample of each operation goes out as it is written, and its answer is read to the last member."""

import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from docs.generate.examples import sample
from tests.conformance.vendor import members
from tm_async.api.index import operations
from tm_async.core.answer import AnswerModel
from tm_async.core.decode import decode
from tm_async.core.exchange import Gateway, RawAnswer
from tm_async.core.operation import Operation, result_type
from tm_async.core.parse import parse
from tm_async.core.prepare import prepare

GATEWAY = Gateway("https://api.meeting.qq.com")


def _request(operation: type[Operation[Any]]) -> Operation[Any]:
    return parse(operation, sample(operation.spec.id)["arguments"], local=True)


@pytest.mark.parametrize("operation", operations().values(), ids=operations())
def test_a_sample_is_sent_as_it_is_written(operation: type[Operation[Any]]) -> None:
    given = sample(operation.spec.id)["arguments"]
    request = prepare(_request(operation), GATEWAY)
    parts = urlsplit(request.target)
    sent: dict[str, Any] = dict(parse_qsl(parts.query, keep_blank_values=True))
    for template, segment in zip(operation.spec.path.split("/"), parts.path.split("/"), strict=True):
        if template.startswith("{"):
            sent[template[1:-1]] = unquote(segment)
    body = members(request.body, dict(request.headers)["Content-Type"]) if request.body else {}
    in_query = {name: _text(value) for name, value in given.items() if name in sent}
    assert {name: sent[name] for name in in_query} == in_query
    for name, value in given.items():
        if name not in sent and name in body:
            written = body[name]
            if operation.spec.form:  # all of it is text, but for the files
                written = b64encode(written).decode() if isinstance(written, bytes) else type(value)(written)
            assert written in (value, b64encode(str(value).encode()).decode()), name
    assert set(given) - set(sent) - set(body) <= {"sub_meeting_id"}, "everything that is given is sent"


def _text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("operation", operations().values(), ids=operations())
def test_a_samples_answer_is_read_to_its_last_member(operation: type[Operation[Any]]) -> None:
    answer = sample(operation.spec.id)["answer"]
    raw = RawAnswer(200, (), json.dumps(answer).encode() if answer is not None else b"")
    request = _request(operation)
    result = decode(request, prepare(request, GATEWAY), raw)
    unread = list(_unread(result))
    told = f"add what spec/samples/{operation.spec.id}.json answers to {result_type(operation)}: {', '.join(unread)}"
    assert not unread, told
    assert result is None or repr(result)


def _unread(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _unread(item, f"{path}[{index}]")
    elif isinstance(value, AnswerModel):
        yield from (f"{path}.{name}" for name in value.extra)
        for name in value.wire:
            yield from _unread(getattr(value, name, None), f"{path}.{name}")
