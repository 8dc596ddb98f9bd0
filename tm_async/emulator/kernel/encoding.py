"""Values as they are written into answers."""

import base64
import json

__all__ = ["base64_text", "encode", "text_of_base64"]


def encode(value: object) -> bytes:
    """Compact UTF-8; escapes only where a caller's text has half a surrogate pair, which UTF-8 cannot hold."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def base64_text(text: str) -> str:
    """As answers show names, and subjects and addresses in places."""
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()


def text_of_base64(encoded: str) -> str | None:
    """The text that was encoded; `None` where none was."""
    try:
        return base64.b64decode(encoded, validate=True).decode()
    except ValueError:
        return None
