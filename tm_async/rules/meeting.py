"""Rules across the fields of a meeting, its settings and its live configuration."""

from collections.abc import Iterator
from typing import Any

from attrs import evolve

from tm_async.core.moments import earlier
from tm_async.core.validation import Check, Rule, about
from tm_async.errors import Violation
from tm_async.rules.neutral import asks

__all__ = [
    "REQUESTED_TYPE",
    "end_after_start",
    "host_key_needs_switch",
    "live_config_needs_live",
    "live_password_when_enabled",
    "quick_is_not_recurring",
    "rule_with_recurring_type",
    "settings_of_a_new_meeting",
    "settings_without_effect",
    "somebody_asks",
]


REQUESTED_TYPE = Rule(
    name="requested-type",
    holds=lambda kind: kind in (0, 1),
    limit=(0, 1),
    actual=int,
    message="must be {limit[0]} (a meeting) or {limit[1]} (a series); others are what answers show (given: {actual})",
    message_zh="应为 {limit[0]}（普通会议）或 {limit[1]}（周期性会议）；其他值只出现在应答中（当前：{actual}）",
    page="1095/42417",
)


def _only_with(name: str, switch: str, rule: str, page: str) -> Check:
    """A rule: what this field asks for it gets only with the switch. The gateway would ignore it in silence."""

    @about(name)
    def check(model: Any) -> Iterator[Violation]:
        if getattr(model, switch) is not True and asks(getattr(model, name)):
            yield _no_effect(name, f"{switch}=true", rule, page)

    check.__doc__ = f"`{name}` only with `{switch}=true` (doc {page})."
    return check


def _no_effect(name: str, condition: str, rule: str, page: str) -> Violation:
    return Violation(name, rule, f"has an effect only with {condition}", f"仅在 {condition} 时有效", page=page)


host_key_needs_switch = _only_with("host_key", "enable_host_key", "host-key-switch", "1095/42417")
live_config_needs_live = _only_with("live_config", "enable_live", "live-config", "1095/42424")


_SWITCHED = (
    ("water_mark_type", "allow_screen_shared_watermark", "watermark-type"),
    ("open_asr_view", "auto_asr", "asr-view"),
)
"""Numbers that have an effect only with a switch, 0 asking for nothing; and the rules' names."""


def settings_without_effect(settings: Any) -> Iterator[Violation]:
    """`water_mark_type`, `open_asr_view` and options of recording count only with their switches (doc 1095/42417).

    Those may be on already where a meeting is changed: there they are refused only beside a switch that is off.
    """
    for name, switch, rule in _SWITCHED:
        if getattr(settings, name) and getattr(settings, switch) is False:
            yield _no_effect(name, f"{switch}=true", rule, "1095/42417")
    if settings.auto_record_type is not None:
        yield from _recording(settings)


@about("settings")
def settings_of_a_new_meeting(create: Any) -> Iterator[Violation]:
    """In a new meeting a switch that is left out is off, for the settings that count only with it (doc 1095/42417)."""
    settings = create.settings
    found = [
        _no_effect(name, f"{switch}=true", rule, "1095/42417")
        for name, switch, rule in _SWITCHED
        if getattr(settings, name) and getattr(settings, switch) is None
    ]
    if settings.auto_record_type is None:
        found += _recording(settings)
    for one in found:
        yield evolve(one, field=f"settings.{one.field}")


def _recording(settings: Any) -> Iterator[Violation]:
    """Who may start and pause the recording counts only where the cloud records by itself.

    By default the host may pause it; and where nothing is recorded there is nothing to pause.
    """
    recorded = settings.auto_record_type
    if recorded == "cloud":
        return
    if settings.participant_join_auto_record:
        yield _no_effect("participant_join_auto_record", *_RECORDED)
    if settings.enable_host_pause_auto_record is False and recorded != "none":
        yield _no_effect("enable_host_pause_auto_record", *_RECORDED)


_RECORDED = "auto_record_type=cloud", "record-options", "1095/42417"


@about("live_config")
def live_password_when_enabled(meeting: Any) -> Iterator[Violation]:
    """A live password is required once it is enabled (doc 1095/42417). Not so when only the stream is changed."""
    if meeting.live_config.enable_live_password and not meeting.live_config.live_password:
        yield Violation(
            "live_config.live_password",
            "live-password",
            "is required with enable_live_password=true",
            "enable_live_password=true 时必填",
            page="1095/42417",
        )


@about("start_time", "end_time")
def end_after_start(meeting: Any) -> Iterator[Violation]:
    """An end before the start can't be meant. The pages do not say so; the gateway is expected to refuse it."""
    if not earlier(meeting.start_time, meeting.end_time):
        yield Violation("end_time", "end-after-start", "must be after start_time", "必须晚于 start_time")


def quick_is_not_recurring(meeting: Any) -> Iterator[Violation]:
    """Recurring meetings have to be scheduled ones (doc 1095/42417)."""
    if meeting.type == 1 and (meeting.meeting_type == 1 or meeting.recurring_rule is not None):
        yield Violation(
            "type",
            "quick-not-recurring",
            "a quick meeting (1) can't recur; use a scheduled one (0)",
            "快速会议 (1) 不能是周期性会议，请使用预约会议 (0)",
            page="1095/42417",
        )


def rule_with_recurring_type(meeting: Any) -> Iterator[Violation]:
    """The rule and `meeting_type` 1 go together; a rule alone sets the type (doc 1095/42417)."""
    if meeting.recurring_rule is not None and meeting.meeting_type in (None, 0):
        yield Violation(
            "meeting_type",
            "recurring-type",
            "must be 1 (or left out) with a recurring_rule",
            "设置 recurring_rule 时应为 1（或省略）",
            page="1095/42417",
        )
    if meeting.recurring_rule is None and meeting.meeting_type == 1:
        yield Violation(
            "recurring_rule",
            "recurring-rule-missing",
            "is required with meeting_type=1",
            "meeting_type=1 时必填",
            page="1095/42417",
        )


def somebody_asks(query: Any) -> Iterator[Violation]:
    """Queries need a caller: `userid`, or `operator_id` with its type (doc 1095/42418)."""
    if query.userid is None and query.operator_id is None:
        yield Violation(
            "userid",
            "caller",
            "give userid or operator_id",
            "请提供 userid 或 operator_id",
            page="1095/42418",
        )
    if query.operator_id is not None and query.operator_id_type is None:
        yield Violation("operator_id_type", "caller", "is required with operator_id", "提供 operator_id 时必填")
