"""What became of a meeting, from its events in any order: the last one by `operate_time` says how things are."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from attrs import define, field, frozen

from tm_async.webhooks.events.base import Event, MeetingEvent, Subject
from tm_async.webhooks.events.meetings import (
    MeetingCanceled,
    MeetingCreated,
    MeetingEnded,
    MeetingStarted,
    MeetingUpdated,
)
from tm_async.webhooks.events.objects import NO_MEETING, MeetingInfo, Operator
from tm_async.webhooks.events.participants import (
    ParticipantAdmitted,
    ParticipantJoined,
    ParticipantJoinedWaitingRoom,
    ParticipantLeft,
    ParticipantLeftWaitingRoom,
    ParticipantPutInWaitingRoom,
)
from tm_async.webhooks.events.recordings import (
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    RecordingStopped,
)

__all__ = ["MeetingState", "MeetingTimeline", "Presence", "RecordingState"]

ValueT = TypeVar("ValueT")


class MeetingState(StrEnum):
    """Where a meeting stands."""

    BOOKED = "booked"
    RUNNING = "running"
    ENDED = "ended"
    CANCELED = "canceled"


class Presence(StrEnum):
    """Where somebody is, with one device."""

    WAITING = "waiting"
    """In the waiting room."""
    INSIDE = "inside"
    GONE = "gone"


class RecordingState(StrEnum):
    """Whether the cloud recording runs."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


# Of events of one and the same moment the later in these lists counts, so that their order changes nothing.
_STATES: dict[type[Event], MeetingState] = {
    MeetingCreated: MeetingState.BOOKED,
    MeetingStarted: MeetingState.RUNNING,
    MeetingEnded: MeetingState.ENDED,
    MeetingCanceled: MeetingState.CANCELED,
}
_PRESENCES: dict[type[Event], Presence] = {
    ParticipantJoinedWaitingRoom: Presence.WAITING,
    ParticipantPutInWaitingRoom: Presence.WAITING,
    ParticipantLeftWaitingRoom: Presence.GONE,
    ParticipantAdmitted: Presence.INSIDE,
    ParticipantJoined: Presence.INSIDE,
    ParticipantLeft: Presence.GONE,
}
_RECORDINGS: dict[type[Event], RecordingState] = {
    RecordingStarted: RecordingState.RUNNING,
    RecordingPaused: RecordingState.PAUSED,
    RecordingResumed: RecordingState.RUNNING,
    RecordingStopped: RecordingState.STOPPED,
}
_AFFECTED = (ParticipantPutInWaitingRoom, ParticipantLeftWaitingRoom, ParticipantAdmitted)
_WHOLE = (MeetingCreated, MeetingUpdated, MeetingStarted, MeetingEnded, MeetingCanceled)
_RANKS = {cls: rank for table in (_STATES, _PRESENCES, _RECORDINGS) for rank, cls in enumerate(table)} | {
    MeetingUpdated: -1
}

_When = tuple[datetime, int, str]
"""Moment, rank among events of that moment, content key."""


@define
class _Last(Generic[ValueT]):
    """A value of the last one who wrote it."""

    value: ValueT
    when: _When

    def write(self, value: ValueT, when: _When) -> None:
        if when > self.when:
            self.value, self.when = value, when


@frozen
class _Place:
    presence: Presence
    who: Operator


@define
class MeetingTimeline:
    """One meeting, or one occurrence of a series, as its events tell it: `timeline.add(event)`.

    Events may come late, twice and in any order: the same events give the same timeline. One without `operate_time`
    counts as of the moment when it was delivered.
    """

    subject: Subject | None = None
    """Of the first event that was added, unless given. Events of another subject are left out."""
    _state: _Last[MeetingState] | None = field(default=None, init=False)
    _info: _Last[MeetingInfo] | None = field(default=None, init=False)
    _recording: _Last[RecordingState] | None = field(default=None, init=False)
    _places: dict[tuple[str, str], _Last[_Place]] = field(factory=dict[Any, Any], init=False)
    _started: datetime | None = field(default=None, init=False)
    _ended: datetime | None = field(default=None, init=False)

    @classmethod
    def of(cls, events: Iterable[Event], subject: Subject | None = None) -> "MeetingTimeline":
        """A timeline of these events."""
        timeline = cls(subject)
        for event in events:
            timeline.add(event)
        return timeline

    def add(self, event: Event) -> bool:
        """Take an event in; whether it is one of this meeting, and of a kind that says something here."""
        self.subject = self.subject or event.subject
        if self.subject is None or event.subject != self.subject or not isinstance(event, MeetingEvent):
            return False
        kind = type(event)
        when = (event.operate_time or event.delivery.received_at, _RANKS.get(kind, 0), event.key)
        if kind in _STATES:
            self._state = _written(self._state, _STATES[kind], when)
        if kind in _WHOLE:
            self._info = _written(self._info, event.meeting_info, when)
        if kind in _RECORDINGS:
            self._recording = _written(self._recording, _RECORDINGS[kind], when)
        if kind in _PRESENCES:
            who = event.to_operator if isinstance(event, _AFFECTED) else event.operator
            place = _person(who)
            self._places[place] = _written(self._places.get(place), _Place(_PRESENCES[kind], who), when)
        self._note_times(kind, when[0])
        return kind in _RANKS

    @property
    def state(self) -> MeetingState | None:
        """Where the meeting stands; `None` as long as no event said so."""
        return self._state.value if self._state else None

    @property
    def info(self) -> MeetingInfo:
        """The meeting as the last event about it has it: created, updated, started, ended or cancelled."""
        return self._info.value if self._info else NO_MEETING

    @property
    def started_at(self) -> datetime | None:
        """When it began for the first time."""
        return self._started

    @property
    def ended_at(self) -> datetime | None:
        """When it ended, unless it goes on or has begun again since."""
        return self._ended if self.state is MeetingState.ENDED else None

    @property
    def recording(self) -> RecordingState | None:
        """What the cloud recording does; `None` as long as no event said so."""
        return self._recording.value if self._recording else None

    @property
    def inside(self) -> tuple[Operator, ...]:
        """Who is in the meeting, once for each device, in the order of coming."""
        return self._in(Presence.INSIDE)

    @property
    def waiting(self) -> tuple[Operator, ...]:
        """Who is in the waiting room."""
        return self._in(Presence.WAITING)

    def _in(self, presence: Presence) -> tuple[Operator, ...]:
        ended = self._ended  # whoever was inside then is not any more, whether an event says so or not
        found = [one for one in self._places.values() if one.value.presence is presence]
        return tuple(
            one.value.who for one in sorted(found, key=lambda one: one.when) if ended is None or one.when[0] > ended
        )

    def _note_times(self, kind: type[Event], moment: datetime) -> None:
        if kind is MeetingStarted and (self._started is None or moment < self._started):
            self._started = moment
        if kind is MeetingEnded and (self._ended is None or moment > self._ended):
            self._ended = moment


def _written(last: _Last[ValueT] | None, value: ValueT, when: _When) -> _Last[ValueT]:
    if last is None:
        return _Last(value, when)
    last.write(value, when)
    return last


def _person(who: Operator) -> tuple[str, str]:
    """The person and the device: one can be in a meeting with several."""
    person = who.ms_open_id or who.open_id or who.userid or who.uuid or who.pstn_number or who.user_name
    return person, str(who.instance_id or "")
