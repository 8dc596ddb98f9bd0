"""Create, query by id, query by code and list (doc 1095/42417, 42418, 42421)."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from tm_async.catalogue import entry
from tm_async.emulator import limits, wire
from tm_async.emulator.context import Answer, Call
from tm_async.emulator.recurrence import CHINA, MaskError, Rule, RuleError, Span, expand
from tm_async.emulator.refusals import Refused
from tm_async.emulator.schema import clean
from tm_async.emulator.state import Booking, Meeting, Person

__all__ = ["HANDLERS", "create", "find", "get"]

PAGE = 20  # fixed (official docs, 2021)
DAY = 86400
CHINA_OFFSET = 8 * 3600

SWITCHES = (
    "allow_enterprise_intranet_only",
    "enable_doc_upload_permission",
    "enable_enroll",
    "enable_host_key",
    "enable_interpreter",
    "media_set_type",
    "sync_to_wework",
)


def create(call: Call) -> Answer:
    """`POST /v1/meetings` (doc 1095/42417)."""
    cleaned = clean(call.operation, call.json())
    body = cleaned.value
    problems = cleaned.problems or list(limits.create_problems(body))
    if problems:
        raise Refused(190004, "; ".join(problems[:10]))
    creator = _registered(call, _acting(call, body["userid"], "userid"))
    # That an unregistered host is refused like a creator is not documented.
    hosts = [_registered(call, host["userid"]) for host in body.get("hosts", ())]
    booking, unregistered = _booking(call, body, creator, hosts)
    if booking.rule is not None:
        running = call.state.running_series(booking.creator, call.now)
        if running >= limits.SERIES_PER_ACCOUNT:  # the code is not documented
            raise Refused(190004, f"{body['userid']!r} has {running} series, at most {limits.SERIES_PER_ACCOUNT}")
    if call.quotas is not None:
        call.quotas.creation(booking.creator, call.now)
    meeting = call.state.create(booking, call.now)
    return Answer(
        value=wire.created(meeting, unregistered, call.people),
        committed=True,
        ignored=tuple(cleaned.ignored),
    )


def get(call: Call) -> Answer:
    """`GET /v1/meetings/{meeting_id}` (doc 1095/42418)."""
    userid = _actor(call)
    meeting = call.state.meetings.get(call.params["meeting_id"])
    if meeting is None:
        raise Refused(9003, f"meeting_id {call.params['meeting_id'][:40]!r} is not known")
    return _one(call, meeting, userid, by_code=False)


def find(call: Call) -> Answer:
    """`GET /v1/meetings`: by code where `meeting_code` is given, else the user's list (doc 1095/42421)."""
    userid = _actor(call)
    code = call.query.get("meeting_code")
    if code is None:
        return _page(call, userid)
    meeting = call.state.by_code(code, call.now)
    if meeting is None:
        raise Refused(9003, f"meeting_code {code[:40]!r} (nine digits, no separators) is not known")
    return _one(call, meeting, userid, by_code=True)


HANDLERS: Mapping[str, Callable[[Call], Answer]] = {
    "meetings.create": create,
    "meetings.get": get,
    "meetings.list": find,
}


def _booking(call: Call, body: Mapping[str, Any], creator: str, hosts: Sequence[str]) -> tuple[Booking, Sequence[str]]:
    invitees, unregistered = _invitees(call, body)
    start, end = int(body["start_time"]), int(body["end_time"])
    rule, spans = _series(call, body, start, end)
    if spans:
        start, end = spans[0].start, spans[0].end
    elif body["type"] == 1:
        # The answer of a quick meeting has the creation time (doc 1095/42417); its end is not documented.
        start, end = int(call.now), int(call.now) + end - start
    booking = Booking(
        creator=creator,
        app=call.people.app,
        subject=body["subject"],
        type=body["type"],
        meeting_type=body.get("meeting_type", 0),
        start=start,
        end=end,
        hosts=_persons(body.get("hosts", ()), hosts) or (Person(creator),),
        invitees=invitees,
        guests=tuple(body.get("guests", ())),
        password=body.get("password"),
        # One for the whole series, generated when it is enabled and absent (doc 1095/42417).
        host_key=body.get("host_key", "") if body.get("enable_host_key") else None,
        settings=body.get("settings", {}),
        switches={name: body[name] for name in SWITCHES if name in body},
        live=body.get("live_config", {}) if body.get("enable_live") else None,
        location=body.get("location"),
        time_zone=body.get("time_zone"),
        rule=rule,
        occurrences=tuple(spans),
    )
    return booking, unregistered


def _series(call: Call, body: Mapping[str, Any], start: int, end: int) -> tuple[Rule | None, list[Span]]:
    if body.get("meeting_type", 0) != 1:  # the rule is used when meeting_type is 1 (doc 1095/42417)
        return None, []
    rule = Rule(**body["recurring_rule"])
    zone = ZoneInfo(body["time_zone"]) if body.get("time_zone") else CHINA
    try:
        spans = expand(rule, start, end, now=call.now, zone=zone)
    except MaskError as error:
        # Code and text as printed on doc 1095/81181.
        raise Refused(190004, str(error), message="recurring_days no include firstStartTime") from None
    except RuleError as error:
        raise Refused(190004, f"recurring_rule: {error}") from None
    return rule, spans


