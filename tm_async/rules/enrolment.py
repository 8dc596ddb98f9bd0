"""Rules of enrolment: its questions, its page, and who is imported."""

from collections.abc import Iterator
from typing import Any

from tm_async.core.validation import OWN_PAGE
from tm_async.errors import Violation
from tm_async.rules.neutral import asks

__all__ = [
    "area_with_phone",
    "options_for_choices",
    "own_question_is_complete",
    "preset_question_is_bare",
    "questions_are_collected",
    "somebody_to_enrol",
]

_CONFIG = "1095/64007"


def questions_are_collected(config: Any) -> Iterator[Violation]:
    """Questions count only while questions are asked (doc 1095/64007)."""
    if config.question_list and config.is_collect_question != 2:
        yield Violation(
            "is_collect_question",
            "questions-collected",
            "must be 2 (or left out) with a question_list",
            "设置 question_list 时应为 2（或省略）",
            page=_CONFIG,
        )


def _is_preset(question: Any) -> bool:
    return question.special_type not in (None, 1)


def preset_question_is_bare(question: Any) -> Iterator[Violation]:
    """The vendor words its preset questions; the gateway would ignore ours in silence (doc 1095/64007)."""
    if _is_preset(question):
        for name in ("question_title", "question_type"):
            if asks(getattr(question, name)):
                yield Violation(
                    name,
                    "preset-question",
                    "has no effect on a preset question (special_type other than 1)",
                    "预设问题（special_type 不为 1）下该字段无效",
                    page=_CONFIG,
                )


def own_question_is_complete(question: Any) -> Iterator[Violation]:
    """A question of one's own without words or kind can't be meant. The pages do not say so."""
    if not _is_preset(question):
        for name in ("question_title", "question_type"):
            if getattr(question, name) is None:
                yield Violation(
                    name, "own-question", "is required unless special_type names a preset", "未使用预设问题时必填"
                )


def options_for_choices(question: Any) -> Iterator[Violation]:
    """Options count only where there is a choice. Of the presets only the organisation's size (6) is one."""
    is_text = question.special_type in (2, 3, 4, 5) if _is_preset(question) else question.question_type == 3
    if question.option_list and is_text:
        yield Violation(
            "option_list",
            "options-of-choices",
            "has an effect only for questions of single or multiple choice",
            "仅单选或多选问题有效",
            page=_CONFIG,
        )


def somebody_to_enrol(person: Any) -> Iterator[Violation]:
    """One of three ways to name somebody."""
    if person.userid is None and person.open_id is None and person.phone_number is None:
        yield Violation(
            "userid",
            "enrollee",
            "give userid, open_id or phone_number",
            "请提供 userid、open_id 或 phone_number",
            page=OWN_PAGE,
        )


def area_with_phone(person: Any) -> Iterator[Violation]:
    """Where the phone number decides who is meant, it needs its calling code."""
    by_phone = person.phone_number is not None and person.userid is None and person.open_id is None
    if by_phone and person.area is None:
        yield Violation(
            "area", "enrollee-area", "is required with phone_number", "使用 phone_number 时必填", page=OWN_PAGE
        )
