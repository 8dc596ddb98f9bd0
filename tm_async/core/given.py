"""What a method is given that is no field of an operation: held to a type and its rules, as the fields are."""

from functools import lru_cache
from typing import Any

from tm_async.core.annotations import declared
from tm_async.core.declare import as_tuple
from tm_async.core.validation import Report, on_page, report_of
from tm_async.errors import ValidationError

__all__ = ["given"]


def given(name: str, value: Any, tp: Any, *, operation: str | None = None) -> Any:
    """What was given, a collection as a tuple. Raises `ValidationError`, which names the parameter.

    `tp`: an annotation as a field has it. One with rules of its own is made once, beside the function that uses it.
    """
    report, is_list = _held(tp)
    kept = as_tuple(value) if is_list else value
    if found := report(kept, name):
        raise ValidationError(on_page(found, None), operation=operation)
    return kept


@lru_cache(256)
def _held(tp: Any) -> tuple[Report, bool]:
    said = declared(tp)
    return report_of(said), said.items is not None
