"""Deliveries that the platform never made: what somebody can do to recorded ones, the same way for the same seed.

Most have no key. Some know one of two: an old token that is not in the ring, or the token and not the AES key.
"""

import json
import struct
from collections.abc import Callable
from random import Random
from typing import Any

from attrs import evolve, frozen

from tm_async.webhooks import WebhookKey, WebhookKeys
from tm_async.webhooks.events.samples import samples
from tm_async.webhooks.sending import delivery_request
from tm_async.webhooks.wire import encoded

__all__ = ["KINDS", "NOW", "Base", "Forged", "bases", "forged"]

NOW = 1_760_000_000.0


def _token(letter: str) -> str:
    return (letter * 12 + "0123456789abcdefghij")[:25]


AES_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
ENCRYPTING = WebhookKey(_token("Q"), AES_KEY)
OLDER = WebhookKey(_token("1"), AES_KEY)
PLAIN = WebhookKey(_token("z"))
STRANGER = WebhookKey(_token("S"), "BAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")
RINGS = (WebhookKeys(ENCRYPTING), WebhookKeys(ENCRYPTING, OLDER), WebhookKeys(PLAIN))


@frozen
class Base:
    """A delivery as it was recorded, and who receives it."""

    keys: WebhookKeys
    key: WebhookKey
    envelope: dict[str, Any]
    timestamp: str
    nonce: str
    signature: str
    data: str


@frozen
class Forged:
    """A request that the platform never made."""

    kind: str
    method: str
    query_string: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


@frozen
class _Parts:
    timestamp: str
    nonce: str
    signature: str
    data: str


def bases() -> list[Base]:
    """Recorded deliveries of every event, to each kind of ring, with timestamps and nonces of all accepted forms."""
    rng = Random("bases")
    found = []
    for sample in samples():
        for keys in RINGS:
            key = rng.choice([key for _, key in keys.named])
            seconds = int(NOW) - rng.randrange(6 * 86400)
            timestamp = str(seconds) if rng.random() < 0.5 else f"{seconds}{rng.randrange(1000):03}"
            nonce = f"{len(found) + 1}{rng.randrange(10 ** rng.randint(1, 16))}"  # no two alike, or parts fit by chance
            sent = delivery_request(key, sample.delivery, timestamp=timestamp, nonce=nonce)
            data = json.loads(sent.body)["data"]
            data = data.rstrip("=") if rng.random() < 0.3 else data
            found.append(Base(keys, key, sample.delivery, timestamp, nonce, key.sign(timestamp, nonce, data), data))
    return found


def forged(rng: Random, base: Base, others: list[Base]) -> Forged:
    """One change, or two, of a recorded delivery."""
    parts = _Parts(base.timestamp, base.nonce, base.signature, base.data)
    kind = rng.choice([*KINDS])
    if kind == "get":
        return _as_get(base)
    changed = KINDS[kind](rng, base, parts, others)
    if rng.random() < 0.1:
        second = rng.choice(("bits", "boundaries", "truncation", "case"))
        changed = KINDS[second](rng, base, changed, others)
        kind = f"{kind}, {second}"
    headers = (("timestamp", changed.timestamp), ("nonce", changed.nonce), ("signature", changed.signature))
    return Forged(kind, "POST", "", headers, json.dumps({"data": changed.data}).encode())


# --- without a key ----------------------------------------------------------------------------------------------------


def _somewhere(rng: Random, parts: _Parts, change: Callable[[str], str]) -> _Parts:
    name = rng.choice(("timestamp", "nonce", "signature", "data", "data"))
    return evolve(parts, **{name: change(getattr(parts, name))})


def _bits(rng: Random, base: Base, parts: _Parts, others: list[Base]) -> _Parts:
    def flip(text: str) -> str:
        at = rng.randrange(len(text) + 1)
        letter = chr(ord(text[at]) ^ 1 << rng.randrange(7)) if at < len(text) else "0"
        return text[:at] + letter + text[at + 1 :]

    return _somewhere(rng, parts, flip)


