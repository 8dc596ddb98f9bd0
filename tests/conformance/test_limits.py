"""What the catalogue bounds, the rules bound alike, and what rules bound the catalogue does.

The last value is taken, the next one is not.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from tm_async.api.index import operations
from tm_async.core.annotations import Declared, fields
from tm_async.core.validation import Rule
from tm_async.core.wire import wire_name
from tm_async.spec.shape import Limits, Shape, request_shape

CATALOGUE = {name: cls.spec.catalogue_id for name, cls in operations().items()}


def _bounded(cls: type[Any], members: Mapping[str, Shape], path: str = "") -> Iterator[tuple[str, Limits, list[Rule]]]:
    """Each documented bound of a member that the class has, with the class's rules for it."""
    for name, said in fields(cls).items():
        shape = members.get(wire_name(name, said.notes))
        if shape is not None:
            yield from _of_value(said, shape, f"{path}{shape.name}")


def _of_value(said: Declared, shape: Shape, path: str) -> Iterator[tuple[str, Limits, list[Rule]]]:
    if shape.limits:
        yield path, shape.limits, [note for note in said.notes if isinstance(note, Rule)]
    if said.items is not None and shape.items is not None:
        yield from _of_value(said.items, shape.items, f"{path}[]")
    if said.model is not None and shape.members:
        yield from _bounded(said.model, shape.members, f"{path}.")


def _cases(name: str) -> Iterator[tuple[str, Limits, list[Rule]]]:
    return _bounded(operations()[name], _members(name))


def _members(name: str) -> dict[str, Shape]:
    shape = request_shape(CATALOGUE[name])
    return {**shape.path.members, **shape.query.members, **(shape.body.members if shape.body else {})}


def _edges(limits: Limits) -> Iterator[tuple[Any, Any]]:
    """The last value that is documented, and the next one."""
    if limits.max_length is not None:
        yield "7" * limits.max_length, "7" * (limits.max_length + 1)
    if limits.min_length:
        yield "7" * limits.min_length, "7" * (limits.min_length - 1)
    if limits.max_bytes is not None:
        yield "a" * limits.max_bytes, "a" * (limits.max_bytes + 1)
    if limits.max_width is not None:
        yield "a" * limits.max_width, "a" * (limits.max_width + 1)
    if limits.max_items is not None:
        yield ("a",) * limits.max_items, ("a",) * (limits.max_items + 1)
    if limits.minimum is not None:
        yield limits.minimum, limits.minimum - 1
    if limits.maximum is not None:
        yield limits.maximum, limits.maximum + 1


def _told(name: str, path: str, limits: Limits, rules: list[Rule], last: Any, beyond: Any) -> str:
    kept = [_written(value) for value in (last, beyond) if all(rule.holds(value) for rule in rules)]
    names = ", ".join(rule.name for rule in rules) or "none"
    return (
        f"{name}: {path}: the catalogue says {limits.as_dict()}, but its rules ({names}) take"
        f" {' and '.join(kept) or 'neither of the two values at that edge'}: make the rule in tm_async/ and the limit"
        " in spec/operations/ the same"
    )


def _written(value: Any) -> str:
    return str(value) if isinstance(value, int) else f"a length of {len(value)}"


@pytest.mark.parametrize("name", operations())
def test_rules_bound_what_the_catalogue_bounds(name: str) -> None:
    differing = [
        _told(name, path, limits, rules, last, beyond)
        for path, limits, rules in _cases(name)
        for last, beyond in _edges(limits)
        if not all(rule.holds(last) for rule in rules) or all(rule.holds(beyond) for rule in rules)
    ]
    assert not differing, "\n".join(differing)


# --- and the other way round --------------------------------------------------------------------------------------

