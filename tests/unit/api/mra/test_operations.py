"""MRA devices: what is sent, what is refused before, what is read."""

from typing import Any

from tests.unit.api.helpers import answered, broken, sent
from tm_async import Device
from tm_async.api.mra import DefaultLayout, GetStatus, HangUp, MraDevice, RaiseHand, SetDefaultLayout, WithoutVideo
from tm_async.api.shared import MsOpenId

ASKING: dict[str, Any] = {"meeting_id": "100001", "operator_id": "tester", "user_ms_open_id": "a+b/c="}
CONTROL: dict[str, Any] = {"meeting_id": "100001", "operator_id": "tester", "user": MraDevice(ms_open_id="d")}
BODY = {"operator_id": "tester", "operator_id_type": 1, "instanceid": 1, "user": {"ms_open_id": "d", "instanceid": 9}}


def test_the_id_is_encoded_once() -> None:
    target = (
        "/v1/meetings/100001/query-participant?operator_id=tester&operator_id_type=1&instanceid=1"
        "&user_ms_open_id=a%2Bb%2Fc%3D&user_instance_id=9"
    )
    assert sent(GetStatus(**ASKING)) == ("GET", target, None)


def test_what_is_sent() -> None:
    path = "/v1/mra-control/meetings/100001"
    assert sent(HangUp(**CONTROL)) == ("PUT", f"{path}/hangup", BODY)
    assert sent(RaiseHand(**CONTROL, raise_hand=False)) == ("PUT", f"{path}/raise-hand", BODY | {"raise_hand": False})
    layout = SetDefaultLayout(
        **CONTROL, default_layout=DefaultLayout.ONE_PLUS_N, default_novideo_user=WithoutVideo.HIDE
    )
    more = {"default_layout": 3, "default_novideo_user": 2}
    assert sent(layout) == ("PUT", f"{path}/default-layout", BODY | more)


def test_somebody_inside_acts() -> None:
    _, _, body = sent(HangUp(**CONTROL | {"operator_id": MsOpenId("x")}))
    assert (body["operator_id"], body["operator_id_type"]) == ("x", 4)


def test_an_mra_device_only() -> None:
    desk = MraDevice(ms_open_id="", instanceid=Device.PC)
    problems = [("user.ms_open_id", "not-empty"), ("user.instanceid", "mra-device")]
    assert broken(HangUp, **CONTROL | {"user": desk}) == problems
    assert broken(GetStatus, **ASKING | {"user_ms_open_id": ""}) == [("user_ms_open_id", "not-empty")]


def test_both_spellings_of_the_address() -> None:
    operation = GetStatus(**ASKING)
    assert answered(operation, {"ip": "192.0.2.7"}).ip == "192.0.2.7"
    assert answered(operation, {"IP": "192.0.2.8"}).ip == "192.0.2.8"
    assert answered(operation, {}).ip is None
