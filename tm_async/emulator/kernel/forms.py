"""Bodies that are forms with files: `multipart/form-data` (RFC 7578)."""

import re
from email.message import Message

from tm_async.emulator.kernel.refusals import Refused

__all__ = ["read_form"]

_NAME = re.compile(rb'[;\s]name="([^"]*)"', re.IGNORECASE)


def read_form(media: str, body: bytes) -> dict[str, str | bytes]:
    """The members of a form: those with a file name are bytes. 200006 for what is none."""
    head = Message()
    head["Content-Type"] = media
    boundary = head.get_boundary()
    if not boundary:
        raise Refused(200006, "Content-Type has no boundary")
    found: dict[str, str | bytes] = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary.encode("latin-1", "replace"))[1:]:
        if part.startswith(b"--"):
            return found
        lines, blank, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name = _NAME.search(lines)
        if not blank or name is None:
            break
        found[name[1].decode("utf-8", "replace")] = content if b"filename=" in lines else _text(content)
    raise Refused(200006, "the form ends before its last boundary, or has a part without a name")


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise Refused(200006, "a text of the form is not UTF-8") from None
