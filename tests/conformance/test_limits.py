"""What the catalogue bounds, the rules bound alike: the last value is taken, the next one is not."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.conformance.test_operations import DEVIATIONS
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
    shape = request_shape(CATALOGUE[name])
    members = {**shape.path.members, **shape.query.members, **(shape.body.members if shape.body else {})}
    return _bounded(operations()[name], members)


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


@pytest.mark.parametrize("name", operations())
def test_rules_bound_what_the_catalogue_bounds(name: str) -> None:
    listed = {one["member"] for one in DEVIATIONS if one["operation"] == name and one["kind"] == "limit"}
    differing = {
        path: (limits.as_dict(), [rule.name for rule in rules], last, beyond)
        for path, limits, rules in _cases(name)
        for last, beyond in _edges(limits)
        if not all(rule.holds(last) for rule in rules) or all(rule.holds(beyond) for rule in rules)
    }
    assert differing.keys() ^ listed == set(), {path: one for path, one in differing.items() if path not in listed}
