"""Values as they are written into answers."""

import base64
import json

__all__ = ["base64_text", "encode"]


def encode(value: object) -> bytes:
    """Compact UTF-8; escapes only where a caller's text has half a surrogate pair, which UTF-8 cannot hold."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def base64_text(text: str) -> str:
    """As answers show names, and subjects and addresses in places."""
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()
