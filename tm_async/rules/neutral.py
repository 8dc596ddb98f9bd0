"""Values that ask for nothing: many clients always send them, and without their switch they have nothing to lose."""

from typing import Any

import attrs

__all__ = ["asks"]


def asks(value: Any) -> bool:
    """Whether a value asks for something: not if it is off, zero or empty, or an object of nothing but such."""
    if attrs.has(type(value)):
        return any(asks(getattr(value, field.name)) for field in attrs.fields(type(value)))
    return bool(value)