def _boundaries(rng: Random, base: Base, parts: _Parts, others: list[Base]) -> _Parts:
    """Another cut of what was joined: the signature still fits where the order stays."""
    digits = sorted((parts.timestamp, parts.nonce))
    joined = "".join(digits)
    choice = rng.randrange(4)
    if choice == 0:
        cut = rng.choice([10, 13, len(joined) - 10, len(joined) - 13, rng.randrange(len(joined) + 1)])
        first, second = joined[:cut], joined[cut:]
        return (
            evolve(parts, timestamp=first, nonce=second)
            if rng.random() < 0.5
            else evolve(parts, timestamp=second, nonce=first)
        )
    if choice == 1:
        return evolve(parts, timestamp=parts.nonce, nonce=parts.timestamp)
    moved = rng.randint(1, 4)
    name = rng.choice(("timestamp", "nonce"))
    text = getattr(parts, name)
    if choice == 2:
        return evolve(parts, **{name: text[:-moved], "data": text[-moved:] + parts.data})
    return evolve(parts, **{name: text + parts.data[:moved], "data": parts.data[moved:]})


def _extended(rng: Random, base: Base, parts: _Parts, others: list[Base]) -> _Parts:
    """The signature of more, computed from the signature of less, as SHA-1 allows; the length of the token is known."""
    length = 25 + len(parts.timestamp) + len(parts.nonce) + len(parts.data)
    glue = b"\x80" + b"\0" * ((55 - length) % 64) + struct.pack(">Q", length * 8)
    suffix = encoded(json.dumps(rng.choice(others).envelope).encode()).encode()
    try:
        state = struct.unpack(">5I", bytes.fromhex(parts.signature))
    except (ValueError, struct.error):
        return parts
    signature = _sha1_from(state, length + len(glue), suffix[:256])
    return evolve(parts, signature=signature, data=parts.data + glue.decode("latin-1") + suffix[:256].decode())


def _truncated(rng: Random, base: Base, parts: _Parts, others: list[Base]) -> _Parts:
    return _somewhere(rng, parts, lambda text: text[: rng.randrange(len(text) + 1)])


def _case(rng: Random, base: Base, parts: _Parts, others: list[Base]) -> _Parts:
    change = rng.choice((str.upper, str.swapcase, str.title))
    return evolve(parts, **{(name := rng.choice(("signature", "data"))): change(getattr(parts, name))})


def _padding(rng: Random, base: Base, parts: _Parts, others: list[Base]) -> _Parts:
    """Of Base64: more, less, other; and white space, which lenient decoders skip."""
    bare = parts.data.rstrip("=")
    kept = [f"{bare}{'=' * count}" for count in range(5)]
    odd = [f"{bare}\n", f" {bare}", f"{bare[:8]}\r\n{bare[8:]}", f"{bare}-", f"{bare[:5]}_{bare[5:]}", f"{bare}==QQ=="]
    return evolve(parts, data=rng.choice([*kept, *odd]))


def _spliced(rng: Random, base: Base, parts: _Parts, others: list[Base]) -> _Parts:
    """Parts of another recorded delivery."""
    other = rng.choice(others)
    names = rng.sample(("timestamp", "nonce", "signature", "data"), rng.randint(1, 3))
    return evolve(parts, **{name: getattr(other, name) for name in names})


def _blocks(rng: Random, base: Base, parts: _Parts, others: list[Base]) -> _Parts:
    """Whole blocks of the cipher, 16 bytes each, left out, doubled or changed about."""
    size = 64  # letters of Base64 for three blocks
    pieces = [parts.data[at : at + size] for at in range(0, len(parts.data), size)]
    change = rng.randrange(3)
    if change == 0:
        del pieces[rng.randrange(len(pieces))]
    elif change == 1:
        pieces.insert(0, rng.choice(pieces))
    else:
        rng.shuffle(pieces)
    return evolve(parts, data="".join(pieces))


