"""What the browser shows at the end of a login. Static: nothing of a request comes back in it."""

import base64
import hashlib
from http import HTTPStatus

from attrs import field, frozen

from tm_async.cli.words import in_chinese, spoken

__all__ = ["DENIED", "NOT_THIS_LOGIN", "RECEIVED", "TOO_LARGE", "Page", "refusal"]

_STYLE = """
:root { color-scheme: light dark; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 26rem; padding: 1.5rem; }
h1 { margin: 0 0 .5rem; font-size: 1.3rem; line-height: 1.3; }
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = (
    "Content-Type: text/html; charset=utf-8",
    "Cache-Control: no-store",
    f"Content-Security-Policy: {_POLICY}",
    "Referrer-Policy: no-referrer",  # the address has the code in it
    "X-Content-Type-Options: nosniff",
    "Connection: close",
)


@frozen
class Page:
    """An answer to the browser."""

    status: HTTPStatus
    heading: str
    text: str
    more: tuple[str, ...] = field(default=())
    """Header lines of its own."""

    def encode(self) -> bytes:
        """The whole answer, as it goes over the wire."""
        heading, text, language = spoken(self.heading), spoken(self.text), "zh" if in_chinese() else "en"
        html = (
            f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width"><title>{heading}</title>'
            f'<link rel="icon" href="data:,"><style>{_STYLE}</style></head>\n'
            f"<body><main><h1>{heading}</h1><p>{text}</p></main></body></html>\n"
        ).encode()
        start = f"HTTP/1.1 {self.status.value} {self.status.phrase}"
        lines = (start, *_HEADERS, *self.more, f"Content-Length: {len(html)}", "", "")
        return "\r\n".join(lines).encode("ascii") + html


RECEIVED = Page(HTTPStatus.OK, "You can close this window", "The terminal tells how the login ended.")
DENIED = Page(HTTPStatus.OK, "Not logged in", "You can close this window. The reason stands in the terminal.")
NOT_THIS_LOGIN = Page(
    HTTPStatus.BAD_REQUEST,
    "This does not belong to the login under way",
    "Nothing was done. To log in, use the address that the terminal shows.",
)
TOO_LARGE = Page(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "This request is too large", "Nothing was done.")


def refusal(status: HTTPStatus) -> Page:
    """For a request that can't be a callback."""
    more = ("Allow: GET",) if status is HTTPStatus.METHOD_NOT_ALLOWED else ()
    return Page(status, status.phrase, "Nothing was done.", more)
