"""The mechanism of rules: what one is, and how a request is held against all of its own at once.

The rules themselves, with the documented limits, live in `tm_async.rules`.
A field carries its rules in its annotation (`Annotated[str, rules.SUBJECT]`); a class that needs to look at
several fields together lists functions in `checks`. Nothing is checked until a whole operation is built, so
that every violation of a request comes in one error, each with the path of its field.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final, TypeGuard, TypeVar, cast

import attrs

from tm_async._util.values import frozen
from tm_async.core.annotations import Declared, defaults, fields
from tm_async.core.classes import per_class
from tm_async.core.typewords import Words, listed, of_class, of_type, wrong_type
from tm_async.errors import Violation

__all__ = ["OWN_PAGE", "Check", "Report", "Rule", "about", "checks_of", "on_page", "report_of", "violations"]


OWN_PAGE: Final = "the operation's"
"""The page of a rule that stands on the page of whatever operation has it."""


@frozen(kw_only=True)
class Rule:
    """A limit on one value. The messages may use `{limit}` and `{actual}`; `actual` must not reveal a secret."""

    name: str
    holds: Callable[[Any], object]
    """Whether the value keeps the rule; any true object will do."""
    message: str
    message_zh: str
    limit: object = None
    page: str | None = OWN_PAGE
    """The vendor page; `None`: no page says it."""
    actual: Callable[[Any], object] | None = None

    def __repr__(self) -> str:  # it stands in annotations, which `help` shows
        return f"Rule({self.name!r})"

    def violation(self, path: str, value: object) -> Violation:
        """Describe that `value` at `path` breaks this rule."""
        words = {"limit": self.limit, "actual": self.actual(value) if self.actual else ""}
        return Violation(
            path,
            self.name,
            self.message.format(**words),
            self.message_zh.format(**words),
            self.limit,
            self.page,
        )


Report = Callable[[Any, str], Sequence[Violation]]
"""`(value, path)` -> what is wrong with it."""

Test = Callable[[Any], object] | None
"""Whether a value is sound; `None`: every value is."""


class _Checker:
    """What holds a value against one annotation."""

    __slots__ = ("report", "sound")

    def __init__(self, report: Report, sound: Mapping[type, Test] | None = None) -> None:
        self.report = report
        self.sound: Mapping[type, Test] = sound or {}
        """The usual case, quickly: a value of exactly this type that passes the test needs no report."""


def _unsettled(_: object) -> bool:
    """The test of any other type: let the report decide."""
    return False


Check = Callable[[Any], Iterable[Violation]]
"""A rule across the fields of a model: `(model)` -> what is wrong with it."""

RuleT = TypeVar("RuleT", bound=Check)


def about(*names: str) -> Callable[[RuleT], RuleT]:
    """Mark a rule across fields that is about these: where one of them is not given, it is not asked at all."""

    def mark(rule: RuleT) -> RuleT:
        vars(rule)["about"] = names
        return rule

    return mark


def violations(model: object) -> Sequence[Violation]:
    """Everything that is wrong with an operation, in the order of its fields, then of its `checks`."""
    checker = _model_checker(type(model))
    test = checker.sound.get(type(model), _unsettled)
    return () if test is not None and test(model) else checker.report(model, "")


def report_of(said: Declared) -> Report:
    """What tells what is wrong with a value that stands by itself, under a name of its own."""
    report = _checker(said).report

    def of_any(value: Any, path: str) -> Sequence[Violation]:
        if value is not None:
            return report(value, path)
        return () if said.optional else [_missing(path)]

    return of_any


def on_page(found: Iterable[Violation], page: str | None) -> list[Violation]:
    """The same violations, those of rules that stand on the operation's own page being on this one."""
    return [attrs.evolve(one, page=page) if one.page is OWN_PAGE else one for one in found]


@per_class
def _model_checker(cls: type[Any]) -> _Checker:
    if not cls.__dictoffset__:
        raise TypeError(f"{cls.__name__} has slots; what requests are made of has none: its members are read at once")
    checkers = {name: _checker(one) for name, one in fields(cls).items()}
    return _Checker(_model_report(cls, checkers), {} if hasattr(cls, "wire") else {cls: _model_test(cls, checkers)})


def _model_report(cls: type[Any], checkers: Mapping[str, _Checker]) -> Report:
    said, across = fields(cls), checks_of(cls)

    def report(model: Any, path: str) -> list[Violation]:
        if wrong := _wrong_class(path, cls, model):
            return wrong
        prefix = f"{path}." if path else ""
        found: list[Violation] = []
        for name, one in said.items():
            value = model.__dict__[name]
            if value is not None:
                found.extend(checkers[name].report(value, prefix + name))
            elif not one.optional and not (found and _follows(cls, name, model)):
                found.append(_missing(prefix + name))
        if across:
            _check_across(across, model, prefix, found)
        return found

    return report


