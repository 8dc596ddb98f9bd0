"""Canaries in the token, the AES key and the payload come out nowhere: answers, logs, tracebacks with variables."""

import logging
import pickle
import traceback
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tm_async.errors import HandlerFailed, InboxUnavailable, TencentMeetingError
from tm_async.webhooks import Delivery, StsTokenIssued, WebhookKey, WebhookKeys, Webhooks, receive
from tm_async.webhooks.sending import Outgoing, check_request, delivery_request

TOKEN = "canaryTOKEN1234567890abcd"
AES_KEY = "canaryAESKEYcanaryAESKEYcanaryAESKEYcanaryA"
PAYLOAD = "canary-sts-token"
CANARIES = (TOKEN[:11], AES_KEY[:12], PAYLOAD)


def canary_keys() -> WebhookKeys:
    return WebhookKeys(WebhookKey(TOKEN, AES_KEY))


def deliveries() -> dict[str, tuple[Outgoing, int]]:
    """Requests of all kinds, each with the status of its answer."""
    key = canary_keys().current
    body = StsTokenIssued.sample({"token_info.sts_token": PAYLOAD}).delivery.body
    good = delivery_request(key, body)
    check = check_request(key, "challenge")

    def changed(**members: Any) -> Outgoing:
        return Outgoing(**{"method": "POST", "headers": good.headers, "body": good.body, **members})

    return {
        "good": (good, 200),
        "a challenge": (check, 200),
        "no headers": (changed(headers=()), 400),
        "another body": (changed(body=good.body[:-9] + b'AAAAAAA"}'), 401),
        "not JSON": (changed(body=b"{" + TOKEN.encode()), 400),
        "too old": (delivery_request(key, body, timestamp="1500000000"), 401),
        "plain": (delivery_request(key, body, plain=True), 400),
        "no envelope": (delivery_request(key, b"[1]" + body), 400),
        "cut": (delivery_request(key, body[:-5]), 400),
        "a delivery as a challenge": (check_request(key, body.decode()), 400),
        "large": (changed(body=b"x" * 2_000_000), 413),
    }


@pytest.fixture
def _quiet(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Nothing that was logged or printed has a canary; `extra` and tracebacks included."""
    caplog.set_level(logging.DEBUG)
    yield
    shown = "".join(capfd.readouterr())
    ours = [record for record in caplog.get_records("call") if record.name.startswith("tm_async")]
    for record in ours:
        shown += caplog.handler.format(record) + repr({**record.__dict__, "exc_info": None})
        if record.exc_info and record.exc_info[1] is not None:
            shown += _with_variables(record.exc_info[1])
    assert [canary for canary in CANARIES if canary in shown] == []


def _with_variables(error: BaseException) -> str:
    """Of the frames of this package: the handler's own variables are its owner's business."""
    whole = traceback.TracebackException.from_exception(error, capture_locals=True)
    shown, ahead = "", [whole]
    while ahead:
        one = ahead.pop()
        frames = [frame for frame in one.stack if "/tm_async/" in frame.filename]
        shown += "".join(traceback.StackSummary.from_list(frames).format()) + "".join(one.format_exception_only())
        ahead += [link for link in (one.__cause__, one.__context__) if link is not None]
        ahead += one.exceptions or []
    return shown


async def answers(hooks: Webhooks, sent: Outgoing) -> httpx.Response:
    transport = httpx.ASGITransport(hooks.asgi())
    async with httpx.AsyncClient(transport=transport, base_url="http://receiver.example") as client:
        url = f"/?{sent.query_string}" if sent.query_string else "/"
        return await client.request(sent.method, url, headers=list(sent.headers), content=sent.body)


@pytest.mark.usefixtures("_quiet")
@pytest.mark.parametrize("kind", deliveries())
async def test_no_answer_and_no_log_line_has_a_secret(kind: str) -> None:
    async with Webhooks(canary_keys()) as hooks:
        sent, status = deliveries()[kind]
        got = await answers(hooks, sent)
        assert got.status_code == status
        assert "canary" not in got.text + str(got.headers)


@pytest.mark.usefixtures("_quiet")
async def test_an_inbox_that_fails() -> None:
    class Broken:
        async def accept(self, delivery: Delivery, /) -> None:
            raise InboxUnavailable("full") if delivery.event == "x" else OSError("disk")

    sent, _ = deliveries()["good"]
    assert (await answers(Webhooks(canary_keys(), inbox=Broken()), sent)).status_code == 503


@pytest.mark.usefixtures("_quiet")
@pytest.mark.parametrize("inline", [True, False])
async def test_a_handler_that_fails(inline: bool) -> None:
    hooks = Webhooks(canary_keys(), inline=inline)

    @hooks.on(StsTokenIssued)
    async def fails(event: StsTokenIssued) -> None:
        raise ValueError("boom")

    sent, _ = deliveries()["good"]
    assert (await answers(hooks, sent)).status_code == (503 if inline else 200)
    await hooks.aclose()


async def test_errors_have_no_payload() -> None:
    hooks = Webhooks(canary_keys())

    @hooks.on(StsTokenIssued)
    async def fails(event: StsTokenIssued) -> None:
        raise ValueError("boom")

    event = StsTokenIssued.sample({"token_info.sts_token": PAYLOAD})
    with pytest.raises(HandlerFailed) as caught:
        await hooks.handle(event)
    error: TencentMeetingError = caught.value
    assert "canary" not in str(error) + repr(error) + repr(error.__dict__) + repr(pickle.dumps(error))
    assert "canary" not in repr(event) + repr(event.delivery) + repr(hooks) + repr(canary_keys())


def test_a_bug_in_the_middle_of_it_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever breaks within `receive`: the variables of its frames have neither token nor key."""
    keys = canary_keys()

    def broken(*_: object) -> Any:
        raise ZeroDivisionError

    sent, _ = deliveries()["good"]
    for where in ("tm_async.webhooks.keys.signature_of", "tm_async.webhooks.keys.unpadded"):
        with monkeypatch.context() as patched:
            patched.setattr(where, broken)
            shown = _with_variables(_raised(keys, sent))
        assert "ZeroDivisionError" in shown
        assert [canary for canary in CANARIES[:2] if canary in shown] == []


def _raised(keys: WebhookKeys, sent: Outgoing) -> BaseException:
    import time

    try:
        receive(keys, sent.method, sent.query_string, sent.headers, sent.body, time.time())
    except ZeroDivisionError as error:
        return error
    raise AssertionError
