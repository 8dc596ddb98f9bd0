"""The addresses of meeting.tencent.com: the authorisation page and the OAuth endpoints, in journal and log."""

from collections.abc import Mapping

from attrs import field, frozen

from tm_async.emulator.gateway.faults import FaultRule
from tm_async.emulator.gateway.journal import JournalEntry, refused
from tm_async.emulator.gateway.reply import Reply
from tm_async.emulator.oauth.authorize import Authorize, BadRequest
from tm_async.emulator.oauth.envelope import Failed, envelope, meaning
from tm_async.emulator.oauth.page import problem_page
from tm_async.emulator.oauth.registry import Registry
from tm_async.emulator.oauth.tokens import ENDPOINTS, Given

__all__ = ["Site", "Visit"]


@frozen(kw_only=True)
class Visit:
    """One request to the site."""

    operation: str
    query: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@frozen
class Site:
    """Answers visits. Which HTTP status failures have is not documented, hence `error_status`."""

    authorize: Authorize
    error_status: int

    def handle(self, visit: Visit, entry: JournalEntry, registry: Registry, now: float) -> Reply:
        """Answer a visit, and note in the journal what became of it."""
        if visit.operation == "oauth2.authorize":
            return self._page(visit, entry, registry, now)
        given = Given(visit.headers.get("content-type", ""), visit.body)
        try:
            outcome = ENDPOINTS[visit.operation](given, registry, now)
        except Failed as failed:
            refused(entry, failed.number, failed.reason)
            message = f"{meaning(failed.number)}: {failed.reason}"
            return Reply(self.error_status, envelope(failed.number, message, entry.trace))
        entry.accepted, entry.committed, entry.ignored = True, outcome.committed, outcome.ignored
        return Reply(200, envelope(0, "SUCCESS", entry.trace, outcome.data))

    def failure(self, entry: JournalEntry, fault: FaultRule, number: int) -> Reply:
        """What a fault rule's `error_code` looks like here."""
        body = envelope(number, fault.message or meaning(number), entry.trace)
        return Reply(fault.status or self.error_status, body)

    def _page(self, visit: Visit, entry: JournalEntry, registry: Registry, now: float) -> Reply:
        try:
            if entry.method == "GET":
                decided = self.authorize.ask(visit.query, visit.headers, registry, now)
            else:
                decided = self.authorize.answer(visit.body, visit.headers, registry, now)
        except BadRequest as bad:
            refused(entry, None, str(bad))
            return problem_page(str(bad))
        entry.accepted, entry.committed = True, decided.committed
        return decided.reply
