"""`tm-async call`: checked, signed, sent; or only shown."""

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Done, set_environment
from tests.vectors import SECRET_ID, SECRET_KEY, VECTORS
from tm_async.core.catalogued import place
from tm_async.emulator import Emulator, FaultRule
from tm_async.errors import ValidationError
from tm_async.spec.catalogue import entries, entry

Run = Callable[..., Done]
CREATE = {
    "userid": "tester",
    "instanceid": 1,
    "subject": "腾讯会议 周会",
    "type": 0,
    "start_time": "1760003600",
    "end_time": "1760007200",
}
ANSWER = b'{"meeting_info_list": [{"meeting_id": "7", "new": "\\ud800"}]}'
FUTURE = {**CREATE, "start_time": "2146269600", "end_time": "2146273200"}


@pytest.fixture
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    env = {"APP_ID": "200000001", "SDK_ID": "1234", "SECRET_ID": SECRET_ID, "SECRET_KEY": SECRET_KEY}
    set_environment(monkeypatch, {f"TENCENT_MEETING_{name}": value for name, value in env.items()})


# --- dry runs ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("_credentials")
def test_a_dry_run_shows_what_is_sent_and_signed(run: Run) -> None:
    _, nonce, timestamp, target, body, length, signature = VECTORS[1]
    done = run(
        *("call", "meetings.create", "--json", json.dumps(CREATE), "--dry-run"),
        "--timestamp",
        timestamp,
        "--nonce",
        nonce,
    )
    assert (done.code, done.err) == (0, "")
    shown = json.loads(done.out)
    assert list(shown) == ["method", "url", "headers", "body", "string_to_sign"]
    assert shown["method"] == "POST"
    assert shown["url"] == f"https://api.meeting.qq.com{target}"
    assert shown["body"] == body
    assert shown["headers"] == {
        "Host": "api.meeting.qq.com",
        "Content-Length": str(len(body.encode())),
        "Content-Type": "application/json",
        "Accept": "application/json",
        "User-Agent": shown["headers"]["User-Agent"],
        "X-TC-Key": SECRET_ID,
        "X-TC-Timestamp": timestamp,
        "X-TC-Nonce": nonce,
        "X-TC-Signature": signature,
        "AppId": "200000001",
        "SdkId": "1234",
        "X-TC-Registered": "1",
    }
    message = shown["string_to_sign"].encode()
    assert len(message) == length
    mac = hmac.new(SECRET_KEY.encode(), message, hashlib.sha256).hexdigest()
    assert base64.b64encode(mac.encode()).decode() == signature
    assert SECRET_KEY not in done.out


@pytest.mark.usefixtures("_credentials")
def test_a_dry_run_without_a_class(run: Run) -> None:
    data = {
        "meeting_id": "12 3+张",
        "userid": "admin",
        "instanceid": "1",
        "reason_code": 1,
        "reason_detail": None,
    }
    done = run("call", "webinars.cancel", "--json", json.dumps(data), "--dry-run")
    shown = json.loads(done.out)
    path = "/v1/webinars/12%203%2B%E5%BC%A0/cancel"
    assert shown["url"] == f"https://api.meeting.qq.com{path}"
    assert json.loads(shown["body"]) == {"userid": "admin", "instanceid": 1, "reason_code": 1}
    assert shown["string_to_sign"].endswith(f"\n{path}\n{shown['body']}")


@pytest.mark.usefixtures("_credentials")
def test_a_dry_run_of_a_get_has_no_body(run: Run) -> None:
    data = {"meeting_id": 7567173273889276131, "userid": "tester1"}
    shown = json.loads(run("call", "meetings.get", "--json", json.dumps({**data, "meeting_id": "7"}), "--dry-run").out)
    assert shown["body"] == ""
    assert "Content-Length" not in shown["headers"]
    assert shown["url"].endswith("/v1/meetings/7?userid=tester1&instanceid=1")
    assert shown["string_to_sign"].endswith("/v1/meetings/7?userid=tester1&instanceid=1\n")


