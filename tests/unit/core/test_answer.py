"""Answers are read leniently: odd types, unknown members and values, and nothing raises."""

import copy
import pickle
from base64 import b64encode
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, ClassVar

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import json_values
from tm_async import Device, Meeting
from tm_async.api.index import operations
from tm_async.api.meetings import MeetingKind, MeetingStatus, Occurrence, OccurrenceStatus, SettingsInfo
from tm_async.api.meetings.attendance_models import Attendance, ParticipantsPage
from tm_async.api.meetings.models import LiveConfigInfo, LiveWatermarkInfo
from tm_async.api.meetings.recurrence import RecurrenceInfo
from tm_async.api.meetings.waiting_room_models import WaitingRoomRecordsPage
from tm_async.api.shared import Person
from tm_async.core.annotations import defaults, fields
from tm_async.core.answer import AnswerModel
from tm_async.core.codec import read_as
from tm_async.core.declare import answer
from tm_async.core.wire import AlsoNamed, Milliseconds, MillisecondsText, Seconds, SecondsText, wire_names
from tm_async.webhooks.events.registry import event_classes

WIRE = {
    "subject": "tester's meeting",
    "meeting_id": "18357763596888459343",
    "meeting_code": "806146667",
    "type": 0,
    "hosts": ["tester"],
    "participants": [{"userid": "a", "is_anonymous": True, "nick_name": "A"}, {"userid": "b"}],
    "start_time": "1572085800",
    "end_time": 1572089400,
    "settings": {"mute_enable_join": True, "only_allow_enterprise_user_join": False, "new_switch": 1},
    "sub_meetings": [{"sub_meeting_id": "1572085800", "start_time": "1572085800", "end_time": 1572089400, "status": 0}],
    "password": "1234",
    "brand_new": {"a": 1},
}


def read(value: object) -> Meeting:
    return read_as(Meeting, value)


def test_a_meeting() -> None:
    meeting = read(WIRE)
    assert meeting.meeting_id == "18357763596888459343"
    assert meeting.type is MeetingKind.SCHEDULED
    assert meeting.hosts == (Person(userid="tester"),)
    assert meeting.participants == (Person(userid="a", is_anonymous=True, nick_name="A"), Person(userid="b"))
    assert meeting.start_time == datetime(2019, 10, 26, 10, 30, tzinfo=UTC)
    assert meeting.end_time == datetime(2019, 10, 26, 11, 30, tzinfo=UTC)
    assert meeting.settings is not None
    assert meeting.settings.mute_enable_join is True
    assert meeting.settings.extra == {"new_switch": 1}
    assert meeting.sub_meetings[0].status is OccurrenceStatus.EXISTS
    assert meeting.extra == {"brand_new": {"a": 1}}


def test_what_belongs_to_the_class_is_no_member() -> None:
    @answer
    class Named(AnswerModel):
        places: ClassVar[dict[str, str]] = {"a": "b"}
        name: str = ""

    assert Named.places == {"a": "b"}
    assert [one.name for one in attrs.fields(Named)] == ["name"]
    assert Named.from_wire({"name": "n", "places": 1}).extra == {"places": 1}


def test_missing_members_have_defaults() -> None:
    meeting = read({})
    assert (meeting.meeting_id, meeting.join_url, meeting.subject) == ("", "", "")
    assert meeting.start_time is meeting.settings is meeting.password is None
    assert meeting.hosts == meeting.user_non_registered == ()
    assert meeting == Meeting()
    assert meeting.extra == Meeting().extra == {}


@pytest.mark.parametrize(
    ("name", "wire", "value"),
    [
        ("meeting_id", 7567173273889276131, "7567173273889276131"),
        ("meeting_code", 806146667, "806146667"),
        ("type", "1", MeetingKind.QUICK),
        ("type", 7, MeetingKind(7)),
        ("status", "MEETING_STATE_NEW", MeetingStatus("MEETING_STATE_NEW")),
        ("enable_live", 1, True),
        ("enable_live", "false", False),
        ("remain_sub_meetings", "3", 3),
        ("remain_sub_meetings", 3.0, 3),
        ("subject", None, ""),
        ("time_zone", "QXNpYS9TaGFuZ2hhaQ==", "Asia/Shanghai"),
        ("time_zone", "Asia/Shanghai", "Asia/Shanghai"),
        ("time_zone", "Asia/Kolkata", "Asia/Kolkata"),
        ("time_zone", "", ""),
        ("hosts", [{"userid": 5}, "x"], (Person(userid="5"), Person(userid="x"))),
    ],
)
def test_odd_forms(name: str, wire: object, value: object) -> None:
    meeting = read({name: wire})
    assert getattr(meeting, name) == value
    assert type(getattr(meeting, name)) is type(value)
    assert meeting.extra == {}


