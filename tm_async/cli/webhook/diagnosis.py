"""Why a request is refused: each step, and the mistake that most likely made it fail. Pure, as `receive` is."""

import json
from collections.abc import Callable
from datetime import UTC
from urllib.parse import parse_qs, quote, unquote

from tm_async.cli.webhook.rawhttp import Saved
from tm_async.cli.webhook.steps import Step
from tm_async.cli.words import spoken
from tm_async.core.wire import is_object
from tm_async.webhooks import wire
from tm_async.webhooks.delivery import Delivery
from tm_async.webhooks.events.reading import events_in
from tm_async.webhooks.keys import Mistake, WebhookKey, WebhookKeys
from tm_async.webhooks.receiving import MAX_AGE, MAX_AHEAD, Challenge, Reason, Refused, receive

__all__ = ["diagnose"]


def diagnose(keys: WebhookKeys, saved: Saved, now: float) -> list[Step]:
    """The steps as far as it gets. A saved request may be old: its age is told, and the rest looked at all the same."""
    sent = _header(saved, "timestamp")
    moment = wire.seconds(sent) if wire.is_timestamp(sent) else now
    found = receive(keys, saved.method, saved.query_string, saved.headers, saved.body, moment)
    if isinstance(found, Refused):
        return [*_passed(found.reason), _failed(found.reason, keys, saved)]
    steps = [
        _formats(),
        Step(spoken("signature"), True, spoken("fits the key {name!r}", name=found.key_name)),
        _age(now - moment),
    ]
    if isinstance(found, Challenge):
        said = spoken("{count} bytes, to be answered as they are", count=len(found.text))
        return [*steps, Step(spoken("challenge"), True, said)]
    return [*steps, *_of_the_event(found)]


def _formats() -> Step:
    return Step(spoken("formats"), True, spoken("timestamp, nonce, signature and data"))


def _age(seconds: float) -> Step:
    fresh = -MAX_AHEAD <= seconds <= MAX_AGE
    amount = f"{abs(seconds):.0f} s" if abs(seconds) < 120 else f"{abs(seconds) / 3600:.1f} h"
    said = spoken("{time} old", time=amount) if seconds >= 0 else spoken("{time} ahead", time=amount)
    return Step(spoken("clock"), fresh, said if fresh else spoken("{age}; a receiver refuses it by now", age=said))


def _of_the_event(delivery: Delivery) -> list[Step]:
    count = len(delivery.body)
    text = "decrypted, {count} bytes" if delivery.encrypted else "not encrypted, {count} bytes"
    steps = [Step(spoken("content"), True, spoken(text, count=count))]
    for event in events_in(delivery):
        when = event.operate_time.astimezone(UTC).isoformat() if event.operate_time else "-"
        said = f"{event.name} ({type(event).__name__}), {when}, key {event.key[:12]}"
        steps.append(Step(spoken("event"), True, said))
    return steps


# --- which step ------------------------------------------------------------------------------------------------------


def _passed(reason: Reason) -> list[Step]:
    steps = (
        (Reason.FORMAT, _formats()),
        (Reason.SIGNATURE, Step(spoken("signature"), True, spoken("fits"))),
        (Reason.BASE64, Step("base64", True, spoken("decodes"))),
    )
    return [step for last, step in steps if _order(last) < _order(reason)]


def _failed(reason: Reason, keys: WebhookKeys, saved: Saved) -> Step:
    advise = _ADVICE.get(reason)
    advice = advise(keys, saved) if advise else ""
    said = spoken(reason.value)
    return Step(_name(reason), False, f"{said}: {advice}" if advice else said)


def _name(reason: Reason) -> str:
    steps = (
        (Reason.BODY, spoken("request")),
        (Reason.FORMAT, spoken("formats")),
        (Reason.SIGNATURE, spoken("signature")),
        (Reason.TOO_OLD, spoken("clock")),
        (Reason.BASE64, "base64"),
        (Reason.DECRYPTION, spoken("decryption")),
    )
    return next((name for last, name in steps if _order(reason) <= _order(last)), spoken("content"))


def _order(reason: Reason) -> int:
    return [*Reason].index(reason)


# --- likely mistakes --------------------------------------------------------------------------------------------------


def _of_the_signature(keys: WebhookKeys, saved: Saved) -> str:
    timestamp, nonce = _header(saved, "timestamp"), _header(saved, "nonce")
    signature, data = _header(saved, "signature"), _data(saved)

    def fits(text: str) -> bool:
        return any(key.sign(timestamp, nonce, text) == signature for _, key in keys.named)

    for changed, said in (
        (
            data.replace(" ", "+"),
            spoken("each + of the query became a space: take the raw query, not a form's"),
        ),
        (
            data.rstrip("="),
            spoken("the = at its end were added before hashing; the platform sends data without"),
        ),
        (data + "=" * (-len(data) % 4), spoken("the = at its end were taken off before hashing")),
        (data.strip(), spoken("white space around data, as of a file or an editor")),
        (unquote(data), spoken("check_str was hashed before it was URL-decoded, or is encoded twice")),
        (quote(data, safe=""), spoken("check_str was signed in its URL-encoded form")),
    ):
        if changed != data and fits(changed):
            return said
    return _of_a_home_made_sender(keys, timestamp, nonce, data, signature)


def _of_a_home_made_sender(keys: WebhookKeys, timestamp: str, nonce: str, data: str, signature: str) -> str:
    said = {
        Mistake.UNSORTED: spoken("the four texts were not sorted"),
        Mistake.BY_NAME: spoken("they were sorted by their names"),
        Mistake.SHA256: spoken("it is SHA-256, not SHA-1"),
        Mistake.DECODED: spoken("data was decoded before it was hashed"),
    }
    for _, key in keys.named:
        made = key.sign_wrongly(timestamp, nonce, data)
        if signature in made:
            return said[made[signature]]
    return spoken("another token, or a part of it was changed on the way")


def _of_the_envelope(keys: WebhookKeys, saved: Saved) -> str:
    raw = wire.decoded(_data(saved))
    for _, key in keys.named:
        plain = _decrypted(key, raw)
        if plain is None:
            continue
        length = int.from_bytes(plain[16:20], "big")
        if 0 < length <= len(plain) - 20 and plain[20:21] == b"{":
            return spoken("it was encrypted by WeCom's routine, with 16 random bytes and a length before the text")
    return "" if keys.encrypts else spoken("encrypted, and no AES key is set?")


_ADVICE: dict[Reason, Callable[[WebhookKeys, Saved], str]] = {
    Reason.SIGNATURE: _of_the_signature,
    Reason.DECRYPTION: lambda _, __: spoken("another EncodingAESKey, or data is cut"),
    Reason.ENVELOPE: _of_the_envelope,
    Reason.CHALLENGE: lambda _, __: spoken("it is JSON, as a recorded delivery is that somebody sends as a GET"),
    Reason.PLAIN: lambda _, __: spoken("the subscription has no EncodingAESKey, or allow_plain is wanted"),
    Reason.BODY: lambda _, __: spoken("a framework may have changed it; it begins like this: {body}", body='{"data":"'),
    Reason.HEADER_MISSING: lambda _, __: spoken("a proxy may have taken them off"),
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
