"""Recurring meetings: the rule of a series, and the ways to write one (doc 1095/42417, custom rules 1095/81181)."""

from collections.abc import Iterable
from datetime import datetime
from enum import IntEnum
from typing import Annotated, ClassVar, NoReturn, Self, cast

from attrs import fields

from tm_async.core.answer import AnswerModel
from tm_async.core.codec import as_sent
from tm_async.core.declare import Part, answer, part
from tm_async.core.wire import In, OpenIntEnum, Seconds
from tm_async.errors import ValidationError, Violation
from tm_async.rules import recurrence as rules

__all__ = [
    "CustomUnit",
    "Recurrence",
    "RecurrenceInfo",
    "RecurrenceKind",
    "UntilType",
    "Weekday",
]


class RecurrenceKind(OpenIntEnum):
    """`recurring_type`."""

    DAILY = 0
    WEEKDAYS = 1
    """Monday to Friday; older pages say "every working day"."""
    WEEKLY = 2
    BIWEEKLY = 3
    MONTHLY = 4
    CUSTOM = 5


class UntilType(OpenIntEnum):
    """`until_type`: how a series ends."""

    DATE = 0
    COUNT = 1


class CustomUnit(OpenIntEnum):
    """`customized_recurring_type`: what a custom rule repeats by."""

    DAY = 0
    WEEK = 1
    MONTH_BY_WEEK = 2
    MONTH_BY_DATE = 3


class Weekday(IntEnum):
    """A day of the week, numbered as in the vendor's bit mask: Sunday is bit 0."""

    SUNDAY = 0
    MONDAY = 1
    TUESDAY = 2
    WEDNESDAY = 3
    THURSDAY = 4
    FRIDAY = 5
    SATURDAY = 6


def _ending(count: int | None, until: datetime | None) -> tuple[UntilType, int | None]:
    """How the series ends: by date, by count, or after the 7 occurrences that the vendor documents as default."""
    if until is None:
        return UntilType.COUNT, 7 if count is None else count
    if count is not None:
        raise ValidationError(
            [
                Violation(
                    "recurring_rule",
                    "one-ending",
                    "give count or until, not both",
                    "count 与 until 只能给一个",
                )
            ]
        )
    return UntilType.DATE, None


def _no_rule(problem: str, problem_zh: str) -> NoReturn:
    raise ValidationError([Violation("recurring_rule", "rule-of-an-answer", problem, problem_zh)])


_WEEKDAY = ("weekday", "星期几")


def _bits(numbers: Iterable[int], lowest: int, highest: int, what: tuple[str, str]) -> int:
    """A mask with bit n set for each number n."""
    mask = 0
    for number in cast("Iterable[object]", numbers if isinstance(cast("object", numbers), Iterable) else (numbers,)):
        if not isinstance(number, int):
            _no_rule(f"{number!r} is no {what[0]}", f"{number!r} 不是{what[1]}")
        if not lowest <= number <= highest:
            raise ValidationError(
                [
                    Violation(
                        "recurring_rule.customized_recurring_days",
                        "custom-days",
                        f"{number} is no {what[0]} ({lowest} to {highest})",
                        f"{number} 不是{what[1]}（{lowest} 至 {highest}）",
                        (lowest, highest),
                        "1095/81181",
                    )
                ]
            )
        mask |= 1 << number
    return mask