def test_a_dry_run_signs_so_it_needs_credentials(run: Run) -> None:
    done = run("call", "meetings.create", "--json", json.dumps(CREATE), "--dry-run")
    assert done.code == 2
    assert done.err == (
        "Error: set the environment variables TENCENT_MEETING_APP_ID, TENCENT_MEETING_SECRET_ID,"
        " TENCENT_MEETING_SECRET_KEY\n"
    )


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """A server that answers one request and keeps its bytes."""
    received: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        monkeypatch.setenv("TENCENT_MEETING_BASE_URL", f"http://127.0.0.1:{listener.getsockname()[1]}/v1")
        listener.settimeout(10)

        def serve() -> None:
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                return  # nothing was sent, and the test says so
            with connection:
                data = b""
                while not _complete(data):
                    data += connection.recv(65536)
                received.append(data)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(ANSWER), ANSWER))

        thread = threading.Thread(target=serve)
        thread.start()
        yield received
        thread.join()


def _complete(data: bytes) -> bool:
    head, blank, body = data.partition(b"\r\n\r\n")
    length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length:")), 0)
    return bool(blank) and len(body) >= length


@pytest.mark.usefixtures("_credentials")
@pytest.mark.parametrize(
    ("operation", "data"),
    [
        ("meetings.create", CREATE),
        ("meetings.list", {"userid": "a b", "instanceid": 1}),
        ("meetings.cancel", {"meeting_id": "7", "userid": "t", "instanceid": 1, "reason_code": 1}),
        ("users.delete", {"userid": "t", "operator_id": "admin", "operator_id_type": 1}),
    ],
)
def test_a_dry_run_is_what_goes_over_the_wire(
    run: Run, recorder: list[bytes], operation: str, data: dict[str, Any]
) -> None:
    shown = json.loads(run("call", operation, "--json", json.dumps(data), "--dry-run").out)
    done = run("call", operation, "--json", json.dumps(data))
    assert (done.code, json.loads(done.out)) == (0, json.loads(ANSWER))
    (sent,) = recorder
    head, _, body = sent.partition(b"\r\n\r\n")
    request_line, *lines = head.decode().split("\r\n")
    method, target, _ = request_line.split(" ")
    headers = dict(line.split(": ", 1) for line in lines)
    assert (method, body.decode()) == (shown["method"], shown["body"])
    assert shown["url"].endswith(target)
    assert list(headers) == list(shown["headers"])
    fresh = {"X-TC-Timestamp", "X-TC-Nonce", "X-TC-Signature"}
    assert {name: headers[name] for name in headers.keys() - fresh} == {
        name: shown["headers"][name] for name in headers.keys() - fresh
    }


@pytest.mark.usefixtures("_credentials")
@pytest.mark.parametrize("given", [{"STS-Token": "a-token"}, {}])
def test_a_dry_run_hides_the_token_of_a_call_on_sensitive_data(
    run: Run, recorder: list[bytes], monkeypatch: pytest.MonkeyPatch, given: dict[str, str]
) -> None:
    """Given, or else that of the environment."""
    monkeypatch.setenv("TENCENT_MEETING_STS_TOKEN", "another" if given else "a-token")
    data = json.dumps({"record_file_id": "7", "operator_id": "t", "operator_id_type": 1, **given})
    dry = run("call", "recordings.get_file", "--json", data, "--dry-run")
    assert "a-token" not in dry.out + dry.err
    assert json.loads(dry.out)["headers"]["STS-Token"] == "***"
    done = run("call", "recordings.get_file", "--json", data)
    assert done.code == 0
    names = [line.split(": ")[0] for line in recorder[0].decode().split("\r\n")[1:] if ": " in line]
    assert names == list(json.loads(dry.out)["headers"])
    assert b"STS-Token: a-token" in recorder[0]


