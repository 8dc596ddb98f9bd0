"""Verify, decrypt and parse one encrypted event. `python -m benchmarks.webhooks [--quick]`.

Against lark-oapi's dispatcher and stripe's `construct_event`, each with an event of its own of the same size and the
members that such events have, and against the bare steps, without the checks that a programmer in a hurry leaves out.
Lark's dispatcher does the same work as ours (signature, AES, JSON, a typed event, its handler); stripe's has no
encryption.
"""

import argparse
import base64
import contextlib
import hashlib
import hmac
import json
import time
import warnings
from collections.abc import Callable
from typing import Any

from attrs import frozen

from benchmarks.machine import Spread, Target, cores, cpu_ms_of, pin, progress, table
from tm_async.core import jsonbytes
from tm_async.webhooks import Event, WebhookKey, WebhookKeys, receive
from tm_async.webhooks.delivery import Delivery
from tm_async.webhooks.events.samples import samples
from tm_async.webhooks.sending import delivery_request

TOKEN, AES_KEY = "ExampleToken0123456789abc", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
SIZE = 831
"""Bytes of JSON: what was captured of a `meeting.created` has that many."""
_CORE = "import asyncio, tm_async.core.answer, tm_async.core.jsonbytes, tm_async.config, tm_async.errors"
_KIT = f"{_CORE}\nfrom tm_async.webhooks import MeetingEnded, UnknownEvent, WebhookKeys, Webhooks, receive"


@frozen
class Sample:
    """One contender: microseconds of CPU, and how many times the time of ours it takes."""

    label: str
    cpu: Spread
    times_ours: Spread


@frozen
class Import:
    """CPU of `tm_async.webhooks` beyond the core and asyncio, in milliseconds."""

    beyond: Spread


def _filled(envelope: dict[str, Any], size: int) -> bytes:
    text = json.dumps(envelope, ensure_ascii=False, separators=(",", ":"))
    return text.replace('"subject":"555"', f'"subject":"{"5" * (size - len(text.encode()) + 3)}"').encode()


def _event() -> bytes:
    captured = next(one for one in samples() if one.event == "meeting.created")
    return _filled(captured.delivery, SIZE)


def _ours() -> Callable[[], object]:
    key = WebhookKey(TOKEN, AES_KEY)
    keys, now = WebhookKeys(key), time.time()
    sent = delivery_request(key, _event())
    headers = [(name.lower().encode(), value.encode()) for name, value in sent.headers]
    headers += [(b"host", b"example.com"), (b"user-agent", b"x"), (b"accept", b"*/*"), (b"content-length", b"1124")]

    def work() -> object:
        delivery = receive(keys, "POST", b"", headers, sent.body, now)
        assert type(delivery) is Delivery
        return Event.from_delivery(delivery)

    return work


def _bare(load: Callable[[bytes], Any]) -> Callable[[], object]:
    """SHA-1, Base64, AES, two JSON parses. Formats, clock, padding and shapes are taken on trust."""
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES256
    from cryptography.hazmat.primitives.ciphers.modes import CBC

    aes = base64.b64decode(AES_KEY + "=")
    sent = delivery_request(WebhookKey(TOKEN, AES_KEY), _event())
    headers = dict(sent.headers)

    def work() -> object:
        data = load(sent.body)["data"]
        joined = "".join(sorted((TOKEN, headers["timestamp"], headers["nonce"], data)))
        digest = hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()
        assert hmac.compare_digest(digest, headers["signature"])
        decryptor = Cipher(AES256(aes), CBC(aes[:16])).decryptor()
        plain = decryptor.update(base64.b64decode(data)) + decryptor.finalize()
        return load(plain[: -plain[-1]])["payload"]

    return work


def _lark() -> Callable[[], object]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import lark_oapi as lark
        from Crypto.Cipher import AES
        from lark_oapi.core.model import RawRequest

    key = "lark-encrypt-key"
    seen: list[object] = []
    builder = lark.EventDispatcherHandler.builder(key, "verification", lark.LogLevel.ERROR)
    handler = builder.register_p2_im_message_receive_v1(seen.append).build()
    message: dict[str, Any] = {"message_id": "om_1", "chat_id": "oc_1", "message_type": "text", "content": ""}
    sender = {"sender_id": {"open_id": "ou_1", "user_id": "u"}, "sender_type": "user", "tenant_key": "t"}
    event = {
        "schema": "2.0",
        "header": {"event_id": "1", "event_type": "im.message.receive_v1", "create_time": "1", "token": "verification",
                   "app_id": "cli_1", "tenant_key": "t"},
        "event": {"sender": sender, "message": message},
    }  # fmt: skip
    message["content"] = "5" * (SIZE - len(json.dumps(event, separators=(",", ":"))))
    plain = json.dumps(event, separators=(",", ":")).encode()
    padding = 16 - len(plain) % 16
    vector = b"0" * 16
    cipher = AES.new(hashlib.sha256(key.encode()).digest(), AES.MODE_CBC, vector)
    sealed = base64.b64encode(vector + cipher.encrypt(plain + bytes([padding]) * padding)).decode()
    request = RawRequest()
    request.uri, request.body = "/", json.dumps({"encrypt": sealed}).encode()
    signature = hashlib.sha256(b"1" + b"2" + key.encode() + request.body).hexdigest()
    request.headers = {"X-Lark-Request-Timestamp": "1", "X-Lark-Request-Nonce": "2", "X-Lark-Signature": signature}
    answer = handler.do(request)
    if answer.status_code != 200 or len(seen) != 1:
        raise AssertionError(f"lark does not take it: {answer.content!r}")

    def work() -> object:
        seen.clear()
        return handler.do(request)

    return work


