"""A JSON object as cells of a table: the columns that a CSV file of the same request would have."""

import json
from collections.abc import Mapping
from typing import Any

from tm_async.cli.reading.columns import SECRET
from tm_async.core.wire import is_array, is_object

__all__ = ["flat"]


def flat(data: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Members of nested objects are dotted, people separated by `;`. No secret is in it."""
    cells: dict[str, str] = {}
    for name, value in data.items():
        path = f"{prefix}{name}"
        if path in SECRET:
            cells[path] = "***"
        elif is_object(value):
            cells |= flat(value, f"{path}.")
        else:
            cells[path] = _cell(value)
    return cells


def _person(value: Any) -> Any:
    return value.get("userid") if is_object(value) else value


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if is_array(value):
        people = [_person(one) for one in value]
        if all(isinstance(one, str) for one in people):
            return "; ".join(people)
    return json.dumps(value, ensure_ascii=False)
