"""From the body of a request to what is booked: what creating and modifying a meeting share."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from tm_async.emulator.chapters.meetings import limits
from tm_async.emulator.chapters.meetings.recurrence import MaskError, Rule, RuleError, Span, expand
from tm_async.emulator.chapters.meetings.state import Booking, Person
from tm_async.emulator.kernel.call import Call
from tm_async.emulator.kernel.refusals import Refused
from tm_async.emulator.kernel.times import CHINA

__all__ = ["BOOKED", "SWITCHES", "booked", "check_series", "invited", "persons", "series"]

SWITCHES = (
    "allow_enterprise_intranet_only",
    "enable_doc_upload_permission",
    "enable_enroll",
    "enable_host_key",
    "enable_interpreter",
    "media_set_type",
    "sync_to_wework",
)
"""Plain members of the body that a meeting keeps as they are."""

BOOKED = (
    *SWITCHES,
    "enable_live",
    "end_time",
    "guests",
    "host_key",
    "hosts",
    "invitees",
    "live_config",
    "location",
    "meeting_type",
    "password",
    "recurring_rule",
    "settings",
    "start_time",
    "subject",
    "time_zone",
    "timezone",  # sent by the official command line client alone; without effect
    "type",
    "userid",
)
"""All that becomes of a request is in these."""


def booked(call: Call, body: Mapping[str, Any], creator: str, hosts: Sequence[str]) -> tuple[Booking, Sequence[str]]:
    """A new meeting as asked for, and the names of invitees who are not registered."""
    invitees, unregistered = invited(call, body)
    start, end = int(body["start_time"]), int(body["end_time"])
    rule, spans = series(call, body, start, end)
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
        hosts=persons(body.get("hosts", ()), hosts) or (Person(creator),),
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


def series(call: Call, body: Mapping[str, Any], start: int, end: int) -> tuple[Rule | None, list[Span]]:
    """Rule and occurrences of a series, else `None` and none; 190004 where the rule cannot be."""
    if body.get("meeting_type", 0) != 1:  # the rule is used when meeting_type is 1 (doc 1095/42417)
        return None, []
    rule = Rule(**{name: value for name, value in body["recurring_rule"].items() if name != "sub_meeting_id"})
    zone = ZoneInfo(body["time_zone"]) if body.get("time_zone") else CHINA
    try:
        spans = expand(rule, start, end, now=call.now, zone=zone)
    except MaskError as error:
        # Code and text as printed on doc 1095/81181.
        raise Refused(190004, str(error), message="recurring_days no include firstStartTime") from None
    except RuleError as error:
        raise Refused(190004, f"recurring_rule: {error}") from None
    return rule, spans


def persons(people: Sequence[Mapping[str, Any]], userids: Sequence[str]) -> tuple[Person, ...]:
    """Hosts or invitees of these userids, with what else was said of them; repeated ids count once (not documented)."""
    found: dict[str, Person] = {}
    for userid, person in zip(userids, people, strict=True):
        found[userid] = Person(userid, person.get("is_anonymous"), person.get("nick_name"))
    return tuple(found.values())


def invited(call: Call, body: Mapping[str, Any]) -> tuple[tuple[Person, ...], Sequence[str]]:
    """Those who are registered, and the names of those who are not."""
    asked = {person["userid"]: person for person in body.get("invitees", ())}
    known = {name: userid for name in asked if (userid := call.people.userid(name)) is not None}
    people = persons([asked[name] for name in known], list(known.values()))
    return people, [name for name in asked if name not in known]


def check_series(call: Call, creator: str) -> None:
    """At most 50 series per account (doc 1095/42417); the code is not documented."""
    running = call.state.running_series(creator, call.now)
    if running >= limits.SERIES_PER_ACCOUNT:
        who = call.people.name(creator)
        raise Refused(190004, f"{who!r} has {running} series, at most {limits.SERIES_PER_ACCOUNT}")