IN_WORDS: Mapping[tuple[str, str], set[int]] = {
    # Texts that travel as Base64: a limit in the catalogue would be one of what is on the wire.
    ("live.set_push_address", "push_stream_info[].platform_name"): {10},  # its note
    ("recordings.upload", "file_name"): {30},  # constraints of the operation, and doc 1095/106695
    ("recordings.upload_prepare", "file_name"): {30},
    ("rooms.modify", "meeting_room_info.desc"): {1000},  # doc 1095/83258
    # Counted as no keyword of the catalogue does: 2 bytes for a Latin letter, more for a Chinese character.
    ("meetings.create", "subject"): {256},  # 512 bytes, doc 1095/42417
    ("meetings.modify", "subject"): {256},
    ("meetings.modify_series", "subject"): {256},
    # What depends on the alphabet, or on the other arguments.
    ("asr.set_hot_words", "customize_words"): {500},  # 500 of a meeting or file, 100 of a creator; doc 1095/106033
    ("asr.set_hot_words", "customize_words[]"): {20},  # 20 letters, or 10 Chinese characters
    # No readable source has the parameters of this call; those of its twin are taken (see `spec/deviations.json`).
    ("audit.list_user_log", "page"): {2000},
    ("audit.list_user_log", "page_size"): {50, 1000},
    # An MD5 in hexadecimal digits.
    ("layouts.add_backgrounds", "image_list[].image_md5"): {32},
    # The table does not say it; it is the password of a meeting.
    ("users.set_pmi_config", "pmi_password"): {4, 6},
}
"""Bounds of rules that stand elsewhere than in the catalogue's limits, or can't be said there: each with its source."""

FAR = 2**40


def _bounds(said: Declared, rules: list[Rule]) -> set[int]:
    """The bounds of a value's size that its rules have, found by trying; 0 and 1 are what anybody would expect."""
    if said.tp is int:
        return _edges_of(lambda number: number, rules, FAR)
    if said.items is not None:
        return _edges_of(lambda size: ("a",) * size, rules, 20_000)
    if said.tp is str:  # some rules take digits only, some letters only
        return _edges_of(lambda size: "7" * size, rules, 20_000) | _edges_of(lambda size: "a" * size, rules, 20_000)
    return set()


def _edges_of(value: Callable[[int], Any], rules: list[Rule], far: int) -> set[int]:
    """The first size that is taken, and the last one. A rule of a text's form may take none of these."""
    first = next((size for size in range(200) if _taken(value(size), rules)), None)
    if first is None or _taken(value(far), rules):
        return {first or 0} - {0, 1}
    last, beyond = first, far
    while beyond - last > 1:
        middle = (last + beyond) // 2
        last, beyond = (middle, beyond) if _taken(value(middle), rules) else (last, middle)
    return {first, last} - {0, 1}


def _taken(value: Any, rules: list[Rule]) -> bool:
    return all(rule.holds(value) for rule in rules)


def _ruled(cls: type[Any], members: Mapping[str, Shape], path: str = "") -> Iterator[tuple[str, set[int], set[int]]]:
    """Each member with rules: their bounds, and the numbers that the catalogue has for it."""
    for own, said in fields(cls).items():
        name = wire_name(own, said.notes)
        yield from _ruled_value(said, members.get(name), f"{path}{name}")


def _ruled_value(said: Declared, shape: Shape | None, path: str) -> Iterator[tuple[str, set[int], set[int]]]:
    if rules := [note for note in said.notes if isinstance(note, Rule)]:
        limits = shape.limits.as_dict().values() if shape else ()
        yield path, _bounds(said, rules), {int(number) for one in limits for number in re.findall(r"\d+", str(one))}
    if said.items is not None:
        yield from _ruled_value(said.items, shape and shape.items, f"{path}[]")
    if said.model is not None:
        yield from _ruled(said.model, shape.members if shape else {}, f"{path}.")


@cache
def _undocumented(name: str) -> dict[str, set[int]]:
    """The bounds of an operation's rules that are no limits of the catalogue, by member."""
    ruled = _ruled(operations()[name], _members(name))
    return {path: bounds - known for path, bounds, known in ruled if bounds - known}


@pytest.mark.parametrize("name", operations())
def test_the_catalogue_bounds_what_rules_bound(name: str) -> None:
    told = [
        f"{name}: {path}: a rule has the bound {bound}, which is no limit in spec/operations: correct the rule, write"
        " the limit there if a page has it, or list it in IN_WORDS with its source"
        for path, bounds in _undocumented(name).items()
        for bound in sorted(bounds - IN_WORDS.get((name, path), set()))
    ]
    assert not told, "\n".join(told)


def test_every_bound_in_words_is_still_one() -> None:
    gone = [key for key, bounds in IN_WORDS.items() if not bounds <= _undocumented(key[0]).get(key[1], set())]
    assert not gone, f"take them off IN_WORDS: no rule has them, or the catalogue does: {gone}"