@pytest.mark.usefixtures("_credentials")
def test_an_empty_answer_is_a_success(run: Run, recorder: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.cli.test_call.ANSWER", b"")
    data = {"meeting_id": "7", "userid": "t", "instanceid": 1, "reason_code": 1}
    done = run("call", "meetings.cancel", "--json", json.dumps(data))
    assert (done.code, done.out, len(recorder)) == (0, "{}\n", 1)


# --- calls -------------------------------------------------------------------------------------------------------


def test_create_and_read_back(run: Run, emulator: Emulator) -> None:
    done = run("call", "meetings.create", "--json", "-", stdin=json.dumps(FUTURE))
    assert (done.code, done.err) == (0, "")
    (meeting,) = json.loads(done.out)["meeting_info_list"]
    assert "腾讯会议 周会" in done.out
    done = run("call", "meetings.get", "--json", json.dumps({"userid": "tester", "meeting_id": meeting["meeting_id"]}))
    assert json.loads(done.out)["meeting_info_list"][0]["meeting_code"] == meeting["meeting_code"]
    assert list(emulator.state.meetings) == [meeting["meeting_id"]]


def test_the_list_works_without_a_class(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    file = tmp_path / "request.json"
    file.write_text("\ufeff" + json.dumps({"userid": "tester", "instanceid": 1}), encoding="utf-8")
    done = run("call", "meetings.list", "--json", f"@{file}")
    assert done.code == 0
    assert json.loads(done.out)["meeting_info_list"] == []
    assert emulator.journal[-1].operation == "meetings.list"


@pytest.mark.parametrize(
    ("operation", "data", "kind", "code"),
    [
        ("meetings.get", {"userid": "tester", "meeting_id": "1"}, "NotFound", 9003),
        ("meetings.list", {"userid": "tester", "instanceid": 1, "meeting_code": "1"}, "NotFound", 9003),
        ("meetings.create", {**FUTURE, "userid": "nobody"}, "InvalidRequest", 190001),
    ],
)
@pytest.mark.usefixtures("emulator")
def test_a_refusal_is_one_json_object(run: Run, operation: str, data: dict[str, Any], kind: str, code: int) -> None:
    done = run("call", operation, "--json", json.dumps(data))
    assert (done.code, done.out) == (1, "")
    error = json.loads(done.err)["error"]
    assert error["type"] == kind
    assert error["operation"] == operation
    assert error["code"] == code
    assert error["trace_id"]
    assert error["may_retry"] is False
    assert error["outcome_unknown"] is False
    assert "violations" not in error


@pytest.mark.usefixtures("_credentials")
def test_no_gateway(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as held:  # which nobody else gets meanwhile, and which takes no connection
        held.bind(("127.0.0.1", 0))
        monkeypatch.setenv("TENCENT_MEETING_BASE_URL", f"http://127.0.0.1:{held.getsockname()[1]}/v1")
        done = run("call", "meetings.create", "--json", json.dumps(FUTURE))
    error = json.loads(done.err)["error"]
    assert done.code == 1
    assert (error["type"], error["status"], error["may_retry"]) == ("ConnectionFailed", None, True)


def test_an_unclear_outcome_is_told_by_its_cause(run: Run, emulator: Emulator) -> None:
    emulator.add_fault(FaultRule(operation="meetings.create", error_code=550000, times=1))
    done = run("call", "meetings.create", "--json", json.dumps(FUTURE))
    error = json.loads(done.err)["error"]
    assert done.code == 1
    assert (error["type"], error["code"], error["outcome_unknown"]) == ("ServiceError", 550000, True)
    assert error["operation"] == "meetings.create"
    assert error["trace_id"]
    assert error["message"].startswith("may or may not have been done: ServiceError: error 550000")


# --- what is refused before anything is sent ---------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_is_advised_that_only_a_program_can_do(run: Run, tmp_path: Path, language: str) -> None:
    done = run("--lang", language, "call", "meetings.create", "--json", json.dumps({**CREATE, "type": 7}))
    (violation,) = json.loads(done.err)["error"]["violations"]
    assert (violation["field"], violation["rule"]) == ("type", "documented-value")
    file = tmp_path / "m.csv"
    file.write_text("userid,subject,start_time,duration_minutes,type\nt,s,2038-01-05T10:00Z,60,7\n")
    done = run("--lang", language, "batch", "create", file, "--dry-run")
    assert done.code == 2
    for text in (violation["message"], violation["message_zh"], done.err):
        assert "[0, 1]" in text
        assert "MeetingKind" not in text


def test_rules_are_applied_with_a_class(run: Run) -> None:
    done = run("call", "meetings.create", "--json", json.dumps({**CREATE, "password": "x", "subjct": ""}))
    assert (done.code, done.out) == (2, "")
    error = json.loads(done.err)["error"]
    assert error["type"] == "ValidationError"
    assert {violation["field"] for violation in error["violations"]} == {"password", "subjct"}


@pytest.mark.parametrize(
    "changes",
    [
        {"instanceid": "--5"},
        {
            "start_time": "253402290000",
            "end_time": "253402300799",
            "recurring_rule": {"recurring_type": 1, "until_type": 0, "until_date": 253402300799},
        },
    ],
)
def test_numbers_and_moments_that_nothing_can_hold(run: Run, changes: dict[str, Any]) -> None:
    done = run("call", "meetings.create", "--json", json.dumps({**CREATE, **changes}))
    assert done.code == 2
    assert json.loads(done.err)["error"]["type"] == "ValidationError"


def test_the_catalogue_is_applied_without_one(run: Run) -> None:
    data = {"userid": "t", "meeting_cod": "1", "pos": "x", "page_type": 1, "cursory": True}
    done = run("call", "meetings.list", "--json", json.dumps(data))
    assert done.code == 2
    assert json.loads(done.err)["error"]["message"] == (
        "meeting_cod: is not a member; did you mean meeting_code?; instanceid: is required; "
        "cursory: must be integer, not bool; pos: must be integer, not str"
    )


def test_nested_members_are_checked() -> None:
    data = {
        "auto_open_sdkid": None,
        "instanceid": "1",
        "meeting_id": "7",
        "userid": "t",
        "tool_list": [{"tool_appid": "a", "tool_sdkid": 5, "visble_type": 1}, "x"],
    }
    with pytest.raises(ValidationError) as caught:
        place(entry("apps.bind_toolkit"), data)
    assert [str(violation) for violation in caught.value.violations] == [
        "tool_list[0].visble_type: is not a member; did you mean visible_type?",
        "tool_list[0].tool_sdkid: must be string, not int",
        "tool_list[1]: must be object, not str",
    ]


def test_a_path_member_must_not_be_empty() -> None:
    with pytest.raises(ValidationError, match="meeting_id: must not be empty"):
        place(entry("meetings.cancel"), {"meeting_id": "", "userid": "t", "instanceid": 1, "reason_code": 1})


@pytest.mark.parametrize(
    "operation",
    [one for one in entries().values() if one.content_type != "multipart/form-data"],
    ids=lambda one: one.id,
)
def test_every_operation_can_be_called_with_what_it_documents(operation: Any) -> None:
    values = {"string": "1", "integer": 1, "number": 1.5, "boolean": True, "array": [], "object": {}}
    members = {one["name"]: one for group in (operation.path_params, operation.query, operation.body) for one in group}

    def example(documented: dict[str, Any]) -> Any:
        if documented["type"] == "object":
            return {one["name"]: example(one) for one in documented["fields"]}
        return [example(documented["items"])] if documented["type"] == "array" else values[documented["type"]]

    data = {name: example(one) for name, one in members.items()}
    parts = place(operation, data)
    assert {*parts.path, *parts.query, *(parts.body or ())} == set(members)
    assert (parts.body is None) == (operation.content_type is None)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["meetings.creat"], "Did you mean meetings.create"),
        (["xyzzy"], "See: tm-async operations"),
        (["recordings.upload"], "uploads a file (multipart/form-data)"),
        (["recordings.upload_part"], "uploads a file (multipart/form-data)"),
        (["meetings.create", "--json", "{"], "the text is not JSON"),
        (["meetings.create", "--json", "[1]"], "must be one JSON object"),
        (["meetings.create", "--json", '{"userid": "a", "userid": "b"}'], "has the member 'userid' twice"),
        (["meetings.create", "--json", '{"type": ' + "1" * 4301 + "}"], "the text has a number of too many digits"),
        (["meetings.create", "--json", "-"], "standard input is not JSON"),
        (["meetings.create", "--json", "@no such file"], "can't be read"),
        (["meetings.create", "--nonce", "5"], "need --dry-run"),
        (["meetings.create", "--dry-run", "--nonce", "5\r\nX: y"], "must be digits"),
        (["meetings.create", "--dry-run", "--timestamp", "now"], "must be digits"),
    ],
)
def test_wrong_usage(run: Run, arguments: list[str], problem: str) -> None:
    done = run("call", *arguments)
    assert (done.code, done.out) == (2, "")
    assert problem in done.err
