"""Rules across the fields of a meeting."""

from datetime import timedelta

import pytest

from tests.conftest import START, meeting
from tm_async import GetMeeting, LiveConfig, Recurrence, Settings, ValidationError
from tm_async.api.meetings import AutoRecord, MeetingKind, MeetingType, OpenAsrView, WatermarkType


def broken(**changes: object) -> list[tuple[str, str]]:
    try:
        meeting(**changes)
    except ValidationError as error:
        return [(violation.field, violation.rule) for violation in error.violations]
    return []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"end_time": START}, [("end_time", "end-after-start")]),
        ({"end_time": START - timedelta(seconds=1)}, [("end_time", "end-after-start")]),
        ({"type": MeetingKind.QUICK}, []),
        ({"type": 1, "recurring_rule": Recurrence.daily()}, [("type", "quick-not-recurring")]),
        ({"meeting_type": 1}, [("recurring_rule", "recurring-rule-missing")]),
        ({"meeting_type": 0, "recurring_rule": Recurrence.daily()}, [("meeting_type", "recurring-type")]),
        ({"meeting_type": 1, "recurring_rule": Recurrence.daily()}, []),
        ({"host_key": "123456"}, [("host_key", "host-key-switch")]),
        ({"host_key": "123456", "enable_host_key": False}, [("host_key", "host-key-switch")]),
        ({"host_key": "123456", "enable_host_key": True}, []),
        ({"enable_host_key": True}, []),
        ({"live_config": LiveConfig(live_subject="x")}, [("live_config", "live-config")]),
        ({"live_config": LiveConfig(live_subject="x"), "enable_live": True}, []),
        (
            {"live_config": LiveConfig(enable_live_password=True), "enable_live": True},
            [("live_config.live_password", "live-password")],
        ),
        ({"live_config": LiveConfig(enable_live_password=True, live_password="1"), "enable_live": True}, []),
        (
            {"settings": Settings(water_mark_type=WatermarkType.SINGLE_ROW)},
            [("settings.water_mark_type", "watermark-type")],
        ),
        ({"settings": Settings(water_mark_type=WatermarkType.SINGLE_ROW, allow_screen_shared_watermark=True)}, []),
        (
            {"settings": Settings(participant_join_auto_record=True, enable_host_pause_auto_record=False)},
            [
                ("settings.participant_join_auto_record", "record-options"),
                ("settings.enable_host_pause_auto_record", "record-options"),
            ],
        ),
        ({"settings": Settings(participant_join_auto_record=True, auto_record_type=AutoRecord.CLOUD)}, []),
        ({"settings": Settings(open_asr_view=OpenAsrView.CLOSED)}, [("settings.open_asr_view", "asr-view")]),
        ({"settings": Settings(open_asr_view=OpenAsrView.CLOSED, auto_asr=True)}, []),
    ],
)  # fmt: skip
def test_cross_field_rules(changes: dict[str, object], expected: list[tuple[str, str]]) -> None:
    assert broken(**changes) == expected


def test_a_rule_makes_it_a_series() -> None:
    assert meeting(recurring_rule=Recurrence.weekly()).meeting_type is MeetingType.RECURRING
    assert meeting().meeting_type is None


def test_a_query_needs_somebody_who_asks() -> None:
    with pytest.raises(ValidationError, match="userid or operator_id"):
        GetMeeting(meeting_id="1")
    assert GetMeeting(meeting_id="1", operator_id="tester").operator_id_type == 1
    assert GetMeeting(meeting_id="1", userid="tester").operator_id_type is None