@part
class Recurrence(Part):
    """The rule of a series. Write one with `daily`, `weekdays`, `weekly`, `biweekly`, `monthly` or `every_...`.

    All of them take `count` (number of occurrences) or `until` (an aware datetime, the last moment at which one may
    begin), not both; with neither, 7 occurrences. Limits: 200 occurrences for daily, weekdays and weekly, 50 for
    biweekly and monthly, not stated for the others (doc 1095/42417). `cap` puts another number in the place of that
    limit: one official client says 500 for the first group.
    """

    recurring_type: RecurrenceKind = RecurrenceKind.DAILY
    until_type: UntilType | None = None
    until_date: Seconds | None = None
    until_count: int | None = None
    customized_recurring_type: CustomUnit | None = None
    customized_recurring_step: int | None = None
    """Every n days, weeks or months."""
    customized_recurring_days: int | None = None
    """Bit mask of the chosen days."""
    cap: Annotated[int | None, In.NOWHERE] = None

    checks: ClassVar = (rules.only_fields_of_its_kind, rules.one_week_and_weekday)

    def __attrs_post_init__(self) -> None:
        as_sent(self)

    @classmethod
    def daily(cls, *, count: int | None = None, until: datetime | None = None, cap: int | None = None) -> Self:
        """Every day."""
        return cls._ending(RecurrenceKind.DAILY, count, until, cap)

    @classmethod
    def weekdays(cls, *, count: int | None = None, until: datetime | None = None, cap: int | None = None) -> Self:
        """Every Monday to Friday."""
        return cls._ending(RecurrenceKind.WEEKDAYS, count, until, cap)

    @classmethod
    def weekly(cls, *, count: int | None = None, until: datetime | None = None, cap: int | None = None) -> Self:
        """Every week on the day of the first meeting."""
        return cls._ending(RecurrenceKind.WEEKLY, count, until, cap)

    @classmethod
    def biweekly(cls, *, count: int | None = None, until: datetime | None = None, cap: int | None = None) -> Self:
        """Every two weeks on the day of the first meeting."""
        return cls._ending(RecurrenceKind.BIWEEKLY, count, until, cap)

    @classmethod
    def monthly(cls, *, count: int | None = None, until: datetime | None = None, cap: int | None = None) -> Self:
        """Every month on the date of the first meeting."""
        return cls._ending(RecurrenceKind.MONTHLY, count, until, cap)

    @classmethod
    def every_n_days(cls, n: int, *, count: int | None = None, until: datetime | None = None) -> Self:
        """Every `n` days."""
        return cls._custom(CustomUnit.DAY, n, None, count, until)

    @classmethod
    def every_n_weeks(
        cls, n: int, on: Iterable[Weekday], *, count: int | None = None, until: datetime | None = None
    ) -> Self:
        """Every `n` weeks on these weekdays, the first meeting's among them."""
        return cls._custom(CustomUnit.WEEK, n, _bits(on, 0, 6, _WEEKDAY), count, until)

    @classmethod
    def every_n_months_on_weekday(
        cls, n: int, *, week: int, weekday: Weekday, count: int | None = None, until: datetime | None = None
    ) -> Self:
        """Every `n` months on the `week`-th (1 to 5) `weekday` of the month, which is the first meeting's.

        The fourth Monday is the one on the 22nd to 28th, whatever calendar week that is in. Months without a fifth
        are skipped.
        """
        mask = _bits([weekday], 0, 6, _WEEKDAY) | _bits([week], 1, 5, ("week", "第几周")) << 6
        return cls._custom(CustomUnit.MONTH_BY_WEEK, n, mask, count, until)

    @classmethod
    def every_n_months_on_dates(
        cls, n: int, dates: Iterable[int], *, count: int | None = None, until: datetime | None = None
    ) -> Self:
        """Every `n` months on these dates (1 to 31), the first meeting's among them."""
        return cls._custom(CustomUnit.MONTH_BY_DATE, n, _bits(dates, 1, 31, ("date", "日期")) >> 1, count, until)

    @classmethod
    def of(cls, shown: "Recurrence") -> Self:
        """The rule of a series as an answer shows it, to be sent again: `modify_series` demands it every time.

        Raises `ValidationError` where there is no rule, or one that can't be read: the series would be cut short.
        """
        if not isinstance(cast("object", shown), Recurrence):
            _no_rule("is missing: the meeting is no series", "缺失：该会议不是周期性会议")
        if isinstance(shown, RecurrenceInfo) and shown.extra.keys() & {a.name for a in fields(Recurrence)}:
            _no_rule("can't be read", "无法读取")
        custom = shown.recurring_type == RecurrenceKind.CUSTOM
        until = UntilType.DATE if shown.until_count is None else UntilType.COUNT
        by_count = (until if shown.until_type is None else shown.until_type) == UntilType.COUNT
        if (shown.until_count if by_count else shown.until_date) is None:
            _no_rule("does not say how it ends", "缺少结束条件")
        return cls(
            recurring_type=RecurrenceKind(shown.recurring_type),
            until_type=UntilType.COUNT if by_count else UntilType.DATE,
            until_count=shown.until_count if by_count else None,
            until_date=None if by_count else shown.until_date,
            customized_recurring_type=shown.customized_recurring_type if custom else None,
            customized_recurring_step=shown.customized_recurring_step if custom else None,
            customized_recurring_days=shown.customized_recurring_days if custom else None,
        )

    @classmethod
    def _ending(cls, kind: RecurrenceKind, count: int | None, until: datetime | None, cap: int | None) -> Self:
        until_type, until_count = _ending(count, until)
        return cls(recurring_type=kind, cap=cap, until_type=until_type, until_count=until_count, until_date=until)

    @classmethod
    def _custom(cls, unit: CustomUnit, step: int, days: int | None, count: int | None, until: datetime | None) -> Self:
        until_type, until_count = _ending(count, until)
        return cls(
            recurring_type=RecurrenceKind.CUSTOM,
            customized_recurring_type=unit,
            customized_recurring_step=step,
            customized_recurring_days=days,
            until_type=until_type,
            until_count=until_count,
            until_date=until,
        )


@answer
class RecurrenceInfo(Recurrence, AnswerModel):
    """The rule of a series in an answer."""
