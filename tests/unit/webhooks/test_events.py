"""Every documented event as a class: samples, members in odd places and forms, keys, subjects."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.webhooks import vectors as v
from tm_async.core.answer import AnswerModel
from tm_async.core.device import Device
from tm_async.errors import ConfigurationError, UnreadableDelivery
from tm_async.webhooks import Event, MeetingCanceled, MeetingEnded, MeetingEvent, UnknownEvent, events_of
from tm_async.webhooks.delivery import Delivery
from tm_async.webhooks.events import (
    AsrPushed,
    CommonJobResults,
    EndType,
    EventMeetingType,
    Kind,
    LiveConfigUpdated,
    ParticipantJoined,
    ParticipantRole,
    PhoneStatus,
    PhoneStatusUpdated,
    RecordingCompleted,
    RoomAlert,
    RoomResponded,
    SmartEvent,
    SmartMinutesReady,
    SmartResult,
    StsTokenIssued,
    UserAuthorized,
    WebinarRoleChanged,
)
from tm_async.webhooks.events.names import CLASSES
from tm_async.webhooks.events.registry import event_class, event_classes
from tm_async.webhooks.events.samples import samples

INVENTED = {"meeting.start", "meeting.join", "recording.ready", "meeting.close-asr", "smart.topic", "meeting.ended"}


def event_of(envelope: dict[str, Any], *, received: float = v.NOW) -> Event:
    (found,) = events_of(json.dumps(envelope).encode(), received, "current")
    return found


def item(name: str, **members: Any) -> Event:
    return event_of({"event": name, "trace_id": "t", "payload": [members]})


def inside(model: AnswerModel) -> Iterator[AnswerModel]:
    """A model, and all that it carries."""
    yield model
    for one in attrs.fields(type(model)):
        value = getattr(model, one.name)
        parts = [value]
        while parts:
            part = parts.pop()
            if isinstance(part, AnswerModel):
                yield from inside(part)
            elif isinstance(part, tuple):
                parts += part


# --- all of them ------------------------------------------------------------------------------------------------------


def test_names_and_classes_agree() -> None:
    classes = event_classes()
    assert len(classes) == len(CLASSES) == 57
    assert len({*classes.values()}) == 57
    for name, cls in classes.items():
        assert cls.spec.name == name
        assert cls.__name__ == CLASSES[name][1]
        assert event_class(name) is cls
        assert cls.spec.seen
        assert cls.__doc__
    assert not INVENTED & set(classes)


def test_every_page_is_named_by_its_number() -> None:
    for cls in event_classes().values():
        for seen in cls.spec.seen:
            assert (seen.kind is Kind.PAGE) == seen.where.startswith("1095/"), cls


@pytest.mark.parametrize("sample", samples(), ids=lambda one: one.event)
def test_a_sample_is_understood_to_the_last_member(sample: Any) -> None:
    event = event_of(sample.delivery)
    assert type(event) is event_class(sample.event)
    assert event.name == sample.event
    for model in inside(event):
        if "_wire" in model.__dict__:
            assert model.extra == {}, f"{type(model).__name__} lacks members"
            known = {one.name for one in attrs.fields(type(model))}
            assert set(model.wire) <= known
    assert type(event).__name__ in repr(event)
    assert sample.source


def test_every_event_has_a_sample() -> None:
    assert {one.event for one in samples()} == set(CLASSES)


def test_an_unknown_name_is_an_event_all_the_same() -> None:
    event = item("meeting.close-asr", operate_time=1760000000, new={"a": 1})
    assert type(event) is UnknownEvent
    assert event.name == "meeting.close-asr"
    assert event.wire == {"operate_time": 1760000000, "new": {"a": 1}}
    assert event.extra == {"new": {"a": 1}}
    assert event.operate_time == datetime.fromtimestamp(1760000000, UTC)


# --- members ----------------------------------------------------------------------------------------------------------


def test_the_vendors_old_example() -> None:
    from tm_async.webhooks.wire import decoded

    (event,) = events_of(decoded(v.VENDOR_DATA), v.NOW)
    assert isinstance(event, MeetingEvent)
    assert event.delivery.trace_id == "f20096ee-8ac8-4df2-a7de-0574649f211b"
    assert event.operate_time == datetime(2020, 12, 29, 9, 41, 6, tzinfo=UTC), "Chinese time"
    assert event.meeting_info.start_time == datetime(2020, 12, 29, 9, 41, 4, tzinfo=UTC)
    assert event.meeting_info.creator_id == event.meeting_info.creator.userid == event.operator.userid
    assert [host.userid for host in event.meeting_info.hosts] == [event.operator.userid], "hosts are ids only"
    assert event.meeting_info.extra == {}


def test_what_is_missing() -> None:
    event = item("meeting.end")
    assert isinstance(event, MeetingEnded)
    assert (event.operate_time, event.operator.userid, event.meeting_info.meeting_id) == (None, "", "")
    assert (event.meeting_end_type, event.subject) == (None, None)


@pytest.mark.parametrize(
    ("beside", "within", "wanted"),
    [("x", None, "x"), (None, "y", "y"), ("x", "y", "x"), (None, None, None), (None, ["y"], None), ("", "y", "")],
)
def test_the_reason_of_a_cancellation_in_both_places(beside: Any, within: Any, wanted: str | None) -> None:
    members = {"meeting_info": {"meeting_id": "1"} | ({} if within is None else {"cancel_reason": within})}
    event = item("meeting.canceled", **members, **({} if beside is None else {"cancel_reason": beside}))
    assert isinstance(event, MeetingCanceled)
    assert event.cancel_reason == wanted
    assert ("cancel_reason" in event.wire) == (beside is not None)


def test_members_beside_the_payload() -> None:
    event = event_of({"event": "smart.minutes", "job_id": 7, "result": "2", "payload": [{"result": 1}]})
    assert isinstance(event, SmartMinutesReady)
    assert (event.job_id, event.result) == ("7", SmartResult.OK)
    assert event.delivery.extra == {"job_id": 7, "result": "2"}
    event = event_of({"event": "smart.minutes", "result": 2})
    assert isinstance(event, SmartMinutesReady)
    assert event.result is SmartResult.FAILED


@pytest.mark.parametrize("name", ["smart.transcripts", "smart.fullsummary", "smart.minutes"])
def test_all_smart_events_may_have_members_beside_the_payload(name: str) -> None:
    beside = {"result": 1, "operate_time": 1609313201, "job_id": 7}
    event = event_of({"event": name, "payload": [{}], **beside})
    assert isinstance(event, SmartEvent)
    assert (event.result, event.operate_time) == (SmartResult.OK, datetime(2020, 12, 30, 7, 26, 41, tzinfo=UTC))
    within = event_of({"event": name, "payload": [beside]})
    assert isinstance(within, SmartEvent)
    assert (within.job_id, event.job_id, within.extra) == ("7", "7", {})


def test_both_forms_of_transcription() -> None:
    page = {"speech_time": "1609313201465", "content": {"translate": [{"text": "a", "language": "en"}]}, "sid": "1"}
    stream = {"speech_time": 1609313201465, "content": {"translate": ["a", "b"]}}
    event = item("meeting.asr-push", asr_content=[page, stream], sid="2")
    assert isinstance(event, AsrPushed)
    first, second = event.asr_content
    assert first.speech_time == second.speech_time == datetime(2020, 12, 30, 7, 26, 41, 465000, tzinfo=UTC)
    assert first.content is not None
    assert second.content is not None
    assert [one.text for one in first.content.translate] == ["a"]
    assert [one.text for one in second.content.translate] == ["a", "b"]
    assert (first.sid, event.sid) == ("1", "2")


def test_numbers_and_text_for_each_other() -> None:
    alert = RoomAlert.sample().room_event
    assert alert is not None
    assert alert.meeting_room_id == "212341"
    assert UserAuthorized.sample().app_info.sdk_id == "324324343242343"
    joined = ParticipantJoined.sample()
    assert (joined.operator.instance_id, joined.operator.pstn_number) == (Device.MAC, "0086123888")
    completed = item("recording.completed", meeting_info={"media_set_type": "1"}, recording_files=[{"total_size": "5"}])
    assert isinstance(completed, RecordingCompleted)
    assert completed.recording_files[0].total_size == 5
    assert completed.meeting_info.media_set_type == 1


def test_enums_stay_open() -> None:
    ended = item("meeting.end", meeting_end_type=9, meeting_info={"meeting_type": 3})
    assert isinstance(ended, MeetingEnded)
    assert ended.meeting_end_type == 9
    assert not EndType(9).documented
    assert ended.meeting_info.meeting_type is EventMeetingType.ROOMS_PROJECTION_OLD
    phone = item("meeting.phone.participant-status-updated", status="CANCLE_INVITE")
    assert isinstance(phone, PhoneStatusUpdated)
    assert phone.status is PhoneStatus.CANCEL_INVITE
    webinar = item("webinar.participant-role-changed", to_operator={"user_role": 34})
    assert isinstance(webinar, WebinarRoleChanged)
    assert webinar.to_operator.user_role is ParticipantRole.AUDIENCE_WITH_MEDIA


def test_live_texts_are_decoded_and_names_are_not() -> None:
    config = LiveConfigUpdated.sample().live_config
    assert config is not None
    assert config.live_subject == "123213"
    assert config.live_watermark is not None
    assert [image.raw_name for image in config.live_watermark.live_watermark_image] == ["123.png"]
    assert item("x", operator={"user_name": "dGVzdDE="}).operator.user_name == "dGVzdDE="


def test_secrets_do_not_show() -> None:
    token = StsTokenIssued.sample({"token_info.sts_token": "canary-1"})
    live = LiveConfigUpdated.sample({"live_config.live_password": "canary-2"})
    assert token.token_info.sts_token == "canary-1"
    for shown in (repr(token), repr(live), repr(token.delivery), str(token.delivery)):
        assert "canary" not in shown


def test_results_of_jobs() -> None:
    notify = CommonJobResults.sample().notify_info
    assert notify is not None
    assert [[(one.key, one.value) for one in thing] for thing in notify.success] == [[("file_name", "x.mp4")]]
    responded = RoomResponded.sample()
    assert responded.operate_time == datetime(2022, 5, 21, 8, 57, 37, 491000, tzinfo=UTC), "text on the wire"


# --- delivery, key, subject -------------------------------------------------------------------------------------------


def test_several_items() -> None:
    body = json.dumps({"event": "x.y", "trace_id": "t", "payload": [{"a": 1}, "odd", {"a": 1}, {"a": 2}]}).encode()
    found = events_of(body, v.NOW, "previous")
    assert [event.index for event in found] == [0, 1, 2, 3]
    assert [event.wire for event in found] == [{"a": 1}, {}, {"a": 1}, {"a": 2}]
    assert {event.delivery.key_name for event in found} == {"previous"}
    assert found[0].key == found[2].key != found[3].key


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=5), JSON, max_size=4), st.data())
def test_the_key_is_of_the_content_alone(members: dict[str, Any], data: st.DataObject) -> None:
    def made(text: str, received: float = 1.0) -> Event:
        return events_of(text.encode(), received)[0]

    envelope = {"event": "a.b", "trace_id": "t", "payload": [members]}
    shuffled = dict(data.draw(st.permutations(list(members.items()))))
    again = {"payload": [shuffled], "trace_id": "t", "event": "a.b", "beside": 1}
    one, two = made(json.dumps(envelope)), made(json.dumps(again, indent=3, ensure_ascii=True), 2.0)
    assert one.key == two.key
    assert one.delivery.key == two.delivery.key
    for other in (
        {**envelope, "event": "a.c"},
        {**envelope, "trace_id": "u"},
        {**envelope, "payload": [{**members, "zzzzzz": 0}]},
    ):
        assert made(json.dumps(other)).key != one.key


@given(st.text(min_size=1, max_size=5), st.text(max_size=5), st.lists(JSON, max_size=3) | JSON)
def test_the_key_stays_what_inboxes_have_stored(event: str, trace: str, payload: Any) -> None:
    def digest(value: Any) -> str:
        text = json.dumps([event, trace, value], sort_keys=True, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()

    found = events_of(json.dumps({"event": event, "trace_id": trace, "payload": payload}).encode(), 1.0)
    assert found[0].delivery.key == digest(payload)
    assert [one.key for one in found] == [digest(one.wire) for one in found]


def test_what_an_event_is_about() -> None:
    assert item("x", meeting_info={"meeting_id": "1", "sub_meeting_id": "2"}).subject == ("1", "2")
    assert item("x", meeting_info={"meeting_id": 1}).subject == ("1", "")
    assert item("enroll.enroll", enroll_info={"meeting_id": "3"}).subject == ("3", "")
    assert item("room.response", room_response_event={"meeting_id": "4"}).subject == ("4", "")
    for odd in (None, [], "x", {"meeting_id": None}, {"meeting_id": ["x"]}, {"meeting_id": ""}):
        assert item("x", meeting_info=odd).subject is None


def test_attempts_and_lateness_are_the_workers_to_say() -> None:
    event = item("meeting.end", meeting_info={"meeting_id": "1"})
    assert (event.attempt, event.late) == (1, False)
    again = event.handled_as(attempt=3, late=True)
    assert (again.attempt, again.late, again.key, again.delivery) == (3, True, event.key, event.delivery)
    assert type(again) is MeetingEnded
    assert (event.attempt, event.late) == (1, False)


def test_an_event_by_hand_was_not_delivered() -> None:
    with pytest.raises(AttributeError, match="this MeetingEnded was not delivered"):
        _ = MeetingEnded().delivery
    assert MeetingEnded(operate_time=datetime(2027, 1, 1, tzinfo=UTC)).operate_time is not None


def test_what_is_no_delivery() -> None:
    for body in (b"", b"[]", b'{"event":1}', b"\xff"):
        with pytest.raises(UnreadableDelivery):
            events_of(body, v.NOW)
    assert [type(event) for event in Event.from_delivery(Delivery.parse(v.PLAIN, v.NOW))] == [MeetingEnded]


# --- samples ----------------------------------------------------------------------------------------------------------


def test_samples_can_be_changed() -> None:
    moment = datetime(2027, 1, 5, 2, tzinfo=UTC)
    event = MeetingEnded.sample({"operator.userid": "grace"}, meeting_id="42", operate_time=moment, start_time=moment)
    assert event.subject == ("42", "")
    assert (event.operator.userid, event.operate_time, event.meeting_info.start_time) == ("grace", moment, moment)
    assert event.wire["operate_time"] == 1799114400000
    assert MeetingEnded.sample().meeting_info.meeting_id == "13339600532534291369"
    assert MeetingEnded.sample().key != MeetingEnded.sample().key, "two samples are two events"
    files = RecordingCompleted.sample({"recording_files.1.lang": "zh", "envelope.new.deep": 1})
    assert [one.lang for one in files.recording_files] == [None, "zh"]
    assert files.delivery.extra == {"new": {"deep": 1}}


def test_samples_that_can_not_be() -> None:
    with pytest.raises(ConfigurationError, match="MeetingEnded has no member meting_id"):
        MeetingEnded.sample(meting_id="42")
    with pytest.raises(ConfigurationError, match="operate_time.x is not there"):
        MeetingEnded.sample({"operate_time.x": 1})
    with pytest.raises(ConfigurationError, match="recording_files.7 is not there"):
        RecordingCompleted.sample({"recording_files.7.lang": "zh"})
    with pytest.raises(ConfigurationError, match="aware datetime"):
        MeetingEnded.sample(operate_time=datetime(2027, 1, 1))  # noqa: DTZ001
    with pytest.raises(ConfigurationError, match="no event of the platform's"):
        UnknownEvent.sample()
