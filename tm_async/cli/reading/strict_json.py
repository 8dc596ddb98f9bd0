"""JSON objects as people write them, read strictly: what another reader could take differently is refused."""

import json
from typing import Any, NoReturn

__all__ = ["read_object"]


def read_object(text: str) -> dict[str, Any]:
    """One JSON object. Raises `ValueError` that says what is wrong, and where."""
    try:
        value: dict[str, Any] = json.loads(text, object_pairs_hook=_members, parse_constant=_constant)
    except json.JSONDecodeError as error:
        place = f"column {error.colno}" if error.lineno == 1 else f"line {error.lineno}, column {error.colno}"
        raise ValueError(f"is not JSON: {error.msg} ({place})") from None
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    if not text.lstrip(" \t\r\n\ufeff").startswith("{"):
        raise ValueError("must be one JSON object, {...}")
    if "\\u" in text:
        _refuse_half_pairs(value)
    return value


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise ValueError(f"has the member {name!r} twice")
            seen.add(name)
    return members


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _refuse_half_pairs(value: object) -> None:
    """Half of a surrogate pair is no character, and can't be sent as UTF-8."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError("has half of a surrogate pair (\\ud800 to \\udfff), which is no character") from None
