"""Answers of the OAuth endpoints: `code`, `message`, `nonce`, `data` (docs 2023), and their codes (docs 2021-09)."""

from collections.abc import Mapping
from typing import Any

from tm_async.emulator.kernel.encoding import encode

__all__ = ["Failed", "envelope", "meaning"]

_MEANINGS: Mapping[int, str] = {
    10: "parameter error",
    20: "internal error",
    999: "internal error",
    1001: "application banned",
    1002: "auth_code invalid or expired",
    1003: "application secret wrong",
    1004: "open_id wrong",
    1005: "access_token expired",
    1006: "refresh_token expired",
}


class Failed(Exception):
    """An OAuth endpoint says no: which documented code, and exactly why. Holds no secret."""

    def __init__(self, number: int, reason: str) -> None:
        self.number = number
        self.reason = reason
        super().__init__(f"{number}: {reason}")


def meaning(number: int) -> str:
    """What a code means; a number that no document names is just an error."""
    return _MEANINGS.get(number, "error")


def envelope(number: int, message: str, nonce: str, data: Mapping[str, Any] | None = None) -> bytes:
    """The body of an answer. What `data` is in a failure is not documented: an empty object here."""
    return encode({"code": number, "message": message, "nonce": nonce, "data": data or {}})