# --- with one key of two ----------------------------------------------------------------------------------------------


def _other_key(rng: Random, base: Base, parts: _Parts, others: list[Base]) -> _Parts:
    """Signed and encrypted by somebody with keys of their own."""
    data = encoded(STRANGER.encrypt(json.dumps(rng.choice(others).envelope).encode()))
    return _signed(STRANGER, parts, data)


def _other_aes_key(rng: Random, base: Base, parts: _Parts, others: list[Base]) -> _Parts:
    """The token is known and the AES key is not."""
    if not base.key.encrypts:
        return _other_key(rng, base, parts, others)
    sealed = STRANGER.encrypt(json.dumps(rng.choice(others).envelope).encode())
    return _signed(base.key, parts, encoded(rng.choice((sealed, rng.randbytes(16 * rng.randint(1, 40))))))


def _plain(rng: Random, base: Base, parts: _Parts, others: list[Base]) -> _Parts:
    """Not encrypted, by somebody with the token."""
    if not base.key.encrypts:
        return _other_key(rng, base, parts, others)
    return _signed(base.key, parts, encoded(json.dumps(rng.choice(others).envelope).encode()))


def _signed(key: WebhookKey, parts: _Parts, data: str) -> _Parts:
    return evolve(parts, data=data, signature=key.sign(parts.timestamp, parts.nonce, data))


def _as_get(base: Base) -> Forged:
    """A recorded delivery in the place of a challenge, to have it decrypted."""
    headers = (("timestamp", base.timestamp), ("nonce", base.nonce), ("signature", base.signature))
    return Forged("get", "GET", f"check_str={base.data}", headers, b"")


KINDS: dict[str, Callable[[Random, Base, _Parts, list[Base]], _Parts]] = {
    "bits": _bits,
    "boundaries": _boundaries,
    "length extension": _extended,
    "truncation": _truncated,
    "case": _case,
    "padding": _padding,
    "spliced": _spliced,
    "blocks": _blocks,
    "other key": _other_key,
    "other AES key": _other_aes_key,
    "plain for encrypted": _plain,
    "get": _bits,
}
"""What is done to a delivery, by name."""


def _sha1_from(state: tuple[int, ...], done: int, message: bytes) -> str:
    """SHA-1 that goes on from a digest."""
    padded = (
        message + b"\x80" + b"\0" * ((55 - done - len(message)) % 64) + struct.pack(">Q", (done + len(message)) * 8)
    )
    for at in range(0, len(padded), 64):
        state = _sha1_block(state, padded[at : at + 64])
    return struct.pack(">5I", *state).hex()


def _sha1_block(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    def rotated(value: int, by: int) -> int:
        return (value << by | value >> (32 - by)) & 0xFFFFFFFF

    words = list(struct.unpack(">16I", block))
    for at in range(16, 80):
        words.append(rotated(words[at - 3] ^ words[at - 8] ^ words[at - 14] ^ words[at - 16], 1))
    a, b, c, d, e = state
    for at, word in enumerate(words):
        if at < 20:
            mixed, constant = b & c | ~b & d, 0x5A827999
        elif at < 40:
            mixed, constant = b ^ c ^ d, 0x6ED9EBA1
        elif at < 60:
            mixed, constant = b & c | b & d | c & d, 0x8F1BBCDC
        else:
            mixed, constant = b ^ c ^ d, 0xCA62C1D6
        a, b, c, d, e = (
            (rotated(a, 5) + (mixed & 0xFFFFFFFF) + e + constant + word) & 0xFFFFFFFF,
            a,
            rotated(b, 30),
            c,
            d,
        )
    return tuple((one + new) & 0xFFFFFFFF for one, new in zip(state, (a, b, c, d, e), strict=True))
