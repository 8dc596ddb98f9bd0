"""Rooms: what is sent, what is refused before, what is read."""

from typing import Any

from tests.unit.api.helpers import answered, broken, sent
from tm_async.api.rooms import (
    BookRooms,
    CallRoom,
    CallState,
    CreateActiveCode,
    Equipment,
    GetCallStatus,
    GetRoom,
    ListAlarms,
    ListRoomMeetings,
    ListRooms,
    ModifyRoom,
    ModifyRoomConfig,
    MraAddress,
    RoomInfo,
    RoomMeetingSettings,
    RoomPmiSettings,
    RoomType,
    Signalling,
)
from tm_async.api.shared import MeetingRoomId, OpenId, OperatorType, RoomsId

BY: dict[str, Any] = {"operator_id": "admin"}
CALL: dict[str, Any] = {**BY, "meeting_id": "10000000000000000001"}


def info(**values: Any) -> RoomInfo:
    given: dict[str, Any] = {"meeting_room_name": "N 1", "meeting_room_type": RoomType.ROOMS, **values}
    return RoomInfo(**given)


def test_a_description_travels_as_base64() -> None:
    operation = ModifyRoom(**BY, meeting_room_id="1", meeting_room_info=info(desc="测试", device=[Equipment.PROJECTOR]))
    _, _, body = sent(operation)
    assert body["meeting_room_info"] == {
        "meeting_room_name": "N 1",
        "meeting_room_type": 0,
        "device": ["投影"],
        "desc": "5rWL6K+V",
    }
    assert answered(GetRoom(**BY, meeting_room_id="1"), {"basic_info": {"desc": "5rWL6K+V"}}).basic_info.desc == "测试"


def test_a_long_id_of_a_meeting_stays_what_it_is() -> None:
    _, _, body = sent(CallRoom(**CALL, meeting_room_id="1"))
    assert body["meeting_id"] == "10000000000000000001"
    assert broken(CallRoom, **CALL | {"meeting_id": "１２"}, meeting_room_id="1") == [("meeting_id", "digits")]


def test_the_code_for_a_device_is_asked_for_in_the_query() -> None:
    target = "/v1/meeting-rooms/1/active-code?operator_id=admin&operator_id_type=1"
    assert sent(CreateActiveCode(**BY, meeting_room_id="1")) == ("POST", target, None)


def test_who_asks_for_the_meetings_of_a_room() -> None:
    by_user = ListRoomMeetings(operator_id="a", target_rooms_id="7")
    assert (by_user.operator_id_type, by_user.target_rooms_id_type) == (1, 5)
    by_device = ListRoomMeetings(operator_id="a", target_rooms_id=RoomsId("7"))
    assert by_device.target_rooms_id_type == OperatorType.ROOMS_ID
    assert ListRoomMeetings(operator_id=MeetingRoomId("7")).operator_id_type == OperatorType.MEETING_ROOM_ID
    assert ListAlarms(**BY).target_rooms_id_type is None
    assert broken(ListRoomMeetings, operator_id="a") == [("target_rooms_id", "room-is-named")]
    assert broken(ListRoomMeetings, operator_id=OpenId("a")) == [("operator_id_type", "kind-of-id")]


def test_ids_of_another_kind() -> None:
    assert broken(ListRooms, operator_id=OpenId("a")) == [("operator_id_type", "kind-of-id")]
    assert broken(ListAlarms, **BY, target_rooms_id="1", target_rooms_id_type=1) == [
        ("target_rooms_id_type", "kind-of-id")
    ]


def test_how_a_room_is_described() -> None:
    wrong: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
        ({"city": "Xi'an", "floor": "3"}, [("building", "whole-place")]),
        ({"city": "a", "building": "b", "floor": "３"}, [("floor", "floor")]),
        ({"meeting_room_name": "会" * 19}, [("meeting_room_name", "room-text-width")]),
        ({"admin_password_enabled": True}, [("admin_password", "admin-password")]),
        ({"meeting_room_type": RoomType.SIP}, [("mra_address", "terminal-address")]),
        ({"label": ["a" * 41] * 11}, [("label[0]", "characters"), ("label", "entries")]),
        ({"participant_number": 10**9}, [("participant_number", "between")]),
        ({"device": ["Beamer"]}, [("device[0]", "documented-value")]),
    ]
    for given, problems in wrong:
        found = broken(ModifyRoom, **BY, meeting_room_id="1", meeting_room_info=info(**given))
        expected = [(f"meeting_room_info.{field}", rule) for field, rule in problems]
        assert set(expected) <= set(found), given
        assert len(found) == (12 if "label" in given else len(expected))


def test_a_room_without_a_number_has_no_settings_of_it() -> None:
    settings = RoomMeetingSettings(room_pmi=False, room_pmi_settings=RoomPmiSettings(room_pmi_psw="12a4"))
    found = broken(ModifyRoomConfig, **BY, meeting_room_id="1", meeting_settings=settings)
    assert ("meeting_settings.room_pmi_settings", "room-pmi") in found
    assert ("meeting_settings.room_pmi_settings.room_pmi_psw", "password-digits") in found


def test_a_room_has_a_number_unless_it_is_taken_from_it() -> None:
    settings = RoomMeetingSettings(room_pmi_settings=RoomPmiSettings(waiting_room=True))
    assert broken(ModifyRoomConfig, **BY, meeting_room_id="1", meeting_settings=settings) == []


def test_settings_that_ask_for_nothing_need_no_number() -> None:
    settings = RoomMeetingSettings(room_pmi=False, room_pmi_settings=RoomPmiSettings())
    found = broken(ModifyRoomConfig, **BY, meeting_room_id="1", meeting_settings=settings)
    assert not [rule for _, rule in found if rule == "room-pmi"]


def test_one_callee() -> None:
    address = MraAddress(protocol=Signalling.SIP, dial_string="sip:a@b")
    assert broken(CallRoom, **CALL) == [("meeting_room_id", "one-callee")]
    assert broken(CallRoom, **CALL, meeting_room_id="1", mra_address=address) == [("meeting_room_id", "one-callee")]
    assert broken(BookRooms, **CALL, meeting_room_id_list=[]) == [("meeting_room_id_list", "not-empty")]


def test_states_stay_numbers() -> None:
    operation = GetCallStatus(**CALL, meeting_room_id="1")
    assert answered(operation, {"status": 5}).status is CallState.JOINED_OR_CANCELLED
    assert answered(operation, {"status": "7"}).status == 7
