"""Random inputs for operations: a walk over what the rules allow, one change of a member at a time.

It begins at one of the four inputs of `vendor.build`. A change that a rule refuses is not made, so that every step is
an input that a caller could give; the same seed makes the same one.
"""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from enum import Enum
from random import Random
from typing import Any

import attrs

from tests.conformance import vendor
from tm_async.core.annotations import Declared, fields
from tm_async.core.operation import Operation
from tm_async.core.validation import Rule
from tm_async.core.wire import In, TimeFormat
from tm_async.errors import ValidationError

__all__ = ["drawn"]

TEXTS = (
    *(
        "张三",
        "会议 ‘一’",
        "😀",
        "👩\u200d👩\u200d👧",
        "é",
        "ÿ",
        "Ω",
        "ａ１",
        "a",
        "Z",
        "0",
        "7",
        "86",
        "1796090400",
        "true",
        "null",
    ),
    *(" ", '"', "'", "`", "/", "//", "\\", "%", "%41", "%2F", "%25", "+", "&", "=", "?", "#", ";", ",", ":", "@", "~"),
    *("<b>", "{}", "[]", "..", "-", "_", "|", "\t", "\n", "\r\n", "\u2028", "\u00a0", "$(x)", "${x}", "*", "!"),
)
"""Texts that ways of writing disagree about, if any do."""
WHOLE = ("Asia/Shanghai", "America/New_York", "Etc/GMT+5", "录音 %41+&.ogg", "😀.mp4", "8615012345678", "1" * 32, "x")
"""Texts of a form that only few have."""
IN_PATHS = ("张三", "😀", *"éaZ07 \"'+&=;,:@~-_*!")
"""The SDK puts them into a path as they are: `/`, `?`, `#` and `%` would make another path there, which is listed."""
ZONES = tuple(
    timezone(timedelta(minutes=minutes, seconds=seconds))
    for minutes, seconds in ((0, 0), (480, 0), (485, 43), (345, 0), (-570, 0), (840, 0), (-719, 0), (765, 0), (-1, 0))
)
DIGITS = "0123456789"
FEW, MANY = 6, 60
"""Entries of a list: of objects, which have lists themselves; of anything else."""


def drawn(operation: type[Operation[Any]], rng: Random) -> Operation[Any]:
    """A random input of an operation, within its rules."""
    said = fields(operation)
    made = vendor.build(operation, rng.choice(vendor.CASES))
    given = {a.name: getattr(made, a.name) for a in attrs.fields(operation) if a.init}
    names = [name for name in given if In.NOWHERE not in said[name].notes]
    weights = [_weight(said[name]) for name in names]
    for name in rng.choices(names, weights, k=min(3 * sum(weights), 120)):
        path = f"{{{name}}}" in operation.spec.path
        changed = {**given, name: _in_path(rng) if path else _changed(said[name], given[name], rng)}
        texts = [value for value in given.values() if isinstance(value, str)]
        if said[name].items and texts and rng.random() < 0.3:  # some lists have to have who acts in them
            changed[name] = (*(changed[name] or ()), rng.choice(texts))
        found = _kept(operation, changed, said, rng)
        if found is not None:
            given, made = changed, found
    return made


def _weight(said: Declared) -> int:
    """As many changes as there are members inside."""
    model = (said.items or said).model
    return 1 + (sum(1 for _ in vendor.member_paths(model)) if model else 0)


def _kept(operation: type[Operation[Any]], changed: dict[str, Any], said: Any, rng: Random) -> Operation[Any] | None:
    """The operation with the change; what a rule misses beside it is given, too, and what excludes it is left out."""
    for attempt in range(2):
        try:
            return operation(**changed)
        except ValidationError as error:
            for violation in () if attempt else error.violations:
                name = violation.field
                if name in changed and said[name].optional:
                    changed[name] = None if changed[name] is not None else _value(said[name], rng)
    return None


def _changed(said: Declared, now: Any, rng: Random) -> Any:
    """Another value in the place of this one; of an object or a list, as often one with a change inside it."""
    if said.optional and rng.random() < 0.15:
        return None
    if attrs.has(type(now)) and rng.random() < 0.8:
        return _changed_inside(now, rng)
    if now and isinstance(now, tuple) and rng.random() < 0.5:
        at = rng.randrange(len(now))
        return (*now[:at], _changed_item(said, now[at], rng), *now[at + 1 :])
    return _value(said, rng, now)


def _changed_item(said: Declared, now: Any, rng: Random) -> Any:
    return _changed_inside(now, rng) if attrs.has(type(now)) else _value(said.items or said, rng, now)


