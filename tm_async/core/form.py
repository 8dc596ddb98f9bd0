"""Bodies that are forms of files: `multipart/form-data` (RFC 7578), which the gateway does not want signed."""

import re
import secrets
from collections.abc import Mapping

from tm_async.core.exchange import CONSTANT_HEADERS, Headers
from tm_async.core.prepare import as_text

__all__ = ["write_form"]

_UNSAFE = re.compile(r'[\x00-\x1f\x7f"\\]')


def write_form(members: Mapping[str, object]) -> tuple[Headers, bytes]:
    """The header lines and the body of a form; bytes are files, everything else is text."""
    boundary = secrets.token_hex(16)
    body = bytearray()
    for name, value in members.items():
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"'.encode()
        if isinstance(value, bytes):
            body += f'; filename="{_quoted(name)}"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode()
            body += value
        else:
            body += f"\r\n\r\n{as_text(value)}".encode()
        body += b"\r\n"
    body += f"--{boundary}--\r\n".encode()
    kind = ("Content-Type", f"multipart/form-data; boundary={boundary}")
    return (kind, *(line for line in CONSTANT_HEADERS if line[0] != kind[0])), bytes(body)


def _quoted(text: str) -> str:
    """A name for a header line: what would end it is written in percent."""
    return _UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", text)