@pytest.mark.parametrize("nothing", [None, ""])
def test_what_says_nothing_is_missing_and_no_more(nothing: object) -> None:
    """Gateways write an empty text for a number, a time or an object that there is none of."""
    names = ("type", "start_time", "hosts", "settings", "enable_live", "remain_sub_meetings", "status")
    meeting = read(dict.fromkeys(names, nothing))
    assert [getattr(meeting, name) for name in names] == [getattr(Meeting(), name) for name in names]
    assert meeting.extra == {}


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("start_time", "soon"),
        ("start_time", "9" * 40),
        ("start_time", {}),
        ("meeting_id", ["x"]),
        ("hosts", "tester"),
        ("hosts", [[]]),
        ("settings", []),
        ("type", "x"),
        ("enable_live", "perhaps"),
        ("remain_sub_meetings", 1.5),
    ],
)
def test_what_can_not_be_read_is_as_if_missing_and_stays_reachable(name: str, wire: object) -> None:
    meeting = read({name: wire, "subject": "still here"})
    assert getattr(meeting, name) == getattr(Meeting(), name)
    assert meeting.extra == {name: wire}
    assert meeting.subject == "still here"


def test_an_answer_is_an_ordinary_value() -> None:
    meeting = read(WIRE)
    for again in (pickle.loads(pickle.dumps(meeting)), copy.copy(meeting), copy.deepcopy(meeting)):
        assert again == meeting
        assert again.extra == meeting.extra
    assert attrs.evolve(meeting, subject="x").meeting_id == meeting.meeting_id
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        meeting.subject = "x"  # type: ignore[misc]
    with pytest.raises(AttributeError, match="no attribute 'meeting_idd'"):
        meeting.meeting_idd  # type: ignore[attr-defined]  # noqa: B018
    assert not hasattr(Meeting(), "nothing")


def test_a_repr_shows_what_is_there_and_no_secret() -> None:
    shown = repr(read(WIRE | {"host_key": "654321"}))
    assert shown.startswith("Meeting(meeting_id='18357763596888459343', meeting_code='806146667', subject=")
    assert "password='***'" in shown
    assert "location" not in shown
    assert "1234'" not in shown
    assert "654321" not in shown


@cache
def _answer_types() -> dict[type, list[str]]:
    """Every class of an answer or an event, with the names of its members on the wire."""
    operations(), event_classes()  # each loads what it reads
    found: dict[type, list[str]] = {}
    todo = list(AnswerModel.__subclasses__())
    while todo:
        cls = todo.pop()
        found[cls] = [known for name, said in fields(cls).items() for known in wire_names(name, said.notes)]
        todo.extend(cls.__subclasses__())
    assert len(found) > 300
    return found


@given(st.lists(st.tuples(st.integers(0, 99) | st.text(), json_values), max_size=8))
def test_no_json_makes_reading_fail(drawn: list[tuple[int | str, Any]]) -> None:
    for cls, names in _answer_types().items():  # a number stands for one of its members
        value = {key if isinstance(key, str) else names[key % len(names)] if names else "": one for key, one in drawn}
        try:
            reads_whatever(cls, names, value)
        except Exception as wrong:
            wrong.add_note(f"{cls.__name__}: {value}")
            raise


def reads_whatever(cls: type, names: list[str], value: dict[str, Any]) -> None:
    model = read_as(cls, value)
    repr(model)
    known = {name for name, wire in value.items() if name in names and wire is not None}
    assert set(model.extra) - known == {name for name in value if name not in names}
    assert all(model.extra[name] == value[name] for name in model.extra)


def test_device_in_an_answer_model_keeps_its_class() -> None:
    assert isinstance(read_as(Device, 1), Device)
    assert isinstance(read({"settings": {}}).settings, SettingsInfo)
    assert isinstance(read_as(Occurrence, {}), Occurrence)


def test_an_object_in_the_place_of_a_list_is_a_list_of_one() -> None:
    meeting = Meeting.from_wire({"hosts": {"userid": "tester"}})
    assert [one.userid for one in meeting.hosts] == ["tester"]
    assert meeting.extra == {}


def test_the_object_that_it_came_in_is_reachable() -> None:
    wire = {"time_zone": "QXNpYS9TaGFuZ2hhaQ==", "start_time": "1796090400"}
    shown = Meeting.from_wire(wire)
    assert shown.time_zone == "Asia/Shanghai"
    assert shown.wire == wire
    assert Meeting().wire == {}


# --- what the rows of a list decide together, and what says that there is nothing ----------------------------------


def b64(text: str) -> str:
    return b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("names", "read"),
    [
        (["aida", "李四"], ["aida", "李四"]),
        ([b64("aida"), None, b64("x")], ["aida", "", "x"]),
        ([b64("张三"), "138****0000", b64("aida"), ""], ["张三", "138****0000", "aida", ""]),
        ([], []),
    ],
)
def test_the_names_of_a_list_are_base64_or_not_together(names: list[str | None], read: list[str]) -> None:
    """See `test_base64text`."""
    rows = [{} if name is None else {"user_name": name} for name in names]
    page = ParticipantsPage.from_wire({"subject": b64("周会"), "participants": rows})
    assert [one.user_name for one in page.participants] == read
    assert page.subject == "周会"  # the vendor's own sample has a plain subject above names in Base64
    assert page.wire["participants"] == rows


