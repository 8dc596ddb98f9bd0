"""Who calls, which meeting they mean, and whether it is theirs to touch: what the handlers of meetings share."""

from collections.abc import Mapping
from functools import cache

from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.kernel.call import Call
from tm_async.emulator.kernel.refusals import Refused
from tm_async.emulator.kernel.requests import Cleaned, clean
from tm_async.spec.catalogue import entry

__all__ = ["acting", "actor", "check_role", "checked", "meeting", "number", "reachable", "registered"]


def checked(call: Call) -> Cleaned:
    """The body of a call, whose members have the documented types; 190004 where one has not."""
    cleaned = clean(call.operation, call.json())
    if cleaned.problems:
        raise Refused(190004, "; ".join(cleaned.problems[:10]))
    return cleaned


def registered(call: Call, who: str) -> str:
    """The userid behind a name on the wire, else 190001."""
    userid = call.people.userid(who)
    if userid is None:
        raise Refused(190001, f"userid {who[:64]!r} is not registered")
    return userid


def acting(call: Call, who: str, member: str) -> str:
    """A user's app acts for that user alone (doc 1095/57948); the code for anybody else is not documented."""
    if call.open_id is not None and who != call.open_id:
        raise Refused(9042, f"{member} {who[:64]!r} is not the OpenId of the call")
    return who


def actor(call: Call, *, device: bool = True) -> str:
    """Who asks: operator_id with its type, which wins, or the older userid (official docs, 2023).

    `device` says that the operation takes an `instanceid`, which is then mandatory.
    """
    query = call.query
    if device:
        _check_device(query)
    if query.get("operator_id"):
        return _operator(call, query["operator_id"], query.get("operator_id_type"))
    userid = query.get("userid")
    if not userid:
        raise Refused(190004, "operator_id with operator_id_type, or userid, is missing")
    return registered(call, acting(call, userid, "userid"))


def _operator(call: Call, who: str, kind: str | None) -> str:
    wanted = "1" if call.open_id is None else "2"
    if kind not in {"1", "2", "3"}:
        raise Refused(190004, f"operator_id_type is {kind!r}, documented are 1, 2 and 3")
    if kind != wanted and call.open_id is not None:
        # Not documented; an app of a third party has no business with userids.
        raise Refused(190004, f"operator_id_type {kind} in a call with an AccessToken, 2 (open_id) is expected")
    if kind != wanted:
        raise Refused(200004, f"operator_id_type {kind} is not emulated, only 1 (userid)", loud=True)
    return registered(call, acting(call, who, "operator_id"))


def _check_device(query: Mapping[str, str]) -> None:
    instance = query.get("instanceid")
    if instance is None:
        raise Refused(190004, "instanceid is missing")
    if instance not in _devices():
        raise Refused(190004, f"instanceid {instance[:20]!r} is not a documented device type")


@cache
def _devices() -> frozenset[str]:
    return frozenset(next(item for item in entry("meetings.get").query if item["name"] == "instanceid")["enum"])


def meeting(call: Call, *, parameter: str = "meeting_id", unknown: int = 9003) -> Meeting:
    """The meeting that the path names, else the code `unknown`."""
    meeting_id = call.params[parameter]
    found = call.state.meetings.get(meeting_id)
    if found is None:
        raise Refused(unknown, f"{parameter} {meeting_id[:40]!r} is not known")
    return found


def reachable(call: Call, meeting: Meeting, *, code: int = 9042) -> None:
    """Calls with an AccessToken reach what the same app made so (doc 1095/42417, 42418, 42424).

    9042 and 9003 are both documented; which one where is the emulator's choice.
    """
    if call.people.app is not None and meeting.app != call.people.app:
        raise Refused(code, "it was not created with an AccessToken of this app")


def check_role(call: Call, meeting: Meeting, userid: str, *, admin: bool = True, host: bool = False) -> None:
    """The creator, where said the administrators of the enterprise and the hosts too; else 9042."""
    if userid == meeting.creator or (admin and call.state.users[userid].admin):
        return
    if host and any(person.userid == userid for person in meeting.hosts):
        return
    others = [" nor a host"] * host + [" nor an administrator"] * admin
    raise Refused(9042, f"{call.people.name(userid)!r} is not the creator of meeting {meeting.id}{''.join(others)}")


def number(
    query: Mapping[str, str], name: str, default: int | None = None, *, least: int = 0, most: int = 10**15
) -> int:
    """A whole number in the query; 190004 where it is missing without a default, none, or out of bounds."""
    text = query.get(name)
    if not text:
        if default is None:
            raise Refused(190004, f"{name} is missing")
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise Refused(190004, f"{name} is {text[:20]!r}, a number is expected")
    value = int(text)
    if not least <= value <= most:
        raise Refused(190004, f"{name} is {value}, {least} to {most} are allowed")
    return value
