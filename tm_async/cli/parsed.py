"""`tm_async.core.parse` for text that people wrote."""

from collections.abc import Mapping
from typing import Any, TypeVar

from tm_async.core.operation import Operation
from tm_async.core.parse import parse
from tm_async.core.rule import Violation
from tm_async.errors import ValidationError

__all__ = ["parsed"]

OperationT = TypeVar("OperationT", bound=Operation[Any])


def parsed(operation: type[OperationT], data: Mapping[str, Any]) -> OperationT:
    """Build an operation. What no number or moment of Python can hold is a violation like any other."""
    try:
        return parse(operation, data)
    except ValidationError:
        raise
    except (ValueError, OverflowError) as error:
        beyond = Violation("", "range", f"a number or moment can't be read: {error}", f"数字或时间无法读取：{error}")
        raise ValidationError([beyond], operation=operation.spec.id) from None
