"""The mechanism of rules: what one is, and how a request is held against all of its own at once.

The rules themselves, with the documented limits, live in `tm_async.rules`.
A field carries its rules in its annotation (`Annotated[str, rules.SUBJECT]`); a class that needs to look at
several fields together lists functions in `checks`. Nothing is checked until a whole operation is built, so
that every violation of a request comes in one error, each with the path of its field.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, TypeGuard, Union, cast, get_args, get_origin, get_type_hints

import attrs

from tm_async.core.classes import per_class
from tm_async.errors import Violation

__all__ = ["Check", "Rule", "violations"]


@attrs.frozen(kw_only=True)
class Rule:
    """A limit on one value. The messages may use `{limit}` and `{actual}`; `actual` must not reveal a secret."""

    name: str
    holds: Callable[[Any], object]
    """Whether the value keeps the rule; any true object will do."""
    message: str
    message_zh: str
    limit: object = None
    page: str | None = None
    actual: Callable[[Any], object] | None = None

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


Checker = Callable[[Any, str], Sequence[Violation]]
"""`(value, path)` -> what is wrong with it."""

Check = Callable[[Any], Iterable[Violation]]
"""A rule across the fields of a model: `(model)` -> what is wrong with it."""


def violations(model: object) -> list[Violation]:
    """Everything that is wrong with an operation, in the order of its fields, then of its `checks`."""
    return list(_model_checker(type(model))(model, ""))


@per_class
def _model_checker(cls: type[Any]) -> Checker:
    hints = get_type_hints(cls, include_extras=True)
    parts = [(a.name, *_part(hints[a.name])) for a in attrs.fields(cls)]
    across: tuple[Check, ...] = getattr(cls, "checks", ())

    def check(model: object, path: str) -> list[Violation]:
        if not isinstance(model, cls):
            return [_wrong_type(path, f"an object ({cls.__name__})", model)]
        prefix = f"{path}." if path else ""
        found: list[Violation] = []
        for name, optional, part in parts:
            value = getattr(model, name)
            if value is None:
                if not optional:
                    found.append(_missing(prefix + name))
            elif problems := part(value, prefix + name):
                found.extend(problems)
        _check_across(across, model, prefix, found)
        return found

    return check


def _part(tp: Any) -> tuple[bool, Checker]:
    optional, required = _optional(tp)
    return optional, _checker(required)


def _check_across(rules: tuple[Check, ...], model: object, prefix: str, found: list[Violation]) -> None:
    """Rules across fields. One can't judge where one of its fields is unsound, which is named already."""
    unsound = bool(found)
    for rule in rules:
        try:
            for violation in rule(model):
                found.append(attrs.evolve(violation, field=prefix + violation.field))  # noqa: PERF401 - mostly none
        except (TypeError, AttributeError, ValueError, KeyError, OverflowError):
            if not unsound:
                raise


def _optional(tp: Any) -> tuple[bool, Any]:
    """Whether `None` (not sent) is allowed, and the type without it."""
    if get_origin(tp) in (Union, UnionType) and NoneType in get_args(tp):
        rest = [arg for arg in get_args(tp) if arg is not NoneType]
        return True, rest[0] if len(rest) == 1 else Union[tuple(rest)]  # noqa: UP007 - built at run time
    if get_origin(tp) is Annotated:
        inner, *notes = get_args(tp)
        optional, rest_type = _optional(inner)
        return optional, Annotated[(rest_type, *notes)] if optional else tp
    return tp is NoneType, tp


def _checker(tp: Any) -> Checker:
    """The checker of one annotation: its type first, then its rules."""
    origin = get_origin(tp)
    if origin is Annotated:
        inner, *notes = get_args(tp)
        rules = tuple(note for note in notes if isinstance(note, Rule))
        return _ruled(_checker(inner), rules, text=inner is str) if rules else _checker(inner)
    if origin in (Union, UnionType):
        return _either(get_args(tp))
    if origin is tuple:
        return _each(_checker(get_args(tp)[0]))
    if not isinstance(tp, type):
        raise TypeError(f"no rule is known for the annotation {tp!r}")
    plain = cast("type[Any]", tp)
    if attrs.has(plain):
        return _model_checker(plain)
    if issubclass(plain, datetime):
        return _aware
    return _plain(plain)


