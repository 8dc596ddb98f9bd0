"""Control of a running meeting: what is refused before anything is sent. What is sent is in the samples."""

from typing import Any

import pytest

from tests.unit.api.helpers import broken, sent
from tm_async.api.control import (
    Dismiss,
    EndSignIn,
    KickOut,
    MoveWaiting,
    Mute,
    NewName,
    Rename,
    SetAsr,
    SetStatus,
    SetVideo,
    StopScreenShare,
    Target,
    WaitingMove,
)
from tm_async.api.shared import Device, MeetingRoomId, MsOpenId, RoomsId
from tm_async.core.operation import Operation

WHO: dict[str, Any] = {"meeting_id": "100001", "operator_id": "tester"}
DESK, MRA = (Target(to_operator_id="d", instanceid=device) for device in (Device.PC, Device.VOIP_SIP))


def test_who_acts_says_of_what_kind() -> None:
    for who, kind in (("tester", 1), (MsOpenId("m"), 4)):
        _, _, body = sent(Mute(**WHO | {"operator_id": who}, user=DESK, mute=True))
        assert (body["operator_id"], body["operator_id_type"]) == (who, kind)
    for device, kind in ((RoomsId("r"), 3), ("r", 3), (MeetingRoomId("m"), 5)):
        _, _, body = sent(SetAsr(**WHO, is_open=True, target_rooms_id=device))
        assert (body["target_rooms_id_type"], body["instance_id"]) == (kind, 1)


@pytest.mark.parametrize(
    ("operation", "more", "problems"),
    [
        (SetVideo, {"user": DESK, "video": True}, [("video", "video-on")]),
        (SetVideo, {"user": MRA, "video": True}, []),
        (StopScreenShare, {"user": MRA}, [("user.instanceid", "no-mra")]),
        (KickOut, {"users": [DESK, MRA], "allow_rejoin": True}, [("reason", "reason-for-mra")]),
        (KickOut, {"users": [], "allow_rejoin": True}, [("users", "entries")]),
        (KickOut, {"users": [DESK] * 21, "allow_rejoin": True}, [("users", "entries")]),
        (MoveWaiting, {"users": [], "operate_type": WaitingMove.ADMIT}, [("users", "not-empty")]),
        (
            MoveWaiting,
            {"users": [DESK], "operate_type": WaitingMove.ADMIT, "allow_rejoin": True},
            [("allow_rejoin", "only-with-operate_type")],
        ),
        (SetStatus, {}, [("mute_all", "something-to-switch")]),
        (SetStatus, {"allow_unmute_by_self": True}, [("allow_unmute_by_self", "only-with-mute_all")]),
        (SetAsr, {"is_open": False, "open_asr_view": 1}, [("open_asr_view", "only-with-is_open")]),
        (SetAsr, {"is_open": False, "open_asr_view": 0}, []),
        (
            Rename,
            {"users": [NewName(ms_open_id="", instanceid=Device.PC, nick_name="x" * 21)]},
            [("users[0].ms_open_id", "not-empty"), ("users[0].nick_name", "characters")],
        ),
    ],
)
def test_what_is_refused(
    operation: type[Operation[Any]], more: dict[str, Any], problems: list[tuple[str, str]]
) -> None:
    assert broken(operation, **WHO, **more) == problems


def test_a_second_attempt_may_find_it_done() -> None:
    for operation, code in ((Dismiss(**WHO, reason_code=1), 13603), (EndSignIn(**WHO, sign_in_id="S1"), 107)):
        assert operation.counts_as_done_again(code)
        assert not operation.counts_as_done(code)