def _follows(cls: type[Any], name: str, model: object) -> bool:
    """Whether a member is missing only because that is from which it follows, which is named already."""
    default = defaults(cls)[name]
    return getattr(default, "takes_self", False) and default.factory(model) is None


def _model_test(cls: type[Any], checkers: Mapping[str, _Checker]) -> Callable[[Any], bool]:
    """Whether there is nothing to report, quickly: which tests that takes, depends only on the types of the members."""
    said, across = fields(cls), checks_of(cls)
    values_of_all = _values_of(tuple(said))

    def test_of(name: str, kind: type) -> Test:
        if kind is _NONE:
            return None if said[name].optional else _unsettled
        return checkers[name].sound.get(kind, _unsettled)

    @lru_cache(256)
    def tests_of(kinds: tuple[type, ...]) -> tuple[Sequence[tuple[int, Callable[[Any], object]]], Sequence[Check]]:
        tests = enumerate(map(test_of, said, kinds))
        missing = {name for name, kind in zip(said, kinds, strict=True) if kind is _NONE}
        rules = [rule for rule in across if missing.isdisjoint(_about(rule))]
        return [(place, test) for place, test in tests if test is not None], rules

    def sound(model: Any) -> bool:
        values = values_of_all(model.__dict__)
        tests, rules = tests_of(tuple(map(type, values)))
        for place, test in tests:
            if not test(values[place]):
                return False
        for rule in rules:
            for _ in rule(model):
                return False
        return True

    return sound


_NONE = type(None)


