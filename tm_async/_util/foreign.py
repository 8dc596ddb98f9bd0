"""Text from elsewhere, made harmless where it is shown: from gateways and pages, users, ledgers, names of files."""

import re
from collections.abc import Iterable
from urllib.parse import quote

__all__ = ["UNSAFE", "printable", "without"]

UNSAFE = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # controls: they steer terminals, and begin lines that nobody wrote
    "\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # line ends, and what turns the direction of writing
    "\u00ad\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"  # what is not seen
    "\ud800-\udfff"  # halves of characters
    "]"
)
"""Characters that are not shown as they are. The joiners of emoji and of Persian are not among them."""

_SHORTEST = 4
"""Characters that a secret has at least: what is shorter is in every word."""
_TELLING = 12
"""Characters of a secret from which on a part of it is taken for it."""


def printable(text: str) -> str:
    """Text in one line, without what could steer a terminal or forge a line of a log."""
    return text if text.isprintable() else UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)


def without(text: str, secrets: Iterable[str]) -> str:
    """Text without secrets that somebody repeated: whole, cut off, percent-encoded, or as JSON escapes a slash."""
    for secret in secrets:
        if len(secret) >= _SHORTEST:
            for form in {secret, quote(secret, safe=""), secret.replace("/", "\\/")}:
                text = _without(text, form)
    return text


def _without(text: str, secret: str) -> str:
    head, tail = secret[:_TELLING], secret[_TELLING:]
    first, *rest = text.split(head)
    return first + "".join(f"***{piece[_alike(piece, tail) :]}" for piece in rest)


def _alike(one: str, other: str) -> int:
    """How long the beginning is that both have."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))