def _stripe() -> Callable[[], object]:
    import stripe

    secret, stamp = "whsec_test", str(int(time.time()))
    customer: dict[str, Any] = {
        "id": "cus_1", "object": "customer", "address": None, "balance": 0, "created": 1483565364, "currency": None,
        "default_source": None, "delinquent": False, "description": "", "email": None, "invoice_prefix": "28278FC",
        "invoice_settings": {"custom_fields": None, "default_payment_method": None, "footer": None},
        "livemode": False, "metadata": {}, "name": None, "next_invoice_sequence": 1, "phone": None,
        "preferred_locales": [], "shipping": None, "tax_exempt": "none", "test_clock": None,
    }  # fmt: skip
    event: dict[str, Any] = {
        "id": "evt_1", "object": "event", "api_version": "2026-01-01", "created": 1, "livemode": False,
        "pending_webhooks": 1, "request": {"id": None, "idempotency_key": None}, "type": "customer.created",
        "data": {"object": customer},
    }  # fmt: skip
    customer["description"] = "5" * (SIZE - len(json.dumps(event, separators=(",", ":"))))
    payload = json.dumps(event, separators=(",", ":"))
    signature = hmac.new(secret.encode(), f"{stamp}.{payload}".encode(), "sha256").hexdigest()
    header = f"t={stamp},v1={signature}"
    return lambda: stripe.Webhook.construct_event(payload, header, secret, tolerance=10**9)


def contenders() -> dict[str, Callable[[], object]]:
    """All of them, ours first. The bare steps use the JSON library that ours uses, and the standard library's."""
    found = {"tm_async": _ours(), "bare steps": _bare(jsonbytes.load), "bare steps, json": _bare(json.loads)}
    for name, make in (("lark-oapi dispatcher", _lark), ("stripe construct_event", _stripe)):
        with contextlib.suppress(ImportError):
            found[name] = make()
    return found


def _cpu_us(work: Callable[[], object], seconds: float) -> float:
    done, started = 0, time.process_time()
    while (used := time.process_time() - started) < seconds:
        for _ in range(50):
            work()
        done += 50
    return used / done * 1e6


def run(*, quick: bool = False) -> tuple[list[Sample], Import]:
    """All of them in turns, on one core."""
    pin(cores()[1])
    progress("webhooks")
    rounds, seconds = (3, 0.02) if quick else (25, 0.1)
    works = contenders()
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            taken[name].append(_cpu_us(work, seconds))
    ours = taken["tm_async"]
    found = [
        Sample(name, Spread.of(cpu), Spread.of([one / own for one, own in zip(cpu, ours, strict=True)]))
        for name, cpu in taken.items()
    ]
    cpu_ms_of("-c", _KIT)  # the first run writes byte code
    pairs = [(cpu_ms_of("-c", _KIT), cpu_ms_of("-c", _CORE)) for _ in range(2 if quick else 15)]
    return found, Import(Spread.of([kit - core for kit, core in pairs]))


def targets(found: tuple[list[Sample], Import]) -> list[Target]:
    """What was promised."""
    wanted = {"lark-oapi dispatcher": 3.0, "stripe construct_event": 6.0}
    samples_, imported = found
    listed = [
        Target(f"webhook event, {one.label}: times ours", one.times_ours, wanted[one.label])
        for one in samples_
        if one.label in wanted
    ]
    bare = next(one for one in samples_ if one.label == "bare steps")
    ratio = Spread(1 / bare.times_ours.median, 1 / bare.times_ours.high, 1 / bare.times_ours.low)
    listed.append(Target("webhook event, ours: times the bare steps", ratio, 1.3, at_most=True))
    listed.append(
        Target("import of tm_async.webhooks beyond the core and asyncio, ms", imported.beyond, 40, at_most=True)
    )
    return listed


def report(found: tuple[list[Sample], Import]) -> str:
    """One table."""
    rows = [(one.label, one.cpu.show(1), one.times_ours.show(2)) for one in found[0]]
    rows.append(("import beyond the core and asyncio, ms", found[1].beyond.show(1), ""))
    return table(("one event of 831 bytes", "CPU µs: median (lowest-highest)", "times ours"), rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    found = run(quick=parser.parse_args().quick)
    print(report(found))
    print(table(("target", "wanted", "measured", "", "note"), [target.row for target in targets(found)]))


if __name__ == "__main__":
    main()
