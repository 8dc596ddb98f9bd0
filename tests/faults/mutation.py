"""Answers that are not what the gateway sends: bytes and JSON changed at random, the same way for the same seed."""

import json
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

__all__ = ["mutated", "mutated_bytes", "mutated_json"]

_SCALARS: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**63, 10**30, -(10**400), 0.5, 1e308, -0.0),
    *("", "0", "-1", "1796090400", "1796090400123", "99999999999999999999", "true", "null", "ÿ", "\ud800", "😀" * 50),
    *("MEETING_STATE_NEW", "dBVzdDE=", "=", "\0", "a" * 5000, [], {}, [None], [[]], {"": None}, [{}] * 3),
)
_ODD = (
    *(b"", b"\x00", b"\xff\xfe", b"{", b"}", b"[", b"]", b'"', b",", b":", b"\\", b"\\ud83d", b"NaN", b"Infinity"),
    *(b"1e999", b"-", b"null", b"<html>", b"\xef\xbb\xbf", b"[" * 3000, b'{"a":' * 3000, b"9" * 5000),
)


def mutated(rng: Random, body: bytes) -> bytes:
    """One to four changes of the bytes, of the JSON, or of both."""
    if rng.random() < 0.6:
        body = mutated_json(rng, body)
    if rng.random() < 0.6:
        body = mutated_bytes(rng, body)
    return body


# --- bytes ----------------------------------------------------------------------------------------------------------


def _flip(rng: Random, body: bytes) -> bytes:
    at = rng.randrange(len(body) + 1)
    return body[:at] + bytes((rng.randrange(256),)) + body[at + 1 :]


def _insert(rng: Random, body: bytes) -> bytes:
    at = rng.randrange(len(body) + 1)
    return body[:at] + rng.choice(_ODD) + body[at:]


def _delete(rng: Random, body: bytes) -> bytes:
    at = rng.randrange(len(body) + 1)
    return body[:at] + body[at + rng.randrange(1, 40) :]


def _repeat(rng: Random, body: bytes) -> bytes:
    start, end = sorted(rng.randrange(len(body) + 1) for _ in range(2))
    return body[:end] + body[start:end] + body[end:]


def _cut(rng: Random, body: bytes) -> bytes:
    return body[: rng.randrange(len(body) + 1)]


_BYTES: tuple[Callable[[Random, bytes], bytes], ...] = (_flip, _insert, _delete, _repeat, _cut)


def mutated_bytes(rng: Random, body: bytes) -> bytes:
    """One or two changes of the bytes."""
    for _ in range(rng.randint(1, 2)):
        body = rng.choice(_BYTES)(rng, body)
    return body


# --- JSON -----------------------------------------------------------------------------------------------------------


def mutated_json(rng: Random, body: bytes) -> bytes:
    """One or two changes of members; still JSON, with Python's NaN and Infinity in rare cases."""
    try:
        value = json.loads(body)
    except ValueError:
        value = {}
    for _ in range(rng.randint(1, 2)):
        value = _changed(rng, value)
    return json.dumps(value, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")


def _changed(rng: Random, value: Any) -> Any:
    """Another value in the place of this one, or of something inside it."""
    if not value or not isinstance(value, dict | list) or rng.random() < 0.15:
        return _instead(rng, value)
    where = rng.choice([*value]) if isinstance(value, dict) else rng.randrange(len(value))
    if rng.random() < 0.2:
        _rearrange(rng, value, where)
    else:
        value[where] = _changed(rng, value[where])
    return value


def _rearrange(rng: Random, value: Any, where: Any) -> None:
    inner = value.pop(where)
    if isinstance(value, list):
        value += [inner] * rng.randrange(3)
    elif rng.random() < 0.5:
        value[f"{where}_"] = inner


def _instead(rng: Random, value: Any) -> Any:
    chance = rng.random()
    if chance < 0.2:
        return [value]
    if chance < 0.3:
        return {"error_info": {"error_code": _odd(rng), "message": _odd(rng)}}
    if chance < 0.4:
        return str(value)
    if chance < 0.45:
        return rng.choice((float("nan"), float("inf")))
    return _odd(rng)


def _odd(rng: Random) -> Any:
    return deepcopy(rng.choice(_SCALARS))
