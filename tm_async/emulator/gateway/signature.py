"""Is this call signed as documented? (doc 1095/58768, 1095/43704)

Written from the documents alone and held to published vectors, so that it can contradict a client.
The order in which the real gateway checks is not documented; the order here is that of `Verifier.check`.
"""

import base64
import hmac
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import unquote_to_bytes

from attrs import define, field, frozen

from tm_async.emulator.kernel.refusals import Refused
from tm_async.spec.catalogue import FORM

__all__ = [
    "CUSTOM_NAMES",
    "Account",
    "Replays",
    "Verifier",
    "check_fresh",
    "check_present",
    "sign",
    "string_to_sign",
]

WINDOW = 300
"""Seconds: both the tolerated clock difference and the memory for replays (doc 1095/43704)."""

REQUIRED = ("X-TC-Key", "X-TC-Timestamp", "X-TC-Nonce", "X-TC-Signature", "AppId", "Content-Type")
"""Headers without which a call is not looked at; `Content-Type` on GET too (doc 1095/58768)."""

CUSTOM_NAMES = (
    "X-TC-Key",
    "X-TC-Timestamp",
    "X-TC-Nonce",
    "X-TC-Signature",
    "AppId",
    "SdkId",
    "X-TC-Registered",
)
"""The custom headers in their documented spelling (doc 1095/58768)."""


@frozen
class Account:
    """The credentials of the one application that the emulator knows."""

    app_id: str
    sdk_id: str | None
    secret_id: str
    secret_key: str = field(repr=False)


def string_to_sign(method: str, key: str, nonce: str, timestamp: str, target: bytes, body: bytes) -> bytes:
    """Method, header string, raw target and raw body, joined with single line feeds (doc 1095/58768)."""
    head = f"{method}\nX-TC-Key={key}&X-TC-Nonce={nonce}&X-TC-Timestamp={timestamp}\n"
    return b"".join((head.encode("latin-1"), target, b"\n", body))


def sign(secret_key: str, text: bytes) -> str:
    """Base64 of the lower-case hex text of HMAC-SHA256: always 88 characters (doc 1095/58768)."""
    digest = hmac.digest(secret_key.encode(), text, "sha256")
    return base64.b64encode(digest.hex().encode()).decode()


def check_present(headers: Mapping[str, str], required: Sequence[str], wanted: str = "application/json") -> None:
    """Refuse a call that lacks a mandatory header, or whose media type or nonce is none."""
    for name in required:
        if not headers.get(name.lower()):
            raise Refused(200001, f"header {name} is missing or empty")
    media = headers["content-type"].partition(";")[0].strip().lower()
    if media != wanted:
        # The code for another one than the documented one is not documented.
        raise Refused(200006, f"Content-Type is {media!r}, it must be {wanted!r}")
    nonce = headers["x-tc-nonce"]
    if not _is_decimal(nonce) or int(nonce) == 0:
        # "Random positive integer"; the code for anything else is not documented.
        raise Refused(200006, f"X-TC-Nonce is {nonce[:40]!r}, it must be a positive integer")


def check_fresh(timestamp: str, now: float) -> None:
    """Refuse a call whose timestamp is too far off."""
    if not _is_decimal(timestamp):
        raise Refused(190300, f"X-TC-Timestamp {timestamp[:40]!r} is not a decimal number of seconds")
    off = int(timestamp) - int(now)
    if abs(off) > WINDOW:  # whether exactly five minutes pass is not documented
        raise Refused(190300, f"X-TC-Timestamp is {off:+d} s off, at most {WINDOW} s are tolerated")


@define
class Replays:
    """Timestamp and nonce of the calls of the last five minutes.

    Scoping per key is presumed, not documented. The memory is bounded: beyond `limit` the oldest go.
    """

    limit: int = 100_000
    _seen: set[str] = field(factory=set[str], init=False)
    _order: deque[tuple[float, str]] = field(factory=deque[tuple[float, str]], init=False)

    def __len__(self) -> int:
        return len(self._seen)

    def is_new(self, key: str, timestamp: str, nonce: str, now: float) -> bool:
        """Remember this call; false when it was seen within the window."""
        order, seen = self._order, self._seen
        while order and (order[0][0] <= now or len(order) >= self.limit):
            seen.discard(order.popleft()[1])
        call = f"{key}\n{timestamp}\n{nonce}"
        if call in seen:
            return False
        seen.add(call)
        order.append((now + WINDOW, call))
        return True

    def clear(self) -> None:
        """Forget every call."""
        self._seen.clear()
        self._order.clear()


