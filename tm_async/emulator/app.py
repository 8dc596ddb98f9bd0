"""The gateway as an ASGI application: admit, disturb, handle, answer, and write it all down."""

import asyncio
import logging
from collections.abc import Mapping
from email.utils import formatdate
from typing import Literal
from urllib.parse import parse_qsl

from attrs import evolve, field, frozen
from starlette.types import ASGIApp, Receive, Scope, Send

from tm_async.emulator.backend import Backend
from tm_async.emulator.context import Answer, Call
from tm_async.emulator.faults import FaultRule
from tm_async.emulator.handlers import HANDLERS
from tm_async.emulator.journal import JournalEntry
from tm_async.emulator.protocol import Wired, wired
from tm_async.emulator.refusals import Refused, code, error_body
from tm_async.emulator.routing import match
from tm_async.emulator.signature import CUSTOM_NAMES
from tm_async.emulator.wire import encode

__all__ = ["Gateway", "Reply"]

logger = logging.getLogger("tm_async.emulator")

LARGEST_BODY = 16 * 1024 * 1024
"""Bytes. The gateway's own limit is not documented; this one only protects the process."""


@frozen
class Reply:
    """What goes back on the wire."""

    status: int
    body: bytes
    media: bytes = b"application/json"
    headers: Mapping[str, str] = field(factory=dict[str, str])
    cut: Literal["nowhere", "everywhere", "halfway"] = "nowhere"


