"""How much a test asks for: the numbers that acts take."""

from math import inf
from typing import Any

from tm_async.emulator.kernel.times import FARTHEST

__all__ = ["check_amount"]

_LARGEST = 2**53
"""What every reader of JSON has a place for."""


def check_amount(field: str, value: object, *, least: int = 0, whole: bool = True) -> None:
    """`ValueError` that begins with the field, for what is no number from `least` on; `None` is left to the act.

    What need not be whole is seconds.
    """
    if value is None:
        return
    number: Any = value if isinstance(value, int if whole else int | float) and not isinstance(value, bool) else None
    if number is None or not least <= number < inf:
        raise ValueError(f"{field}: must be a {'whole ' * whole}number, {least} or more")
    if number > (most := _LARGEST if whole else FARTHEST):
        raise ValueError(f"{field}: must be at most {most}")
