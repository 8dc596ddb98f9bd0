"""An address that events are pushed to, and single requests to it."""

import asyncio
import json
import ssl
from collections.abc import Callable
from random import Random
from typing import Any
from urllib.parse import quote

from attrs import field, frozen

from tm_async._util.foreign import printable
from tm_async.emulator.webhooks.secrets import Secrets

__all__ = ["APP", "RECEIVED", "Subscription", "redirects", "stamp"]

RECEIVED = "successfully received callback"
"""The answer that counts, exactly (official docs, 2021)."""
APP = "http://app"
"""The address of an ASGI application in this process."""


@frozen(eq=False, kw_only=True)
class Subscription:
    """What the console has for one application: an address, and the secrets that it was told."""

    url: str
    secrets: Secrets = field(repr=False)
    app: Any = field(default=None, repr=False)
    """An ASGI application, which is called in this process instead of the address."""
    events: frozenset[str] = frozenset()
    """Names of those that are wanted; empty: all."""
    limit: float
    """Seconds, real ones, for the answer to a delivery."""

    def as_dict(self) -> dict[str, object]:
        """For the control plane, without secrets."""
        return {"url": self.url, "encrypted": self.secrets.aes_key is not None, "events": sorted(self.events)}

    def wants(self, event: str) -> bool:
        """Whether it was subscribed."""
        return not self.events or event in self.events

    async def check(self, challenge: str, timestamp: str, nonce: str, limit: float) -> str | None:
        """The GET that the console sends (doc 1095/51608). `None`, or what is wrong with the answer."""
        wrapped = self.secrets.wrap(challenge.encode())
        headers = _headers(timestamp, nonce, self.secrets.sign(timestamp, nonce, wrapped))
        joint = "&" if "?" in self.url else "?"
        status, text = await self._exchange(
            "GET", f"{self.url}{joint}check_str={quote(wrapped, safe='')}", headers, None, limit
        )
        if status is None:
            return text
        if redirects(status):
            return f"it {text}"
        if status != 200:
            return f"it answered with HTTP {status}"
        return None if text == challenge else "it did not answer with the plain text of check_str, and nothing else"

    async def post(self, data: str, timestamp: str, nonce: str, signature: str) -> tuple[int | None, str]:
        """A delivery: the status and the body of the answer; without a status and of a redirect, what went wrong."""
        body = json.dumps({"data": data}, separators=(",", ":")).encode()
        headers = {**_headers(timestamp, nonce, signature), "Content-Type": "application/json"}
        return await self._exchange("POST", self.url, headers, body, self.limit)

    async def _exchange(
        self, method: str, url: str, headers: dict[str, str], body: bytes | None, limit: float
    ) -> tuple[int | None, str]:
        import httpx

        transport = None if self.app is None else httpx.ASGITransport(self.app, raise_app_exceptions=False)
        # Certificates take longer to load than a test lasts, and are of no use for http.
        verify = True if url.startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            async with (
                asyncio.timeout(limit),
                httpx.AsyncClient(transport=transport, verify=verify, trust_env=False, timeout=limit) as http,
            ):
                answer = await http.request(method, url, headers=headers, content=body)
        except (TimeoutError, httpx.TimeoutException):
            return None, f"no answer within {limit:g} s"
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            return None, f"it can't be reached: {error}"
        if redirects(answer.status_code):
            place = printable(answer.headers.get("Location", "?"))
            return answer.status_code, f"redirects (HTTP {answer.status_code}) to {place}; the platform does not follow"
        return answer.status_code, answer.text


def redirects(status: int) -> bool:
    """Whether an answer sends elsewhere, where the platform does not go."""
    return 300 <= status < 400


def _headers(timestamp: str, nonce: str, signature: str) -> dict[str, str]:
    return {"timestamp": timestamp, "nonce": nonce, "signature": signature}


def stamp(clock: Callable[[], float], rng: Random) -> tuple[str, str]:
    """A `timestamp`, in milliseconds as in the documented sample, and a `nonce`."""
    return str(int(clock() * 1000)), str(rng.randrange(10**7, 10**8))