class Gateway:
    """Answers `/v1/...` like the vendor's gateway and hands `/_emulator/` to the control plane."""

    def __init__(self, backend: Backend, control: ASGIApp, *, strict_header_case: bool = False) -> None:
        self.backend = backend
        self.control = control
        self.strict_header_case = strict_header_case
        self.closed = False
        """Set before the calls under way are cancelled, which then end without a word."""
        self._date = (0, b"")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["path"].startswith("/_emulator"):
            await self.control(scope, receive, send)
            return
        try:
            await self._exchange(scope, receive, send)
        except asyncio.CancelledError:
            if not self.closed:
                raise

    async def _exchange(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _read(receive)
        if body is None:  # the caller went away
            return
        backend, noted = self.backend, wired(scope)
        entry = backend.journal.open(
            time=backend.clock(),
            method=scope["method"],
            target=noted.target.decode("latin-1"),
            trace=backend.next_trace(),
        )
        reply = await self._reply(scope, noted, body, entry)
        if reply.cut == "everywhere":
            await _hang_up(noted, receive)
            return
        entry.status = reply.status
        await send({"type": "http.response.start", "status": reply.status, "headers": self._headers(reply, entry)})
        if reply.cut == "halfway":
            half = reply.body[: len(reply.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
            await _hang_up(noted, receive)
            return
        await send({"type": "http.response.body", "body": reply.body})

    async def _reply(self, scope: Scope, noted: Wired, body: bytes, entry: JournalEntry) -> Reply:
        try:
            call = self._admit(scope, noted, body, entry)
        except Refused as refusal:
            return self._refused(refusal, entry)
        fault = self.backend.faults.next(call.operation)
        if fault is None:
            return self._handle(call, entry)
        entry.fault = str(fault)
        logger.info("%s: fault: %s", call.operation, fault)
        return await self._disturbed(fault, call, entry)

    def _admit(self, scope: Scope, noted: Wired, body: bytes, entry: JournalEntry) -> Call:
        """Known path, then headers, credentials, clock, signature and replay: an order no document states."""
        backend = self.backend
        path, _, query = entry.target.partition("?")
        found = match(entry.method, path)
        if found is None:
            raise Refused(200004, f"no document names {entry.method} {path[:200]}", loud=True)
        entry.operation = found.entry.id
        if len(body) > LARGEST_BODY:
            raise Refused(200006, f"the body has more than {LARGEST_BODY} bytes")
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if self.strict_header_case:
            _drop_misspelt(headers, noted)
        backend.verifier.check(entry.method, noted.target, headers, body, entry.time)
        if backend.quotas is not None:
            backend.quotas.call(entry.time)
        return Call(
            operation=found.entry.id,
            params=found.params,
            query=dict(parse_qsl(query, keep_blank_values=True)),
            body=body,
            now=entry.time,
            state=backend.state,
            quotas=backend.quotas,
            people_as=backend.people_as,
        )

    def _handle(self, call: Call, entry: JournalEntry) -> Reply:
        try:
            answer = HANDLERS.get(call.operation, _not_emulated)(call)
        except Refused as refusal:
            return self._refused(refusal, entry)
        entry.accepted, entry.committed, entry.ignored = True, answer.committed, answer.ignored
        if answer.ignored:
            logger.info("%s: ignored, not documented: %s", call.operation, ", ".join(answer.ignored))
        return Reply(200, encode(answer.value))

    async def _disturbed(self, fault: FaultRule, call: Call, entry: JournalEntry) -> Reply:
        if fault.delay:
            await asyncio.sleep(fault.delay)
            call = evolve(call, now=self.backend.clock())
        reply = self._instead(fault, call.operation)
        if reply is None:
            reply = self._handle(call, entry)
            if fault.delay_answer:
                await asyncio.sleep(fault.delay_answer)
            if fault.garbage is not None:
                reply = _garbage(fault)
            elif fault.drop is not None:
                reply = evolve(reply, cut="halfway" if fault.drop == "during" else "everywhere")
        else:
            entry.accepted, entry.code = True, fault.error_code
        return evolve(reply, headers=fault.headers)

    @staticmethod
    def _instead(fault: FaultRule, operation: str) -> Reply | None:
        """The answer of a fault that keeps the call from being handled."""
        if fault.drop == "before":
            return Reply(0, b"", cut="everywhere")
        if fault.error_code is not None:
            known = code(fault.error_code)
            body = encode(error_body(known, fault.message or known.meaning))
            return Reply(fault.status or known.status, body)
        if fault.garbage is not None and operation not in HANDLERS:  # stands in for what is not emulated
            return _garbage(fault)
        if fault.status is not None and fault.garbage is None and fault.drop is None:
            return Reply(fault.status, b"<html><body>%d</body></html>" % fault.status, b"text/html")
        return None

    @staticmethod
    def _refused(refusal: Refused, entry: JournalEntry) -> Reply:
        entry.code, entry.reason = refusal.code.number, refusal.reason
        logger.log(
            logging.ERROR if refusal.loud else logging.WARNING,
            "%s refused with %d: %s",
            entry.operation or f"{entry.method} {entry.target}",
            refusal.code.number,
            refusal.reason,
        )
        return Reply(refusal.code.status, encode(error_body(refusal.code, refusal.message)))

    def _headers(self, reply: Reply, entry: JournalEntry) -> list[tuple[bytes, bytes]]:
        second = int(self.backend.clock())
        if self._date[0] != second:  # the emulator's clock, so that a client can correct its own by it
            self._date = (second, formatdate(second, usegmt=True).encode())
        headers = {
            b"date": self._date[1],
            b"content-type": reply.media,
            b"content-length": b"%d" % len(reply.body),
            b"x-tc-trace": entry.trace.encode(),
        }
        for name, value in reply.headers.items():
            headers[name.lower().encode()] = value.encode()
        return list(headers.items())


def _garbage(fault: FaultRule) -> Reply:
    body = fault.garbage.encode() if isinstance(fault.garbage, str) else fault.garbage
    return Reply(fault.status or 200, body or b"")


def _not_emulated(call: Call) -> Answer:
    raise Refused(200004, f"{call.operation} is documented but not emulated", loud=True)


async def _read(receive: Receive) -> bytes | None:
    message = await receive()
    body: bytes = message.get("body", b"")
    if message.get("more_body"):
        chunks = bytearray(body)
        while message.get("more_body"):
            message = await receive()
            if len(chunks) <= LARGEST_BODY:  # beyond that it is only read, not kept
                chunks += message.get("body", b"")
        body = bytes(chunks)
    return None if message["type"] == "http.disconnect" else body


async def _hang_up(noted: Wired, receive: Receive) -> None:
    noted.transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass


def _drop_misspelt(headers: dict[str, str], noted: Wired) -> None:
    """Header names are case sensitive (doc 1095/58768): in strict mode other spellings do not count."""
    spelled = {name.decode("latin-1") for name in noted.names}
    for name in CUSTOM_NAMES:
        if name not in spelled:
            headers.pop(name.lower(), None)
