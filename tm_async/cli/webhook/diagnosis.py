"""Why a request is refused: each step, and the mistake that most likely made it fail. Pure, as `receive` is."""

import json
from collections.abc import Callable
from datetime import UTC
from urllib.parse import parse_qs, quote, unquote

from tm_async.cli.webhook.rawhttp import Saved
from tm_async.cli.webhook.steps import Step
from tm_async.core.wire import is_object
from tm_async.webhooks import wire
from tm_async.webhooks.delivery import Delivery
from tm_async.webhooks.events.reading import events_in
from tm_async.webhooks.keys import WebhookKey, WebhookKeys
from tm_async.webhooks.receiving import MAX_AGE, MAX_AHEAD, Challenge, Reason, Refused, receive

__all__ = ["diagnose"]


def diagnose(keys: WebhookKeys, saved: Saved, now: float) -> list[Step]:
    """The steps as far as it gets. A saved request may be old: its age is told, and the rest looked at all the same."""
    sent = _header(saved, "timestamp")
    moment = wire.seconds(sent) if wire.is_timestamp(sent) else now
    found = receive(keys, saved.method, saved.query_string, saved.headers, saved.body, moment)
    if isinstance(found, Refused):
        passed = [Step(name, True, said) for reason, name, said in _PASSED if _before(reason, found.reason)]
        advise = _ADVICE.get(found.reason)
        advice = advise(keys, saved) if advise else ""
        return [*passed, Step(_step_of(found.reason), False, str(found.reason) + (f": {advice}" if advice else ""))]
    age = now - moment
    fresh = -MAX_AHEAD <= age <= MAX_AGE
    steps = [
        Step("formats", True, "timestamp, nonce, signature and data"),
        Step("signature", True, f"fits the key {found.key_name!r}"),
        Step("clock", fresh, f"{_ago(age)}" + ("" if fresh else "; a receiver refuses it by now")),
    ]
    if isinstance(found, Challenge):
        return [*steps, Step("challenge", True, f"{len(found.text)} bytes, to be answered as they are")]
    return [*steps, *_of_the_event(found)]


def _of_the_event(delivery: Delivery) -> list[Step]:
    how = "decrypted" if delivery.encrypted else "not encrypted"
    steps = [Step("content", True, f"{how}, {len(delivery.body)} bytes")]
    for event in events_in(delivery):
        when = event.operate_time.astimezone(UTC).isoformat() if event.operate_time else "no time"
        steps.append(Step("event", True, f"{event.name} ({type(event).__name__}), {when}, key {event.key[:12]}"))
    return steps


# --- which step ------------------------------------------------------------------------------------------------------

_PASSED = (
    (Reason.FORMAT, "formats", "timestamp, nonce, signature and data"),
    (Reason.SIGNATURE, "signature", "fits"),
    (Reason.BASE64, "base64", "decodes"),
)


def _before(one: Reason, other: Reason) -> bool:
    order = [*Reason]
    return order.index(one) < order.index(other)


def _step_of(reason: Reason) -> str:
    for last, name in (
        (Reason.BODY, "request"),
        (Reason.FORMAT, "formats"),
        (Reason.SIGNATURE, "signature"),
        (Reason.TOO_OLD, "clock"),
        (Reason.BASE64, "base64"),
        (Reason.DECRYPTION, "decryption"),
    ):
        if not _before(last, reason):
            return name
    return "content"


# --- likely mistakes --------------------------------------------------------------------------------------------------


def _of_the_signature(keys: WebhookKeys, saved: Saved) -> str:
    timestamp, nonce = _header(saved, "timestamp"), _header(saved, "nonce")
    signature, data = _header(saved, "signature"), _data(saved)

    def fits(text: str) -> bool:
        return any(key.sign(timestamp, nonce, text) == signature for _, key in keys.named)

    for changed, said in (
        (data.replace(" ", "+"), "each + of the query became a space: take the raw query, not a form's"),
        (data.rstrip("="), "the = at its end were added before hashing; the platform sends data without"),
        (data + "=" * (-len(data) % 4), "the = at its end were taken off before hashing"),
        (data.strip(), "white space around data, as of a file or an editor"),
        (unquote(data), "check_str was hashed before it was URL-decoded, or is encoded twice"),
        (quote(data, safe=""), "check_str was signed in its URL-encoded form"),
    ):
        if changed != data and fits(changed):
            return said
    for _, key in keys.named:
        made = key.sign_wrongly(timestamp, nonce, data)
        if signature in made:
            return made[signature]
    return "another token, or a part of it was changed on the way"


def _of_the_decryption(keys: WebhookKeys, saved: Saved) -> str:
    return "another EncodingAESKey, or data is cut"


def _of_the_envelope(keys: WebhookKeys, saved: Saved) -> str:
    raw = wire.decoded(_data(saved))
    for _, key in keys.named:
        plain = _decrypted(key, raw)
        if plain is None:
            continue
        length = int.from_bytes(plain[16:20], "big")
        if 0 < length <= len(plain) - 20 and plain[20:21] == b"{":
            return "16 random bytes and a length stand before it: it was encrypted by WeCom's routine, which is another"
    return "encrypted, and no AES key is set?" if not keys.encrypts else ""


def _of_the_challenge(keys: WebhookKeys, saved: Saved) -> str:
    return "it is JSON, as a recorded delivery is that somebody sends as a GET"


_ADVICE: dict[Reason, Callable[[WebhookKeys, Saved], str]] = {
    Reason.SIGNATURE: _of_the_signature,
    Reason.DECRYPTION: _of_the_decryption,
    Reason.ENVELOPE: _of_the_envelope,
    Reason.CHALLENGE: _of_the_challenge,
    Reason.PLAIN: lambda _, __: "the subscription has no EncodingAESKey, or allow_plain is wanted",
    Reason.BODY: lambda _, __: 'the raw body is {"data":"..."}; a framework may have changed it',
    Reason.HEADER_MISSING: lambda _, __: "a proxy may have taken them off",
}


def _decrypted(key: WebhookKey, raw: bytes) -> bytes | None:
    try:
        return key.decrypt(raw) if key.encrypts else None
    except ValueError:
        return None


def _data(saved: Saved) -> str:
    if saved.method == "GET":
        return next(iter(parse_qs(saved.query_string.replace("+", "%2B")).get("check_str", [])), "")
    try:
        found: object = json.loads(saved.body)
    except (ValueError, RecursionError):
        return ""
    data = found.get("data") if is_object(found) else None
    return data if isinstance(data, str) else ""


def _header(saved: Saved, name: str) -> str:
    return next((value for key, value in saved.headers if key.lower() == name), "")


def _ago(seconds: float) -> str:
    if abs(seconds) < 120:
        return f"{abs(seconds):.0f} s {'old' if seconds >= 0 else 'ahead'}"
    hours = abs(seconds) / 3600
    return f"{hours:.1f} h {'old' if seconds >= 0 else 'ahead'}"