def test_a_time_of_nothing_is_none() -> None:
    for nothing in ("0", 0, None):
        stay = Attendance.from_wire({"join_time": "1800000000", "left_time": nothing})
        assert stay.left_time is None
        assert stay.join_time == datetime.fromtimestamp(1800000000, UTC)
        assert stay.extra == {}
        assert Occurrence.from_wire({"start_time": nothing}).start_time is None
        assert WaitingRoomRecordsPage.from_wire({"schedule_end_time": nothing}).schedule_end_time is None


@answer
class Timed(AnswerModel):
    """A time in each of the documented forms."""

    text: SecondsText | None = None
    number: Seconds | None = None
    milliseconds_text: MillisecondsText | None = None
    milliseconds: Milliseconds | None = None


@pytest.mark.parametrize(
    "value",
    [
        1572085800,
        "1572085800",
        1572085800.0,
        1572085800000,
        "1572085800000",
        "2019-10-26T10:30:00Z",
        "2019-10-26T18:30:00+08:00",
        "2019-10-26 18:30:00",
        "2019/10/26 18:30:00",
    ],
)
def test_a_time_is_read_in_any_form_whichever_is_documented(value: object) -> None:
    """The sources mix the units up, and what is milliseconds in one list is seconds in the next."""
    names = [one.name for one in attrs.fields(Timed)]
    shown = Timed.from_wire(dict.fromkeys(names, value))
    assert {getattr(shown, name) for name in names} == {datetime(2019, 10, 26, 10, 30, tzinfo=UTC)}
    assert shown.extra == {}


@pytest.mark.parametrize("value", [True, "soon", [], {}, 10**30, float("nan"), float("inf"), "1572085800.5"])
def test_what_is_no_time_is_missing_and_stays_reachable(value: object) -> None:
    shown = Timed.from_wire({"number": value, "milliseconds": value})
    assert shown.number is shown.milliseconds is None
    assert shown.extra.keys() == {"number", "milliseconds"}


# --- members that sources spell differently ------------------------------------------------------------------------


@answer
class Renamed(AnswerModel):
    """Members with a second and a third name."""

    list_of: Annotated[tuple[int, ...], AlsoNamed("ListOf"), AlsoNamed("lst")] = ()
    text: Annotated[str, AlsoNamed("Text")] = ""
    switch: Annotated[bool | None, AlsoNamed("Switch")] = None


@pytest.mark.parametrize(
    ("wire", "name", "value"),
    [
        ({"list_of": [1]}, "list_of", (1,)),
        ({"ListOf": [1]}, "list_of", (1,)),
        ({"lst": [1], "ListOf": None}, "list_of", (1,)),
        ({"list_of": [], "ListOf": [1]}, "list_of", (1,)),
        ({"text": "a", "Text": "b"}, "text", "a"),
        ({"text": "", "Text": "b"}, "text", "b"),
        ({"text": None, "Text": 5}, "text", "5"),
        ({"text": ""}, "text", ""),
        ({"Text": ""}, "text", ""),
        ({"switch": False, "Switch": True}, "switch", False),
        ({"Switch": 0}, "switch", False),
        ({}, "list_of", ()),
    ],
)
def test_a_member_is_read_by_whichever_of_its_names_says_something(
    wire: dict[str, Any], name: str, value: object
) -> None:
    shown = Renamed.from_wire(wire)
    assert getattr(shown, name) == value
    assert shown.extra == {}
    assert shown.wire == wire


def test_what_can_not_be_read_by_another_name_stays_reachable() -> None:
    assert Renamed.from_wire({"Switch": "perhaps", "other": 1}).extra == {"Switch": "perhaps", "other": 1}


@pytest.mark.parametrize("cls", [SettingsInfo, LiveConfigInfo, LiveWatermarkInfo, RecurrenceInfo])
def test_what_an_answer_shares_with_a_request_is_shown_like_an_answer(cls: type[AnswerModel]) -> None:
    assert repr(cls()) == f"{cls.__name__}()"


def test_members_of_answers_only_are_shown() -> None:
    assert repr(SettingsInfo(mute_all=True, only_allow_enterprise_user_join=False)) == (
        "SettingsInfo(mute_all=True, only_allow_enterprise_user_join=False)"
    )
    assert repr(LiveConfigInfo(live_addr="https://x", live_password="1234")) == (
        "LiveConfigInfo(live_password='***', live_addr='https://x')"
    )


def test_the_defaults_of_an_answer_are_those_that_attrs_finds() -> None:
    for cls in _answer_types():
        assert dict(defaults(cls)) == {one.name: one.default for one in attrs.fields(cls)}, cls
