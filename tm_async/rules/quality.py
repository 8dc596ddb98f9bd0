"""Rules of filters on quality metrics."""

from collections.abc import Iterator
from math import isfinite
from typing import Any

from tm_async.core.validation import Rule
from tm_async.errors import Violation

__all__ = ["FINITE", "some_value_between", "somebody_of_that_type"]

FINITE = Rule(
    name="finite",
    holds=isfinite,
    actual=str,
    message="must be a finite number, not {actual}",
    message_zh="应为有限的数值，当前为 {actual}",
    page=None,
)


def some_value_between(query: Any) -> Iterator[Violation]:
    """A lower bound above the upper one can't be meant. The sources do not say so."""
    least, most = query.min_value, query.max_value
    if least is not None and most is not None and most < least:
        yield Violation("max_value", "value-bounds", "must not be below min_value", "不能小于 min_value")


def somebody_of_that_type(query: Any) -> Iterator[Violation]:
    """The kind of an id says nothing without the id."""
    if query.to_operator_id is None and query.to_operator_id_type is not None:
        yield Violation(
            "to_operator_id",
            "to-operator",
            "is required with to_operator_id_type",
            "提供 to_operator_id_type 时必填",
        )
