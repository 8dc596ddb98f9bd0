"""Requests that are ready to be signed: target and body."""

import json
from typing import Any

import pytest

from tests.conftest import meeting
from tm_async import CreateMeeting, Device, FindMeeting, GetMeeting, ValidationError
from tm_async.api.index import operations
from tm_async.core.exchange import Gateway, Repeat, Request
from tm_async.core.prepare import build_target, placement, prepare, prepare_raw
from tm_async.core.wire import In

GATEWAY = Gateway("https://api.meeting.qq.com")


def test_a_body() -> None:
    request = prepare(meeting(), GATEWAY)
    assert (request.method, request.target, request.origin) == ("POST", "/v1/meetings", "https://api.meeting.qq.com")
    assert json.loads(request.body)["subject"] == "周会"
    assert request.operation == "meetings.create"
    assert (request.path, request.repeat, request.creator) == ("/v1/meetings", Repeat.UNSAFE, "tester")


def test_path_and_query() -> None:
    request = prepare(GetMeeting(meeting_id="12/3", operator_id="a+b 张", instanceid=Device.MAC), GATEWAY)
    assert request == Request(
        "GET",
        "/v1/meetings/12%2F3?operator_id=a%2Bb%20%E5%BC%A0&operator_id_type=1&instanceid=2",
        "https://api.meeting.qq.com",
        b"",
        "meetings.get",
        path="/v1/meetings/{meeting_id}",
        repeat=Repeat.SAFE,
        creator=None,
    )


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_a_value_that_would_make_another_path(value: str) -> None:
    """No encoding keeps a server, or something on the way, from taking it for a step."""
    with pytest.raises(ValidationError, match=r"meetings\.get: .*\n  meeting_id: must not be empty"):
        prepare(GetMeeting(meeting_id=value, userid="a"), GATEWAY)
    with pytest.raises(ValidationError) as caught:
        prepare_raw(GATEWAY, "POST", "/v1/meetings/{id}/cancel", {"id": value}, {}, None)
    assert [(one.field, one.rule) for one in caught.value.violations] == [("id", "path-segment")]


@pytest.mark.parametrize("path", ["/v1/..", "/v1/x/./y", "/v1/%2e%2E/x", "/v1/.%2e/x"])
def test_a_path_that_steps_aside(path: str) -> None:
    with pytest.raises(ValidationError, match="with no query, '.' or '..' in it"):
        prepare_raw(GATEWAY, "GET", path, {}, {}, None)


@pytest.mark.parametrize("value", ["...", ".a", "a.", "%2e%2e", "a/../b"])
def test_a_value_with_dots_goes_as_it_is(value: str) -> None:
    from urllib.parse import quote

    assert prepare_raw(GATEWAY, "GET", "/v1/x/{id}", {"id": value}, {}, None).target == f"/v1/x/{quote(value, safe='')}"


def test_a_prefix_of_the_base_url() -> None:
    request = prepare(FindMeeting(meeting_code="123", userid="a"), Gateway("https://proxy", "/tm"))
    assert request.target == "/tm/v1/meetings?userid=a&meeting_code=123&instanceid=1"


def test_placement() -> None:
    assert placement(GetMeeting)["meeting_id"] is In.PATH
    assert placement(GetMeeting)["instanceid"] is In.QUERY
    assert set(placement(CreateMeeting).values()) == {In.BODY}


@pytest.mark.parametrize(
    ("value", "text"), [(True, "true"), (False, "false"), (5, "5"), (Device.PC, "1"), ("a b/c?", "a%20b%2Fc%3F")]
)
def test_values_in_a_query(value: object, text: str) -> None:
    assert build_target("/v1/x", {}, [("a", value)]) == f"/v1/x?a={text}"


def test_raw_requests() -> None:
    request = prepare_raw(GATEWAY, "PUT", "/v1/x/{id}/y", {"id": "a/b"}, {"q": 1}, {"k": "周"})
    assert (request.method, request.target, request.body) == ("PUT", "/v1/x/a%2Fb/y?q=1", '{"k":"周"}'.encode())
    assert request.operation == "PUT /v1/x/{id}/y"
    assert (request.path, request.creator) == ("/v1/x/{id}/y", None)
    assert prepare_raw(GATEWAY, "POST", "/v1/x", {}, {}, None).body == b""
    assert prepare_raw(GATEWAY, "POST", "/v1/x", {}, {}, {}).body == b"{}"


@pytest.mark.parametrize(
    ("method", "path", "json_value", "field"),
    [
        ("get", "/v1/x", None, "method"),
        ("GET /v1/y HTTP/1.1\r\n", "/v1/x", None, "method"),
        ("GET", "v1/x", None, "path"),
        ("GET", "/v1/x?a=b", None, "path"),
        ("GET", "/v1/x y", None, "path"),
        ("GET", "/v1/x\r\nHost: evil", None, "path"),
        ("GET", "https://evil/v1/x", None, "path"),
        ("GET", "/v1/{missing}", None, "path_params"),
        ("POST", "/v1/x", {"a": float("nan")}, "json"),
        ("POST", "/v1/x", {"a": object()}, "json"),
    ],
)
def test_raw_requests_that_can_not_be_meant(method: str, path: str, json_value: object, field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        prepare_raw(GATEWAY, method, path, {}, {}, json_value)
    assert [violation.field for violation in caught.value.violations] == [field]


def test_a_path_with_other_characters_is_told_how_they_travel() -> None:
    with pytest.raises(ValidationError, match="other characters are percent-encoded") as caught:
        prepare_raw(GATEWAY, "GET", "/v1/会议", {}, {}, None)
    assert "其他字符须百分号编码" in caught.value.violations[0].message_zh
    assert prepare_raw(GATEWAY, "GET", "/v1/%E4%BC%9A", {}, {}, None).target == "/v1/%E4%BC%9A"


def test_half_a_character_can_not_be_sent() -> None:
    with pytest.raises(ValidationError, match="lone surrogate"):
        prepare_raw(GATEWAY, "GET", "/v1/x", {}, {"q": "\ud800"}, None)
    with pytest.raises(ValidationError, match="json"):
        prepare_raw(GATEWAY, "GET", "/v1/x", {}, {}, {"q": "\ud800"})


def test_what_is_nested_too_deeply_can_not_be_sent() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(ValidationError) as caught:
        prepare_raw(GATEWAY, "POST", "/v1/x", {}, {"q": deep}, {"a": deep})
    assert [violation.field for violation in caught.value.violations] == ["json", "query.q"]


@pytest.mark.parametrize(("method", "repeat"), [("GET", "SAFE"), ("PUT", "UNSAFE"), ("POST", "UNSAFE")])
def test_what_is_not_modelled_may_be_repeated_if_it_reads(method: str, repeat: str) -> None:
    assert prepare_raw(GATEWAY, method, "/v1/x", {}, {}, None).repeat is Repeat[repeat]


def test_all_operations_are_found() -> None:
    assert operations()["meetings.create"] is CreateMeeting
    assert {"meetings.create", "meetings.get", "meetings.find"} <= set(operations())