@frozen
class Verifier:
    """Checks the headers of a call against one account."""

    account: Account
    replays: Replays = field(factory=Replays)

    def check(
        self, method: str, target: bytes, headers: Mapping[str, str], body: bytes, now: float, *, form: bool = False
    ) -> None:
        """Raise `Refused` with the documented code and the exact reason, or return.

        `headers` has lower-case names. The body of a form is not signed (doc 1095/106696).
        """
        check_present(headers, REQUIRED, *([FORM] if form else []))
        body = b"" if form else body
        self._credentials(headers)
        check_fresh(headers["x-tc-timestamp"], now)
        self._signature(method, target, headers, body)
        if not self.replays.is_new(headers["x-tc-key"], headers["x-tc-timestamp"], headers["x-tc-nonce"], now):
            raise Refused(190301, f"nonce {headers['x-tc-nonce']} was used with this timestamp before")
        if headers.get("x-tc-registered") != "1":
            # 1 is mandatory, but no code is documented; a Tencent engineer names it as a cause of 200003.
            raise Refused(200003, f"X-TC-Registered is {headers.get('x-tc-registered')!r}, it must be '1'")

    def _credentials(self, headers: Mapping[str, str]) -> None:
        account = self.account
        if headers["x-tc-key"] != account.secret_id:
            raise Refused(190303, f"X-TC-Key {headers['x-tc-key']!r} is not known")
        if headers["appid"] != account.app_id:
            raise Refused(190303, f"AppId {headers['appid']!r} does not belong to this key")
        sent = headers.get("sdkid")
        if sent == account.sdk_id:
            return
        if sent == "":
            raise Refused(190303, "SdkId is empty; leave the header out when none was assigned")
        if account.sdk_id is None:
            raise Refused(190303, f"SdkId {sent!r} was sent although none was assigned")
        if sent is None:
            # Documented as required once assigned; the code for leaving it out is not documented.
            raise Refused(190303, "SdkId is missing although one was assigned")
        raise Refused(190303, f"SdkId {sent!r} does not belong to this key")

    def _signature(self, method: str, target: bytes, headers: Mapping[str, str], body: bytes) -> None:
        values = (method, headers["x-tc-key"], headers["x-tc-nonce"], headers["x-tc-timestamp"])
        text = string_to_sign(*values, target, body)
        secret = self.account.secret_key
        if hmac.compare_digest(sign(secret, text).encode(), headers["x-tc-signature"].encode()):
            return
        mistake = _recognise(values, target, body, secret, headers["x-tc-signature"])
        begins = text[: len(text) - len(body)].decode("latin-1")
        raise Refused(
            200003,
            f"signature differs{mistake}; the string to sign begins {begins!r}, then a body of {len(body)} B",
        )


def _is_decimal(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 40


def _hex_upper(secret: str, text: bytes) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), text, "sha256").hex().upper().encode()).decode()


def _raw_digest(secret: str, text: bytes) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), text, "sha256")).decode()


def _bare_hex(secret: str, text: bytes) -> str:
    return hmac.digest(secret.encode(), text, "sha256").hex()


def _recognise(values: tuple[str, str, str, str], target: bytes, body: bytes, secret: str, signature: str) -> str:
    """Name the mistake when it is one that users of this API are known to make."""
    text = string_to_sign(*values, target, body)
    path = target.partition(b"?")[0]
    candidates: tuple[tuple[str, Callable[[str, bytes], str], bytes], ...] = (
        ("the Base64 input is the raw digest, not its hex text", _raw_digest, text),
        ("the hex text is in upper case", _hex_upper, text),
        ("the hex text was sent without Base64", _bare_hex, text),
        ("the query was left out", sign, string_to_sign(*values, path, body)),
        ("the leading slash was left out", sign, string_to_sign(*values, target[1:], body)),
        ("the decoded target was signed", sign, string_to_sign(*values, unquote_to_bytes(target), body)),
        ("the last line feed was left out", sign, text[: len(text) - len(body) - 1] + body),
        ("a line feed was added at the end", sign, text + b"\n"),
        ("the body was left out", sign, string_to_sign(*values, target, b"")),
        ("the method was not in upper case", sign, values[0].lower().encode() + text[len(values[0]) :]),
    )
    for mistake, how, wrong in candidates:
        if how(secret, wrong) == signature:
            return f" ({mistake})"
    return ""