def _persons(people: Sequence[Mapping[str, Any]], userids: Sequence[str]) -> tuple[Person, ...]:
    """Repeated ids count once (not documented)."""
    persons: dict[str, Person] = {}
    for userid, person in zip(userids, people, strict=True):
        persons[userid] = Person(userid, person.get("is_anonymous"), person.get("nick_name"))
    return tuple(persons.values())


def _invitees(call: Call, body: Mapping[str, Any]) -> tuple[tuple[Person, ...], Sequence[str]]:
    """Those who are registered, and the names of those who are not."""
    asked = {person["userid"]: person for person in body.get("invitees", ())}
    known = {name: userid for name in asked if (userid := call.people.userid(name)) is not None}
    persons = _persons([asked[name] for name in known], list(known.values()))
    return persons, [name for name in asked if name not in known]


def _registered(call: Call, name: str) -> str:
    userid = call.people.userid(name)
    if userid is None:
        raise Refused(190001, f"userid {name[:64]!r} is not registered")
    return userid


def _acting(call: Call, name: str, member: str) -> str:
    """A user's app acts for that user alone (doc 1095/57948); the code for anybody else is not documented."""
    if call.open_id is not None and name != call.open_id:
        raise Refused(9042, f"{member} {name[:64]!r} is not the OpenId of the call")
    return name


def _actor(call: Call) -> str:
    """Who asks: operator_id with its type, which wins, or the older userid (official docs, 2023)."""
    query = call.query
    instance = query.get("instanceid")
    if instance is None:
        raise Refused(190004, "instanceid is missing")
    if instance not in _devices():
        raise Refused(190004, f"instanceid {instance[:20]!r} is not a documented device type")
    operator, wanted = query.get("operator_id"), "1" if call.open_id is None else "2"
    if not operator:
        userid = query.get("userid")
        if not userid:
            raise Refused(190004, "operator_id with operator_id_type, or userid, is missing")
        _acting(call, userid, "userid")
    else:
        kind = query.get("operator_id_type")
        if kind not in {"1", "2", "3"}:
            raise Refused(190004, f"operator_id_type is {kind!r}, documented are 1, 2 and 3")
        if kind != wanted and call.open_id is not None:
            # Not documented; an app of a third party has no business with userids.
            raise Refused(190004, f"operator_id_type {kind} in a call with an AccessToken, 2 (open_id) is expected")
        if kind != wanted:
            raise Refused(200004, f"operator_id_type {kind} is not emulated, only 1 (userid)", loud=True)
        userid = _acting(call, operator, "operator_id")
    return _registered(call, userid)


@cache
def _devices() -> frozenset[str]:
    return frozenset(next(item for item in entry("meetings.get").query if item["name"] == "instanceid")["enum"])


def _one(call: Call, meeting: Meeting, userid: str, *, by_code: bool) -> Answer:
    """Creator or enterprise administrator (doc 1095/42418), else 9042."""
    if call.people.app is not None and meeting.app != call.people.app:
        # Calls with an AccessToken reach what the same app made so (doc 1095/42417, 42418, 42424). Both codes
        # are documented; which one where is the emulator's choice.
        raise Refused(9003 if by_code else 9042, "it was not created with an AccessToken of this app")
    owner = userid == meeting.creator
    if not owner and not call.state.users[userid].admin:
        name = call.people.name(userid)
        raise Refused(9042, f"{name!r} is neither the creator of meeting {meeting.id} nor an administrator")
    info = wire.detail(meeting, owner=owner, by_code=by_code, now=call.now, people=call.people)
    return Answer(value={"meeting_number": 1, "meeting_info_list": [info]})


def _page(call: Call, userid: str) -> Answer:
    query = call.query
    if query.get("page_type", "0") != "0":
        raise Refused(200004, "page_type other than 0 is not emulated", loud=True)
    every = query.get("is_show_all_sub_meetings", "0")
    if every not in {"0", "1"}:
        raise Refused(190004, f"is_show_all_sub_meetings is {every[:20]!r}, documented are 0 and 1")
    # Today 00:00 in Beijing by default (catalogue).
    today = int((call.now + CHINA_OFFSET) // DAY * DAY - CHINA_OFFSET)
    position = (_number(query, "pos") or today, _number(query, "cursory"))
    rows = call.state.listed(userid, position, call.now)
    if (app := call.people.app) is not None:
        rows = (row for row in rows if row[2].app == app)
    shown = list(islice(rows, PAGE))
    following = next(rows, None)
    infos = [
        wire.listed(
            meeting,
            role=call.state.role(meeting, userid),
            every_occurrence=every == "1",
            now=call.now,
            people=call.people,
        )
        for _, _, meeting in shown
    ]
    return Answer(
        value={
            "meeting_number": len(infos),
            "meeting_info_list": infos,
            # The first row of the next page; what they are on the last page, and which non-zero number says
            # "more", is not documented.
            "remaining": int(following is not None),
            "next_pos": following[0] if following else 0,
            "next_cursory": following[1] if following else 0,
        }
    )


def _number(query: Mapping[str, str], name: str) -> int:
    text = query.get(name) or "0"
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise Refused(190004, f"{name} is {text[:20]!r}, a number is expected")
    return int(text)