def _ruled(inner: Checker, rules: tuple[Rule, ...], *, text: bool) -> Checker:
    holds = rules[0].holds
    quick = text and len(rules) == 1

    def check(value: Any, path: str) -> Sequence[Violation]:
        if quick and type(value) is str and value.isascii() and holds(value):
            return ()  # most fields of most requests
        problems = inner(value, path)
        if problems and not _is_tuple(value):
            return problems  # of the wrong type: its rules can't be judged
        for rule in rules:
            if not rule.holds(value):
                problems = [*problems, rule.violation(path, value)]
        return problems

    return check


def _each(inner: Checker) -> Checker:
    def check(value: Any, path: str) -> Sequence[Violation]:
        if not _is_tuple(value):
            return [_wrong_type(path, "a list", value)]
        found: list[Violation] = []
        for index, item in enumerate(value):
            if problems := inner(item, path):
                here = f"{path}[{index}]"
                found.extend(attrs.evolve(v, field=here + v.field.removeprefix(path)) for v in problems)
        return found

    return check


def _is_tuple(value: object) -> TypeGuard[tuple[Any, ...]]:
    return type(value) is tuple


def _either(types: Sequence[Any]) -> Checker:
    """A union: the first alternative whose type fits decides."""
    parts = [(_runtime_type(tp), _checker(tp)) for tp in types]
    names = " or ".join(_WORDS.get(tp, f"an object ({tp.__name__})") for tp, _ in parts)
    exactly = dict(parts)

    def check(value: Any, path: str) -> Sequence[Violation]:
        fitting = exactly.get(value.__class__)
        if fitting is not None:
            return fitting(value, path)
        for tp, part in parts:
            if isinstance(value, tp):
                return part(value, path)
        return [_wrong_type(path, names, value)]

    return check


def _runtime_type(tp: Any) -> type[Any]:
    bare: type[Any] = get_args(tp)[0] if get_origin(tp) is Annotated else tp
    return bare


_WORDS = {str: "text", int: "an integer", bool: "true or false"}


def _plain(tp: type[Any]) -> Checker:
    if issubclass(tp, Enum):
        return _enumerated(tp)
    name = _WORDS.get(tp, tp.__name__)

    def check(value: object, path: str) -> Sequence[Violation]:
        if type(value) is str and tp is str:
            return () if value.isascii() or _can_travel(value) else [_HALF_CHARACTER.violation(path, value)]
        if type(value) is tp or (isinstance(value, tp) and not isinstance(value, bool)):
            return ()
        return [_wrong_type(path, name, value)]

    return check


def _enumerated(tp: type[Enum]) -> Checker:
    allowed = [member.value for member in tp]

    def check(value: object, path: str) -> Sequence[Violation]:
        if isinstance(value, tp):
            return ()  # one that we do not know yet, too: it was asked for by its class
        if type(value) is type(allowed[0]):
            return () if value in allowed else [_not_listed(path, value, allowed, tp.__name__)]
        return [_wrong_type(path, f"one of {allowed}", value)]

    return check


def _can_travel(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


_HALF_CHARACTER = Rule(
    name="text",
    holds=_can_travel,
    message="holds half a character (a lone surrogate), which can't be sent",
    message_zh="含有不完整的字符（孤立的代理项），无法发送",
)


def _aware(value: object, path: str) -> Sequence[Violation]:
    if not isinstance(value, datetime):
        return [_wrong_type(path, "an aware datetime", value)]
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


def _wrong_type(path: str, wanted: str, value: object) -> Violation:
    given = type(value).__name__
    return Violation(path, "type", f"must be {wanted}, not {given}", f"类型应为 {wanted}，而不是 {given}", wanted)


def _missing(path: str) -> Violation:
    return Violation(path, "required", "is required", "必填")


def _not_listed(path: str, value: object, allowed: list[Any], name: str) -> Violation:
    return Violation(
        path,
        "documented-value",
        f"{value!r} is not one of {allowed}; for a value newer than this package, pass {name}({value!r})",
        f"{value!r} 不在 {allowed} 之内；若是更新的取值，请传 {name}({value!r})",
        allowed,
    )
