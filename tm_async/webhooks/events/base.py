"""What all events share: one item of a delivery's payload, read when somebody asks for a member."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import ClassVar, Self, cast

from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer
from tm_async.core.wire import Moment, is_object
from tm_async.webhooks.delivery import Delivery
from tm_async.webhooks.events.objects import NO_MEETING, NOBODY, MeetingInfo, Operator
from tm_async.webhooks.events.spec import EventSpec

__all__ = ["ENVELOPE", "Event", "MeetingEvent", "Subject", "UnknownEvent"]

ENVELOPE = ""
"""In `Event.also_in`: beside the payload."""

Subject = tuple[str, str]
"""What an event is about: `meeting_id`, and `sub_meeting_id` or an empty text."""

_WITH_A_MEETING = ("meeting_info", "enroll_info", "room_response_event")
"""Members that have a `meeting_id`, over all events."""


# Events without members of their own are plain subclasses.
@answer
class Event(AnswerModel):
    """One event. Members that are missing or unreadable have their defaults; `wire` and `extra` have what came."""

    spec: ClassVar[EventSpec]
    also_in: ClassVar[Mapping[str, str]] = {}
    """Where a member stands that is missing in the item: the name of an object in the item, or `ENVELOPE`."""

    operate_time: Moment | None = None
    """When it happened: the platform promises no order of deliveries."""
    operator: Operator = NOBODY
    """Who did it. Empty where the delivery names nobody, as several events do."""

    @property
    def name(self) -> str:
        """The event's name on the wire: `meeting.end`."""
        return self.spec.name

    @property
    def delivery(self) -> Delivery:
        """What it came in. Raises `AttributeError` for an event that was built by hand."""
        found = self.__dict__.get("_delivery")
        if found is None:
            raise AttributeError(f"this {type(self).__name__} was not delivered")
        return cast("Delivery", found)

    @property
    def index(self) -> int:
        """Its place in the delivery's payload, from 0. Nearly always there is one item."""
        return cast("int", self.__dict__.get("_index", 0))

    @property
    def key(self) -> str:
        """The content key: hex SHA-256 over event, trace id and the item in a canonical form. For being idempotent."""
        return self.delivery.item_keys[self.index]

    @property
    def subject(self) -> Subject | None:
        """The meeting that it is about, as `(meeting_id, sub_meeting_id)`; `None` where there is none."""
        for member in _WITH_A_MEETING:
            info = self.wire.get(member)
            if is_object(info) and (meeting := _text(info.get("meeting_id"))):
                return meeting, _text(info.get("sub_meeting_id"))
        return None

    @property
    def late(self) -> bool:
        """Whether a later event of this subject had been handled before this one, as far as the worker knows."""
        return bool(self.__dict__.get("_late", False))

    @property
    def attempt(self) -> int:
        """Which attempt at handling it this is, from 1."""
        return cast("int", self.__dict__.get("_attempt", 1))

    def handled_as(self, *, attempt: int = 1, late: bool = False) -> Self:
        """The same event, for an attempt at handling it: for workers."""
        event = self.from_wire(self.wire)
        event.__dict__.update(self.__dict__, _attempt=attempt, _late=late)
        return event

    @classmethod
    def from_delivery(cls, delivery: Delivery) -> "list[Event]":
        """The events of a delivery, in order, each of its own class. Never fails on what is inside."""
        return _reading()(delivery)

    @classmethod
    def sample(cls, changes: Mapping[str, object] | None = None, /, **members: object) -> Self:
        """An event of this class from its sample, for tests: `MeetingEnded.sample(meeting_id="1")`.

        A keyword is a member of the event, or else of its `meeting_info`; `changes` has paths such as
        `"operator.userid"`. Values are those of the wire, or aware datetimes. See `tm_async.webhooks.events.samples`.
        Raises `ConfigurationError` for a member that the event has not.
        """
        from tm_async.webhooks.events.samples import sample

        return sample(cls, changes or {}, members)


@answer
class MeetingEvent(Event):
    """An event of one meeting."""

    meeting_info: MeetingInfo = NO_MEETING
    """The meeting as it was then. Empty if the delivery lacks it."""


class UnknownEvent(Event):
    """An event of a name that this version does not know: its members are in `wire`."""

    @property
    def name(self) -> str:
        """The event's name on the wire."""
        return self.delivery.event


@cache
def _reading() -> "Callable[[Delivery], list[Event]]":
    """Looked up once, as it needs all of this, and an import in each call takes as long as the reading."""
    from tm_async.webhooks.events.reading import events_in

    return events_in


def _text(value: object) -> str:
    if type(value) is str:
        return value
    return str(value) if type(value) is int else ""
