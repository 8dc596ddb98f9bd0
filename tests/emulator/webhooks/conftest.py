"""A receiver written from the documents, without tm_async's client: it checks, decrypts, and answers as it is told."""

import base64
import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
from attrs import define, field
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tm_async.emulator import Emulator

RECEIVED = "successfully received callback"


@define
class Receiver:
    """An ASGI application at the end of a subscription."""

    token: str
    aes_key: str | None
    answers: list[tuple[int, str]] = field(factory=list)
    """To the next deliveries; then the documented one."""
    got: list[dict[str, Any]] = field(factory=list)
    """What was signed and encrypted as it should be."""
    refused: list[str] = field(factory=list)
    checks: int = 0
    check_answer: Callable[[str], tuple[int, str]] = lambda text: (200, text)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        if scope["method"] == "GET":
            self.checks += 1
            (data,) = parse_qs(scope["query_string"].decode())["check_str"]
            status, text = self.check_answer(self.opened(data).decode())
            assert self.signed(headers, data)
        else:
            assert headers["content-type"] == "application/json"
            body = json.loads((await receive())["body"])
            assert list(body) == ["data"]
            status, text = self.answers.pop(0) if self.answers else (200, RECEIVED)
            self.take(headers, body["data"])
        place = [(b"location", b"/hook/")] if 300 <= status < 400 else []
        await send({"type": "http.response.start", "status": status, "headers": place})
        await send({"type": "http.response.body", "body": text.encode()})

    def take(self, headers: dict[str, str], data: str) -> None:
        if not self.signed(headers, data):
            self.refused.append("signature")
            return
        try:
            self.got.append(json.loads(self.opened(data)))
        except ValueError:
            self.refused.append("encryption")

    def signed(self, headers: dict[str, str], data: str) -> bool:
        parts = sorted([self.token, headers["timestamp"], headers["nonce"], data])
        return hashlib.sha1("".join(parts).encode()).hexdigest() == headers["signature"]  # noqa: S324 - documented

    def opened(self, data: str) -> bytes:
        text = base64.b64decode(data, validate=True)
        if self.aes_key is None:
            return text
        key = base64.b64decode(self.aes_key + "=")
        decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        padded = decryptor.update(text) + decryptor.finalize()
        return padded[: -padded[-1]]

    @property
    def names(self) -> list[str]:
        return [one["event"] for one in self.got]


@pytest.fixture
def receiver(emulator: Emulator) -> Receiver:
    return Receiver(emulator.webhooks.token, emulator.webhooks.aes_key)


@pytest.fixture
async def subscribed(emulator: Emulator, receiver: Receiver) -> Receiver:
    await emulator.webhooks.subscribe(receiver)
    return receiver


@pytest.fixture
def pushed(emulator: Emulator, subscribed: Receiver) -> Callable[[], Awaitable[list[dict[str, Any]]]]:
    """What has come since the last time."""

    async def since() -> list[dict[str, Any]]:
        await emulator.webhooks.settle()
        found, subscribed.got[:] = list(subscribed.got), []
        return found

    return since
