"""Values that ask for nothing: many clients always send them, and without their switch they have nothing to lose."""

from typing import Any, cast

import attrs

__all__ = ["asks"]


def asks(value: Any) -> bool:
    """Whether a value asks for something: not if it is off, zero or empty, or an object of nothing but such."""
    if not value or isinstance(value, int | str):  # nearly always, and every request asks it several times
        return bool(value)
    kind = cast("Any", type(value))
    if attrs.has(kind):
        return any(asks(getattr(value, field.name)) for field in attrs.fields(kind))
    return True
