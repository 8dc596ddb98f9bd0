"""Shapes as the catalogue has them: limits, units, values of elements, and everything by path."""

import re

import pytest

from tm_async.spec.catalogue import entries
from tm_async.spec.shape import UNLIMITED, Limits, Shape, answer_shape, request_shape


def test_a_documented_field() -> None:
    body = request_shape("users.create").body
    assert body is not None
    assert body.members["job_title"].limits == Limits(max_length=96)
    assert body.members["userid"].limits.as_dict() == {
        "max_bytes": 40,
        "pattern": body.members["userid"].limits.pattern,
    }
    assert not body.members["userid"].optional
    assert body.members["email"].limits is UNLIMITED
    departments = body.members["department_list"]
    assert (departments.kind, departments.limits.max_items, departments.items) == (
        "array",
        1,
        Shape(name="", kind="string"),
    )


def test_units_and_values() -> None:
    query = request_shape("meetings.list_ended").query
    assert query.members["start_time"].unit == "seconds"
    notices = request_shape("meetings.set_enroll_config").body
    assert notices is not None
    (element,) = (shape for path, shape in notices.walk() if path == "enroll_push_type[]")
    assert element.enum is not None
    assert "5" in element.enum


def test_an_answer_by_path() -> None:
    users = answer_shape("users.list")
    assert users is not None
    assert dict(users.walk())["users[].department_list[].department_id"].kind == "string"
    assert answer_shape("cli_observed.get_app_info") is None


@pytest.mark.parametrize("operation", entries())
def test_every_operation_has_a_sound_shape(operation: str) -> None:
    """A limit is one of a type that can have it, and its lower bound is not above the upper one."""
    kinds = {"imum": {"integer", "number"}, "_items": {"array"}, "pattern": {"string"}}
    request = request_shape(operation)
    places = [request.path, request.query, *([request.body] if request.body else [])]
    for place in [*places, *([shape] if (shape := answer_shape(operation)) else [])]:
        for path, found in place.walk():
            for name in found.limits.as_dict():
                allowed = next((kind for suffix, kind in kinds.items() if name.endswith(suffix)), {"string"})
                assert found.kind in allowed, (path, name)
            limits = found.limits
            for low, high in ((limits.minimum, limits.maximum), (limits.min_length, limits.max_length)):
                assert low is None or high is None or low <= high, path
            if limits.pattern is not None:
                re.compile(limits.pattern)