def _changed_inside(model: Any, rng: Random) -> Any:
    said = fields(type(model))
    names = [a.name for a in attrs.fields(type(model)) if a.init and In.NOWHERE not in said[a.name].notes]
    if not names:
        return model
    name = rng.choice(names)
    return attrs.evolve(model, **{name: _changed(said[name], getattr(model, name), rng)})


# --- values -------------------------------------------------------------------------------------------------------


def _value(said: Declared, rng: Random, now: Any = None) -> Any:
    """A value that its own rules allow, as far as luck has it."""
    rules = [note for note in said.notes if isinstance(note, Rule)]
    value = now
    for _ in range(20):
        value = _any_value(said, rules, rng, now)
        if all(rule.holds(value) for rule in rules):
            break
    return value


def _any_value(said: Declared, rules: list[Rule], rng: Random, now: Any) -> Any:
    if said.note(TimeFormat):
        return _moment(rng, now if isinstance(now, datetime) else vendor.START)
    if said.options:
        return _value(rng.choice(said.options), rng)
    if said.items is not None:
        most = FEW if attrs.has(said.items.tp) else MANY
        return tuple(_value(said.items, rng) for _ in range(_length(rules, most, rng)))
    if said.tp in vendor.EXAMPLES:
        return _changed_inside(rng.choice(vendor.EXAMPLES[said.tp]), rng)
    if attrs.has(said.tp):
        return _model(said.tp, rng)
    if issubclass(said.tp, Enum):
        return rng.choice([*said.tp])
    return _SCALARS[said.tp](rules, rng)


def _model(cls: type[Any], rng: Random) -> Any:
    said = fields(cls)
    wanted = [
        a.name
        for a in attrs.fields(cls)
        if a.init and In.NOWHERE not in said[a.name].notes and (a.default is attrs.NOTHING or rng.random() < 0.5)
    ]
    return cls(**{name: _value(said[name], rng) for name in wanted})


def _moment(rng: Random, near: datetime) -> datetime:
    """Some time near another one, in any zone, with what the wire has no place for."""
    away = rng.choice(
        (timedelta(0), timedelta(microseconds=rng.randrange(10**7)), timedelta(minutes=rng.randrange(9000)))
    )
    return (near + rng.choice((-1, 1)) * away).astimezone(rng.choice(ZONES))


def _bounds(rules: list[Rule]) -> tuple[int, int] | None:
    """Of a length or a number, where a rule tells them."""
    for rule in rules:
        limit = rule.limit
        if rule.name == "at-least" and isinstance(limit, int):
            return limit, limit + 10**6
        if isinstance(limit, tuple) and len(limit) == 2 and all(type(one) is int for one in limit):
            return limit[0], limit[1]
        if type(limit) is int:
            return 0, limit
    return None


def _length(rules: list[Rule], enough: int, rng: Random) -> int:
    """None, one, some, or as many as may be."""
    least, most = _bounds(rules) or (0, 30)
    return rng.choice((least, 0, 1, 1, 2, 3, rng.randint(0, FEW), min(most, enough)))


def _text(rules: list[Rule], rng: Random) -> str:
    least, most = _bounds(rules) or (1, 40)
    if rng.random() < 0.1:
        return rng.choice(WHOLE)
    if rng.random() < 0.25:
        return "".join(rng.choices(DIGITS, k=rng.randint(max(least, 1), min(most, 12)) if most >= max(least, 1) else 1))
    text = "".join(rng.choices(TEXTS, k=rng.choice((1, 2, 5, 12))))
    if rng.random() < 0.2:
        text = (text * 700)[: rng.choice((most, most // 2, most // 3, least, 1))]
    return text[:most] if rng.random() < 0.8 else text


def _in_path(rng: Random) -> str:
    return "x" + "".join(rng.choices(IN_PATHS, k=rng.randint(1, 8)))


def _integer(rules: list[Rule], rng: Random) -> int:
    least, most = _bounds(rules) or (-(2**63), 2**63 - 1)
    return rng.choice((least, most, rng.randint(least, most), rng.randint(0, 100), 0, 1, 2**31, 2**53 + 1))


_SCALARS: dict[type, Callable[[list[Rule], Random], Any]] = {
    bool: lambda _, rng: rng.random() < 0.5,
    int: _integer,
    float: lambda _, rng: rng.choice((0.0, 0.1, 1e-9, 1e20, rng.uniform(-1e6, 1e6), float(rng.randrange(100)))),
    bytes: lambda _, rng: rng.randbytes(rng.choice((0, 1, 70, 5000))),
    str: _text,
}
