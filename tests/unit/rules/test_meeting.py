"""Rules across the fields of a meeting."""

from datetime import timedelta

import pytest

from tests.conftest import START, meeting
from tm_async import GetMeeting, LiveConfig, Recurrence, Settings, ValidationError
from tm_async.api.meetings import (
    AutoRecord,
    CustomUnit,
    LiveWatermark,
    LiveWatermarkOption,
    MeetingKind,
    MeetingType,
    OpenAsrView,
    RecurrenceKind,
    UntilType,
    WatermarkType,
)
from tm_async.core.codec import to_wire


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
        ({"meeting_type": MeetingType.PERSONAL}, [("meeting_type", "requested-type")]),
        ({"meeting_type": 6, "recurring_rule": Recurrence.daily()}, [("meeting_type", "requested-type")]),
        ({"meeting_type": 0}, []),
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
            {"settings": Settings(water_mark_type=WatermarkType.MULTIPLE_ROWS)},
            [("settings.water_mark_type", "watermark-type")],
        ),
        ({"settings": Settings(water_mark_type=WatermarkType.MULTIPLE_ROWS, allow_screen_shared_watermark=True)}, []),
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


@pytest.mark.parametrize(
    "changes",
    [
        {"settings": Settings(allow_screen_shared_watermark=False, water_mark_type=WatermarkType.SINGLE_ROW)},
        {"settings": Settings(auto_record_type=AutoRecord.NONE, participant_join_auto_record=False)},
        {"settings": Settings(auto_record_type=AutoRecord.NONE, enable_host_pause_auto_record=False)},
        {"settings": Settings(auto_record_type=AutoRecord.LOCAL, enable_host_pause_auto_record=True)},
        {"settings": Settings(auto_asr=False, open_asr_view=OpenAsrView.OPEN)},
        {"enable_live": False, "live_config": LiveConfig()},
        {
            "enable_live": False,
            "live_config": LiveConfig(
                live_subject="",
                live_summary="",
                enable_live_password=False,
                live_password="",
                enable_live_im=False,
                enable_live_replay=False,
                live_watermark=LiveWatermark(watermark_opt=LiveWatermarkOption.DEFAULT),
            ),
        },
        {
            "recurring_rule": Recurrence(
                recurring_type=RecurrenceKind.WEEKLY,
                until_type=UntilType.COUNT,
                until_count=3,
                customized_recurring_type=CustomUnit.DAY,
                customized_recurring_step=0,
                customized_recurring_days=0,
            )
        },
        {
            "recurring_rule": Recurrence(
                recurring_type=RecurrenceKind.WEEKLY, until_date=START + timedelta(days=9), until_count=0
            )
        },
    ],
)
def test_what_asks_for_nothing_is_not_refused(changes: dict[str, object]) -> None:
    """Other clients always send such members, and it is sent as it was given."""
    assert broken(**changes) == []
    (name,) = changes.keys() - {"enable_live"}
    assert to_wire(meeting(**changes))[name] == to_wire(changes[name])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"settings": Settings(auto_record_type=AutoRecord.LOCAL, enable_host_pause_auto_record=False)},
            [("settings.enable_host_pause_auto_record", "record-options")],
        ),
        (
            {"enable_live": False, "live_config": LiveConfig(live_watermark=LiveWatermark(watermark_opt=1))},
            [("live_config", "live-config")],
        ),
        ({"enable_live": False, "live_config": LiveConfig(enable_live_im=True)}, [("live_config", "live-config")]),
        (
            {"recurring_rule": Recurrence(until_type=UntilType.COUNT, until_count=0)},
            [("recurring_rule.until_count", "at-least-one")],
        ),
    ],
)
def test_what_asks_for_something_that_it_does_not_get_is(
    changes: dict[str, object], expected: list[tuple[str, str]]
) -> None:
    assert broken(**changes) == expected


def test_a_rule_makes_it_a_series() -> None:
    assert meeting(recurring_rule=Recurrence.weekly()).meeting_type is MeetingType.RECURRING
    assert meeting().meeting_type is None


def test_a_query_needs_somebody_who_asks() -> None:
    with pytest.raises(ValidationError, match="userid or operator_id"):
        GetMeeting(meeting_id="1")
    assert GetMeeting(meeting_id="1", operator_id="tester").operator_id_type == 1
    assert GetMeeting(meeting_id="1", userid="tester").operator_id_type is None