def _values_of(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """A function that takes these items out of a mapping, in this order."""
    if len(names) > 1:
        found: Callable[[Mapping[str, Any]], tuple[Any, ...]] = itemgetter(*names)
        return found
    return lambda items: tuple(items[name] for name in names)  # `itemgetter` makes no tuple of one, or none


def _wrong_class(path: str, cls: type[Any], model: object) -> list[Violation]:
    """What is wrong with an object of another class, if anything is."""
    if not isinstance(model, cls):
        return [_wrong_type(path, of_class(cls), model)]
    return [_from_an_answer(path, cls.__name__, model)] if hasattr(model, "wire") else []


def _about(rule: Check) -> tuple[str, ...]:
    found: tuple[str, ...] = getattr(rule, "about", ())
    return found


def checks_of(cls: type[Any]) -> tuple[Check, ...]:
    """The rules across fields of a class and all its bases, each once."""
    said = (check for base in reversed(cls.__mro__) for check in vars(base).get("checks", ()))
    return tuple(dict.fromkeys(said))


def _check_across(rules: tuple[Check, ...], model: object, prefix: str, found: list[Violation]) -> None:
    """Rules across fields. One can't judge where one of its fields is unsound, which is named already."""
    unsound = bool(found)
    for rule in rules:
        if any(getattr(model, name) is None for name in _about(rule)):
            continue
        try:
            for violation in rule(model):
                found.append(attrs.evolve(violation, field=prefix + violation.field))  # noqa: PERF401 - mostly none
        except Exception:  # whatever comparing what is there may raise
            if not unsound:
                raise


def _checker(said: Declared) -> _Checker:
    """The checker of one annotation: its type first, then its rules."""
    return _ruled(_type_checker(said), tuple(note for note in said.notes if isinstance(note, Rule)))


def _type_checker(said: Declared) -> _Checker:
    if said.options:
        return _either(said.options)
    if said.items is not None:
        return _each(_checker(said.items))
    if not isinstance(said.tp, type):
        raise TypeError(f"no rule is known for the annotation {said.tp!r}")
    if said.model is not None:
        return _model_checker(said.model)
    plain = cast("type[Any]", said.tp)
    if issubclass(plain, datetime):
        return _Checker(_aware, {datetime: _in_order})
    return _plain(plain)


def _ruled(inner: _Checker, rules: tuple[Rule, ...]) -> _Checker:
    if not rules:
        return inner
    lists = tuple in inner.sound

    def report(value: Any, path: str) -> Sequence[Violation]:
        problems = inner.report(value, path)
        if problems and not (lists and _is_tuple(value)):
            return problems  # of the wrong type: its rules can't be judged
        for rule in rules:
            if not rule.holds(value):
                problems = [*problems, rule.violation(path, value)]
        return problems

    sound = inner.sound
    for rule in rules:
        sound = {tp: _both(test, rule.holds) for tp, test in sound.items()}
    return _Checker(report, sound)


def _both(first: Test, second: Callable[[Any], object]) -> Test:
    if first is None:
        return second
    if first is _can_travel:  # the test of most values: nearly all are ASCII, and need no call to tell
        return lambda text: (text.isascii() or _can_travel(text)) and second(text)
    return lambda value: first(value) and second(value)


def _each(inner: _Checker) -> _Checker:
    def report(value: Any, path: str) -> Sequence[Violation]:
        if not _is_tuple(value):
            return [_wrong_type(path, of_type(tuple), value)]
        found: list[Violation] = []
        for index, item in enumerate(value):
            if problems := inner.report(item, path):
                here = f"{path}[{index}]"
                found.extend(attrs.evolve(v, field=here + v.field.removeprefix(path)) for v in problems)
        return found

    def sound(items: tuple[object, ...]) -> bool:
        tests = inner.sound
        for item in items:
            test = tests.get(type(item), _unsettled)
            if test is not None and not test(item):
                return False
        return True

    return _Checker(report, {tuple: sound})


def _is_tuple(value: object) -> TypeGuard[tuple[Any, ...]]:
    return type(value) is tuple


def _either(options: Sequence[Declared]) -> _Checker:
    """A union: the first alternative whose type fits decides."""
    parts = [(option.tp, _checker(option)) for option in options]
    words, words_zh = zip(*(of_type(tp) for tp, _ in parts), strict=True)
    names = " or ".join(words), " 或 ".join(words_zh)

    def report(value: object, path: str) -> Sequence[Violation]:
        for tp, part in parts:
            if isinstance(value, tp):
                return part.report(value, path)
        return [_wrong_type(path, names, value)]

    return _Checker(report, {tp: test for _, part in reversed(parts) for tp, test in part.sound.items()})


def _plain(tp: type[Any]) -> _Checker:
    if issubclass(tp, Enum):
        return _enumerated(tp)
    limit = _LIMITS.get(tp)

    def report(value: object, path: str) -> Sequence[Violation]:
        if type(value) is tp or (isinstance(value, tp) and not isinstance(value, bool)):
            return () if limit is None or limit.holds(value) else [limit.violation(path, value)]
        return [_wrong_type(path, of_type(tp), value)]

    return _Checker(report, {tp: None if limit is None else limit.holds})


def _enumerated(tp: type[Enum]) -> _Checker:
    allowed = [member.value for member in tp]

    def report(value: object, path: str) -> Sequence[Violation]:
        if isinstance(value, tp):
            return ()  # one that we do not know yet, too: it was asked for by its class
        if type(value) is type(allowed[0]):
            limit = _LIMITS[type(allowed[0])]
            if not limit.holds(value):
                return [limit.violation(path, value)]
            return () if value in allowed else [_not_listed(path, value, allowed, tp.__name__)]
        return [_wrong_type(path, listed(allowed), value)]

    return _Checker(report, {tp: None})


def _can_travel(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeError:  # a secret's is not a UnicodeEncodeError, which would have it
        return False
    return True


_HALF_CHARACTER = Rule(
    name="text",
    holds=_can_travel,
    message="holds half a character (a lone surrogate), which can't be sent",
    message_zh="含有不完整的字符（孤立的代理项），无法发送",
)

_SHORT_INTEGER = Rule(
    name="integer",
    holds=lambda number: -(2**63) <= number < 2**63,
    limit=64,
    message="is an integer of more than {limit} bits, which can't be sent",
    message_zh="是超过 {limit} 位的整数，无法发送",
)
"""No fact of the vendor's: beyond that few can read a number in JSON, and Python itself stops at 4,300 digits."""

_LIMITS: Mapping[type, Rule] = {str: _HALF_CHARACTER, int: _SHORT_INTEGER}
"""What can't be sent whatever the member."""


def _in_order(moment: datetime) -> bool:
    return 1970 < moment.year < 9999 and moment.utcoffset() is not None


def _aware(value: object, path: str) -> Sequence[Violation]:
    if not isinstance(value, datetime):
        return [_wrong_type(path, of_type(datetime), value)]
    if value.utcoffset() is None:
        return [
            Violation(
                path,
                "aware-datetime",
                "has no time zone; give it one, for example tzinfo=ZoneInfo('Asia/Shanghai')",
                "缺少时区；请加上时区，例如 tzinfo=ZoneInfo('Asia/Shanghai')",
            )
        ]
    if not 1970 < value.year < 9999:  # moments near the ends have no UNIX seconds in every zone
        return [Violation(path, "moment", f"{value.year} is no year for a meeting", f"年份 {value.year} 无法使用")]
    return ()


def _wrong_type(path: str, wanted: Words, value: object) -> Violation:
    return wrong_type(path, wanted, value, OWN_PAGE)


def _from_an_answer(path: str, name: str, value: object) -> Violation:
    given = type(value).__name__
    message = f"{given} is what an answer shows, by other names at times; a request takes {name}.of(...)"
    return Violation(path, "type", message, f"{given} 来自应答，字段名可能不同；请求应使用 {name}.of(...)", name)


def _missing(path: str) -> Violation:
    return Violation(path, "required", "is required", "必填")


def _not_listed(path: str, value: object, allowed: list[Any], name: str) -> Violation:
    return Violation(
        path,
        "documented-value",
        f"{value!r} is not one of {allowed}; for a value newer than this package, pass {name}({value!r})",
        f"{value!r} 不在 {allowed} 之内；若是更新的取值，请传 {name}({value!r})",
        allowed,
        OWN_PAGE,
    )
