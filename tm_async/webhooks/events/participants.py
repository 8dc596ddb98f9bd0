"""People: coming, leaving, waiting, changing roles, called by telephone."""

from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer
from tm_async.core.wire import OpenIntEnum, OpenStrEnum
from tm_async.webhooks.events.base import MeetingEvent
from tm_async.webhooks.events.objects import Operator
from tm_async.webhooks.events.spec import copy, named, page

__all__ = [
    "AffectedParticipant",
    "ExtendInfo",
    "ParticipantAdmitted",
    "ParticipantEvent",
    "ParticipantJoined",
    "ParticipantJoinedWaitingRoom",
    "ParticipantLeft",
    "ParticipantLeftWaitingRoom",
    "ParticipantMoved",
    "ParticipantPutInWaitingRoom",
    "ParticipantRole",
    "ParticipantRoleChanged",
    "ParticipantWaitingForHost",
    "PhoneStatus",
    "PhoneStatusUpdated",
    "WebinarRoleChanged",
]


class ParticipantRole(OpenIntEnum):
    """`user_role` of events (doc 1095/64639, 1095/64640)."""

    MEMBER = 0
    CREATOR = 1
    HOST = 2
    CREATOR_AND_HOST = 3
    GUEST = 4
    GUEST_AND_HOST = 5
    CO_HOST = 6
    CREATOR_AND_CO_HOST = 7
    HOST_BY_API = 8
    INTERNAL_PANELIST = 30
    """30 to 34: webinars only."""
    EXTERNAL_PANELIST = 31
    PANELIST_BY_LINK = 32
    AUDIENCE = 33
    AUDIENCE_WITH_MEDIA = 34


class PhoneStatus(OpenStrEnum):
    """`status` of an outbound telephone call. No answer and a rejection can't be told apart."""

    START_INVITE = "START_INVITE"
    START_ACCEPT = "START_ACCEPT"
    LEAVE_WITHOUT_ACCEPT = "LEAVE_WITHOUT_ACCEPT"
    LEAVE_WITH_ACCEPTED = "LEAVE_WITH_ACCEPTED"
    CANCEL_INVITE = "CANCLE_INVITE"
    """The caller withdraws while it rings. The platform spells it so."""


@answer
class AffectedParticipant(Operator):
    """`to_operator`: whom something was done to."""

    user_role: ParticipantRole | None = None
    """The new role, in events of roles."""


_NOBODY_AFFECTED = AffectedParticipant.from_wire({})


@answer
class ExtendInfo(AnswerModel):
    """`extend_info` of events of participants."""

    customer_data: str | None = None
    """What the personal join link carried."""


@answer
class ParticipantEvent(MeetingEvent):
    """Somebody came or went: `operator` is the participant."""

    extend_info: ExtendInfo | None = None


@answer
class ParticipantMoved(MeetingEvent):
    """Something was done to a participant: `to_operator`; `operator` did it."""

    to_operator: AffectedParticipant = _NOBODY_AFFECTED


class ParticipantJoined(ParticipantEvent):
    """Somebody came in; sent for every entry of everybody."""

    spec = named("meeting.participant-joined", page("1095/51620"), copy("2022-23"))


class ParticipantLeft(ParticipantEvent):
    """Somebody left; sent for every exit."""

    spec = named("meeting.participant-left", page("1095/51622"))


class ParticipantWaitingForHost(MeetingEvent):
    """Somebody came before the host ("join before host")."""

    spec = named("meeting.participant-jbh-waiting", copy("2021-11"))


class ParticipantJoinedWaitingRoom(ParticipantEvent):
    """Somebody came into the waiting room."""

    spec = named("meeting.participant-joined-waiting-room", page("1095/51627", "2025-07"))


@answer
class ParticipantLeftWaitingRoom(ParticipantMoved):
    """Somebody left the waiting room or was removed from it."""

    spec = named("meeting.participant-left-waiting-room", copy("2021-09"))

    leave_reason: str | None = None
    """Text."""


@answer
class ParticipantAdmitted(ParticipantMoved):
    """Somebody was let in from the waiting room."""

    spec = named("meeting.participant-admitted", page("1095/51640", "2025-07"), copy("2021-11"))

    extend_info: ExtendInfo | None = None


class ParticipantPutInWaitingRoom(ParticipantMoved):
    """Somebody was moved from the meeting back to the waiting room."""

    spec = named("meeting.participant-put-in-waiting-room", page("1095/53868", "2025-07"), copy("2021-11"))


class ParticipantRoleChanged(ParticipantMoved):
    """The role of a participant changed: `to_operator.user_role`."""

    spec = named("meeting.participant-role-changed", page("1095/64639", "2025-07"), copy("2022-23"))


class WebinarRoleChanged(ParticipantMoved):
    """The role of a participant of a webinar changed: `to_operator.user_role`."""

    spec = named("webinar.participant-role-changed", page("1095/64640", "2025-07"), copy("2022-23"))


@answer
class PhoneStatusUpdated(MeetingEvent):
    """The state of an outbound telephone call changed."""

    spec = named("meeting.phone.participant-status-updated", page("1095/80737", "2025-07"), copy("2022-23"))

    status: PhoneStatus | None = None
