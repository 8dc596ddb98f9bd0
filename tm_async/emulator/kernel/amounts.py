"""How much a test asks for: the numbers that acts take."""

from math import inf

__all__ = ["check_amount"]


def check_amount(field: str, value: object, *, least: int = 0, whole: bool = True) -> None:
    """`ValueError` that begins with the field, for what is no number from `least` on; `None` is left to the act."""
    if value is None:
        return
    kinds = int if whole else int | float
    if not isinstance(value, kinds) or isinstance(value, bool) or not least <= value < inf:
        raise ValueError(f"{field}: must be a {'whole ' * whole}number, {least} or more")
