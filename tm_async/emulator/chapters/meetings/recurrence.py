"""From a recurring rule to occurrences (doc 1095/42417, bit masks: doc 1095/81181).

Days are judged in local time: China's, as the samples of the page show, or the meeting's own `time_zone`
where one was given (how time_zone influences the days is not documented).
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import count as counting
from itertools import islice, takewhile

from attrs import Factory, field, frozen

from tm_async.emulator.kernel.times import CHINA

__all__ = ["MaskError", "Rule", "RuleError", "Span", "expand"]


DAILY, WEEKDAYS, WEEKLY, BIWEEKLY, MONTHLY, CUSTOM = range(6)  # recurring_type
BY_DAY, BY_WEEK, BY_MONTH_WEEK, BY_MONTH_DATE = range(4)  # customized_recurring_type
BY_DATE, BY_COUNT = range(2)  # until_type
PERIODS = {DAILY: 1, WEEKLY: 7, BIWEEKLY: 14}  # days

DEFAULT_COUNT = 7  # doc 1095/42417
DEFAULT_DAYS = 7  # until today + 7 days (doc 1095/42417)
CAP_OFTEN = 200  # daily, weekdays, weekly (doc 1095/42417; one newer client uses 500, the modify table 50)
CAP_SELDOM = 50  # biweekly, monthly (doc 1095/42417)
FURTHEST = date(2299, 12, 31)  # ends the search for a day that never comes, such as a February 30th


class RuleError(ValueError):
    """The rule breaks a documented limit."""


class MaskError(RuleError):
    """The mask lacks the day of the first meeting: 190004 with its own new_error_code (doc 1095/81181)."""


@frozen(kw_only=True)
class Rule:
    """A recurring rule with its documented defaults (doc 1095/42417)."""

    recurring_type: int = DAILY
    until_type: int = BY_DATE
    until_date: int | None = None
    until_count: int = DEFAULT_COUNT
    customized_recurring_type: int = BY_DAY
    customized_recurring_step: int = 1
    """A default is not documented; 1 is taken."""
    customized_recurring_days: int = 0

    @property
    def cap(self) -> int:
        """Most occurrences; for custom rules, where none is stated, that of the nearest plain rule."""
        seldom = self.recurring_type in {BIWEEKLY, MONTHLY} or (
            self.recurring_type == CUSTOM and self.customized_recurring_type in {BY_MONTH_WEEK, BY_MONTH_DATE}
        )
        return CAP_SELDOM if seldom else CAP_OFTEN


@frozen
class Span:
    """One occurrence: start and end, UNIX seconds."""

    start: int
    end: int
    id: str = field(default=Factory(lambda self: str(self.start), takes_self=True), kw_only=True)
    """Its sub_meeting_id: the start, as in the samples, and kept when the occurrence is moved (not documented)."""
    cancelled: bool = field(default=False, kw_only=True)


def expand(rule: Rule, start: int, end: int, *, now: float, zone: tzinfo = CHINA) -> list[Span]:
    """The occurrences of a series whose first meeting was asked for at `start`. Raises `RuleError`."""
    first = datetime.fromtimestamp(start, UTC).astimezone(zone)
    _check(rule, first.date())
    starts = (int(datetime.combine(day, first.timetz()).timestamp()) for day in _days(rule, first.date()))
    if rule.until_type == BY_COUNT:
        chosen = list(islice(starts, rule.until_count))
        if len(chosen) < rule.until_count:
            raise RuleError(f"the series would run beyond {FURTHEST.year}")
    else:
        begin = next(starts)
        last = _last_moment(rule, begin, now, zone)
        chosen = [begin, *takewhile(lambda begin: begin <= last, islice(starts, rule.cap))]
        if len(chosen) > rule.cap:
            raise RuleError(f"until_date allows more than {rule.cap} occurrences")
    length = end - start
    return [Span(begin, begin + length) for begin in chosen]


def _last_moment(rule: Rule, first: int, now: float, zone: tzinfo) -> int:
    """When the last one may begin: the documented bound (the first start and 200 days, less a second) says so."""
    if rule.until_date is None:
        today = datetime.fromtimestamp(now, UTC).astimezone(zone).date()
        end = datetime.combine(today + timedelta(days=DEFAULT_DAYS), time.max, zone)
        # A series always has its first meeting: the page says that seven days can yield a single occurrence.
        return max(int(end.timestamp()), first)
    if rule.until_date < first:
        raise RuleError("until_date is before the first meeting")
    return rule.until_date


def _check(rule: Rule, first: date) -> None:
    if rule.until_type == BY_COUNT and not 1 <= rule.until_count <= rule.cap:
        raise RuleError(f"until_count is {rule.until_count}, 1 to {rule.cap} are allowed")
    if rule.until_type == BY_DATE and not 0 <= (rule.until_date or 0) < 10**10:
        raise RuleError("until_date must be UNIX seconds")
    if rule.recurring_type != CUSTOM:  # the customized members are ignored then (doc 1095/81181)
        return
    if not 1 <= rule.customized_recurring_step <= 1000:
        raise RuleError(f"customized_recurring_step is {rule.customized_recurring_step}")
    mask, unit = rule.customized_recurring_days, rule.customized_recurring_type
    if unit == BY_DAY:
        return
    needed = {BY_WEEK: _weekday_bit(first), BY_MONTH_DATE: 1 << (first.day - 1)}.get(
        unit, _weekday_bit(first) | _week_bit(first)
    )
    if mask & needed != needed:
        raise MaskError(f"customized_recurring_days {mask} lacks {needed}, the day of the first meeting")
    if unit == BY_MONTH_WEEK and mask != needed:
        raise RuleError("a month by weeks takes one weekday and one week: those of the first meeting")


def _weekday_bit(day: date) -> int:
    """Sunday 1, Monday 2 ... Saturday 64 (doc 1095/81181)."""
    return 1 << (day.isoweekday() % 7)


def _week_bit(day: date) -> int:
    """The n-th of its weekday in the month: first 128 ... fifth 2048 (checked on the page's sample)."""
    return 1 << (7 + (day.day - 1) // 7)


def _days(rule: Rule, first: date) -> Iterator[date]:
    kind = rule.recurring_type
    if kind in PERIODS:
        return _every(first, PERIODS[kind])
    if kind == WEEKDAYS:
        # A start on a weekend is not documented: the series begins on the Monday after it.
        return (day for day in _every(first, 1) if day.isoweekday() <= 5)
    if kind == MONTHLY:
        return _month_dates(first, 1, 1 << (first.day - 1))
    return _custom(rule, first)


def _custom(rule: Rule, first: date) -> Iterator[date]:
    step, mask = rule.customized_recurring_step, rule.customized_recurring_days
    unit = rule.customized_recurring_type
    if unit == BY_DAY:
        return _every(first, step)
    if unit == BY_WEEK:
        return _weeks(first, step, mask)
    if unit == BY_MONTH_WEEK:
        return _month_weeks(first, step)
    return _month_dates(first, step, mask)


def _every(first: date, days: int) -> Iterator[date]:
    day = first
    while day <= FURTHEST:
        yield day
        day += timedelta(days=days)


def _weeks(first: date, step: int, mask: int) -> Iterator[date]:
    # On which day a week begins is not documented; Monday is taken, it matters only with a step above one.
    monday = first - timedelta(days=first.isoweekday() - 1)
    for start in _every(monday, 7 * step):
        for offset in range(7):
            day = start + timedelta(days=offset)
            if day >= first and mask & _weekday_bit(day):
                yield day


def _months(first: date, step: int) -> Iterator[date]:
    for index in counting(0, step):
        year, month = divmod(first.month - 1 + index, 12)
        if first.year + year > FURTHEST.year:
            return
        yield date(first.year + year, month + 1, 1)


def _month_dates(first: date, step: int, mask: int) -> Iterator[date]:
    # What happens in a month that lacks the day is not documented; it is skipped, as a fifth week is.
    for month in _months(first, step):
        for offset in range(31):
            day = month + timedelta(days=offset)
            if day.month == month.month and day >= first and mask >> offset & 1:
                yield day


def _month_weeks(first: date, step: int) -> Iterator[date]:
    week = (first.day - 1) // 7
    for month in _months(first, step):
        ahead = (first.isoweekday() - month.isoweekday()) % 7
        day = month + timedelta(days=ahead + 7 * week)
        if day.month == month.month:  # months without a fifth are skipped (doc 1095/81181)
            yield day
