"""The gateway as an ASGI application: admit, disturb, handle, answer, and write it all down."""

import asyncio
from email.utils import formatdate
from functools import partial
from urllib.parse import parse_qsl

from attrs import evolve
from starlette.types import ASGIApp, Receive, Scope, Send

from tm_async._util.logs import logger
from tm_async.emulator.backend import Backend
from tm_async.emulator.chapters.index import HANDLERS
from tm_async.emulator.chapters.recordings.serving import PREFIX, Files
from tm_async.emulator.gateway.faults import FaultRule, Target, disturbed
from tm_async.emulator.gateway.journal import JournalEntry, refused
from tm_async.emulator.gateway.protocol import Wired, wired
from tm_async.emulator.gateway.reply import Reply
from tm_async.emulator.gateway.routing import match
from tm_async.emulator.gateway.signature import CUSTOM_NAMES
from tm_async.emulator.kernel.call import Call
from tm_async.emulator.kernel.emulated import not_emulated
from tm_async.emulator.kernel.encoding import encode
from tm_async.emulator.kernel.refusals import Refused, code, error_body
from tm_async.emulator.oauth.admission import OAUTH_NAMES, admit
from tm_async.emulator.oauth.names import SITE
from tm_async.emulator.oauth.site import Site, Visit
from tm_async.spec.catalogue import FORM, Entry
from tm_async.spec.codes import Code

__all__ = ["Gateway"]

log = logger("tm_async.emulator")

LARGEST_BODY = 24 * 1024 * 1024
"""Bytes. The gateway's own limit is not documented; this one only protects the process."""


class Gateway:
    """Answers `/v1/...` like the vendor's gateway, hands `/_emulator/` to the control plane, the rest to the site."""

    def __init__(
        self,
        backend: Backend,
        control: ASGIApp,
        site: Site,
        *,
        strict_header_case: bool = False,
        new_error_codes: bool = False,
    ) -> None:
        self.backend = backend
        self.site = site
        self.files = Files(backend)
        self.control = control
        self.strict_header_case = strict_header_case
        self.new_error_codes = new_error_codes
        self.closed = False
        """Set before the calls under way are cancelled, which then end without a word."""
        self._date = (0, b"")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["path"].startswith("/_emulator"):
            await self.control(scope, receive, send)
            return
        if scope["path"].startswith(PREFIX):
            await self.files(scope, receive, send)
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
        if scope["path"].startswith("/v1/"):
            reply = await self._reply(scope, noted, body, entry)
        else:
            reply = await self._visit(scope, body, entry)
        if reply.cut == "everywhere":
            await _hang_up(noted, receive)
            return
        entry.status = reply.status
        await send({"type": "http.response.start", "status": reply.status, "headers": self._answered(reply, entry)})
        if reply.cut == "halfway":
            half = reply.body[: len(reply.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
            await _hang_up(noted, receive)
            return
        await send({"type": "http.response.body", "body": reply.body})

    async def _reply(self, scope: Scope, noted: Wired, body: bytes, entry: JournalEntry) -> Reply:
        """A call of the API."""
        try:
            call = self._admit(scope, noted, body, entry)
        except Refused as refusal:
            return self._refused(refusal, entry)
        fault = self.backend.faults.next(call.operation)
        if fault is None:
            return self._handle(call, entry)

        def handle() -> Reply:
            return self._handle(evolve(call, now=self.backend.clock()) if fault.delay else call, entry)

        return await disturbed(
            fault,
            Target(handle, partial(self._failure, call.operation), call.operation in HANDLERS, self.backend.clock),
            entry,
        )

    async def _visit(self, scope: Scope, body: bytes, entry: JournalEntry) -> Reply:
        """A request to what the vendor has on another host: the authorisation page, the OAuth endpoints."""
        backend, site = self.backend, self.site
        entry.target, _, query = entry.target.partition("?")
        operation = SITE.get((entry.method, entry.target))
        if operation is None:
            refusal = Refused(200004, f"no document names {entry.method} {entry.target[:200]}", loud=True)
            return self._refused(refusal, entry)
        entry.operation = operation
        visit = Visit(operation=operation, query=query, headers=_headers(scope), body=body)

        def handle() -> Reply:
            return site.handle(visit, entry, backend.registry, backend.clock())

        fault = backend.faults.next(operation)
        if fault is None:
            return handle()
        target = Target(handle, partial(site.failure, entry), emulated=True, clock=backend.clock)
        return await disturbed(fault, target, entry)

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
        headers = _headers(scope)
        if self.strict_header_case:
            _drop_misspelt(headers, noted)
        people, open_id = backend.people, None
        if "accesstoken" in headers:
            grant = admit(backend.registry, backend.verifier.replays, headers, entry.time, found.entry.id)
            people, open_id = backend.registry.people[grant.sdk_id], grant.open_id
        else:
            form = found.entry.content_type == FORM
            backend.verifier.check(entry.method, noted.target, headers, body, entry.time, form=form)
        _check_mode(found.entry, "enterprise" if open_id is None else "oauth2")
        if backend.quotas is not None:
            backend.quotas.call(entry.time, people.app)
            if found.entry.path.startswith("/v1/corp/"):
                backend.quotas.account(entry.time, people.app)
        return Call(
            operation=found.entry.id,
            params=found.params,
            query=dict(parse_qsl(query, keep_blank_values=True)),
            body=body,
            now=entry.time,
            state=backend.state,
            quotas=backend.quotas,
            registry=backend.registry,
            people=people,
            open_id=open_id,
            headers=headers,
            trace=entry.trace,
        )

    def _handle(self, call: Call, entry: JournalEntry) -> Reply:
        try:
            answer = HANDLERS.get(call.operation, not_emulated)(call)
        except Refused as refusal:
            return self._refused(refusal, entry)
        entry.accepted, entry.committed, entry.ignored = True, answer.committed, answer.ignored
        if answer.ignored:
            log.info("%s: ignored, not documented: %s", call.operation, ", ".join(answer.ignored))
        return Reply(200, encode(answer.value))

    def _refused(self, refusal: Refused, entry: JournalEntry) -> Reply:
        refused(entry, refusal.number, refusal.reason, loud=refusal.loud)
        known = code(refusal.number, entry.operation)
        if refusal.envelope:
            said = {"code": known.number, "message": refusal.told(known), "nonce": entry.trace}
            return Reply(self.site.error_status, encode(said))
        return self._error(known.status, known, refusal.told(known))

    def _failure(self, operation: str, fault: FaultRule, number: int) -> Reply:
        known = code(number, operation)
        return self._error(fault.status or known.status, known, fault.message or known.meaning)

    def _error(self, status: int, known: Code, message: str) -> Reply:
        return Reply(status, encode(error_body(known, message, new_code=self.new_error_codes)))

    def _answered(self, reply: Reply, entry: JournalEntry) -> list[tuple[bytes, bytes]]:
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


def _check_mode(entry: Entry, mode: str) -> None:
    """The code of a call in the wrong mode is not documented; 200004 says that the request is not supported."""
    if entry.auth and mode not in entry.auth:
        raise Refused(200004, f"{entry.id} is documented for {' and '.join(entry.auth)} only, this is {mode}")


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


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
    for name in (*CUSTOM_NAMES, *OAUTH_NAMES):
        if name not in spelled:
            headers.pop(name.lower(), None)
