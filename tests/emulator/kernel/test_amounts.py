"""Numbers that acts take."""

from typing import Any

import pytest

from tm_async.emulator.kernel.amounts import check_amount


def test_what_is_right() -> None:
    for value in (None, 0, 7):
        check_amount("size", value)
    check_amount("seconds", 0.5, whole=False)


@pytest.mark.parametrize("value", [-1, "7", True, 0.5, [1]])
def test_what_is_not(value: Any) -> None:
    with pytest.raises(ValueError, match="^size: must be a whole number, 0 or more$"):
        check_amount("size", value)


@pytest.mark.parametrize(("value", "whole"), [(10**400, False), (1e12, False), (10**400, True)])
def test_what_nobody_could_reckon_with(value: Any, whole: bool) -> None:
    with pytest.raises(ValueError, match="^seconds: must be at most "):
        check_amount("seconds", value, whole=whole)


@pytest.mark.parametrize("value", [0.5, "7", float("nan"), float("inf"), False])
def test_what_is_not_even_a_number(value: Any) -> None:
    with pytest.raises(ValueError, match="^seconds: must be a number, 1 or more$"):
        check_amount("seconds", value, least=1, whole=False)
