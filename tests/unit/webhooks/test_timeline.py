"""A meeting from its events, whatever their order."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tm_async.webhooks import (
    Event,
    MeetingCanceled,
    MeetingCreated,
    MeetingEnded,
    MeetingStarted,
    MeetingTimeline,
    MeetingUpdated,
    ParticipantAdmitted,
    ParticipantJoined,
    ParticipantJoinedWaitingRoom,
    ParticipantLeft,
    ParticipantPutInWaitingRoom,
    RecordingPaused,
    RecordingStarted,
    UserAuthorized,
)
from tm_async.webhooks.timeline import MeetingState, RecordingState

START = datetime(2027, 1, 5, 2, tzinfo=UTC)
MEETING = ("7", "")


def at(minute: int, cls: type[Event], who: str | None = None, device: str = "1", **members: Any) -> Event:
    changes: dict[str, object] = {"meeting_info.meeting_id": "7", "operate_time": START + timedelta(minutes=minute)}
    if who is not None:
        member = "to_operator" if cls in {ParticipantAdmitted, ParticipantPutInWaitingRoom} else "operator"
        changes[member] = {"userid": who, "instance_id": device}
    return cls.sample({**changes, **members})


STORY = [
    at(0, MeetingCreated, **{"meeting_info.subject": "old"}),
    at(1, MeetingUpdated, **{"meeting_info.subject": "new"}),
    at(9, ParticipantJoinedWaitingRoom, "bob"),
    at(10, MeetingStarted, **{"meeting_info.subject": "new"}),
    at(10, ParticipantJoined, "ada"),
    at(11, ParticipantAdmitted, "bob"),
    at(12, ParticipantJoined, "ada", "4"),
    at(13, RecordingStarted),
    at(14, RecordingPaused),
    at(15, ParticipantLeft, "ada"),
    at(16, ParticipantPutInWaitingRoom, "bob"),
]


def who(people: Any) -> list[tuple[str, int]]:
    return [(one.userid, one.instance_id) for one in people]


def seen(timeline: MeetingTimeline) -> tuple[Any, ...]:
    return (
        timeline.state, timeline.info.subject, timeline.recording, who(timeline.inside), who(timeline.waiting),
        timeline.started_at, timeline.ended_at,
    )  # fmt: skip


def test_as_it_happens() -> None:
    timeline = MeetingTimeline.of(STORY)
    assert timeline.subject == MEETING
    assert seen(timeline) == (
        MeetingState.RUNNING, "new", RecordingState.PAUSED, [("ada", 4)], [("bob", 1)],
        START + timedelta(minutes=10), None,
    )  # fmt: skip
    timeline.add(at(60, MeetingEnded))
    assert (timeline.state, who(timeline.inside), who(timeline.waiting)) == (MeetingState.ENDED, [], [])
    assert timeline.ended_at == START + timedelta(minutes=60)
    timeline.add(at(70, MeetingStarted))
    assert (timeline.inside, timeline.waiting) == ((), ()), "whoever was there at the end comes anew"
    timeline.add(at(71, ParticipantJoined, "eve"))
    assert (timeline.state, timeline.ended_at, who(timeline.inside)) == (MeetingState.RUNNING, None, [("eve", 1)])


@settings(max_examples=60)
@given(st.permutations([*STORY, at(60, MeetingEnded)]), st.data())
def test_order_and_repetition_change_nothing(events: list[Event], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(events), max_size=4))
    shuffled = MeetingTimeline.of([*events, *again], MEETING)
    assert seen(shuffled) == seen(MeetingTimeline.of([*STORY, at(60, MeetingEnded)]))


def test_events_of_one_moment() -> None:
    both = [at(5, ParticipantJoined, "ada"), at(5, ParticipantLeft, "ada")]
    ends = [at(5, MeetingStarted), at(5, MeetingEnded)]
    for events in (both + ends, ends + both, both[::-1] + ends[::-1]):
        timeline = MeetingTimeline.of(events)
        assert (timeline.state, timeline.inside) == (MeetingState.ENDED, ())


def test_others_are_left_out() -> None:
    timeline = MeetingTimeline.of([at(0, MeetingCreated)])
    assert not timeline.add(MeetingEnded.sample(meeting_id="8"))
    assert not timeline.add(UserAuthorized.sample())
    assert timeline.state is MeetingState.BOOKED
    assert timeline.add(at(1, MeetingCanceled))
    assert timeline.state is MeetingState.CANCELED
    empty = MeetingTimeline()
    assert not empty.add(UserAuthorized.sample())
    assert (empty.state, empty.recording, empty.info.meeting_id, empty.started_at) == (None, None, "", None)


def test_without_a_time_the_delivery_counts() -> None:
    late = MeetingEnded.sample({"operate_time": None, "meeting_info.meeting_id": "7"})
    assert MeetingTimeline.of([late]).ended_at == late.delivery.received_at


def test_it_ended_when_it_ended_last() -> None:
    ends = [at(20, MeetingEnded), at(30, MeetingEnded)]
    for events in (ends, ends[::-1]):
        assert MeetingTimeline.of(events).ended_at == START + timedelta(minutes=30)


def test_people_without_a_user_id_are_told_apart() -> None:
    """From outside the enterprise by the uuid, telephones by their number: their names may be alike."""
    for member in ("uuid", "pstn_number"):
        people = [{"userid": "", "user_name": "Guest", member: f"1380000000{number}"} for number in range(2)]
        timeline = MeetingTimeline.of([at(1, ParticipantJoined, operator=who) for who in people])
        assert len(timeline.inside) == 2, member
        timeline.add(at(2, ParticipantLeft, operator=people[0]))
        assert [getattr(one, member) for one in timeline.inside] == ["13800000001"]
