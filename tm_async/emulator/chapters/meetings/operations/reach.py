"""Which meeting is meant, and whether it is theirs to touch who ask: what the operations on meetings share."""

from tm_async.emulator.chapters.meetings.attendance import Session
from tm_async.emulator.chapters.meetings.recurrence import Span
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["by_code", "check_role", "meeting_of", "own", "reachable", "running"]


def meeting_of(asked: Asked, meeting_id: str, *, unknown: int = 9003) -> Meeting:
    """The meeting of an id, made by the calling app where that is a third party's; else 9003 and 9042."""
    found = asked.state.meetings.get(meeting_id)
    if found is None:
        raise Refused(unknown, f"meeting_id {meeting_id[:40]!r} is not known")
    reachable(asked, found)
    return found


def by_code(asked: Asked, code: str) -> Meeting:
    """The meeting of a code, as far as the calling app reaches; else 9003."""
    found = asked.state.by_code(code, asked.now)
    if found is None:
        raise Refused(9003, f"meeting_code {code[:40]!r} (nine digits, no separators) is not known")
    reachable(asked, found, code=9003)
    return found


def reachable(asked: Asked, meeting: Meeting, *, code: int = 9042) -> None:
    """Calls with an AccessToken reach what the same app made so (doc 1095/42417, 42418, 42424).

    9042 and 9003 are both documented; which one where is the emulator's choice.
    """
    app = asked.call.people.app
    if app is not None and meeting.app != app:
        raise Refused(code, "it was not created with an AccessToken of this app")


def check_role(
    asked: Asked,
    meeting: Meeting,
    *,
    admin: bool = True,
    host: bool = False,
    cohost: bool = False,
    forbidden: int = 9042,
) -> None:
    """The creator, where said administrators of the enterprise, the hosts, and co-hosts inside too; others may not."""
    userid = asked.operator
    if userid == meeting.creator or (admin and asked.state.users[userid].admin):
        return
    if host and any(person.userid == userid for person in meeting.hosts):
        return
    if cohost and any(
        one.cohost and one.userid == userid for span in meeting.spans for one in meeting.session(span).inside
    ):
        return
    who, others = asked.call.people.name(userid), [" nor a host"] * host + [" nor an administrator"] * admin
    raise Refused(forbidden, f"{who!r} is not the creator of meeting {meeting.id}{''.join(others)}")


def own(
    asked: Asked,
    meeting_id: str,
    *,
    admin: bool = True,
    host: bool = False,
    cohost: bool = False,
    unknown: int = 9003,
    forbidden: int = 9042,
) -> Meeting:
    """The meeting of an id, where those ask who may."""
    meeting = meeting_of(asked, meeting_id, unknown=unknown)
    check_role(asked, meeting, admin=admin, host=host, cohost=cohost, forbidden=forbidden)
    return meeting


def running(
    asked: Asked, meeting_id: str, *, host: bool = True, cohost: bool = True, unknown: int = 9003
) -> tuple[Meeting, Span, Session]:
    """The meeting of an id with what runs of it, where those ask who may control it; else 190455."""
    meeting = meeting_of(asked, meeting_id, unknown=unknown)
    check_role(asked, meeting, admin=False, host=host, cohost=cohost)
    for span in meeting.spans:
        session = meeting.session(span)
        if session.is_running:
            return meeting, span, session
    raise Refused(190455, f"meeting {meeting.id} does not run, nobody is inside")
