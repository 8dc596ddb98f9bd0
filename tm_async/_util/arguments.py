"""What constructors ask of their arguments: who mixes two up is told there, and not by a call that fails deep inside.

No value that is not a number is quoted: it may be a secret that came to the wrong place.
"""

import os
from math import inf
from typing import TypeGuard, cast

from tm_async.errors import ConfigurationError

__all__ = ["check_count", "check_function", "check_kind", "check_methods", "check_path", "check_seconds"]


def check_seconds(
    name: str, value: object, *, least: float | None = None, finite: bool = False, optional: bool = False
) -> None:
    """Raise `ConfigurationError` unless it is a number of seconds above 0, or from `least` on."""
    if value is None and optional:
        return
    if not _is_number(value) or not (value > 0 if least is None else value >= least) or (finite and value == inf):
        bound = "above 0" if least is None else f"{least:g} or more"
        no_bound = ", or None for no bound" if optional else ""
        raise ConfigurationError(f"{name} must be a number of seconds, {bound}{no_bound}; not {_shown(value)}")


def check_count(name: str, value: object, *, least: int = 1) -> None:
    """Raise `ConfigurationError` unless it is a whole number from `least` on."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ConfigurationError(f"{name} must be a whole number, {least} or more; not {_shown(value)}")


def check_kind(name: str, value: object, kind: type, what: str) -> None:
    """Raise `ConfigurationError` unless it is an instance of the class. `what` says what it must be."""
    if not isinstance(value, kind):
        raise ConfigurationError(f"{name} must be {what}; not {_shown(value)}")


def check_function(name: str, value: object, what: str) -> None:
    """Raise `ConfigurationError` unless it can be called."""
    if not callable(value):
        raise ConfigurationError(f"{name} must be {what}; not {_shown(value)}")


def check_path(name: str, value: object) -> None:
    """Raise `ConfigurationError` unless it is the path of a file, as text: `Path(os.environ.get(...))` may be none."""
    try:
        path: object = os.fspath(cast("str", value))
    except TypeError:
        path = value
    check_kind(name, path, str, "a path")


def check_methods(name: str, value: object, what: str, *methods: str) -> None:
    """Raise `ConfigurationError` unless it has these methods: for a protocol that others implement as well."""
    if isinstance(value, type) or not all(map(callable, (getattr(value, method, None) for method in methods))):
        raise ConfigurationError(f"{name} must be {what}; not {_shown(value)}")


def _is_number(value: object) -> "TypeGuard[float]":
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shown(value: object) -> str:
    if _is_number(value) or value is None:
        return repr(value)
    return f"the class {value.__name__}" if isinstance(value, type) else f"a value of type {type(value).__name__}"
